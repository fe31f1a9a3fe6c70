"""A budget shared among the engines: who searches how long, and what they hand each other."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.planning import ortools_engine, pyvrp_engine
from dispatch.planning.fill import NEVER, with_jobs_that_pay
from dispatch.planning.fit import helps, usable
from dispatch.planning.relaxed import full_resets
from dispatch.planning.repair import repaired
from dispatch.planning.reschedule import reschedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.problem import Problem, Visit
    from dispatch.planning.solution import Budget

    Orders = tuple[tuple[Visit, ...], ...]

FAST_SHARE, FAST_SHARE_PARTIAL = 0.8, 0.4
"""PyVRP's part of the time; less where some facilities empty a vehicle only in part."""
FILL_SHARE = 0.04
"""Kept for trying the jobs that are left, after each engine."""
LEAST_EXACT_S = 0.2
"""Below this the exact search would not get beyond its start."""
EXACT_SETUP_S = 1e-4
"""What the exact search needs per job and shift before it begins, and as long again to gain."""


def improved(problem: Problem, *, budget: Budget, start: Orders | None = None) -> Orders:
    """Return the cheapest orders found, one per shift, within every rule.

    PyVRP finds good orders without the rules it does not know; what breaks a rule is taken out
    and tried elsewhere, and OR-Tools goes on from there under all of them.
    """
    clock = _Clock(budget)
    share = _fast_share(problem, budget)
    plans = [] if start is None else [tuple(repaired(problem, start))]
    found = pyvrp_engine.search(
        problem, budget=clock.part(share), start=plans[0] if plans else None
    )
    plans.append(_lawful(problem, found, clock))
    best = _cheapest(problem, plans)
    exact = clock.part(1 - FILL_SHARE)
    if exact.time_limit_s >= LEAST_EXACT_S and share < 1 - FILL_SHARE:
        found = ortools_engine.search(problem, budget=exact, start=best).orders
        plans.append(_lawful(problem, found, clock))
    return _cheapest(problem, plans)


class _Clock:
    """The budget's time as it passes."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.began = perf_counter()

    def part(self, share: float) -> Budget:
        """Return what is left until that share of the whole time has passed."""
        passed_s = perf_counter() - self.began
        return replace(self.budget, time_limit_s=self.budget.time_limit_s * share - passed_s)

    @property
    def until(self) -> float:
        """When jobs that are left are tried no more; never, where rounds are counted."""
        if self.budget.solution_limit is not None:
            return NEVER
        more_s = 2 * FILL_SHARE * self.budget.time_limit_s
        return min(
            self.began + self.budget.time_limit_s * (1 + FILL_SHARE), perf_counter() + more_s
        )


def _fast_share(problem: Problem, budget: Budget) -> float:
    """Return PyVRP's part; all of it where the rest would go into building the exact model."""
    partly = any(
        helps(problem, problem.shifts[shift], place) and number not in full_resets(problem, shift)
        for shift in usable(problem)
        for number, place in enumerate(problem.facilities)
    )
    if partly:
        return FAST_SHARE_PARTIAL
    setup_s = EXACT_SETUP_S * len(problem.jobs) * len(problem.shifts)
    rest_s = budget.time_limit_s * (1 - FAST_SHARE - FILL_SHARE)
    if budget.solution_limit is None and rest_s < setup_s:
        return 1 - FILL_SHARE
    return FAST_SHARE


def _lawful(problem: Problem, orders: Orders, clock: _Clock) -> Orders:
    return with_jobs_that_pay(problem, repaired(problem, orders), until=clock.until)


def _cheapest(problem: Problem, plans: Sequence[Orders]) -> Orders:
    return min(plans, key=lambda orders: reschedule(problem, orders).cost_ueur)
