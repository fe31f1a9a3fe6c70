"""Schemas of crews and of the one document a tablet needs for its day."""

from collections.abc import Mapping
from datetime import date, time
from typing import Self

from pydantic import AwareDatetime, BaseModel

from dispatch.api.job_schemas import JobOut
from dispatch.api.plan_schemas import RouteHeadOut, StopOut
from dispatch.api.values import StreetSourceOut
from dispatch.domain.fleet import Crew, Fleet, ShiftPattern
from dispatch.domain.ids import JobId
from dispatch.domain.job import Job, Organisation, Skill
from dispatch.domain.plan import Plan, Route, Stop


class ShiftPatternOut(BaseModel):
    """A regular working day: weekdays (0 = Monday) and Bochum's wall-clock times.

    `ends` is the latest end; from `overtime_from` on (None = never) it is overtime.
    """

    vehicle_id: str
    depot_id: str
    starts: time
    ends: time
    overtime_from: time | None
    weekdays: list[int]

    @classmethod
    def from_domain(cls, pattern: ShiftPattern) -> Self:
        """Return the pattern."""
        return cls(
            vehicle_id=pattern.vehicle_id,
            depot_id=pattern.depot_id,
            starts=pattern.starts,
            ends=pattern.ends,
            overtime_from=pattern.overtime_from,
            weekdays=sorted(pattern.weekdays),
        )


class CrewOut(BaseModel):
    """People with skills and when they work; what they cost stays in the office."""

    id: str
    name: str
    organisation: Organisation
    size: int
    skills: list[Skill]
    shifts: list[ShiftPatternOut]

    @classmethod
    def from_domain(cls, crew: Crew, fleet: Fleet) -> Self:
        """Return the crew with its regular shifts."""
        patterns = (p for p in fleet.patterns if p.crew_id == crew.id)
        return cls(
            id=crew.id,
            name=crew.name,
            organisation=crew.organisation,
            size=crew.size,
            skills=sorted(crew.skills),
            shifts=[ShiftPatternOut.from_domain(pattern) for pattern in patterns],
        )


class CrewStopOut(StopOut):
    """One halt with its job in it; None for halts that are not about a job."""

    job: JobOut | None

    @classmethod
    def with_job(cls, stop: Stop, jobs: Mapping[JobId, Job]) -> Self:
        """Return the stop with its job, if the job is still known."""
        job = None if stop.job_id is None else jobs.get(stop.job_id)
        out = StopOut.from_domain(stop)
        return cls(**dict(out), job=None if job is None else JobOut.from_domain(job))


class CrewRouteOut(RouteHeadOut):
    """A crew's route of the day: enough to work without another request."""

    plan_id: str
    revision: int
    day: date
    created_at: AwareDatetime
    streets: StreetSourceOut
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    stops: list[CrewStopOut]

    @classmethod
    def from_domain(cls, plan: Plan, route: Route, jobs: Mapping[JobId, Job]) -> Self:
        """Return the route of a plan with the jobs at its stops; the shift may end later."""
        return cls(
            **RouteHeadOut.of(route),
            plan_id=plan.id,
            revision=plan.revision,
            day=plan.day,
            created_at=plan.created_at,
            streets=StreetSourceOut.from_domain(plan.streets),
            starts_at=route.stops[0].arrives_at,
            ends_at=route.stops[-1].departs_at,
            stops=[CrewStopOut.with_job(stop, jobs) for stop in route.stops],
        )
