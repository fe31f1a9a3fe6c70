"""Checker rules about who is where: indices, completeness, places, skills and facilities."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.check_parts import fault, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.plan import Violation
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution


def v101_unknown(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield stops and jobs left that the problem does not have."""
    sizes = {StopKind.JOB: len(problem.jobs), StopKind.RELOAD: len(problem.facilities)}
    for route in solution.routes:
        for stop in route.stops:
            if stop.kind in sizes and not 0 <= stop.index < sizes[stop.kind]:
                yield fault("V101", f"{stop.kind} {stop.index}", 1, "the problem has none such")
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
    """Yield routes that do not go from START to END, once each, at the shift's own places."""
    for route in solution.routes:
        if not route.stops or not 0 <= route.shift < len(problem.shifts):
            continue
        shift = problem.shifts[route.shift]
        kinds = [stop.kind for stop in route.stops]
        ends = (StopKind.START, StopKind.END)
        framed = (kinds[0], kinds[-1]) == ends and sum(kind in ends for kind in kinds) == 2
        places = (route.stops[0].location, route.stops[-1].location)
        if not framed or places != (shift.start_location, shift.end_location):
            yield fault(
                "V303", f"shift {route.shift}", 1, "it must go from its start place to its end"
            )


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
        for before, stop, after in zip(route.stops, route.stops[1:], route.stops[2:], strict=False):
            if stop.kind is StopKind.JOB:
                places = {problem.jobs[stop.index].location}
            elif stop.kind is StopKind.RELOAD:
                places = {problem.facilities[stop.index].location}
            else:
                places = {before.location, after.location}
            if stop.location not in places:
                yield fault("V207", subject(route, stop), 1, "the stop is at another place")


def v501_skill(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield jobs on a shift that lacks one of their skills."""
    for route in solution.routes:
        for stop in route.stops:
            if stop.kind is StopKind.JOB:
                missing = problem.jobs[stop.index].skills - problem.shifts[route.shift].skills
                if missing:
                    yield fault("V501", f"job {stop.index}", len(missing), "the shift lacks it")


def v601_facility_useless(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield reloads at a facility that resets nothing this vehicle carries."""
    for route in solution.routes:
        for stop in route.stops:
            if stop.kind is StopKind.RELOAD:
                capacities = problem.shifts[route.shift].capacities
                resets = problem.facilities[stop.index].dimensions
                if not any(capacities[d] for d in resets):
                    yield fault("V601", f"facility {stop.index}", 1, "not for this vehicle")


def v602_facility_closed(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield reloads outside the facility's hours, by the seconds outside."""
    for route in solution.routes:
        for stop in route.stops:
            if stop.kind is StopKind.RELOAD:
                place = problem.facilities[stop.index]
                early_s = max(0, place.opens_s - stop.start_s)
                late_s = max(0, stop.departure_s - place.closes_s)
                if early_s + late_s:
                    yield fault("V602", f"facility {stop.index}", early_s + late_s, "s closed")


def _times_planned(solution: Solution) -> Counter[int]:
    return Counter(
        stop.index for route in solution.routes for stop in route.stops if stop.kind is StopKind.JOB
    )
