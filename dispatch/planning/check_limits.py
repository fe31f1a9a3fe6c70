"""Checker rules about the limits of a shift: jobs, driving, metres, and metres between charges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.check_parts import driven, fault, leg_of, subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dispatch.domain.plan import Violation
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution, SolutionRoute


def v305_too_many_jobs(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield routes with more jobs than their shift may have, by the jobs too many."""
    for route in solution.routes:
        shift = problem.shifts[route.shift]
        jobs = sum(stop.kind is StopKind.JOB for stop in route.stops)
        jobs += shift.underway.stops if shift.underway else 0
        if shift.max_stops is not None and jobs > shift.max_stops:
            over = jobs - shift.max_stops
            yield fault("V305", f"shift {route.shift}", over, f"{over} jobs too many")


def v306_too_much_driving(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield routes with more driving than their shift may have, by the seconds beyond."""
    most_s = {number: shift.max_drive_s for number, shift in enumerate(problem.shifts)}
    for shift, over_s in _beyond(most_s, lambda route: driven(problem, route)[0], solution):
        yield fault("V306", f"shift {shift}", over_s, f"{over_s} s of driving too much")


def v307_too_far(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield routes longer than their shift may drive, by the metres beyond."""
    most_m = {number: shift.max_distance_m for number, shift in enumerate(problem.shifts)}
    for shift, over_m in _beyond(most_m, lambda route: driven(problem, route)[1], solution):
        yield fault("V307", f"shift {shift}", over_m, f"{over_m} m too far")


def _beyond(
    limits: Mapping[int, int | None], spent: Callable[[SolutionRoute], int], solution: Solution
) -> Iterator[tuple[int, int]]:
    """Yield the shifts whose route spends more than their limit, and by how much."""
    for route in solution.routes:
        limit = limits[route.shift]
        if route.stops and limit is not None and spent(route) > limit:
            yield route.shift, spent(route) - limit


def v403_battery_empty(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield stops beyond the range since the last charge, by the metres beyond."""
    for route in solution.routes:
        shift = problem.shifts[route.shift]
        if shift.range_m is None:
            continue
        since_m = shift.underway.charged_m if shift.underway else 0
        for position in range(1, len(route.stops)):
            stop = route.stops[position]
            since_m += max(0, leg_of(problem, route, route.stops[position - 1], stop)[1])
            over_m = since_m - shift.range_m
            if over_m > 0:
                yield fault("V403", subject(route, stop), over_m, f"{over_m} m beyond the range")
            if stop.kind is StopKind.RELOAD and problem.facilities[stop.index].charges:
                since_m = 0
