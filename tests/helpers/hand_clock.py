"""Solutions timed by hand: a plain forward clock for tests of the checker and of the cost sheet.

It knows no rule: whatever order and pauses it is given, it walks through them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dispatch.domain.plan import StopKind
from dispatch.planning.costs import cost_lines
from dispatch.planning.problem import ANYWHERE, NOTHING, Problem, ProblemShift, Visit, Window
from dispatch.planning.solution import Solution, SolutionRoute, SolutionStop


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A break where the crew stands, or on arrival at the next visit."""

    length_s: int
    on_arrival: bool = False


Items = Sequence[Visit | Pause]


def by_hand(problem: Problem, *orders: Items) -> Solution:
    """Return the solution in which every shift does these items in turn, without delay."""
    routes = tuple(
        SolutionRoute(shift=number, stops=_Walk(problem, problem.shifts[number]).stops(items))
        for number, items in enumerate(orders)
    )
    return with_costs(problem, routes)


def with_costs(problem: Problem, routes: tuple[SolutionRoute, ...]) -> Solution:
    """Return these routes as a solution: all other jobs are left, the cost sheet is right."""
    served = {s.index for route in routes for s in route.stops if s.kind is StopKind.JOB}
    left = tuple(job for job in range(len(problem.jobs)) if job not in served)
    return Solution(routes=routes, unassigned=left, cost_lines=cost_lines(problem, routes, left))


@dataclass(slots=True)
class _Walk:
    problem: Problem
    shift: ProblemShift
    place: int = 0
    now_s: int = 0
    loads: tuple[int, ...] = ()
    done: list[SolutionStop] = field(default_factory=list)

    def stops(self, items: Items) -> tuple[SolutionStop, ...]:
        """Return all stops; none if there is nothing to do and nobody is out."""
        behind = self.shift.underway
        if not items and behind is None:
            return ()
        self.place, self.now_s = self.shift.start_location, self.shift.start_s
        self.loads = behind.loads if behind else (0,) * self.problem.dimensions
        self._note(StopKind.START, NOTHING, self.now_s, 0)
        waiting: Pause | None = None
        for item in items:
            if isinstance(item, Pause):
                waiting = item if item.on_arrival else None
                if waiting is None:
                    self._note(StopKind.BREAK, NOTHING, self.now_s, item.length_s)
                continue
            self._visit(item, waiting)
            waiting = None
        end = self.place if self.shift.end_location == ANYWHERE else self.shift.end_location
        self._drive(end)
        self._note(StopKind.END, NOTHING, self.now_s, 0)
        return tuple(self.done)

    def _visit(self, visit: Visit, pause: Pause | None) -> None:
        before = self.place
        if visit.kind is StopKind.JOB:
            job = self.problem.jobs[visit.index]
            self._drive(job.location)
            windows, service_s = job.windows, job.service_s
            setup_s = job.setup_s if before != job.location else 0
            self.loads = tuple(a + b for a, b in zip(self.loads, job.loads, strict=True))
        else:
            place = self.problem.facilities[visit.index]
            self._drive(place.location)
            latest_s = place.closes_s - place.service_s
            windows = (Window(earliest_s=place.opens_s, latest_s=latest_s),)
            service_s, setup_s = place.service_s, 0
        if pause is not None:
            self._note(StopKind.BREAK, NOTHING, self.now_s, pause.length_s, self.done[-1].loads)
        if visit.kind is StopKind.RELOAD:
            resets = self.problem.facilities[visit.index].dimensions
            self.loads = tuple(0 if d in resets else x for d, x in enumerate(self.loads))
        ready_s = self.now_s + setup_s
        starts = [max(ready_s, w.earliest_s) for w in windows if ready_s <= w.latest_s]
        self._note(visit.kind, visit.index, min(starts, default=ready_s), service_s)

    def _drive(self, place: int) -> None:
        self.now_s += self.problem.travel_s(self.shift, self.place, place, self.now_s)
        self.place = place

    def _note(
        self,
        kind: StopKind,
        index: int,
        start_s: int,
        length_s: int,
        loads: tuple[int, ...] | None = None,
    ) -> None:
        self.done.append(
            SolutionStop(
                kind=kind,
                index=index,
                location=self.place,
                arrival_s=self.now_s,
                start_s=start_s,
                departure_s=start_s + length_s,
                loads=self.loads if loads is None else loads,
            )
        )
        self.now_s = start_s + length_s
