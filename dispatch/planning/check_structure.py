"""Checker rules about who is where: indices, completeness and places."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.check_parts import fault, subject
from dispatch.planning.problem import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.plan import Violation
    from dispatch.planning.problem import Problem, ProblemShift
    from dispatch.planning.solution import Solution, SolutionRoute


def v101_unknown(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield stops and jobs left that the problem does not have."""
    sizes = {StopKind.JOB: len(problem.jobs), StopKind.RELOAD: len(problem.facilities)}
    size = min((len(matrix.duration_s) for matrix in problem.matrices), default=0)
    for route in solution.routes:
        for stop in route.stops:
            if stop.kind in sizes and not 0 <= stop.index < sizes[stop.kind]:
                yield fault("V101", f"{stop.kind} {stop.index}", 1, "the problem has none such")
            if not 0 <= stop.location < size:
                yield fault("V101", f"shift {route.shift}", 1, "a stop is nowhere")
            if len(stop.loads) != problem.dimensions:
                yield fault("V101", f"shift {route.shift}", 1, "a stop lacks loads")
    for job in solution.unassigned:
        if not 0 <= job < len(problem.jobs):
            yield fault("V101", f"job {job}", 1, "the problem has none such")


def v104_one_route_per_shift(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield shifts that do not have exactly one route."""
    routes = Counter(route.shift for route in solution.routes)
    for shift in sorted(set(range(len(problem.shifts))) | set(routes)):
        known = shift < len(problem.shifts)
        if not known or shift < 0 or routes[shift] != 1:
            yield fault("V104", f"shift {shift}", routes[shift], "it needs exactly one route")


def v303_begins_and_ends(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield routes that do not go from START to END, once each, at the shift's own places.

    An open route ends where its last stop is. A shift underway drives home even without visits;
    any other without visits has no stops.
    """
    for route in solution.routes:
        if not 0 <= route.shift < len(problem.shifts):
            continue
        shift = problem.shifts[route.shift]
        framed = _framed(shift, route) if route.stops else shift.underway is None
        idle = shift.underway is None and route.stops and not route.visits
        if not framed or idle:
            yield fault(
                "V303", f"shift {route.shift}", 1, "it must go from its start place to its end"
            )


def _framed(shift: ProblemShift, route: SolutionRoute) -> bool:
    kinds = [stop.kind for stop in route.stops]
    ends = (StopKind.START, StopKind.END)
    if (kinds[0], kinds[-1]) != ends or sum(kind in ends for kind in kinds) != 2:
        return False
    end = route.stops[-2].location if shift.end_location == ANYWHERE else shift.end_location
    return (route.stops[0].location, route.stops[-1].location) == (shift.start_location, end)


def v102_done_twice(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield jobs planned more than once, or planned and left at the same time."""
    times = _times_planned(solution)
    left = Counter(solution.unassigned)
    for job in range(len(problem.jobs)):
        if times[job] + left[job] > 1:
            yield fault("V102", f"job {job}", times[job] + left[job], "it occurs several times")


def v103_forgotten(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield jobs that are neither planned nor reported as left."""
    seen = _times_planned(solution) + Counter(solution.unassigned)
    for job in range(len(problem.jobs)):
        if not seen[job]:
            yield fault("V103", f"job {job}", 1, "it is neither planned nor left")


def v207_wrong_place(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield stops that are not where their job or facility is, and breaks off the route."""
    for route in solution.routes:
        for position, stop in enumerate(route.stops):
            if stop.kind is StopKind.JOB:
                places = {problem.jobs[stop.index].location}
            elif stop.kind is StopKind.RELOAD:
                places = {problem.facilities[stop.index].location}
            elif stop.kind is StopKind.BREAK:
                places = _on_the_way(problem, route, position)
            else:
                continue
            if stop.location not in places:
                yield fault("V207", subject(route, stop), 1, "the stop is at another place")


def _on_the_way(problem: Problem, route: SolutionRoute, position: int) -> set[int]:
    """Return the places of the nearest stops around that are no breaks.

    The end of an open route is no place of its own, so nobody can rest at it.
    """
    behind = [s for s in route.stops[:position] if s.kind is not StopKind.BREAK]
    ahead = [s for s in route.stops[position:] if s.kind is not StopKind.BREAK]
    is_open = problem.shifts[route.shift].end_location == ANYWHERE
    if is_open and ahead[0].kind is StopKind.END:
        return {behind[-1].location}
    return {behind[-1].location, ahead[0].location}


def _times_planned(solution: Solution) -> Counter[int]:
    return Counter(
        stop.index for route in solution.routes for stop in route.stops if stop.kind is StopKind.JOB
    )
