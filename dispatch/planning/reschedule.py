"""Keep the order of every route, recompute its times, loads and break."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.plan import StopKind
from dispatch.planning.costs import cost_lines
from dispatch.planning.problem import ANYWHERE, NOTHING
from dispatch.planning.solution import Solution, SolutionRoute, SolutionStop
from dispatch.planning.timing import Timetable, halt_of, timetable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dispatch.planning.problem import Problem, Visit
    from dispatch.planning.timing import Bookings


def reschedule(
    problem: Problem,
    orders: Sequence[Sequence[Visit]],
    turns: Mapping[int, Sequence[tuple[int, int, int]]] | None = None,
) -> Solution:
    """Return the solution with these visits in this order, one sequence per shift.

    Nothing is left out and nothing repaired: broken rules show in `check`. Jobs in no order are
    unassigned. Where a facility serves few vehicles at once, who arrives first is served first,
    unless `turns` says who is served when: facility, start and end of services by shift, of a
    plan with these orders.
    Raises InvalidInput (P501, P502) for orders that do not fit the problem.
    """
    _refuse_strangers(problem, orders)
    timed = _in_turns(problem, orders, turns) if turns else _timed_routes(problem, orders)
    routes = tuple(timed[shift] for shift in range(len(orders)))
    served = {v.index for order in orders for v in order if v.kind is StopKind.JOB}
    left = tuple(job for job in range(len(problem.jobs)) if job not in served)
    return Solution(routes=routes, unassigned=left, cost_lines=cost_lines(problem, routes, left))


def timed_route(
    problem: Problem,
    shift: int,
    visits: Sequence[Visit],
    bookings: Bookings | None = None,
    turns_s: Sequence[int] = (),
) -> SolutionRoute:
    """Return the route of one shift with all its times; no stops for no visits.

    A shift underway drives home even without visits. `bookings` and `turns_s` are those of
    `timetable`: when others are served at places with a limit, and before when this one is not.
    """
    if not visits and problem.shifts[shift].underway is None:
        return SolutionRoute(shift=shift)
    table = timetable(problem, shift, visits, bookings, turns_s)
    return SolutionRoute(shift=shift, stops=tuple(_stops(problem, shift, visits, table)))


def _timed_routes(problem: Problem, orders: Sequence[Sequence[Visit]]) -> dict[int, SolutionRoute]:
    """Return the routes by shift; those that come to a shared facility first are timed first."""
    timed = {shift: timed_route(problem, shift, order) for shift, order in enumerate(orders)}
    shared = {f for f, place in enumerate(problem.facilities) if place.at_once is not None}
    if not shared:
        return timed
    booked: dict[int, list[tuple[int, int]]] = {}
    arrivals = {s: services_at(route, shared) for s, route in timed.items()}
    waiting = sorted((spans[0][1], shift) for shift, spans in arrivals.items() if spans)
    for _, shift in waiting:
        timed[shift] = timed_route(problem, shift, orders[shift], booked)
        for facility, start_s, end_s in services_at(timed[shift], shared):
            booked.setdefault(facility, []).append((start_s, end_s))
    return timed


def _in_turns(
    problem: Problem,
    orders: Sequence[Sequence[Visit]],
    turns: Mapping[int, Sequence[tuple[int, int, int]]],
) -> dict[int, SolutionRoute]:
    """Return the routes by shift, each served beside the turns of others and not before its own."""
    shared = {f for f, place in enumerate(problem.facilities) if place.at_once is not None}
    kept, timed = dict(turns), {}
    for shift, order in enumerate(orders):
        own_s = [start_s for _, start_s, _ in kept.get(shift, ())]
        timed[shift] = timed_route(problem, shift, order, booked_by_others(kept, shift), own_s)
        kept[shift] = services_at(timed[shift], shared)
    return timed


def booked_by_others(
    turns: Mapping[int, Sequence[tuple[int, int, int]]], shift: int
) -> dict[int, list[tuple[int, int]]]:
    """Return when others than this shift are served, by facility."""
    booked: dict[int, list[tuple[int, int]]] = {}
    for other, services in turns.items():
        for facility, start_s, end_s in services if other != shift else ():
            booked.setdefault(facility, []).append((start_s, end_s))
    return booked


def services_at(
    route: SolutionRoute, shared: set[int], *, behind: int = 0
) -> list[tuple[int, int, int]]:
    """Return facility, start and end of every service of the route at one of these facilities.

    The first stops of it, as many as are `behind`, do not count.
    """
    return [
        (stop.index, stop.start_s, stop.departure_s)
        for stop in route.stops[behind:]
        if stop.kind is StopKind.RELOAD and stop.index in shared
    ]


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
    loads = on.underway.loads if on.underway else (0,) * problem.dimensions
    place = on.start_location
    # A shift underway is there already: for what is released later it waits.
    there_s = on.start_s if on.underway else table.begin_s
    yield _mark(StopKind.START, place, there_s, table.begin_s, loads)
    for position, (visit, times) in enumerate(zip(visits, table.halts, strict=True)):
        location = halt_of(problem, visit).location
        yield from _rests(table, position, (place, location), loads)
        loads = loads_after(problem, loads, visit)
        yield SolutionStop(
            kind=visit.kind,
            index=visit.index,
            location=location,
            arrival_s=_free_s(table, position),
            start_s=times.start_s,
            departure_s=times.departure_s,
            loads=loads,
        )
        place = location
    yield from _rests(table, len(visits), (place, place), loads)
    home = place if on.end_location == ANYWHERE else on.end_location
    yield _mark(StopKind.END, home, table.end_s, table.end_s, loads)


def _rests(
    table: Timetable, gap: int, places: tuple[int, int], loads: tuple[int, ...]
) -> Iterator[SolutionStop]:
    for rest in table.rests:
        if rest.gap == gap:
            at_next = table.halts[gap].arrival_s if rest.at_next else rest.start_s
            yield SolutionStop(
                kind=StopKind.BREAK,
                index=NOTHING,
                location=places[1] if rest.at_next else places[0],
                arrival_s=at_next,
                start_s=rest.start_s,
                departure_s=rest.end_s,
                loads=loads,
            )


def _free_s(table: Timetable, position: int) -> int:
    """Return when work at this halt can begin: after the break if one is taken there."""
    ends = [r.end_s for r in table.rests if r.gap == position and r.at_next]
    return max([table.halts[position].arrival_s, *ends])


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
