"""Jobs that pay because they make the days of the shifts more even."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.planning.check import check
from dispatch.planning.costs import UNEVEN, leave_price_ueur
from dispatch.planning.insertion import cheapest_fit
from dispatch.planning.turns import in_turns, turns_beside, turns_of

if TYPE_CHECKING:
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution


def with_jobs_that_even(problem: Problem, solution: Solution, *, until: float) -> Solution:
    """Return the plan with every left job whose route costs more than its price, but evens more.

    The search weighs a job against its price alone. Dearest first, until the clock
    (`perf_counter`) passes `until`; a job is put in only where the whole plan becomes cheaper and
    keeps all rules.
    """
    if not problem.uneven_ueur_per_s:
        return solution
    for job in sorted(solution.unassigned, key=lambda job: -leave_price_ueur(problem, job)):
        if perf_counter() >= until:
            break
        solution = _with(problem, solution, job) or solution
    return solution


def _with(problem: Problem, solution: Solution, job: int) -> Solution | None:
    gain_ueur = sum(line.amount_ueur for line in solution.cost_lines if line.code == UNEVEN)
    below_ueur = leave_price_ueur(problem, job) + gain_ueur
    fit = cheapest_fit(problem, solution.orders, job, below_ueur=below_ueur)
    if fit is None:
        return None
    orders = list(solution.orders)
    orders[fit.shift] = fit.visits
    turns = turns_of(problem, solution)
    if turns:
        turns = turns_beside(problem, turns, fit.shift, fit.visits)
    tried = in_turns(problem, orders, turns)
    cheaper = tried.cost_ueur < solution.cost_ueur
    return tried if cheaper and not check(problem, tried) else None
