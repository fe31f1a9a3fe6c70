"""What is served here."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from dispatch import __version__
from dispatch.api.deps import StoreDep
from dispatch.api.errors import errors
from dispatch.api.guard import ActorDep
from dispatch.api.values import StreetSourceOut
from dispatch.domain.plan import StreetSource

router = APIRouter(tags=["service"])

DAYS_LISTED = 366
"""A year of days: a page's list stays short however long the service runs."""


class InfoOut(BaseModel):
    """The program's version, its streets, and the days that have a plan, latest first."""

    version: str
    streets: StreetSourceOut
    days: list[date]


async def _source(request: Request) -> StreetSource:
    source: StreetSource = request.app.state.street_source
    return source


@router.get("/api/v1/info", responses=errors())
def read_info(
    actor: ActorDep, store: StoreDep, source: Annotated[StreetSource, Depends(_source)]
) -> InfoOut:
    """Return what is served here."""
    with store.read() as tx:
        days = list(
            dict.fromkeys(day for day, whose in tx.current_plan_ids() if actor.reaches(whose))
        )
    return InfoOut(
        version=__version__,
        streets=StreetSourceOut.from_domain(source),
        days=days[:DAYS_LISTED],
    )
