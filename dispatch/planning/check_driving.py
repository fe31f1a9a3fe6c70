"""Checker rules about time at the wheel: EC 561/2006, read from the shift's drive rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.planning.check_parts import driven, fault, leg_of, rest_s

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.plan import Violation
    from dispatch.planning.law import DriveRule
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution, SolutionRoute


def v705_driving_without_break(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield routes with too much driving between breaks, by the seconds beyond at the worst."""
    for route, drive in _driving(problem, solution):
        over_s = _longest_s(problem, route, drive) - drive.max_stretch_s
        if over_s > 0:
            yield fault("V705", f"shift {route.shift}", over_s, f"{over_s} s at the wheel too long")


def v706_driving_in_all(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield routes with more driving than is lawful in a day, by the seconds beyond."""
    for route, drive in _driving(problem, solution):
        over_s = driven(problem, route)[0] - drive.max_drive_s
        if over_s > 0:
            yield fault("V706", f"shift {route.shift}", over_s, f"{over_s} s of driving too much")


def _longest_s(problem: Problem, route: SolutionRoute, drive: DriveRule) -> int:
    """Return the most driving that has accumulated since a break that counts."""
    shift, first_s, second_s = problem.shifts[route.shift], *drive.split_s
    since_s, half = 0, False
    if shift.underway is not None:
        since_s, half = shift.underway.driven_since_s, shift.underway.half_rest
    longest_s = since_s
    for position in range(1, len(route.stops)):
        stop = route.stops[position]
        since_s += max(0, leg_of(problem, route, route.stops[position - 1], stop)[0])
        longest_s = max(longest_s, since_s)
        length_s = rest_s(problem, route, stop)
        if length_s >= drive.break_s or (half and length_s >= second_s):
            since_s, half = 0, False
        elif length_s >= first_s:
            half = True
    return longest_s


def _driving(problem: Problem, solution: Solution) -> Iterator[tuple[SolutionRoute, DriveRule]]:
    for route in solution.routes:
        rule = problem.shifts[route.shift].break_rule
        if route.stops and rule is not None and rule.drive is not None:
            yield route, rule.drive
