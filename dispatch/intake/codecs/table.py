"""Which codec reads which model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.intake.codecs import dragino, milesight
from dispatch.intake.codecs.codec import Codec

if TYPE_CHECKING:
    from collections.abc import Mapping

CODECS: Final[Mapping[str, Codec]] = {
    "em310-udl": Codec(decode=milesight.decode),
    "em400-mud": Codec(decode=milesight.decode),
    "em400-tld": Codec(decode=milesight.decode),
    "em500-smtc": Codec(decode=milesight.decode),
    "lse01": Codec(decode=dragino.decode_lse01, port=2),
}
"""Keys are model names in lower case, as in TTN's device repository."""


def codec_for(model: str) -> Codec | None:
    """Return the codec whose model occurs in a name such as "Milesight EM500-SMTC"."""
    name = model.casefold()
    return next((codec for key, codec in CODECS.items() if key in name), None)
