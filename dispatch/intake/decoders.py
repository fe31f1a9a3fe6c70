"""The table of formats. A new format is one file, one line here and recorded payloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.intake import chirpstack, terratransfer, treesense, ttn, watering_need
from dispatch.intake.issues import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.domain.signal import Payload
    from dispatch.intake.decoded import Decoded, Decoder

DECODERS: Final[Mapping[str, Decoder]] = {
    "ttn": ttn.decode,
    "chirpstack": chirpstack.decode,
    "terratransfer": terratransfer.decode,
    "terratransfer-csv": terratransfer.decode_csv,
    "treesense-csv": treesense.decode,
    "watering-need": watering_need.decode,
}

ARCHIVES: Final = frozenset({"terratransfer-csv", "treesense-csv"})
"""Published collections: taken in whenever somebody has the file, long after they were observed."""


def decode(payload: Payload) -> Decoded:
    """Return what the payload's own format makes of it.

    Raises InvalidInput I117 for an unknown format, and whatever makes a payload unusable.
    """
    decoder = DECODERS.get(payload.format)
    if decoder is None:
        raise refusal("I117", payload.format, f"not one of {', '.join(DECODERS)}")
    return decoder(payload)
