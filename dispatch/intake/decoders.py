"""The table of formats. A new format is one file, one line here and recorded payloads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dispatch.intake import (
    chirpstack,
    cloudevents,
    csv_rows,
    ngsi_ld,
    open311,
    readings,
    sensorthings,
    terratransfer,
    treesense,
    ttn,
    watering_need,
)
from dispatch.intake.issues import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.domain.signal import Payload
    from dispatch.intake.decoded import Decoded, Decoder

_PLAIN: Final[Mapping[str, Decoder]] = {
    "ttn": ttn.decode,
    "chirpstack": chirpstack.decode,
    "ngsi-ld": ngsi_ld.decode,
    "sensorthings": sensorthings.decode,
    "open311": open311.decode,
    "readings": readings.decode,
    "csv": csv_rows.decode,
    "terratransfer": terratransfer.decode,
    "terratransfer-csv": terratransfer.decode_csv,
    "treesense-csv": treesense.decode,
    "watering-need": watering_need.decode,
}

ARCHIVES: Final = frozenset({"terratransfer-csv", "treesense-csv"})
"""Published collections: taken in whenever somebody has the file, long after they were observed."""


def _decode_event(payload: Payload) -> Decoded:
    """Return what is in an event; source and id of the event are the sender's own key."""
    event = cloudevents.unwrap(payload)
    decoder = _PLAIN.get(event.inner.format)
    # Whether the irrigation model has run is read from its own payloads, not from envelopes.
    if decoder is None or event.inner.format == "watering-need":
        raise refusal("I117", event.inner.format, "not a format that an event may carry")
    return replace(decoder(event.inner), delivery=event.delivery)


DECODERS: Final[Mapping[str, Decoder]] = {**_PLAIN, "cloudevents": _decode_event}

TIMED_BY_RECEIPT: Final = frozenset({"ngsi-ld", "sensorthings", "open311", "cloudevents"})
"""Formats that may leave out a time, so that the moment of receipt stands for it.

The same bytes received again count as of their first receipt, or each copy would be news.
"""


def decode(payload: Payload) -> Decoded:
    """Return what the payload's own format makes of it.

    Raises InvalidInput I117 for an unknown format, and whatever makes a payload unusable.
    """
    decoder = DECODERS.get(payload.format)
    if decoder is None:
        raise refusal("I117", payload.format, f"not one of {', '.join(DECODERS)}")
    return decoder(payload)
