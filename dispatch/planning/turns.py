"""Plans with places that serve few vehicles at once: who waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.planning.check import check
from dispatch.planning.desk import Desk
from dispatch.planning.repair import repaired
from dispatch.planning.reschedule import reschedule, services_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.planning.problem import Problem, Visit
    from dispatch.planning.solution import Solution

    Turns = Mapping[int, Sequence[tuple[int, int, int]]]


def turns_of(problem: Problem, solution: Solution) -> dict[int, list[tuple[int, int, int]]]:
    """Return facility, start and end of every service at a place with a limit, by shift."""
    shared = {f for f, place in enumerate(problem.facilities) if place.at_once is not None}
    return {route.shift: services_at(route, shared) for route in solution.routes} if shared else {}


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

    The desk keeps the turns of its routes free of each other, and timing them again finds the same
    or better times. Should a queue still make a route late, the visits that cannot be served in
    time are taken out as `repair` does it: relations hold.
    """
    solution = in_turns(problem, desk.orders, desk.services)
    if turns_of(problem, solution) and check(problem, solution):
        return without_queues(problem, solution.orders)
    return solution


def without_queues(problem: Problem, orders: Sequence[Sequence[Visit]]) -> Solution:
    """Return the orders without visits that break a rule, alone or in the queue of their place.

    The shifts are served in their sequence: each has the turns that the ones before leave.
    """
    desk = Desk(problem, repaired(problem, orders))
    return reschedule(problem, desk.orders, desk.services)
