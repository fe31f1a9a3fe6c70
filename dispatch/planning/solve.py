"""The only entry point of the solver: a problem and a budget in, a solution out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.errors import InvalidInput
from dispatch.planning.check import check
from dispatch.planning.improve import improved
from dispatch.planning.reschedule import reschedule
from dispatch.planning.validate import validate

if TYPE_CHECKING:
    from dispatch.planning.problem import Problem, Visit
    from dispatch.planning.solution import Budget, Solution


def solve(problem: Problem, *, budget: Budget, start: Solution | None = None) -> Solution:
    """Return the best solution found within the budget; every problem that is sound has one.

    `start` is improved on; if it keeps all rules, nothing dearer is ever returned. Raises
    InvalidInput with every fault of the problem (P-codes). Runs for the whole budget and holds
    the interpreter lock meanwhile: call it in a process of its own.
    """
    issues = validate(problem)
    if issues:
        raise InvalidInput(*issues)
    if not problem.jobs or not problem.shifts:
        return reschedule(problem, [() for _ in problem.shifts])
    known = start.orders if start is not None else None
    solution = reschedule(problem, improved(problem, budget=budget, start=known))
    return solution if known is None else _no_dearer(problem, solution, known)


def _no_dearer(
    problem: Problem, solution: Solution, known: tuple[tuple[Visit, ...], ...]
) -> Solution:
    before = reschedule(problem, known)
    if before.cost_ueur < solution.cost_ueur and not check(problem, before):
        return before
    return solution
