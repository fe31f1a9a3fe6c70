"""Making a plan lawful again: the visits that no longer fit are taken out, as few as need be."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dispatch.domain.plan import StopKind
from dispatch.planning.costs import leave_price_ueur
from dispatch.planning.fit import allowed
from dispatch.planning.insertion import foes_of
from dispatch.planning.locks import with_locked
from dispatch.planning.problem import Order
from dispatch.planning.timing import route_fits, timetable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.problem import Problem, Relation, Visit
    from dispatch.planning.timing import Bookings


class Fault(NamedTuple):
    """How far an order is from being allowed: legs without road, overload, limits, seconds."""

    no_road: int
    overload: int
    over_limit: int
    seconds: int


def repaired(problem: Problem, orders: Sequence[Sequence[Visit]]) -> list[tuple[Visit, ...]]:
    """Return the orders without the visits that break a rule, the others in the same sequence.

    Visits that relations in order bind are put where they belong first, and stay.
    """
    placed = _peaceful(problem, with_locked(problem, _allowed_only(problem, orders)))
    return [repaired_order(problem, shift, order) for shift, order in enumerate(placed)]


def repaired_order(
    problem: Problem,
    shift: int,
    order: tuple[Visit, ...],
    bookings: Bookings | None = None,
) -> tuple[Visit, ...]:
    """Return one shift's order made lawful: each time the visit goes that helps most.

    Of visits whose absence helps alike the cheapest to leave goes. `bookings` are the times, by
    facility, at which other shifts are served there. Visits of relations in order
    stay; a relation in any order holds without its jobs too.
    """
    firm = [r for r in problem.relations if r.shift == shift and r.order is not Order.ANY]
    bound = {visit for relation in firm for visit in relation.visits}
    while order and not route_fits(problem, shift, order, bookings):
        free = [p for p, visit in enumerate(order) if visit not in bound]
        if not free:
            break
        shorter = {position: order[:position] + order[position + 1 :] for position in free}
        ranked = (
            (fault(problem, shift, rest, bookings), _price_ueur(problem, order[position]), position)
            for position, rest in shorter.items()
        )
        order = shorter[min(ranked)[-1]]
    return order


def fault(
    problem: Problem, shift: int, order: Sequence[Visit], bookings: Bookings | None = None
) -> Fault:
    """Return what keeps an order from being allowed; all zero if nothing does."""
    table = timetable(problem, shift, order, bookings)
    late_s = table.late_s + table.law_excess_s
    return Fault(int(table.no_road), table.overload, table.over_limit, late_s)


def _allowed_only(problem: Problem, orders: Sequence[Sequence[Visit]]) -> list[tuple[Visit, ...]]:
    """Return the orders without jobs that their shift may never do."""
    able = allowed(problem)
    return [
        tuple(v for v in order if v.kind is not StopKind.JOB or able[v.index, shift])
        for shift, order in enumerate(orders)
    ]


def _peaceful(problem: Problem, orders: Sequence[tuple[Visit, ...]]) -> list[tuple[Visit, ...]]:
    """Return the orders with only one job of every conflicting pair on a route.

    A job that a relation in order binds stays, else the dearer one.
    """
    if not problem.conflicts:
        return list(orders)
    firm = {v.index for r in problem.relations if r.order is not Order.ANY for v in _jobs(r)}
    kept = []
    for order in orders:
        on = {visit.index for visit in order if visit.kind is StopKind.JOB}
        for job in sorted(on, key=lambda job: (job in firm, leave_price_ueur(problem, job))):
            if foes_of(problem, job) & on:
                on.discard(job)
        kept.append(tuple(v for v in order if v.kind is not StopKind.JOB or v.index in on))
    return kept


def _jobs(relation: Relation) -> list[Visit]:
    return [visit for visit in relation.visits if visit.kind is StopKind.JOB]


def _price_ueur(problem: Problem, visit: Visit) -> int:
    return leave_price_ueur(problem, visit.index) if visit.kind is StopKind.JOB else 0
