"""Schemas of the one document that a tablet needs for its shift, and of how far a crew is.

The document is for bad radio: what is empty or the same as always is left out of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel

from dispatch.api.job_schemas import AttemptOut, amounts
from dispatch.api.plan_schemas import RouteHeadOut
from dispatch.api.values import Position, StreetSourceOut, position
from dispatch.domain.clock import after
from dispatch.domain.ids import JobId, SiteId
from dispatch.domain.job import Dimension, Job, JobKind, JobStatus
from dispatch.domain.plan import Plan, Route, Stop, StopKind
from dispatch.domain.reasons import CATALOGUE_VERSION
from dispatch.domain.site import Site
from dispatch.domain.stop_state import OVER, StopState, StopStatus, late_s

Language = Literal["de", "en"]

DIGITS = 6
"""Digits of a degree that are sent: about 0.1 m."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftParts:
    """What the document is made of, and the language of its words."""

    plan: Plan
    route: Route
    jobs: Mapping[JobId, Job]
    sites: Mapping[SiteId, Site]
    states: Sequence[StopState]
    language: Language = "de"


class ShiftJobOut(BaseModel):
    """What is to be done at a stop and why, how to get there, and what was tried before.

    `loads` are what was asked for when the crew set out, `required` is told where it is true.
    """

    kind: JobKind
    status: JobStatus
    site_id: str
    loads: dict[Dimension, int]
    service_s: int
    required: bool | None
    persons: int | None
    windows: list[tuple[AwareDatetime, AwareDatetime]]
    due: AwareDatetime | None
    reason: str
    access: str | None
    tried: list[AttemptOut] | None

    @classmethod
    def from_domain(cls, job: Job, site: Site | None, parts: ShiftParts) -> Self:
        """Return the job with what is known of its site; own attempts of the day are the state."""
        own = (parts.route.crew_id, parts.plan.day)
        others = [a for a in job.attempts if (a.crew_id, a.day) != own]
        return cls(
            kind=job.kind,
            status=job.status,
            site_id=job.site_id,
            loads=amounts(job.asked if job.attempts else job.loads),
            service_s=job.service_s,
            required=job.required or None,
            persons=job.persons if job.persons > 1 else None,
            windows=[(window.earliest, window.latest) for window in job.windows],
            due=job.due,
            reason=getattr(job.reason, parts.language),
            access=(site.access if site else "") or None,
            tried=[AttemptOut.from_domain(attempt) for attempt in others] or None,
        )


class StateOut(BaseModel):
    """What the crew has reported of a stop, on whichever of its tablets."""

    status: StopStatus
    at: AwareDatetime | None
    reason: str | None
    note: str | None
    loads: dict[Dimension, int] | None
    photos: list[str] | None

    @classmethod
    def from_domain(cls, state: StopState) -> Self:
        """Return the state."""
        return cls(
            status=state.status,
            at=state.at,
            reason=state.reason or None,
            note=state.note or None,
            loads=amounts(state.loads) or None,
            photos=list(state.photos) or None,
        )


class ShiftStopOut(BaseModel):
    """One halt; `ref` is what reports call it: a job's id, or the name of a halt.

    `on_board` is what the vehicle carries on leaving a depot or a facility.
    """

    ref: str
    kind: StopKind
    name: str
    location: Position
    arrives_at: AwareDatetime
    starts_at: AwareDatetime | None
    departs_at: AwareDatetime
    travel_s: int | None
    distance_m: int | None
    facility_id: str | None
    on_board: dict[Dimension, int] | None
    job: ShiftJobOut | None
    state: StateOut | None

    @classmethod
    def from_domain(cls, stop: Stop, state: StopState, job: ShiftJobOut | None) -> Self:
        """Return the stop; one of which nothing was told has no state."""
        lon, lat = position(stop.location)
        untold = state.status is StopStatus.PLANNED and not state.note and not state.photos
        return cls(
            ref=state.ref,
            kind=stop.kind,
            name=stop.name,
            location=(round(lon, DIGITS), round(lat, DIGITS)),
            arrives_at=stop.arrives_at,
            starts_at=stop.starts_at if stop.starts_at != stop.arrives_at else None,
            departs_at=stop.departs_at,
            travel_s=None if stop.leg is None else stop.leg.duration_s,
            distance_m=None if stop.leg is None else stop.leg.distance_m,
            facility_id=stop.facility_id,
            on_board=amounts(stop.loads) if stop.job_id is None else None,
            job=job,
            state=None if untold else StateOut.from_domain(state),
        )


class ShiftOut(RouteHeadOut):
    """A crew's shift of the day: enough to work without another request."""

    plan_id: str
    revision: int
    day: date
    created_at: AwareDatetime
    streets: StreetSourceOut
    reasons_version: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    stops: list[ShiftStopOut]


def shift_out(parts: ShiftParts) -> ShiftOut:
    """Return the document; its times are those of the plan, the shift may end later."""
    plan, route = parts.plan, parts.route
    pairs = zip(route.stops, parts.states, strict=True)
    return ShiftOut(
        **RouteHeadOut.of(route),
        plan_id=plan.id,
        revision=plan.revision,
        day=plan.day,
        created_at=plan.created_at,
        streets=StreetSourceOut.from_domain(plan.streets),
        reasons_version=CATALOGUE_VERSION,
        starts_at=route.stops[0].arrives_at,
        ends_at=route.stops[-1].departs_at,
        stops=[ShiftStopOut.from_domain(stop, state, _job(stop, parts)) for stop, state in pairs],
    )


def _job(stop: Stop, parts: ShiftParts) -> ShiftJobOut | None:
    job = parts.jobs.get(stop.job_id) if stop.job_id is not None else None
    return (
        None if job is None else ShiftJobOut.from_domain(job, parts.sites.get(job.site_id), parts)
    )


class StopProgressOut(BaseModel):
    """How far a stop is; `expected_at` is when the crew will be there if it stays as late."""

    ref: str
    kind: StopKind
    name: str
    arrives_at: AwareDatetime
    expected_at: AwareDatetime | None
    state: StateOut


class ProgressOut(BaseModel):
    """How far a crew is; `late_s` is None before it goes out, and below 0 when it is early.

    `contradictions` are reports that others speak against, to be asked about.
    """

    crew_id: str
    crew_name: str
    day: date
    plan_id: str
    revision: int
    late_s: int | None
    counts: dict[StopStatus, int]
    stops: list[StopProgressOut]
    contradictions: list[str]

    @classmethod
    def from_domain(cls, parts: ShiftParts, contradictions: Iterable[str], now: datetime) -> Self:
        """Return the progress as of now."""
        route, states = parts.route, parts.states
        late = late_s(route, states)
        work = [state.status for state in states if state.ref in parts.jobs]
        return cls(
            crew_id=route.crew_id,
            crew_name=route.crew_name,
            day=parts.plan.day,
            plan_id=parts.plan.id,
            revision=parts.plan.revision,
            late_s=late,
            counts={status: work.count(status) for status in StopStatus},
            stops=[
                StopProgressOut(
                    ref=state.ref,
                    kind=stop.kind,
                    name=stop.name,
                    arrives_at=stop.arrives_at,
                    expected_at=_expected(stop, state, late, now),
                    state=StateOut.from_domain(state),
                )
                for stop, state in zip(route.stops, states, strict=True)
            ],
            contradictions=sorted(contradictions),
        )


def _expected(stop: Stop, state: StopState, late: int | None, now: datetime) -> datetime | None:
    """Return when the crew will be at a stop that is ahead of it."""
    if state.status in OVER or state.status in (StopStatus.ARRIVED, StopStatus.SKIPPED):
        return None
    return max(after(stop.arrives_at, late or 0), now)
