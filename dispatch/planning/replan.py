"""Planning again while the day runs: an emergency, an ill crew, a broken vehicle."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.domain.errors import InvalidInput
from dispatch.domain.run import Scope as Scope
from dispatch.planning.check import check
from dispatch.planning.costs import REQUIRED, required_extra_ueur
from dispatch.planning.desk import NEVER, Desk
from dispatch.planning.problem import NOTHING
from dispatch.planning.repair import repaired
from dispatch.planning.turns import in_turns, plan_of
from dispatch.planning.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dispatch.planning.problem import Problem, ProblemJob, Visit
    from dispatch.planning.solution import Budget, Solution
    from dispatch.planning.turns import Turns

    Orders = Sequence[Sequence[Visit]]
    Progress = Callable[[float, int, int | None], None]

CLOSE_SHARE = 0.1
"""Kept of the budget for timing and checking the answer."""
STEPS_PER_SOLUTION = 50
"""Steps of rebuilding that count as one solution where solutions are counted, not seconds."""


def replan(
    problem: Problem,
    orders: Orders,
    *,
    scope: Scope,
    budget: Budget,
    progress: Progress | None = None,
    turns: Turns | None = None,
) -> Solution:
    """Return a plan no dearer than `orders`, with the jobs put in that are in none and pay.

    `problem` and `orders` are the rest of the day (`underway.underway_problem`); published jobs
    are those with a published shift. Visits that break a rule are taken out first and put in
    elsewhere; if `orders` keep all rules, nothing dearer is returned. `progress` is told
    of better plans: seconds since the beginning, micro-euro in the prices of the scope, jobs left.
    `turns` are the services that the published plan has ahead at places with a limit, by shift
    (`Cut.turns`); without them who arrives first is served first.

    Raises InvalidInput with every fault of the problem or the orders (P-codes). Runs for about
    the whole budget and holds the interpreter lock: call it in a process of its own.
    """
    began = perf_counter()
    if issues := validate(problem):
        raise InvalidInput(*issues)
    current = in_turns(problem, orders, turns or {})
    if not problem.jobs or not problem.shifts:
        return current
    bounded = _bounded(problem, current, scope)
    desk = Desk(bounded, repaired(bounded, orders))
    counted = budget.solution_limit is not None
    until = NEVER if counted else began + budget.time_limit_s * (1 - CLOSE_SHARE)
    desk.fill(until=until)
    if progress is not None:
        progress(perf_counter() - began, desk.cost_ueur, desk.left)
    _rebuild(desk, budget, began, progress)
    return _cheapest(problem, current, desk)


def _rebuild(desk: Desk, budget: Budget, began: float, progress: Progress | None) -> None:
    passed_s, limit = perf_counter() - began, budget.solution_limit
    left_s = max(0.0, budget.time_limit_s * (1 - CLOSE_SHARE) - passed_s)
    watch = None
    if progress is not None:
        told = progress

        def watch(seconds: float, ueur: int, left: int) -> None:
            told(passed_s + seconds, ueur, left)

    desk.rebuild(
        seconds=left_s if limit is None else NEVER,
        seed=budget.seed,
        steps=None if limit is None else limit * STEPS_PER_SOLUTION,
        watch=watch,
    )
    desk.fill()


def _cheapest(problem: Problem, current: Solution, desk: Desk) -> Solution:
    """Return the desk's plan, or the current one if that is sound and cheaper, or alone sound.

    What cannot be kept whatever is planned may break both: the less broken one is returned.
    """
    found = plan_of(problem, desk)
    if found.cost_ueur < current.cost_ueur and not check(problem, found):
        return found
    broken_now, broken_then = len(check(problem, current)), len(check(problem, found))
    if (broken_now, current.cost_ueur) <= (broken_then, found.cost_ueur):
        return current
    return found


def _bounded(problem: Problem, current: Solution, scope: Scope) -> Problem:
    """Return the problem in which only what the scope allows is allowed."""
    if scope is Scope.EVERYTHING:
        return problem
    keep = scope is Scope.KEEP_ROUTES
    busy = frozenset(route.shift for route in current.routes if keep or route.stops)
    dear_ueur = 0 if keep else 1 + _money_ueur(current)
    left = frozenset(current.unassigned)
    jobs = tuple(
        _bounded_job(job, busy, 0 if number in left else dear_ueur)
        for number, job in enumerate(problem.jobs)
    )
    extra_ueur = required_extra_ueur(
        jobs, problem.shifts, problem.matrices, uneven_ueur_per_s=problem.uneven_ueur_per_s
    )
    return replace(problem, jobs=jobs, required_extra_ueur=extra_ueur)


def _money_ueur(current: Solution) -> int:
    """Return the cost of a plan without surcharges: no plan dearer than this is wanted."""
    return sum(line.amount_ueur for line in current.cost_lines if line.code != REQUIRED)


def _bounded_job(job: ProblemJob, busy: frozenset[int], dear_ueur: int) -> ProblemJob:
    """Return the job on its published shift only, and never left for others that are optional."""
    if job.published == NOTHING:
        return replace(job, shifts=busy if job.shifts is None else job.shifts & busy)
    return replace(
        job,
        shifts=_own(job),
        leave_price_ueur=job.leave_price_ueur + dear_ueur,
    )


def _own(job: ProblemJob) -> frozenset[int]:
    own = frozenset({job.published})
    return own if job.shifts is None else own & job.shifts
