"""Keep the order of every route, recompute its times, loads and break."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.plan import StopKind
from dispatch.planning.costs import cost_lines
from dispatch.planning.problem import NOTHING
from dispatch.planning.solution import Solution, SolutionRoute, SolutionStop
from dispatch.planning.timing import Timetable, halt_of, timetable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dispatch.planning.problem import Problem, Visit


def reschedule(problem: Problem, orders: Sequence[Sequence[Visit]]) -> Solution:
    """Return the solution with these visits in this order, one sequence per shift.

    Nothing is left out and nothing repaired: broken rules show in `check`. Jobs in no order are
    unassigned. Raises InvalidInput (P501, P502) for orders that do not fit the problem.
    """
    _refuse_strangers(problem, orders)
    routes = tuple(timed_route(problem, shift, order) for shift, order in enumerate(orders))
    served = {v.index for order in orders for v in order if v.kind is StopKind.JOB}
    left = tuple(job for job in range(len(problem.jobs)) if job not in served)
    return Solution(routes=routes, unassigned=left, cost_lines=cost_lines(problem, routes, left))


def timed_route(problem: Problem, shift: int, visits: Sequence[Visit]) -> SolutionRoute:
    """Return the route of one shift with all its times; no stops for no visits."""
    if not visits:
        return SolutionRoute(shift=shift)
    table = timetable(problem, problem.shifts[shift], visits)
    return SolutionRoute(shift=shift, stops=tuple(_stops(problem, shift, visits, table)))


def loads_after(problem: Problem, loads: tuple[int, ...], visit: Visit) -> tuple[int, ...]:
    """Return what has accumulated per dimension after one more visit."""
    if visit.kind is StopKind.JOB:
        more = problem.jobs[visit.index].loads
        return tuple(a + b for a, b in zip(loads, more, strict=True))
    reset = problem.facilities[visit.index].dimensions
    return tuple(0 if d in reset else amount for d, amount in enumerate(loads))


def _stops(
    problem: Problem, shift: int, visits: Sequence[Visit], table: Timetable
) -> Iterator[SolutionStop]:
    on = problem.shifts[shift]
    loads = (0,) * problem.dimensions
    place = on.start_location
    yield _mark(StopKind.START, place, table.begin_s, table.begin_s, loads)
    for position, (visit, times) in enumerate(zip(visits, table.halts, strict=True)):
        location = halt_of(problem, visit).location
        yield from _rest(table, position, (place, location), loads)
        loads = loads_after(problem, loads, visit)
        yield SolutionStop(
            kind=visit.kind,
            index=visit.index,
            location=location,
            arrival_s=_arrival_s(table, position),
            start_s=times.start_s,
            departure_s=times.departure_s,
            loads=loads,
        )
        place = location
    yield from _rest(table, len(visits), (place, place), loads)
    yield _mark(StopKind.END, on.end_location, table.end_s, table.end_s, loads)


def _rest(
    table: Timetable, gap: int, places: tuple[int, int], loads: tuple[int, ...]
) -> Iterator[SolutionStop]:
    rest = table.rest
    if rest is None or rest.gap != gap:
        return
    place = places[1] if rest.at_next else places[0]
    arrival_s = table.halts[gap].arrival_s if rest.at_next else rest.start_s
    yield SolutionStop(
        kind=StopKind.BREAK,
        index=NOTHING,
        location=place,
        arrival_s=arrival_s,
        start_s=rest.start_s,
        departure_s=rest.end_s,
        loads=loads,
    )


def _arrival_s(table: Timetable, position: int) -> int:
    """Return when work at this halt can begin: after the break if it is taken there."""
    rest = table.rest
    if rest is not None and rest.gap == position and rest.at_next:
        return rest.end_s
    return table.halts[position].arrival_s


def _mark(
    kind: StopKind, location: int, arrival_s: int, departure_s: int, loads: tuple[int, ...]
) -> SolutionStop:
    return SolutionStop(
        kind=kind,
        index=NOTHING,
        location=location,
        arrival_s=arrival_s,
        start_s=arrival_s,
        departure_s=departure_s,
        loads=loads,
    )


def _refuse_strangers(problem: Problem, orders: Sequence[Sequence[Visit]]) -> None:
    issues = []
    if len(orders) != len(problem.shifts):
        issues.append(
            Issue(
                code="P501",
                subject="orders",
                cause=f"{len(orders)} orders for {len(problem.shifts)} shifts",
                action="Give one sequence of visits per shift, empty for an idle one",
            )
        )
    sizes = {StopKind.JOB: len(problem.jobs), StopKind.RELOAD: len(problem.facilities)}
    issues += [
        Issue(
            code="P502",
            subject=f"order {shift}",
            cause=f"there is no {visit.kind} {visit.index} to visit",
            action="Use jobs and facilities of this problem only",
        )
        for shift, order in enumerate(orders)
        for visit in order
        if not 0 <= visit.index < sizes.get(visit.kind, 0)
    ]
    if issues:
        raise InvalidInput(*issues)
