"""Making a plan lawful again: the visits that no longer fit are taken out, as few as need be."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from dispatch.domain.plan import StopKind
from dispatch.planning.costs import leave_price_ueur
from dispatch.planning.reschedule import loads_after
from dispatch.planning.timing import halt_of, timetable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.problem import Problem, Visit


class Fault(NamedTuple):
    """How far an order is from being allowed: legs without road, overload, seconds."""

    no_road: int
    overload: int
    seconds: int


def repaired(problem: Problem, orders: Sequence[Sequence[Visit]]) -> list[tuple[Visit, ...]]:
    """Return the orders without the visits that break a rule, the others in the same sequence."""
    return [repaired_order(problem, shift, tuple(order)) for shift, order in enumerate(orders)]


def repaired_order(problem: Problem, shift: int, order: tuple[Visit, ...]) -> tuple[Visit, ...]:
    """Return one shift's order made lawful: each time the visit goes that helps most.

    Of visits whose absence helps alike the cheapest to leave goes.
    """
    while order and any(fault(problem, shift, order)):
        shorter = [order[:position] + order[position + 1 :] for position in range(len(order))]
        ranked = (
            (fault(problem, shift, rest), _price_ueur(problem, order[position]), position)
            for position, rest in enumerate(shorter)
        )
        order = shorter[min(ranked)[-1]]
    return order


def fault(problem: Problem, shift: int, order: Sequence[Visit]) -> Fault:
    """Return what keeps an order from being allowed; all zero if nothing does."""
    on = problem.shifts[shift]
    halts = [halt_of(problem, visit).location for visit in order]
    places = [on.start_location, *halts, on.end_location]
    no_road = sum(problem.travel_s(on, a, b) < 0 for a, b in pairwise(places)) if order else 0
    table = timetable(problem, on, order)
    return Fault(no_road, _overload(problem, shift, order), table.late_s + table.law_excess_s)


def _overload(problem: Problem, shift: int, order: Sequence[Visit]) -> int:
    capacities = problem.shifts[shift].capacities
    loads = (0,) * problem.dimensions
    worst = 0
    for visit in order:
        loads = loads_after(problem, loads, visit)
        worst = max([worst, *(a - b for a, b in zip(loads, capacities, strict=True))])
    return worst


def _price_ueur(problem: Problem, visit: Visit) -> int:
    return leave_price_ueur(problem, visit.index) if visit.kind is StopKind.JOB else 0
