"""A plan cut at a moment of its day: what lies behind is frozen, the rest is a new problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind, Violation
from dispatch.planning.costs import required_extra_ueur
from dispatch.planning.overdue import relaxed_problem
from dispatch.planning.past import driven_on, past_of
from dispatch.planning.problem import NOTHING, Problem, Visit
from dispatch.planning.remainder import remaining_problem
from dispatch.planning.reschedule import reschedule, services_at
from dispatch.planning.solution import SolutionRoute, SolutionStop

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from dispatch.planning.problem import ProblemFacility, ProblemShift
    from dispatch.planning.solution import Solution

MOVE_UEUR = 5_000_000
"""What it costs to move a job from its published shift where the job has no price: 5 EUR, about
ten minutes of two people on the phone (assumed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The rest of a day: a problem, the rest of the plan as orders, and what is frozen.

    `jobs` are the numbers that the jobs of `problem` had before. `behind` has the stops of every
    shift that are done, started or driven to: they never change. `relaxed` are the rules that
    could not be kept any more whatever is planned, with the amount by which they were widened.
    `turns` are the services ahead at places with a limit, by shift: facility, start and end.
    """

    problem: Problem
    orders: tuple[tuple[Visit, ...], ...]
    jobs: tuple[int, ...]
    behind: tuple[tuple[SolutionStop, ...], ...]
    relaxed: tuple[Violation, ...] = ()
    turns: Mapping[int, tuple[tuple[int, int, int], ...]] = field(default_factory=dict)

    def whole(self, solution: Solution) -> tuple[SolutionRoute, ...]:
        """Return the day's routes: the frozen stops, and after them those of a new solution.

        Jobs have the numbers they had before the cut. The route of a shift that was called off
        ends with its last frozen stop.
        """
        return tuple(
            SolutionRoute(shift=route.shift, stops=tuple(self._joined(behind, route.stops)))
            for behind, route in zip(self.behind, solution.routes, strict=True)
        )

    def _joined(
        self, behind: tuple[SolutionStop, ...], ahead: tuple[SolutionStop, ...]
    ) -> Iterator[SolutionStop]:
        way_home = bool(behind) and behind[-1].kind is StopKind.END
        yield from behind[:-1] if way_home and ahead else behind
        for stop in ahead[1:] if behind else ahead:
            yield _renumbered(stop, self.jobs)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edge:
    """Where a shift stands: its frozen stops, and from where and when it goes on."""

    stops: tuple[SolutionStop, ...]
    location: int
    free_s: int


def underway_problem(
    problem: Problem,
    solution: Solution,
    now_s: int,
    done: Mapping[int, int] | None = None,
    *,
    move_ueur: int = MOVE_UEUR,
) -> Cut:
    """Return the plan cut at that second after the horizon start.

    Frozen is every stop that a crew has done, begun or is driving to: the road has no places, so
    it arrives first. The shift goes on from there as soon as that stop is over, with its loads,
    rests and driving behind it. A crew that waits for a window may go elsewhere at once. A crew
    on its way home may go out again; one that is home has ended its work. The day of one that is
    not out yet begins when it goes out, not before now.

    `done` are the jobs reported done and when each was finished. The rest of the route follows
    from the last of them; jobs that the crew passed over belong to no route any more, and what
    should be over by now but is not reported ends now. Without `done` all went as planned.

    A job that remains is published on its shift; moving it costs its own price or `move_ueur`.
    Jobs of the problem that the solution does not know (new ones, with the last numbers) remain
    unassigned. Where a vehicle is served now, or drives to be served, others wait (`taken`).
    Work that was required of a shift and cannot be done in time any more is relaxed (`Cut`).
    """
    known = len(problem.jobs)
    cut = Cut(
        problem=problem,
        orders=solution.orders,
        jobs=tuple(range(known)),
        behind=((),) * len(problem.shifts),
    )
    routes = solution.routes
    if done is not None:
        cut = _cut(cut, [_reported(route, done) for route in routes], done, 0, move_ueur)
        routes = reschedule(cut.problem, cut.orders).routes
    edges = [_by_clock(cut.problem, r, now_s, reported=done is not None) for r in routes]
    places = tuple(_taken(cut.problem, edges, now_s))
    cut = replace(cut, problem=replace(cut.problem, facilities=places))
    cut = replace(_cut(cut, edges, (), now_s, move_ueur), turns=_turns(problem, routes, edges))
    over = [n for n, edge in enumerate(edges) if _is_over(problem.shifts[n], edge, now_s)]
    cut = called_off(cut, over)
    rest, relaxed = relaxed_problem(cut.problem)
    extra_ueur = required_extra_ueur(
        rest.jobs, rest.shifts, rest.matrices, uneven_ueur_per_s=rest.uneven_ueur_per_s
    )
    extra_ueur = max(problem.required_extra_ueur, extra_ueur)
    return replace(cut, problem=replace(rest, required_extra_ueur=extra_ueur), relaxed=relaxed)


def called_off(cut: Cut, shifts: Collection[int]) -> Cut:
    """Return the cut without the rest of these shifts: a crew is ill, a vehicle broken.

    Their jobs are free again, and moving them costs nothing. The vehicle stays where its last
    frozen stop is, with what that stop says is on board; fetching both is not part of the problem.
    Relations of these shifts end.
    """
    problem = cut.problem
    on = tuple(
        _nothing_more(shift) if number in shifts else shift
        for number, shift in enumerate(problem.shifts)
    )
    jobs = tuple(
        replace(job, published=NOTHING) if job.published in shifts else job for job in problem.jobs
    )
    bonds = tuple(bond for bond in problem.relations if bond.shift not in shifts)
    orders = tuple(() if n in shifts else order for n, order in enumerate(cut.orders))
    turns = {shift: ahead for shift, ahead in cut.turns.items() if shift not in shifts}
    rest = replace(problem, shifts=on, jobs=jobs, relations=bonds)
    return replace(cut, problem=rest, orders=orders, turns=turns)


def _turns(
    problem: Problem, routes: Sequence[SolutionRoute], edges: Sequence[_Edge | None]
) -> dict[int, tuple[tuple[int, int, int], ...]]:
    """Return what is ahead at places with a limit, by shift."""
    shared = {f for f, place in enumerate(problem.facilities) if place.at_once is not None}
    ahead = {
        route.shift: services_at(route, shared, behind=len(edge.stops) if edge else 0)
        for route, edge in zip(routes, edges, strict=True)
    }
    return {shift: tuple(turns) for shift, turns in ahead.items() if turns}


def _taken(
    problem: Problem, edges: Sequence[_Edge | None], now_s: int
) -> Iterator[ProblemFacility]:
    """Yield the facilities with the frozen services that are not over yet."""
    frozen = [stop for edge in edges if edge for stop in edge.stops]
    for number, place in enumerate(problem.facilities):
        services = [
            (stop.start_s, stop.departure_s)
            for stop in frozen
            if (stop.kind, stop.index) == (StopKind.RELOAD, number)
        ]
        ahead = tuple(span for span in (*place.taken, *services) if span[1] > now_s)
        yield replace(place, taken=ahead if place.at_once is not None else ())


def _reported(route: SolutionRoute, done: Mapping[int, int]) -> _Edge | None:
    """Return where a shift stood when the last of its jobs was reported done."""
    last = max(
        (p for p, s in enumerate(route.stops) if s.kind is StopKind.JOB and s.index in done),
        default=None,
    )
    if last is None:
        return None
    stops = tuple(
        stop
        for stop in route.stops[: last + 1]
        if stop.kind is not StopKind.JOB or stop.index in done
    )
    free_s = max(done[stop.index] for stop in stops if stop.kind is StopKind.JOB)
    return _Edge(stops=stops, location=stops[-1].location, free_s=free_s)


def _by_clock(
    problem: Problem, route: SolutionRoute, now_s: int, *, reported: bool
) -> _Edge | None:
    """Return where a shift stands now by the times of its route; None if it is not out yet.

    With reports nothing beyond the first job is frozen, for it is not done.
    """
    frozen: list[SolutionStop] = []
    for stop in route.stops:
        begun = _rests_at_next(frozen)
        if not begun and (frozen[-1] if frozen else stop).departure_s > now_s:
            break
        if not begun and frozen and _waits(problem, frozen[-1], stop, now_s):
            return _Edge(stops=tuple(frozen), location=stop.location, free_s=now_s)
        frozen.append(stop)
        if reported and stop.kind is StopKind.JOB:
            break
    if not frozen:
        return None
    last = frozen[-1]
    return _Edge(stops=tuple(frozen), location=last.location, free_s=max(now_s, last.departure_s))


def _rests_at_next(stops: Sequence[SolutionStop]) -> bool:
    """Tell whether the last stop is a break on arrival: the next halt owes its setup there."""
    if not stops or stops[-1].kind is not StopKind.BREAK:
        return False
    work = next(stop for stop in reversed(stops) if stop.kind is not StopKind.BREAK)
    return work.location != stops[-1].location


def _waits(problem: Problem, before: SolutionStop, stop: SolutionStop, now_s: int) -> bool:
    """Tell whether the crew has arrived and set up, and waits for the window."""
    if stop.kind is not StopKind.JOB:
        return False
    setup_s = problem.jobs[stop.index].setup_s if before.location != stop.location else 0
    return stop.arrival_s + setup_s <= now_s < stop.start_s


def _cut(
    cut: Cut,
    edges: Sequence[_Edge | None],
    done: Collection[int],
    now_s: int,
    move_ueur: int,
) -> Cut:
    """Return what is left of a cut when each shift stands at its edge."""
    problem = cut.problem
    shifts = tuple(
        _not_out(problem.shifts[n], now_s) if edge is None else _gone_on(problem, n, edge)
        for n, edge in enumerate(edges)
    )
    frozen = [edge.stops if edge else () for edge in edges]
    rest = remaining_problem(
        replace(problem, shifts=shifts), cut.orders, frozen, done, move_ueur=move_ueur
    )
    behind = tuple(
        (*old, *(_renumbered(stop, cut.jobs) for stop in (stops[1:] if old else stops)))
        for old, stops in zip(cut.behind, frozen, strict=True)
    )
    jobs = tuple(cut.jobs[job] for job in rest.jobs)
    return Cut(problem=rest.problem, orders=rest.orders, jobs=jobs, behind=behind)


def _renumbered(stop: SolutionStop, jobs: Sequence[int]) -> SolutionStop:
    if stop.kind is not StopKind.JOB or jobs[stop.index] == stop.index:
        return stop
    return replace(stop, index=jobs[stop.index])


def _gone_on(problem: Problem, number: int, edge: _Edge) -> ProblemShift:
    """Return the shift as it goes on from its edge."""
    on, last = problem.shifts[number], edge.stops[-1]
    past = past_of(problem, number, edge.stops)
    if edge.location != last.location:
        leg = (last.location, edge.location, last.departure_s)
        past = driven_on(past, problem.travel_s(on, *leg), problem.travel_m(on, *leg))
    return replace(on, start_location=edge.location, start_s=edge.free_s, underway=past)


def _not_out(shift: ProblemShift, now_s: int) -> ProblemShift:
    """Return a shift that goes out from now on at the earliest."""
    if shift.underway is not None:
        return shift
    return replace(shift, start_s=max(shift.start_s, now_s))


def _is_over(shift: ProblemShift, edge: _Edge | None, now_s: int) -> bool:
    """Tell whether the crew is home, or has not gone out by the end of its shift."""
    if edge is None:
        return shift.underway is None and now_s >= shift.end_s
    last = edge.stops[-1]
    return last.kind is StopKind.END and last.departure_s <= now_s


def _nothing_more(shift: ProblemShift) -> ProblemShift:
    begins_s = min(shift.start_s, shift.end_s - 1)
    return replace(shift, start_s=begins_s, underway=None, max_stops=0)
