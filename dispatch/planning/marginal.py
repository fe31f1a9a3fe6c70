"""What each planned job costs: the saving if its route went without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.timing import timetable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.problem import Problem, Visit

    Route = Sequence[Visit]


def marginal_ueur(problem: Problem, orders: Sequence[Sequence[Visit]]) -> dict[int, int]:
    """Return for every planned job what its route would save without it, in micro-euro.

    The other visits keep their sequence. A route whose last job goes does not go out at all, so
    its reloads and the vehicle's day rate are saved too. What leaving the job costs, and fairness
    among shifts, are not in it. A saving may be negative: where a neighbour then needs its own
    setup, or begins later and is late.
    """
    return {
        visit.index: cost_ueur - _cost_ueur(problem, shift, _without(order, position))
        for shift, order in enumerate(orders)
        for cost_ueur in [_cost_ueur(problem, shift, order)]
        for position, visit in enumerate(order)
        if visit.kind is StopKind.JOB
    }


def _without(order: Route, position: int) -> Route:
    left = [*order[:position], *order[position + 1 :]]
    return left if any(visit.kind is StopKind.JOB for visit in left) else ()


def _cost_ueur(problem: Problem, shift: int, order: Route) -> int:
    if not order and problem.shifts[shift].underway is None:
        return 0
    return timetable(problem, shift, order).cost_ueur
