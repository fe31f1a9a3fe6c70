"""Domain values and travel matrices in, a Problem out; here ids, dates and fractions stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import TYPE_CHECKING

from dispatch.domain.clock import at_local, day_bounds, to_utc
from dispatch.domain.fleet import Facility, Shift
from dispatch.domain.geo import LatLon
from dispatch.domain.job import Dimension, Job, Skill
from dispatch.domain.plan import Unassigned
from dispatch.planning.costs import required_extra_ueur
from dispatch.planning.law import ARBZG, EC_561
from dispatch.planning.left_out import left_out_reason, waiting
from dispatch.planning.problem import (
    ANYWHERE,
    Problem,
    ProblemFacility,
    ProblemJob,
    ProblemShift,
    Window,
)
from dispatch.planning.travel_tables import travel_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dispatch.domain.job import Load
    from dispatch.planning.travel_tables import HourlyMatrix, ProfileTravel
    from graphs.matrix import TravelMatrix

UEUR_PER_CT = 10_000
DIMENSIONS = tuple(Dimension)
SKILLS = tuple(Skill)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltProblem:
    """A problem, what its indices stand for, and the jobs that never got into it.

    `places`, `jobs`, `shifts` and `facilities` stand in the order of the problem's own; dimension
    and skill indices are positions in `Dimension` and `Skill`. Second 0 is `starts_at`.
    `left_out_ct` is what leaving the jobs of `left_out` costs, in cents.
    """

    problem: Problem
    day: date
    starts_at: datetime
    places: tuple[LatLon, ...]
    jobs: tuple[Job, ...]
    shifts: tuple[Shift, ...]
    facilities: tuple[Facility, ...]
    left_out: tuple[Unassigned, ...]
    left_out_ct: int = 0


def places_of(
    jobs: Iterable[Job], shifts: Iterable[Shift], facilities: Iterable[Facility]
) -> tuple[LatLon, ...]:
    """Return every place once, in a fixed order: the rows and columns of the matrices."""
    ends = (depot for shift in shifts for depot in (shift.depot, shift.end) if depot)
    depots = (depot.location for depot in ends)
    others = (facility.location for facility in facilities)
    return tuple(dict.fromkeys([*depots, *others, *(job.location for job in jobs)]))


def build_problem(
    jobs: Sequence[Job],
    shifts: Sequence[Shift],
    facilities: Sequence[Facility],
    *,
    matrices: Mapping[str, TravelMatrix | HourlyMatrix],
    day: date,
) -> BuiltProblem:
    """Return the problem of one day; `matrices` are by profile, over `places_of` the same values.

    Durations and loads are rounded up, windows inwards. A job is late from `due` on, but not
    before its first window opens: what came too late before that nobody can change. Jobs that no
    shift of the day could ever serve for reasons outside planning are left out with a reason: no
    shift at all, or none of their organisation, no window on this day, no road. Raises
    InvalidInput (P403) for a matrix that is missing or of another size.
    """
    places = {place: i for i, place in enumerate(places_of(jobs, shifts, facilities))}
    profiles = sorted({shift.vehicle.profile for shift in shifts})
    frame = _Frame(day=day, shifts=shifts)
    tables, travel = travel_tables(
        matrices, profiles, size=len(places), second_of=lambda at: frame.ceil_s(at_local(day, at))
    )
    on = tuple(_shift(shift, frame, places, travel[shift.vehicle.profile]) for shift in shifts)
    wanted = [_job(job, frame, places, shifts) for job in jobs]
    out = {
        job.id: reason
        for job, want in zip(jobs, wanted, strict=True)
        if (reason := waiting(job, day) or left_out_reason(job, want, on, tables)) is not None
    }
    kept = tuple(w for job, w in zip(jobs, wanted, strict=True) if job.id not in out)
    problem = Problem(
        horizon_s=frame.horizon_s,
        dimensions=len(DIMENSIONS),
        jobs=kept,
        shifts=on,
        facilities=tuple(_facility(place, frame, places) for place in facilities),
        matrices=tables,
        required_extra_ueur=required_extra_ueur(kept, on, tables),
    )
    return BuiltProblem(
        problem=problem,
        day=day,
        starts_at=frame.starts_at,
        places=tuple(places),
        jobs=tuple(job for job in jobs if job.id not in out),
        shifts=tuple(shifts),
        facilities=tuple(facilities),
        left_out=tuple(out.values()),
        left_out_ct=sum(job.leave_price_ct for job in jobs if job.id in out),
    )


class _Frame:
    """The day as seconds: 0 is local midnight; a shift past midnight lengthens it."""

    def __init__(self, *, day: date, shifts: Sequence[Shift]) -> None:
        self.day = day
        self.starts_at, tomorrow = day_bounds(day)
        ends = [tomorrow, *(shift.ends_at for shift in shifts)]
        self.horizon_s = max(self.ceil_s(moment) for moment in ends)

    def floor_s(self, moment: datetime) -> int:
        """Return whole seconds since the start, rounded down."""
        return -ceil((to_utc(self.starts_at) - to_utc(moment)).total_seconds())

    def ceil_s(self, moment: datetime) -> int:
        """Return whole seconds since the start, rounded up."""
        return ceil((to_utc(moment) - to_utc(self.starts_at)).total_seconds())


def _job(
    job: Job, frame: _Frame, places: Mapping[LatLon, int], shifts: Sequence[Shift]
) -> ProblemJob:
    spans = [(frame.ceil_s(w.earliest), frame.floor_s(w.latest)) for w in job.windows]
    if not job.windows:
        spans = [(0, frame.horizon_s)]
    clipped = sorted((max(0, a), min(b, frame.horizon_s)) for a, b in spans)
    windows = tuple(Window(earliest_s=a, latest_s=b) for a, b in clipped if a <= b)
    due_s = _due_s(job, windows, frame)
    return ProblemJob(
        location=places[job.location],
        windows=windows,
        service_s=ceil(job.service_s),
        setup_s=ceil(job.setup_s),
        loads=_amounts(job.loads),
        skills=_skills(job.skills),
        required=job.required,
        leave_price_ueur=job.leave_price_ct * UEUR_PER_CT,
        due_s=due_s,
        late_ueur_per_s=0 if due_s is None else _ueur_per_s(job.late_ct_per_h),
        persons=job.persons,
        shifts=_shifts_of(job, shifts),
    )


def _due_s(job: Job, windows: Sequence[Window], frame: _Frame) -> int | None:
    """Return when lateness begins to cost; None if it never does on this day."""
    if job.due is None or not job.late_ct_per_h or not windows:
        return None
    due_s = max(windows[0].earliest_s, frame.ceil_s(job.due))
    return due_s if due_s < windows[-1].latest_s else None


def _shifts_of(job: Job, shifts: Sequence[Shift]) -> frozenset[int] | None:
    """Return the shifts of the job's organisation; None if these are all, or it has none."""
    if job.organisation is None:
        return None
    own = [i for i, shift in enumerate(shifts) if shift.crew.organisation is job.organisation]
    return frozenset(own) if len(own) < len(shifts) else None


def _shift(
    shift: Shift, frame: _Frame, places: Mapping[LatLon, int], travel: ProfileTravel
) -> ProblemShift:
    range_km, overtime = shift.vehicle.range_km, shift.overtime_from
    return ProblemShift(
        start_location=places[shift.depot.location],
        end_location=places[shift.end.location] if shift.end else ANYWHERE,
        start_s=frame.ceil_s(shift.starts_at),
        end_s=frame.floor_s(shift.ends_at),
        matrix=travel.matrix,
        periods=travel.periods,
        capacities=_amounts(shift.vehicle.capacity),
        skills=_skills(shift.skills),
        persons=shift.crew.size,
        crew_ueur_per_s=_ueur_per_s(shift.crew.hour_ct),
        ueur_per_m=shift.vehicle.km_ct * UEUR_PER_CT // 1000,
        use_ueur=shift.vehicle.day_ct * UEUR_PER_CT,
        break_rule=EC_561 if shift.vehicle.ec_561 else ARBZG,
        overtime_from_s=frame.ceil_s(overtime) if overtime else None,
        overtime_ueur_per_s=_ueur_per_s(shift.crew.overtime_ct) if overtime else 0,
        range_m=None if range_km is None else range_km * 1000,
    )


def _facility(facility: Facility, frame: _Frame, places: Mapping[LatLon, int]) -> ProblemFacility:
    return ProblemFacility(
        location=places[facility.location],
        dimensions=frozenset(DIMENSIONS.index(d) for d in facility.dimensions),
        opens_s=frame.ceil_s(at_local(frame.day, facility.opens)),
        closes_s=frame.floor_s(at_local(frame.day, facility.closes)),
        service_s=ceil(facility.service_s),
        at_once=facility.at_once,
        charges=facility.charges,
    )


def _ueur_per_s(ct_per_h: int) -> int:
    """Return an hourly rate in cents as micro-euro a second, rounded up."""
    return ceil(ct_per_h * UEUR_PER_CT / 3600)


def _amounts(loads: Iterable[Load]) -> tuple[int, ...]:
    """Return one amount per dimension; several loads of one dimension add up."""
    total = dict.fromkeys(DIMENSIONS, 0)
    for load in loads:
        total[load.dimension] += ceil(load.amount)
    return tuple(total.values())


def _skills(skills: Iterable[Skill]) -> frozenset[int]:
    return frozenset(SKILLS.index(skill) for skill in skills)
