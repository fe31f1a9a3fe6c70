"""XIGNAL rat and mouse trap: its state, battery and temperature (11 bytes, port 1).

Layout from TTN's device repository (vendor/xignal); written anew, no code taken over.
"""

from __future__ import annotations

from dispatch.domain.signal import TrapState
from dispatch.intake.codecs.codec import Frame

_SIZE = 5
_STATES = {state.value: state.name.replace("_", "").lower() for state in TrapState}


def decode(raw: bytes) -> Frame:
    """Return state (a word), battery (V) and temperature (C).

    The message number and the trap's own number (bytes 0, 5 and 10) say nothing new.
    Raises ValueError for a frame that is too short.
    """
    if len(raw) < _SIZE:
        message = f"a trap sends {_SIZE} bytes or more, here are {len(raw)}"
        raise ValueError(message)
    fields: dict[str, object] = {
        "battvoltage": raw[1] / 10,
        # Signed, although TTN's codec reads it unsigned: traps stand outside in winter.
        "temperature": int.from_bytes(raw[2:4], "big", signed=True) / 100,
    }
    state = _STATES.get(raw[4])
    if state is None:
        return Frame(fields=fields, unread=(f"unknown trap state {raw[4]}",))
    return Frame(fields=fields | {"trapstate": state})
