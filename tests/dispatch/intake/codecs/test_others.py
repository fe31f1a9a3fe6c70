"""Traps, oxygen probes and fill levels, byte by byte."""

from __future__ import annotations

import pytest

from dispatch.intake.codecs.codec import Frame
from dispatch.intake.codecs.dragino import decode_ldds75
from dispatch.intake.codecs.table import CODECS, codec_for


def read(model: str, frame: str) -> Frame:
    """Return the frame that hexadecimal digits hold."""
    codec = codec_for(model)
    assert codec is not None
    return codec.decode(bytes.fromhex(frame))


@pytest.mark.parametrize(
    ("model", "frame", "fields"),
    [
        (
            "xignal-rattrap",
            "221D04E202FF0000000001",
            {"battvoltage": 2.9, "temperature": 12.5, "trapstate": "trapped"},
        ),
        ("xignal", "221DFE0C04", {"battvoltage": 2.9, "temperature": -5.0, "trapstate": "moved"}),
        (
            "Decentlab DL-OPTOD",
            "02186c000300008862a618836583650c60",
            {
                "temperature": 21.46,
                "oxygen_saturation": 97.52,
                "oxygen_concentration": 8.69,
                "battery_voltage": 3.168,
            },
        ),
        ("DL-OPTOD", "02186c00020c60", {"battery_voltage": 3.168}),
        ("BrighterBins", "308e30", {"battery": 96, "temperature": 31, "filllevel": 12}),
        ("BrighterBins", "308e31", {"battery": 24, "temperature": -23, "distance": 396}),
        ("BrighterBins", "3f8e30", {"temperature": 31, "filllevel": 12}),
        ("LDDS75", "0E1C0B0500", {"bat": 3.612, "distance": 2821}),
        ("fill-percent", "3F58", {"filllevel": 63, "battery": 88}),
        ("fill-percent", "00", {"filllevel": 0}),
    ],
)
def test_published_frames_give_their_values(
    model: str, frame: str, fields: dict[str, object]
) -> None:
    """The makers' examples, and some of their neighbours: frost, one sensor only, no battery."""
    assert read(model, frame) == Frame(fields=fields)


@pytest.mark.parametrize(
    ("model", "frame", "subject"),
    [
        ("LDDS75", "0E1C0B05", "distance"),
        ("LDDS75", "0E1C000000", "distance"),
        ("LDDS75", "0E1C001400", "distance"),
        ("DL-OPTOD", "02186c000300018862a618836583650c60", "oxygen_concentration"),
        ("BrighterBins", "308FFC", "filllevel"),
        ("BrighterBins", "308FFD", "distance"),
        ("BrighterBins", "308FF9", "distance"),
        ("fill-percent", "FF58", "filllevel"),
    ],
)
def test_a_probe_that_does_not_answer_is_a_fault(model: str, frame: str, subject: str) -> None:
    """The value is left out, what else the frame says is kept."""
    found = read(model, frame)
    assert [name for name, _ in found.faults] == [subject]
    assert subject not in found.fields
    assert found.fields


@pytest.mark.parametrize(("model", "frame"), [("xignal", "221D04E209"), ("brighterbins", "00" * 9)])
def test_what_is_not_understood_is_told(model: str, frame: str) -> None:
    """A state or a frame of another kind is no value."""
    assert read(model, frame).unread


@pytest.mark.parametrize("model", CODECS)
@pytest.mark.parametrize("frame", ["", "01"])
def test_a_frame_that_is_cut_off_is_no_frame(model: str, frame: str) -> None:
    """Nothing is read from half a value; a level of one byte is whole."""
    raw = bytes.fromhex(frame)
    if model.startswith("em") and not raw:
        assert CODECS[model].decode(raw) == Frame(fields={})
    elif model == "fill-percent" and raw:
        assert CODECS[model].decode(raw).fields == {"filllevel": 1}
    else:
        with pytest.raises(ValueError, match=r"bytes|byte|frame"):
            CODECS[model].decode(raw)


def test_the_distance_is_not_the_battery() -> None:
    """TTN's own codec for the LDDS75 gives the battery as distance; ours does not."""
    assert decode_ldds75(bytes.fromhex("0B0504D200")).fields == {"bat": 2.821, "distance": 1234}
