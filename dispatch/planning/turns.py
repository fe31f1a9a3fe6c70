"""Plans with places that serve few vehicles at once: who waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.check import check
from dispatch.planning.desk import Desk
from dispatch.planning.repair import repaired, repaired_order
from dispatch.planning.reschedule import booked_by_others, reschedule, services_at, timed_route

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.planning.problem import Problem, Visit
    from dispatch.planning.solution import Solution

    Turns = Mapping[int, Sequence[tuple[int, int, int]]]


def turns_of(problem: Problem, solution: Solution) -> dict[int, Sequence[tuple[int, int, int]]]:
    """Return facility, start and end of every service at a place with a limit, by shift."""
    shared = _shared(problem)
    return {route.shift: services_at(route, shared) for route in solution.routes} if shared else {}


def turns_beside(
    problem: Problem, turns: Turns, shift: int, order: Sequence[Visit]
) -> dict[int, Sequence[tuple[int, int, int]]]:
    """Return the turns with those of one shift anew for this order, beside all others."""
    route = timed_route(problem, shift, order, booked_by_others(turns, shift))
    return {**turns, shift: services_at(route, _shared(problem))}


def _shared(problem: Problem) -> set[int]:
    return {f for f, place in enumerate(problem.facilities) if place.at_once is not None}


def in_turns(problem: Problem, orders: Sequence[Sequence[Visit]], turns: Turns) -> Solution:
    """Return the orders with first come, first served, or in these turns.

    The one that breaks fewer rules is returned, of two alike the cheaper, else first come.
    """
    first_come = reschedule(problem, orders)
    if not any(turns.values()):
        return first_come
    kept = reschedule(problem, orders, turns)
    faults, faults_kept = len(check(problem, first_come)), len(check(problem, kept))
    better = (faults_kept, kept.cost_ueur) < (faults, first_come.cost_ueur)
    return kept if better else first_come


def plan_of(problem: Problem, desk: Desk) -> Solution:
    """Return the plan on a desk, timed: every rule is kept that the desk keeps.

    The desk keeps the turns of its routes free of each other. Should a queue still make a route
    late, the visits that cannot be served in time are taken out as `repair` does it, so that
    relations hold, and put in elsewhere where that pays.
    """
    solution = in_turns(problem, desk.orders, desk.services)
    if not turns_of(problem, solution) or not check(problem, solution):
        return solution
    sound = without_queues(problem, solution.orders)
    again = Desk(problem, sound.orders)
    again.fill()
    fuller = in_turns(problem, again.orders, again.services)
    return fuller if fuller.cost_ueur < sound.cost_ueur and not check(problem, fuller) else sound


def without_queues(problem: Problem, orders: Sequence[Sequence[Visit]]) -> Solution:
    """Return the orders without visits that break a rule, alone or in the queue of their place.

    Shifts that are bound to such a place by a relation in order have the first turns, each other
    one those that are left: so nothing that is bound must go, and relations hold.
    """
    shared = _shared(problem)
    bound = {
        relation.shift
        for relation in problem.relations
        for visit in relation.visits
        if visit.kind is StopKind.RELOAD and visit.index in shared
    }
    kept = repaired(problem, orders)
    turns: dict[int, Sequence[tuple[int, int, int]]] = {}
    for shift in sorted(range(len(kept)), key=lambda shift: shift not in bound):
        kept[shift] = repaired_order(problem, shift, kept[shift], booked_by_others(turns, shift))
        turns = turns_beside(problem, turns, shift, kept[shift])
    return reschedule(problem, kept, turns)
