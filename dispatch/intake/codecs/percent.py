"""A fill level in percent and nothing else: what a vibration sensor's gateway passes on.

No vendor publishes its bytes; this is the least that a bridge of ours can send.
"""

from __future__ import annotations

from dispatch.intake.codecs.codec import Frame

_NO_VALUE = 0xFF


def decode(raw: bytes) -> Frame:
    """Return the fill level (first byte, %) and the battery (second byte, %), if there.

    0xFF says that there is no value. Raises ValueError for an empty frame.
    """
    if not raw:
        message = "a frame without a byte"
        raise ValueError(message)
    fields: dict[str, object] = {
        name: value
        for name, value in zip(("filllevel", "battery"), raw, strict=False)
        if value != _NO_VALUE
    }
    if raw[0] == _NO_VALUE:
        return Frame(fields=fields, faults=(("filllevel", "the device has no level"),))
    return Frame(fields=fields)
