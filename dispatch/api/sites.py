"""Sites, their devices and signals."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from dispatch.api.deps import StoreDep
from dispatch.api.errors import errors
from dispatch.api.site_schemas import DeviceOut, SignalOut, SiteDetailOut, SiteOut
from dispatch.api.values import WrittenMoment
from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.ids import SiteId
from dispatch.domain.site import SiteKind

router = APIRouter(prefix="/api/v1/sites", tags=["sites"])

SiteLimit = Annotated[int, Query(ge=1, le=10_000, description="At most so many sites")]
SignalLimit = Annotated[int, Query(ge=1, le=10_000, description="At most so many, the newest")]
Since = Annotated[WrittenMoment, Query(description="First moment, with a time zone")]
Until = Annotated[WrittenMoment, Query(description="Last moment, with a time zone")]

# Open ends of a period: no clock is asked what "now" is.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)


@router.get("", responses=errors(422))
def list_sites(
    store: StoreDep, kind: SiteKind | None = None, limit: SiteLimit = 1000
) -> list[SiteOut]:
    """Return the sites by id."""
    with store.read() as tx:
        return [SiteOut.from_domain(site) for site in tx.sites(kind)[:limit]]


@router.get("/{site_id}", responses=errors(404, 422))
def read_site(site_id: str, store: StoreDep) -> SiteDetailOut:
    """Return one site with its devices."""
    with store.read() as tx:
        site, devices = tx.site(SiteId(site_id)), tx.devices(SiteId(site_id))
    return SiteDetailOut(
        site=SiteOut.from_domain(site),
        devices=[DeviceOut.from_domain(device) for device in devices],
    )


@router.get("/{site_id}/signals", responses=errors(404, 422))
def list_signals(
    site_id: str,
    store: StoreDep,
    since: Since = EARLIEST,
    until: Until = LATEST,
    limit: SignalLimit = 1000,
) -> list[SignalOut]:
    """Return the newest signals of the period, both ends included, oldest first."""
    _check_period(since, until)
    with store.read() as tx:
        site = tx.site(SiteId(site_id))
        signals = tx.signals_of_site(site.id, since=since, until=until, limit=limit)
    return [SignalOut.from_domain(signal) for signal in signals]


def _check_period(since: datetime, until: datetime) -> None:
    if until < since:
        raise InvalidInput(
            Issue(
                code="A302",
                subject="since, until",
                cause=f"the period ends ({until.isoformat()}) before it starts",
                action="Exchange the two moments",
            )
        )
