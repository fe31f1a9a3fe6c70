"""What relations bind is put where it belongs: locked prefixes, kept sequences, pinned jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.problem import Order
from dispatch.planning.timing import timetable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.problem import Problem, Relation, Visit


def with_locked(problem: Problem, orders: Sequence[tuple[Visit, ...]]) -> list[tuple[Visit, ...]]:
    """Return the orders with every relation kept, the other visits in the same sequence.

    Jobs of a kept sequence leave the place where they were; the whole sequence goes where the
    route is least late, with a strict one together, and a locked prefix first.
    """
    placed = list(orders)
    kept = [r for r in problem.relations if r.order is not Order.ANY]
    jobs = {v for r in kept for v in r.visits if v.kind is StopKind.JOB}
    if any(not _holds(relation, placed[relation.shift]) for relation in kept):
        placed = [tuple(v for v in order if v not in jobs) for order in placed]
        for relation in sorted(kept, key=lambda relation: relation.from_start):
            order = placed[relation.shift]
            placed[relation.shift] = _with(problem, relation, order)
    pinned = {v: r.shift for r in problem.relations for v in r.visits if v.kind is StopKind.JOB}
    return [
        tuple(v for v in order if pinned.get(v, shift) == shift)
        for shift, order in enumerate(placed)
    ]


def _holds(relation: Relation, order: Sequence[Visit]) -> bool:
    """Tell whether an order keeps a relation."""
    size = len(relation.visits)
    if relation.from_start:
        return tuple(order[:size]) == relation.visits
    if relation.order is Order.STRICT:
        return any(
            tuple(order[p : p + size]) == relation.visits for p in range(len(order) - size + 1)
        )
    places = [order.index(visit) if visit in order else -1 for visit in relation.visits]
    return -1 not in places and places == sorted(places)


def _with(problem: Problem, relation: Relation, order: tuple[Visit, ...]) -> tuple[Visit, ...]:
    """Return the order with the relation's visits in it, as one block."""
    if relation.from_start:
        return (*relation.visits, *order)
    barred = _inside(problem, relation.shift, order)
    ways = [
        (*order[:gap], *relation.visits, *order[gap:])
        for gap in range(len(order) + 1)
        if gap not in barred
    ]
    return min(ways, key=lambda way: _lateness(problem, relation.shift, way))


def _inside(problem: Problem, shift: int, order: tuple[Visit, ...]) -> set[int]:
    """Return the gaps inside strict relations that the order holds already."""
    strict = [r for r in problem.relations if r.shift == shift and r.order is Order.STRICT]
    barred = set()
    for relation in strict:
        if relation.visits[0] in order:
            first = order.index(relation.visits[0])
            barred |= set(range(first + 1, first + len(relation.visits)))
            barred |= {first} if relation.from_start else set()
    return barred


def _lateness(problem: Problem, shift: int, order: tuple[Visit, ...]) -> tuple[int, int, int]:
    table = timetable(problem, shift, order)
    return (table.late_s + table.law_excess_s, table.overload, table.cost_ueur)
