"""The only entry point of the solver: a problem and a budget in, a solution out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.errors import InvalidInput
from dispatch.planning.check import check
from dispatch.planning.insertion import with_jobs_that_pay
from dispatch.planning.ortools_engine import search
from dispatch.planning.reschedule import reschedule
from dispatch.planning.timing import timetable
from dispatch.planning.validate import validate

if TYPE_CHECKING:
    from dispatch.planning.problem import Budget, Problem, Solution, Visit


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
    found = search(problem, budget=budget, start=known)
    kept = [_kept(problem, shift, order) for shift, order in enumerate(found.orders)]
    solution = reschedule(problem, with_jobs_that_pay(problem, kept))
    return solution if known is None else _no_dearer(problem, solution, known)


def _kept(problem: Problem, shift: int, order: tuple[Visit, ...]) -> tuple[Visit, ...]:
    """Return the order without its last visits, as many as its times do not allow.

    A safety net: the engine lays breaks into drives, we lay them beside; should that ever cost
    a window, the plan stays lawful and the jobs taken out are tried again elsewhere.
    """
    while order and not timetable(problem, problem.shifts[shift], order).kept:
        order = order[:-1]
    return order


def _no_dearer(
    problem: Problem, solution: Solution, known: tuple[tuple[Visit, ...], ...]
) -> Solution:
    before = reschedule(problem, known)
    if before.cost_ueur < solution.cost_ueur and not check(problem, before):
        return before
    return solution
