"""Which codec reads which model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.intake.codecs import brighterbins, decentlab, dragino, milesight, percent, xignal
from dispatch.intake.codecs.codec import Codec

if TYPE_CHECKING:
    from collections.abc import Mapping

CODECS: Final[Mapping[str, Codec]] = {
    "em310-udl": Codec(decode=milesight.decode),
    "em400-mud": Codec(decode=milesight.decode),
    "em400-tld": Codec(decode=milesight.decode),
    "em500-smtc": Codec(decode=milesight.decode),
    "lse01": Codec(decode=dragino.decode_lse01, port=2),
    "ldds75": Codec(decode=dragino.decode_ldds75, port=2),
    "xignal": Codec(decode=xignal.decode, port=1),
    "optod": Codec(decode=decentlab.decode_optod),
    "brighterbins": Codec(decode=brighterbins.decode),
    "fill-percent": Codec(decode=percent.decode),
}
"""Keys are model names in lower case, as in TTN's device repository."""


def codec_for(model: str) -> Codec | None:
    """Return the codec whose model occurs in a name such as "Milesight EM500-SMTC"."""
    name = model.casefold()
    return next((codec for key, codec in CODECS.items() if key in name), None)
