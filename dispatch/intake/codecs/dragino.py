"""Dragino LSE01: soil moisture, temperature and conductivity (big endian, 11 bytes, port 2).

Layout from the LSE01 manual and TTN's device repository
(https://github.com/TheThingsNetwork/lorawan-devices, vendor/dragino).
"""

from __future__ import annotations

from dispatch.intake.codecs.codec import Frame

_SIZE = 11


def decode_lse01(raw: bytes) -> Frame:
    """Return battery (V), moisture (%), soil temperature (C) and conductivity (uS/cm).

    The external temperature probe (bytes 2 and 3) is no part of the soil and is left out.
    Raises ValueError for a frame that is too short.
    """
    if len(raw) < _SIZE:
        message = f"an LSE01 sends {_SIZE} bytes, here are {len(raw)}"
        raise ValueError(message)
    return Frame(
        fields={
            # The two highest bits are flags.
            "bat": (int.from_bytes(raw[0:2], "big") & 0x3FFF) / 1000,
            "water_soil": int.from_bytes(raw[4:6], "big") / 100,
            "temp_soil": int.from_bytes(raw[6:8], "big", signed=True) / 100,
            "conduct_soil": int.from_bytes(raw[8:10], "big"),
        }
    )
