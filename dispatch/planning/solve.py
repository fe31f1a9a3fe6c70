"""The only entry point of the solver: a problem and a budget in, a solution out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.errors import InvalidInput
from dispatch.domain.plan import StopKind
from dispatch.planning.check import check
from dispatch.planning.improve import improved
from dispatch.planning.reschedule import reschedule
from dispatch.planning.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.planning.desk import Desk
    from dispatch.planning.problem import Problem, Visit
    from dispatch.planning.solution import Budget, Solution, SolutionRoute


def solve(
    problem: Problem,
    *,
    budget: Budget,
    start: Solution | None = None,
    watch: Callable[[float, int], None] | None = None,
) -> Solution:
    """Return the best solution found within the budget; every problem that is sound has one.

    `start` is improved on; if it keeps all rules, nothing dearer is ever returned. `watch` is
    told seconds since the beginning and cost in micro-euro of every better plan under all rules.
    Raises InvalidInput with every fault of the problem (P-codes). Runs for the whole budget and
    holds the interpreter lock meanwhile: call it in a process of its own.
    """
    issues = validate(problem)
    if issues:
        raise InvalidInput(*issues)
    if not problem.jobs or not problem.shifts:
        return reschedule(problem, [() for _ in problem.shifts])
    known = start.orders if start is not None else None
    desk = improved(problem, budget=budget, start=known, watch=watch)
    solution = reschedule(problem, desk.orders)
    if any(place.at_once is not None for place in problem.facilities):
        solution = _in_turns(problem, desk, solution)
    return solution if known is None else _no_dearer(problem, solution, known)


def _in_turns(problem: Problem, desk: Desk, first_come: Solution) -> Solution:
    """Return the plan with first come, first served, or with the search's turns if those pay."""
    if first_come.cost_ueur <= desk.cost_ueur and not check(problem, first_come):
        return first_come
    return _within_limits(problem, reschedule(problem, desk.orders, desk.services))


def _within_limits(problem: Problem, solution: Solution) -> Solution:
    """Return the solution without the last stops of routes that a queue makes late.

    The search keeps its turns at shared places free of each other; this is a safeguard.
    """
    while broken := {v.subject for v in check(problem, solution)}:
        orders = [list(order) for order in solution.orders]
        late = [
            shift
            for shift, route in enumerate(solution.routes)
            if orders[shift] and broken & {f"shift {shift}", *_subjects(route)}
        ]
        if not late:
            return solution
        for shift in late[:1]:
            orders[shift].pop()
        solution = reschedule(problem, orders)
    return solution


def _subjects(route: SolutionRoute) -> set[str]:
    return {f"job {stop.index}" for stop in route.stops if stop.kind is StopKind.JOB}


def _no_dearer(
    problem: Problem, solution: Solution, known: tuple[tuple[Visit, ...], ...]
) -> Solution:
    before = reschedule(problem, known)
    if before.cost_ueur < solution.cost_ueur and not check(problem, before):
        return before
    return solution
