"""The only entry point of the solver: a problem and a budget in, a solution out."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.domain.errors import InvalidInput
from dispatch.planning.check import check
from dispatch.planning.even import with_jobs_that_even
from dispatch.planning.improve import improved
from dispatch.planning.reschedule import reschedule
from dispatch.planning.turns import in_turns, plan_of, turns_of
from dispatch.planning.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Budget, Solution

LEAST_EVEN_S = 0.05
"""For jobs that make days more even, should the searches have used up the budget."""


def solve(
    problem: Problem,
    *,
    budget: Budget,
    start: Solution | None = None,
    watch: Callable[[float, int, int | None], None] | None = None,
) -> Solution:
    """Return the best solution found within the budget; every problem that is sound has one.

    `start` is improved on; if it keeps all rules, nothing dearer is ever returned. `watch` is
    told of every better plan under all rules: seconds since the beginning, cost in micro-euro, and
    how many jobs are left where the search knows it.
    Raises InvalidInput with every fault of the problem (P-codes). Runs for the whole budget and
    holds the interpreter lock meanwhile: call it in a process of its own.
    """
    issues = validate(problem)
    if issues:
        raise InvalidInput(*issues)
    if not problem.jobs or not problem.shifts:
        return reschedule(problem, [() for _ in problem.shifts])
    began = perf_counter()
    known = start.orders if start is not None else None
    desk = improved(problem, budget=budget, start=known, watch=watch)
    until = max(began + budget.time_limit_s, perf_counter() + LEAST_EVEN_S)
    solution = with_jobs_that_even(problem, plan_of(problem, desk), until=until)
    return solution if start is None else _no_dearer(problem, solution, start)


def _no_dearer(problem: Problem, solution: Solution, start: Solution) -> Solution:
    before = in_turns(problem, start.orders, turns_of(problem, start))
    if before.cost_ueur < solution.cost_ueur and not check(problem, before):
        return before
    return solution
