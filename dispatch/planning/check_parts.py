"""What the checker's rules share: how a fault looks and how stops are walked."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution, SolutionRoute, SolutionStop


def fault(code: str, about: str, amount: int, text: str) -> Violation:
    """Return a hard violation."""
    return Violation(code=code, subject=about, amount=amount, text=text)


def subject(route: SolutionRoute, stop: SolutionStop) -> str:
    """Return whom a stop concerns: its job, its facility, else the shift."""
    if stop.kind is StopKind.JOB:
        return f"job {stop.index}"
    if stop.kind is StopKind.RELOAD:
        return f"facility {stop.index}"
    return f"shift {route.shift}"


def moves(solution: Solution) -> Iterator[tuple[SolutionRoute, SolutionStop, SolutionStop]]:
    """Yield every pair of neighbouring stops with its route."""
    for route in solution.routes:
        for before, stop in pairwise(route.stops):
            yield route, before, stop


def stops_of(
    solution: Solution, kind: StopKind
) -> Iterator[tuple[SolutionRoute, int, SolutionStop]]:
    """Yield every stop of that kind with its route and its position on it."""
    for route in solution.routes:
        for position, stop in enumerate(route.stops):
            if stop.kind is kind:
                yield route, position, stop


def leg_of(
    problem: Problem, route: SolutionRoute, before: SolutionStop, stop: SolutionStop
) -> tuple[int, int]:
    """Return seconds and metres of the leg, by the matrix of the hour it begins; -1 = no road."""
    shift = problem.shifts[route.shift]
    number = shift.matrix
    for period in shift.periods:
        if before.departure_s >= period.from_s:
            number = period.matrix
    table, cell = problem.matrices[number], (before.location, stop.location)
    return int(table.duration_s[cell]), int(table.distance_m[cell])


def setup_due_s(problem: Problem, route: SolutionRoute, position: int) -> int:
    """Return the setup the stop there owes: none if work went on at the same place."""
    stop = route.stops[position]
    if stop.kind is not StopKind.JOB:
        return 0
    behind = position - 1
    while behind >= 0 and route.stops[behind].kind is StopKind.BREAK:
        behind -= 1
    at_work = behind >= 0 and route.stops[behind].location == stop.location
    return 0 if at_work else problem.jobs[stop.index].setup_s


def service_due_s(problem: Problem, stop: SolutionStop) -> int:
    """Return the seconds of service a stop needs; none at start, end and breaks."""
    if stop.kind is StopKind.JOB:
        return problem.jobs[stop.index].service_s
    if stop.kind is StopKind.RELOAD:
        return problem.facilities[stop.index].service_s
    return 0


def driven(problem: Problem, route: SolutionRoute) -> tuple[int, int]:
    """Return the seconds and metres of all legs, with what a shift underway has behind it."""
    behind = problem.shifts[route.shift].underway
    seconds, metres = (behind.driven_s, behind.distance_m) if behind else (0, 0)
    for before, stop in pairwise(route.stops):
        leg_s, leg_m = leg_of(problem, route, before, stop)
        seconds, metres = seconds + max(0, leg_s), metres + max(0, leg_m)
    return seconds, metres


def began_s(problem: Problem, route: SolutionRoute) -> int:
    """Return when work began: before the first stop if the shift is underway."""
    behind = problem.shifts[route.shift].underway
    return behind.began_s if behind else route.stops[0].arrival_s


def rest_s(problem: Problem, route: SolutionRoute, stop: SolutionStop) -> int:
    """Return the length of a break that counts; 0 for a shorter one and for any other stop."""
    rule = problem.shifts[route.shift].break_rule
    length_s = stop.departure_s - stop.start_s
    if stop.kind is not StopKind.BREAK or rule is None or length_s < min(rule.pieces_s):
        return 0
    return length_s
