from __future__ import annotations

from typing import Any

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.intake.readings import decode
from tests.helpers.payloads import a_payload, values
from tests.helpers.standards import a_reading, some_readings


def decoded(body: object) -> Any:
    return decode(a_payload(body, format_name="readings"))


def test_a_vendors_cloud_gives_levels_in_percent() -> None:
    """Fields are named as those of uplinks are, words and truth values included."""
    reading = a_reading(battery=88, deposits=412, lid_open=False, moved="true", tilt="normal")
    found = decoded(some_readings(reading))
    assert values(found.signals) == {
        "fill_level": 63,
        "battery_level": 88,
        "deposits": 412,
        "lid_open": 0,
        "moved": 1,
        "tilt": 0,
    }
    assert {(s.source, s.device_id) for s in found.signals} == {("readings:zolitron", "Z-0815")}


@pytest.mark.parametrize(
    ("reading", "code"),
    [
        (a_reading(fill_level="leer"), "I106"),
        (a_reading(fill_level=None), "I105"),
        (a_reading(time="2026-07-14T05:12:33"), "I103"),
        (a_reading(device_id=None), "I102"),
        ({"device_id": "x", "time": "2026-07-14T05:12:33Z"}, "I116"),
        (7, "I102"),
    ],
)
def test_one_bad_reading_never_stops_the_others(reading: object, code: str) -> None:
    """Its reason has a code; the next one is used."""
    found = decoded(some_readings(reading, a_reading()))
    assert ([i.code for i in found.issues], len(found.signals)) == ([code], 1)


def test_an_answer_without_readings_is_refused() -> None:
    """A login page or an error is no answer."""
    with pytest.raises(InvalidInput, match="I102"):
        decoded({"error": "unauthorised"})
