from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.intake.codecs.milesight import decode, encode_em310_udl, encode_em500_smtc

MAKERS_EXAMPLES = {
    "01755C03824408040001": {"battery": 92, "distance": 2116, "position": "tilt"},
    "01755C0367010104824408050001": {
        "battery": 92,
        "temperature": 25.7,
        "distance": 2116,
        "position": "tilt",
    },
    "8367E800018482410601": {"temperature": 23.2, "distance": 1601},
    "01756403671901046873057FF000": {
        "battery": 100,
        "temperature": 28.1,
        "moisture": 57.5,
        "ec": 240,
    },
}


@pytest.mark.parametrize(("frame", "fields"), MAKERS_EXAMPLES.items())
def test_the_makers_examples_are_read_as_the_maker_reads_them(
    frame: str, fields: dict[str, object]
) -> None:
    """EM310-UDL, EM400-MUD, its alarm, and EM500-SMTC, from their READMEs."""
    assert decode(bytes.fromhex(frame)).fields == fields


def test_the_encoders_write_the_makers_bytes() -> None:
    """What the demo's sensors send cannot be told from the real thing."""
    assert (
        encode_em310_udl(battery_pct=92, distance_mm=2116, tilted=True).hex().upper()
        == "01755C03824408040001"
    )
    assert (
        encode_em500_smtc(battery_pct=100, temperature_c=28.1, moisture_pct=57.5, ec_us_cm=240)
        .hex()
        .upper()
        == "01756403671901046873057FF000"
    )


@given(st.integers(0, 100), st.integers(0, 65_535), st.booleans())
def test_what_is_encoded_is_decoded(battery: int, distance: int, tilted: bool) -> None:
    """Every frame our encoder can write is read back."""
    raw = encode_em310_udl(battery_pct=battery, distance_mm=distance, tilted=tilted)
    assert decode(raw).fields == {
        "battery": battery,
        "distance": distance,
        "position": "tilt" if tilted else "normal",
    }


def test_frost_is_below_zero() -> None:
    """Temperatures are signed."""
    raw = encode_em500_smtc(battery_pct=1, temperature_c=-0.1, moisture_pct=0, ec_us_cm=0)
    assert decode(raw).fields["temperature"] == -0.1


@pytest.mark.parametrize("cut", range(1, 10))
def test_a_frame_cut_off_anywhere_is_whole_or_refused(cut: int) -> None:
    """Truncated bytes never give half a number."""
    raw = bytes.fromhex("01755C03824408040001")[:cut]
    if cut in (3, 7):  # the ends of entries: nobody can see that something is missing
        assert decode(raw).fields
        return
    with pytest.raises(ValueError, match="ends"):
        decode(raw)


def test_an_unknown_entry_ends_the_reading_but_keeps_what_was_read() -> None:
    """Entries do not say how long they are, so the rest cannot be trusted."""
    frame = decode(bytes.fromhex("01755C" + "7777" + "03824408"))
    assert frame.fields == {"battery": 92}
    assert "7777 at byte 3" in frame.unread[0]


def test_versions_and_serial_numbers_are_read_over() -> None:
    """The frame after switching on describes the device first."""
    frame = decode(bytes.fromhex("FF0101" + "FF166746C38802580000" + "01755C"))
    assert (frame.fields, frame.unread) == ({"battery": 92}, ())


def test_a_probe_that_reports_a_fault_gives_a_fault_not_655_percent() -> None:
    """0xFFFF is the EM500's word for a read that failed."""
    frame = decode(bytes.fromhex("01755C" + "04CAFFFF" + "057FFDFF"))
    assert frame.fields == {"battery": 92}
    assert [name for name, _ in frame.faults] == ["moisture", "ec"]
