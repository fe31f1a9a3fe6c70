"""What the crews gave goes back to the model."""

from __future__ import annotations

from dispatch.demand.irrigation.given import given_document
from dispatch.domain.ids import SiteId
from dispatch.domain.weather import WateringGiven
from tests.helpers.histories import HOUR, NOW


def test_the_litres_really_given_are_told_in_order() -> None:
    """Litres, time in UTC and photo; the run that asked for it is named."""
    later = WateringGiven(site_id=SiteId("baum-1"), given_at=NOW, litres=90, photo="p1")
    first = WateringGiven(site_id=SiteId("baum-2"), given_at=NOW - HOUR, litres=120.04)
    assert given_document([later, first], sent_at=NOW + HOUR, run_id="2026-07-14T04:00") == {
        "schema": "watering-given/1",
        "sent_at": "2026-07-14T17:00:00+00:00",
        "run_id": "2026-07-14T04:00",
        "given": [
            {
                "site_id": "baum-2",
                "given_at": "2026-07-14T15:00:00+00:00",
                "litres": 120.0,
                "photo": None,
            },
            {
                "site_id": "baum-1",
                "given_at": "2026-07-14T16:00:00+00:00",
                "litres": 90,
                "photo": "p1",
            },
        ],
    }
