"""Schemas of planning runs."""

from datetime import date
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from dispatch.api.errors import IssueOut
from dispatch.api.values import WrittenDate
from dispatch.domain.ids import CrewId
from dispatch.domain.job import Organisation
from dispatch.domain.run import Run, RunEvent, RunOrder, RunPhase, RunStatus, Scope

CrewName = Annotated[str, Field(min_length=1, max_length=200)]


class RunIn(BaseModel):
    """What is to be planned: with `crews` only these work; the plan is a draft unless `publish`."""

    model_config = ConfigDict(extra="forbid")

    day: WrittenDate
    organisation: Organisation
    seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 20.0
    crews: Annotated[list[CrewName], Field(min_length=1, max_length=500)] | None = None
    scope: Scope = Scope.EVERYTHING
    make_jobs: bool = True
    publish: bool = False

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
