"""The return channel: what crews really gave, as a document for the model that asked for it.

`watering-given/1` answers `watering-need/1`: litres, time and photo per watering.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.domain.clock import to_utc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from dispatch.domain.weather import WateringGiven

SCHEMA: Final = "watering-given/1"


def given_document(
    waterings: Iterable[WateringGiven], *, sent_at: datetime, run_id: str | None = None
) -> dict[str, object]:
    """Return the document, ready for JSON, its waterings in the order in which they were given.

    `run_id` is the run whose needs were worked on, None where there was none. A watering is known
    by site and time: sent again in another document it is the same one. Raises ValueError for a
    moment without zone.
    """
    ordered = sorted(waterings, key=lambda w: (to_utc(w.given_at), w.site_id))
    return {
        "schema": SCHEMA,
        "sent_at": to_utc(sent_at).isoformat(),
        "run_id": run_id,
        "given": [
            {
                "site_id": watering.site_id,
                "given_at": to_utc(watering.given_at).isoformat(),
                "litres": round(watering.litres, 1),
                "photo": watering.photo or None,
            }
            for watering in ordered
        ],
    }
