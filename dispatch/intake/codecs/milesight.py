"""Milesight EM series: a chain of channel, type and value (little endian).

Layout from the makers' READMEs in https://github.com/Milesight-IoT/SensorDecoders
(em-series/em310-udl, em400-mud, em400-tld, em500-smtc); written anew, no code taken over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from dispatch.intake.codecs.codec import Frame

PROBE_FAULTS: Final[Mapping[int, str]] = {0xFFFF: "read failed", 0xFFFD: "out of its range"}
"""Raw 16-bit values by which the EM500 says that its probe gave nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Channel:
    """One entry of the chain: `size` bytes, of which `read` takes what it needs."""

    name: str
    size: int
    read: Callable[[bytes], object]
    probe: bool = False


def _unsigned(raw: bytes) -> int:
    return int.from_bytes(raw[:2], "little")


def _tenths(raw: bytes) -> float:
    return int.from_bytes(raw[:2], "little", signed=True) / 10


def _position(raw: bytes) -> str:
    return "tilt" if raw[0] else "normal"


_CHANNELS: Final[Mapping[tuple[int, int], _Channel]] = {
    (0x01, 0x75): _Channel(name="battery", size=1, read=lambda raw: raw[0]),
    (0x03, 0x67): _Channel(name="temperature", size=2, read=_tenths),
    (0x03, 0x82): _Channel(name="distance", size=2, read=_unsigned),
    (0x04, 0x82): _Channel(name="distance", size=2, read=_unsigned),
    (0x04, 0x00): _Channel(name="position", size=1, read=_position),
    (0x05, 0x00): _Channel(name="position", size=1, read=_position),
    # Threshold alarms: the value, then a byte that says whether the alarm began or ended.
    (0x83, 0x67): _Channel(name="temperature", size=3, read=_tenths),
    (0x84, 0x82): _Channel(name="distance", size=3, read=_unsigned),
    (0x04, 0x68): _Channel(name="moisture", size=1, read=lambda raw: raw[0] / 2),
    (0x04, 0xCA): _Channel(
        name="moisture", size=2, read=lambda raw: _unsigned(raw) / 100, probe=True
    ),
    (0x05, 0x7F): _Channel(name="ec", size=2, read=_unsigned, probe=True),
}

_ABOUT_ITSELF: Final[Mapping[int, int]] = {
    0x01: 1,
    0x09: 2,
    0x0A: 2,
    0x0B: 1,
    0x0F: 1,
    0x16: 8,
    0xFE: 1,
    0xFF: 2,
}
"""Sizes of the entries on channel 0xFF: versions, serial number, restart; read over."""


def decode(raw: bytes) -> Frame:
    """Return the fields of a frame; entries after an unknown one cannot be read.

    Raises ValueError when the frame ends inside an entry.
    """
    fields: dict[str, object] = {}
    faults: list[tuple[str, str]] = []
    at = 0
    while at < len(raw):
        channel = _channel_at(raw, at)
        if channel is None:
            unread = f"unknown entry {raw[at : at + 2].hex()} at byte {at}, the rest is not read"
            return Frame(fields=fields, faults=tuple(faults), unread=(unread,))
        value = raw[at + 2 : at + 2 + channel.size]
        if len(value) < channel.size:
            message = f"the frame ends inside {channel.name or 'an entry'} at byte {at}"
            raise ValueError(message)
        at += 2 + channel.size
        if channel.probe and _unsigned(value) in PROBE_FAULTS:
            faults.append((channel.name, f"the probe reports {PROBE_FAULTS[_unsigned(value)]}"))
        elif channel.name:
            fields[channel.name] = channel.read(value)
    return Frame(fields=fields, faults=tuple(faults))


def _channel_at(raw: bytes, at: int) -> _Channel | None:
    if at + 1 >= len(raw):
        message = f"the frame ends after its channel number at byte {at}"
        raise ValueError(message)
    if raw[at] == 0xFF and raw[at + 1] in _ABOUT_ITSELF:
        return _Channel(name="", size=_ABOUT_ITSELF[raw[at + 1]], read=bytes)
    return _CHANNELS.get((raw[at], raw[at + 1]))


def encode_em310_udl(*, battery_pct: int, distance_mm: int, tilted: bool) -> bytes:
    """Return the bytes an EM310-UDL sends for these values."""
    return (
        bytes((0x01, 0x75, battery_pct, 0x03, 0x82))
        + distance_mm.to_bytes(2, "little")
        + bytes((0x04, 0x00, tilted))
    )


def encode_em500_smtc(
    *, battery_pct: int, temperature_c: float, moisture_pct: float, ec_us_cm: int
) -> bytes:
    """Return the bytes an EM500-SMTC sends (moisture in steps of 0.5 %, its first layout)."""
    return (
        bytes((0x01, 0x75, battery_pct, 0x03, 0x67))
        + round(temperature_c * 10).to_bytes(2, "little", signed=True)
        + bytes((0x04, 0x68, round(moisture_pct * 2), 0x05, 0x7F))
        + ec_us_cm.to_bytes(2, "little")
    )
