"""Decentlab DL-OPTOD: optical dissolved oxygen (big endian, protocol version 2).

Layout from https://github.com/decentlab/decentlab-decoders (MIT); written anew.
"""

from __future__ import annotations

from typing import Final

from dispatch.intake.codecs.codec import Frame

_HEAD: Final = 5
_OXYGEN: Final = ("status", "temperature", "oxygen_saturation", "oxygen_concentration", "")
"""The five words of the first sensor; the last one repeats the concentration as ppm."""


def decode_optod(raw: bytes) -> Frame:
    """Return water temperature (C), saturation (%), concentration (mg/l) and battery (V).

    Flags in the head say which sensors are in the frame. A status other than 0 is the probe's
    own report of a fault: its values are left out. Raises ValueError for a frame that is cut off
    or of another protocol.
    """
    if len(raw) < _HEAD or raw[0] != 2:
        message = f"not a DL-OPTOD frame of protocol 2: {raw[:_HEAD].hex()}"
        raise ValueError(message)
    flags, at = int.from_bytes(raw[3:5], "big"), _HEAD
    fields: dict[str, object] = {}
    faults: tuple[tuple[str, str], ...] = ()
    if flags & 1:
        words, at = _words(raw, at, len(_OXYGEN)), at + 2 * len(_OXYGEN)
        if words[0]:
            faults = (("oxygen_concentration", f"the probe reports status {words[0]}"),)
        else:
            fields = {
                name: (word - 0x8000) / 100
                for name, word in zip(_OXYGEN[1:-1], words[1:], strict=False)
            }
    if flags & 2:
        fields["battery_voltage"] = _words(raw, at, 1)[0] / 1000
    return Frame(fields=fields, faults=faults)


def _words(raw: bytes, at: int, count: int) -> list[int]:
    if len(raw) < at + 2 * count:
        message = f"the frame ends after {len(raw)} bytes, wanted {at + 2 * count}"
        raise ValueError(message)
    return [int.from_bytes(raw[at + 2 * n : at + 2 * n + 2], "big") for n in range(count)]
