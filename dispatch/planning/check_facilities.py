"""Checker rules about facilities: use, hours, how many at once, and rest at the right ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.check_parts import fault, stops_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.plan import Violation
    from dispatch.planning.problem import Problem, ProblemShift
    from dispatch.planning.solution import Solution


def v601_facility_useless(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield reloads at a facility that does nothing for this vehicle or crew."""
    for route, _, stop in stops_of(solution, StopKind.RELOAD):
        if not _useful(problem, problem.shifts[route.shift], stop.index):
            yield fault("V601", f"facility {stop.index}", 1, "not for this vehicle")


def v602_facility_closed(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield reloads outside the facility's hours, by the seconds outside."""
    for _, _, stop in stops_of(solution, StopKind.RELOAD):
        place = problem.facilities[stop.index]
        early_s = max(0, place.opens_s - stop.start_s)
        late_s = max(0, stop.departure_s - place.closes_s)
        if early_s + late_s:
            yield fault("V602", f"facility {stop.index}", early_s + late_s, "s closed")


def v603_facility_full(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield facilities that serve more vehicles at once than they can, by the vehicles too many."""
    served: dict[int, list[tuple[int, int]]] = {
        number: [end for start_s, end_s in place.taken for end in ((start_s, 1), (end_s, -1))]
        for number, place in enumerate(problem.facilities)
        if place.taken
    }
    for _, _, stop in stops_of(solution, StopKind.RELOAD):
        if stop.start_s < stop.departure_s:
            ends = [(stop.start_s, 1), (stop.departure_s, -1)]
            served.setdefault(stop.index, []).extend(ends)
    for number, ends in sorted(served.items()):
        room, there, most = problem.facilities[number].at_once, 0, 0
        for _, change in sorted(ends):  # who leaves at a second makes room for who comes at it
            there += change
            most = max(most, there)
        if room is not None and most > room:
            yield fault("V603", f"facility {number}", most - room, "too many vehicles at once")


def v707_rest_elsewhere(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield breaks that are not taken at a rest place, right before its own service."""
    for route, position, stop in stops_of(solution, StopKind.BREAK):
        allowed = problem.shifts[route.shift].rest_places
        if allowed is None:
            continue
        after = route.stops[position + 1]
        at_place = after.kind is StopKind.RELOAD and after.index in allowed
        if not at_place or after.location != stop.location:
            yield fault("V707", f"shift {route.shift}", 1, "a break away from the rest places")


def _useful(problem: Problem, shift: ProblemShift, number: int) -> bool:
    place = problem.facilities[number]
    resets = any(shift.capacities[d] > 0 for d in place.dimensions)
    charges = place.charges and shift.range_m is not None
    return resets or charges or (shift.rest_places is not None and number in shift.rest_places)
