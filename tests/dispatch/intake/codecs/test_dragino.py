from __future__ import annotations

import pytest

from dispatch.intake.codecs.dragino import decode_lse01
from dispatch.intake.codecs.table import codec_for

EXAMPLE = bytes.fromhex("CE2900F107A5099B6E2890")


def test_the_example_of_the_device_repository() -> None:
    """LSE01 as The Things Network's own codec reads it."""
    assert decode_lse01(EXAMPLE).fields == {
        "bat": 3.625,
        "water_soil": 19.57,
        "temp_soil": 24.59,
        "conduct_soil": 28200,
    }


def test_frost_is_below_zero() -> None:
    """Soil temperature is signed."""
    raw = EXAMPLE[:6] + (-150).to_bytes(2, "big", signed=True) + EXAMPLE[8:]
    assert decode_lse01(raw).fields["temp_soil"] == -1.5


def test_a_short_frame_is_refused() -> None:
    """Eleven bytes or nothing."""
    with pytest.raises(ValueError, match="11 bytes, here are 10"):
        decode_lse01(EXAMPLE[:10])


@pytest.mark.parametrize("name", ["lse01", "Dragino LSE01", "dragino-lse01-v1.2"])
def test_models_are_found_by_their_name_in_any_writing(name: str) -> None:
    """Profiles are named by people."""
    assert codec_for(name) is not None


def test_an_unknown_model_has_no_codec() -> None:
    """Bytes of a stranger are never guessed at."""
    assert codec_for("") is codec_for("Zolitron Z-Node") is None
