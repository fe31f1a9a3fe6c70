"""What a byte codec is: the bytes of one uplink in, named fields out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The fields of one uplink, named as in `fields.py`.

    `faults` are (field, cause) pairs where the device reports a broken probe; `unread` says
    which bytes at the end could not be read.
    """

    fields: Mapping[str, object]
    faults: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """A decoder of bytes, which raises ValueError for a frame that is cut off.

    `port` is the only LoRaWAN port with measurements, None when any port may carry them.
    """

    decode: Callable[[bytes], Frame]
    port: int | None = None
