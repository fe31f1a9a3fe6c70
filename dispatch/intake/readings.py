"""Readings as JSON: what the clouds of vibration sensors and other vendors answer.

Their sensors' own bytes are secret; their clouds give a device, a time and a fill level in
percent. `{"source": "zolitron", "readings": [{"device_id", "time", "fill_level", ...}]}`; the
members are named as in `fields.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.intake.collector import Collector, Origin
from dispatch.intake.fields import values_of
from dispatch.intake.issues import refusal
from dispatch.intake.reading import json_object, member, text_or, zoned_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.domain.signal import Payload
    from dispatch.intake.decoded import Decoded

SOURCE: Final = "readings"
_ABOUT: Final = frozenset({"device_id", "time", "model"})


def decode(payload: Payload) -> Decoded:
    """Return the signals of all readings; a bad one is an issue. Raises InvalidInput I101, I102."""
    body = json_object(payload)
    found = Collector(payload, f"{SOURCE}:{text_or(body, 'source', '')}")
    for place, reading in enumerate(member(body, "readings", list)):
        try:
            _read(reading, found)
        except InvalidInput as error:
            for fault in error.issues:
                found.fault(fault.code, f"readings[{place}] {fault.subject}", fault.cause)
    return found.decoded()


def _read(reading: object, found: Collector) -> None:
    if not isinstance(reading, dict):
        raise refusal("I102", "reading", f"is {type(reading).__name__}, wanted object")
    device_id = member(reading, "device_id", str)
    origin = Origin(
        device_id=device_id,
        observed_at=zoned_moment(member(reading, "time", str), subject="time"),
        subject=device_id,
    )
    for value in values_of(_measured(reading), model=text_or(reading, "model", "")):
        if isinstance(value, Issue):
            found.fault(value.code, f"{device_id} {value.subject}", value.cause)
        else:
            found.add(value[0], value[1], origin, unit="")


def _measured(reading: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in reading.items() if name not in _ABOUT}
