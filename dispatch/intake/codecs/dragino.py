"""Dragino: LSE01 (soil) and LDDS75 (distance), big endian, measurements on port 2.

Layouts from the makers' manuals and TTN's device repository
(https://github.com/TheThingsNetwork/lorawan-devices, vendor/dragino).
"""

from __future__ import annotations

from dispatch.intake.codecs.codec import Frame

_SIZE = 11
_LDDS75_SIZE = 5
_LDDS75_NEAREST_MM = 20


def decode_lse01(raw: bytes) -> Frame:
    """Return battery (V), moisture (%), soil temperature (C) and conductivity (uS/cm): 11 bytes.

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


def decode_ldds75(raw: bytes) -> Frame:
    """Return battery (V) and distance (mm) of an LDDS75 (big endian, port 2).

    A frame of four bytes comes from a device whose sensor does not answer: TTN's codec says
    "No Sensor" for it. Below 20 mm the device says that its reading is invalid (0x0014), or that
    nothing is connected (0). Bytes 5 to 7 (an external thermometer) are left out.
    Raises ValueError for a frame that is too short.
    """
    if len(raw) < _LDDS75_SIZE - 1:
        message = f"an LDDS75 sends {_LDDS75_SIZE} bytes or more, here are {len(raw)}"
        raise ValueError(message)
    fields: dict[str, object] = {"bat": (int.from_bytes(raw[0:2], "big") & 0x3FFF) / 1000}
    distance_mm = int.from_bytes(raw[2:4], "big")
    if len(raw) < _LDDS75_SIZE or distance_mm == 0:
        return Frame(fields=fields, faults=(("distance", "the device reports no sensor"),))
    if distance_mm <= _LDDS75_NEAREST_MM:
        cause = f"the device reports an invalid reading ({distance_mm} mm)"
        return Frame(fields=fields, faults=(("distance", cause),))
    return Frame(fields=fields | {"distance": distance_mm})
