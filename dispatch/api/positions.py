"""Where crews are, if that is switched on."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime, BaseModel, Field

from dispatch.api.deps import NowDep, StoreDep
from dispatch.api.errors import errors
from dispatch.api.guard import ActorDep
from dispatch.api.values import Position, WrittenMoment, position
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import CrewId
from dispatch.domain.road import CrewPosition
from dispatch.service.crews.positions import PositionRules, keep_positions, shown_positions

router = APIRouter(prefix="/api/v1/positions", tags=["positions"])


class PositionIn(BaseModel):
    """Where the tablet was when."""

    at: WrittenMoment
    location: Annotated[
        tuple[
            Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)],
            Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)],
        ],
        Field(description="[lon, lat] in degrees (WGS84)"),
    ]
    accuracy_m: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)] | None = None


class PositionsIn(BaseModel):
    """Places in any order; `sent_at` is what the tablet's clock says while it sends them."""

    sent_at: WrittenMoment
    positions: Annotated[list[PositionIn], Field(min_length=1, max_length=500)]


class PositionsKeptOut(BaseModel):
    """How many of the places lay on duty; the newest of them is kept."""

    on_duty: int


class CrewPositionOut(BaseModel):
    """Where a crew was last while on duty."""

    crew_id: str
    at: AwareDatetime
    location: Position
    accuracy_m: float | None

    @classmethod
    def from_domain(cls, found: CrewPosition) -> Self:
        """Return the position."""
        return cls(
            crew_id=found.crew_id,
            at=found.at,
            location=position(found.location),
            accuracy_m=found.accuracy_m,
        )


async def _rules(request: Request) -> PositionRules:
    rules: PositionRules = request.app.state.position_rules
    return rules


@router.post("", responses=errors(422))
def send_positions(
    told: PositionsIn,
    actor: ActorDep,
    store: StoreDep,
    now: NowDep,
    rules: Annotated[PositionRules, Depends(_rules)],
) -> PositionsKeptOut:
    """Keep the newest place, if that is switched on and the crew was on duty there."""
    places = [
        CrewPosition(
            crew_id=CrewId(actor.crew_id or ""),
            at=one.at,
            location=LatLon(lat=one.location[1], lon=one.location[0]),
            received_at=now,
            accuracy_m=one.accuracy_m,
        )
        for one in told.positions
    ]
    behind = now - told.sent_at
    kept = keep_positions(places, sender=actor, behind=behind, rules=rules, store=store)
    return PositionsKeptOut(on_duty=kept)


@router.get("", responses=errors())
def list_positions(actor: ActorDep, store: StoreDep) -> list[CrewPositionOut]:
    """Return where the crews of the own organisation were last while on duty."""
    return [CrewPositionOut.from_domain(one) for one in shown_positions(actor, store=store)]
