"""The table of formats. A new format is one file, one line here and recorded payloads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dispatch.domain.ids import digest
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
from dispatch.intake.issues import issue, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.domain.signal import Payload, Signal
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

NUL: Final = "\0"

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
    return _storable(decoder(payload), payload)


def _storable(found: Decoded, payload: Payload) -> Decoded:
    r"""Return what was found without ids that hold a NUL, as \u0000 in JSON; each is an issue.

    PostgreSQL keeps no such text. Values, names and notices may hold one: they are kept as JSON.
    """
    if b"\\u0000" not in payload.body and NUL.encode() not in payload.body:
        return found
    kept = tuple(signal for signal in found.signals if not _has_nul(signal))
    lost = {repr(s.device_id): None for s in found.signals if _has_nul(s)}
    issues = tuple(issue("I125", device, "its id holds a NUL character") for device in lost)
    delivery = found.delivery
    if delivery is not None and NUL in delivery.key:
        delivery = replace(delivery, key=digest(delivery.key))
    return replace(found, signals=kept, issues=(*found.issues, *issues), delivery=delivery)


def _has_nul(signal: Signal) -> bool:
    ids = (signal.source, signal.device_id, signal.site_id, signal.part_id)
    return any(name is not None and NUL in name for name in ids)
