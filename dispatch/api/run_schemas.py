"""Schemas of planning runs."""

from datetime import date
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from dispatch.api.errors import IssueOut
from dispatch.api.values import WrittenDate
from dispatch.domain.disruption import Disruption, DisruptionKind
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import CrewId, ShiftId, VehicleId
from dispatch.domain.job import Organisation
from dispatch.domain.run import Run, RunEvent, RunOrder, RunPhase, RunStatus, Scope

Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Corners = Annotated[list[tuple[Lon, Lat]], Field(min_length=3, max_length=1000)]
CrewName = Annotated[str, Field(min_length=1, max_length=200)]


class DisruptionIn(BaseModel):
    """A shift that ends where it is, or goes on with another vehicle from `ready_at` on."""

    model_config = ConfigDict(extra="forbid")

    kind: DisruptionKind
    shift_id: CrewName
    vehicle_id: CrewName | None = None
    ready_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        self.to_domain()
        return self

    def to_domain(self) -> Disruption:
        """Return the disruption; raises ValueError for fields that do not go together."""
        return Disruption(
            kind=self.kind,
            shift_id=ShiftId(self.shift_id),
            vehicle_id=None if self.vehicle_id is None else VehicleId(self.vehicle_id),
            ready_at=self.ready_at,
        )


class RunIn(BaseModel):
    """What is to be planned: with `crews` only these work; the plan is a draft unless `publish`.

    A day on which crews are out already is planned again from now on: what is done or begun stays.
    `closed_areas` are rings of [lon, lat]; streets whose middle lies inside are closed for it.
    """

    model_config = ConfigDict(extra="forbid")

    day: WrittenDate
    organisation: Organisation
    seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 20.0
    crews: Annotated[list[CrewName], Field(min_length=1, max_length=500)] | None = None
    scope: Scope = Scope.EVERYTHING
    make_jobs: bool = True
    publish: bool = False
    disruptions: Annotated[list[DisruptionIn], Field(max_length=100)] = []
    closed_areas: Annotated[list[Corners], Field(max_length=100)] = []

    def to_domain(self) -> RunOrder:
        """Return the order."""
        crews = None if self.crews is None else frozenset(map(CrewId, self.crews))
        return RunOrder(
            day=self.day,
            organisation=self.organisation,
            seconds=self.seconds,
            crews=crews,
            scope=self.scope,
            make_jobs=self.make_jobs,
            publish=self.publish,
            disruptions=tuple(one.to_domain() for one in self.disruptions),
            closed_areas=tuple(
                tuple(LatLon(lat=lat, lon=lon) for lon, lat in area) for area in self.closed_areas
            ),
        )


class RunEventOut(BaseModel):
    """One step: the phase, and cost and unserved jobs of the best plan so far, if there is one.

    The cost has a surcharge for every required job that is left out.
    """

    number: int
    at: AwareDatetime
    phase: RunPhase
    cost_ct: int | None
    unserved: int | None

    @classmethod
    def from_domain(cls, event: RunEvent) -> Self:
        """Return the step."""
        return cls(**{name: getattr(event, name) for name in cls.model_fields})


class RunOut(BaseModel):
    """A run: what was asked for, where it stands and what it told last.

    `issues` say why it failed, why nothing was planned, or why the plan was not published.
    """

    id: str
    day: date
    organisation: Organisation
    crews: list[str] | None
    scope: Scope
    seconds: float
    make_jobs: bool
    publish: bool
    requested_by: str
    requested_at: AwareDatetime
    status: RunStatus
    attempts: int
    cancel_wanted: bool
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    plan_id: str | None
    issues: list[IssueOut]
    latest: RunEventOut | None

    @classmethod
    def from_domain(cls, run: Run, latest: RunEvent | None) -> Self:
        """Return the run with its last step."""
        order = run.order
        return cls(
            id=run.id,
            day=order.day,
            organisation=order.organisation,
            crews=None if order.crews is None else sorted(order.crews),
            scope=order.scope,
            seconds=order.seconds,
            make_jobs=order.make_jobs,
            publish=order.publish,
            requested_by=run.actor.name,
            requested_at=run.requested_at,
            status=run.status,
            attempts=run.attempts,
            cancel_wanted=run.cancel_wanted,
            started_at=run.started_at,
            ended_at=run.ended_at,
            plan_id=run.plan_id,
            issues=[
                IssueOut(code=i.code, subject=i.subject, cause=i.cause, action=i.action)
                for i in run.issues
            ],
            latest=None if latest is None else RunEventOut.from_domain(latest),
        )
