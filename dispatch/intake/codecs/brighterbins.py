"""SmartEnds BrighterBins: fill level in percent or distance, packed by bits from the end.

Layout from akenza-io/device-type-library (MIT), types/smartEnds/brighterBins; written anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.intake.codecs.codec import Frame

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILL, _DISTANCE = 0, 1
_NO_BATTERY: Final = 63
_NO_FILL: Final = 127
_FAULTS: Final[Mapping[int, str]] = {
    511: "the sensor does not answer",
    510: "the laser is configured wrongly",
}
_BITS: Final = 24


def decode(raw: bytes) -> Frame:
    """Return battery (%), temperature (C) and fill level (%) or distance (mm; sent in cm).

    The last two bits tell which; the other two kinds (system, pick-up) are not read. The samples
    are three bytes long, so only those are. Raises ValueError for a shorter frame.
    """
    if 8 * len(raw) < _BITS:
        message = f"BrighterBins send {_BITS // 8} bytes or more, here are {len(raw)}"
        raise ValueError(message)
    word, kind = int.from_bytes(raw[:3], "big"), raw[-1] & 0b11
    if 8 * len(raw) > _BITS or kind not in (_FILL, _DISTANCE):
        return Frame(fields={}, unread=(f"a frame of kind {kind} with {len(raw)} bytes",))
    if kind == _FILL:
        fields = _about(word, shift=9)
        fill = word >> 2 & 0x7F
        if fill == _NO_FILL:
            return Frame(fields=fields, faults=(("filllevel", "the device has no level"),))
        return Frame(fields=fields | {"filllevel": fill})
    fields = _about(word, shift=11)
    distance_cm = word >> 2 & 0x1FF
    if distance_cm in _FAULTS:
        return Frame(fields=fields, faults=(("distance", _FAULTS[distance_cm]),))
    return Frame(fields=fields | {"distance": distance_cm})


def _about(word: int, *, shift: int) -> dict[str, object]:
    """Return temperature (7 bits, 40 below zero is 0) and the battery above it (6 bits)."""
    fields: dict[str, object] = {"temperature": (word >> shift & 0x7F) - 40}
    battery = word >> shift + 7 & 0x3F
    return fields if battery == _NO_BATTERY else fields | {"battery": 2 * battery}
