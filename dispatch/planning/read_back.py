"""A Plan back in planning's terms: names become indices again, times become seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dispatch.domain.clock import seconds_between
from dispatch.domain.plan import StopKind
from dispatch.planning.costs import cost_lines
from dispatch.planning.problem import NOTHING, Visit
from dispatch.planning.reschedule import loads_after
from dispatch.planning.solution import Solution, SolutionRoute, SolutionStop

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dispatch.domain.ids import FacilityId, JobId
    from dispatch.domain.plan import Plan, Route, Stop
    from dispatch.planning.build import BuiltProblem


class ReadBack(NamedTuple):
    """What a plan says of a problem, and what of it the problem does not know any more.

    `pinned` are the shifts of jobs that belong to one, `locked` the jobs with a locked stop,
    `excluded` those that somebody took out of the plan. `lost` are ids of what is not part of the
    problem: jobs and facilities with a stop, shifts with a route.
    """

    solution: Solution
    pinned: Mapping[int, int]
    locked: frozenset[int]
    excluded: frozenset[int]
    lost: tuple[str, ...]


EXCLUDED = "excluded"
"""The reason code of a job that somebody took out of the plan."""


def read_back(plan: Plan, built: BuiltProblem) -> ReadBack:
    """Return the plan as a solution of the problem: its own times, loads anew.

    The problem may have other jobs and shifts than the plan was made for: jobs that came later
    are unassigned, stops of jobs that it does not have are left out and told.
    """
    numbers = {shift.id: number for number, shift in enumerate(built.shifts)}
    reader = _Reader(built)
    routes = [SolutionRoute(shift=number) for number in range(len(built.shifts))]
    pinned: dict[int, int] = {}
    locked: set[int] = set()
    for route in plan.routes:
        shift = numbers.get(route.shift_id)
        if shift is None:
            reader.lost.append(f"shift {route.shift_id}")
            continue
        stops = tuple(reader.stops(route, shift))
        if any(stop.index != NOTHING for stop in stops):
            routes[shift] = SolutionRoute(shift=shift, stops=stops)
        for stop in route.stops:
            job = reader.jobs.get(stop.job_id) if stop.job_id else None
            if job is not None:
                locked |= {job} if stop.locked else set()
                pinned |= {job: shift} if stop.pinned else {}
    excluded = {u.job_id for u in plan.unassigned if u.code == EXCLUDED}
    served = {s.index for r in routes for s in r.stops if s.kind is StopKind.JOB}
    left = tuple(job for job in range(len(built.jobs)) if job not in served)
    return ReadBack(
        solution=Solution(
            routes=tuple(routes),
            unassigned=left,
            cost_lines=cost_lines(built.problem, routes, left),
        ),
        pinned=pinned,
        locked=frozenset(locked),
        excluded=frozenset(job for job in left if built.jobs[job].id in excluded),
        lost=tuple(reader.lost),
    )


class _Reader:
    """Knows the numbers of a problem's ids, and remembers what has none."""

    def __init__(self, built: BuiltProblem) -> None:
        self.built = built
        self.jobs: dict[JobId, int] = {job.id: n for n, job in enumerate(built.jobs)}
        self.facilities: dict[FacilityId, int] = {f.id: n for n, f in enumerate(built.facilities)}
        self.lost: list[str] = []

    def stops(self, route: Route, shift: int) -> Iterator[SolutionStop]:
        """Yield the stops of a route whose jobs and facilities the problem knows."""
        problem = self.built.problem
        loads = (0,) * problem.dimensions
        location = problem.shifts[shift].start_location
        for stop in route.stops:
            index = self._index(stop)
            if index is None:
                continue
            if stop.kind in (StopKind.JOB, StopKind.RELOAD):
                loads = loads_after(problem, loads, Visit(kind=stop.kind, index=index))
            location = self._location(stop, index, location)
            yield SolutionStop(
                kind=stop.kind,
                index=index,
                location=location,
                arrival_s=seconds_between(self.built.starts_at, stop.arrives_at),
                start_s=seconds_between(self.built.starts_at, stop.starts_at),
                departure_s=seconds_between(self.built.starts_at, stop.departs_at),
                loads=loads,
            )

    def _index(self, stop: Stop) -> int | None:
        if stop.job_id is not None:
            found, name = self.jobs.get(stop.job_id), f"job {stop.job_id}"
        elif stop.facility_id is not None:
            found, name = self.facilities.get(stop.facility_id), f"facility {stop.facility_id}"
        else:
            return NOTHING
        if found is None:
            self.lost.append(name)
        return found

    def _location(self, stop: Stop, index: int, before: int) -> int:
        """Return where a stop is; where the problem has no such place, that of the stop before."""
        if stop.kind is StopKind.JOB:
            return self.built.problem.jobs[index].location
        if stop.kind is StopKind.RELOAD:
            return self.built.problem.facilities[index].location
        places = self.built.places
        return places.index(stop.location) if stop.location in places else before
