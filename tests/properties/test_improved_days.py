"""Plans made by both engines, on seeded random days."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from dispatch.planning.check import check
from dispatch.planning.costs import leave_price_ueur
from dispatch.planning.insertion import cheapest_fit
from dispatch.planning.pyvrp_engine import search
from dispatch.planning.repair import repaired
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from dispatch.planning.solve import solve
from tests.helpers.days import a_day
from tests.helpers.desks import filled

if TYPE_CHECKING:
    from dispatch.planning.problem import Problem

BUDGET = Budget(time_limit_s=30, solution_limit=60)
SEEDS = range(12)


def day(seed: int) -> Problem:
    """Return a random day on which some jobs must be left."""
    return a_day(100 + seed, jobs=12 + 2 * seed, shifts=2 + seed % 3, busy=1 + 2 * (seed % 3))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_pyvrp_finds_can_be_made_lawful(seed: int) -> None:
    """Repaired and filled, its orders keep every rule, breaks included."""
    problem = day(seed)
    kept = repaired(problem, search(problem, budget=BUDGET))
    found = reschedule(problem, filled(problem, kept))
    assert check(problem, found) == ()
    assert found.cost_ueur <= reschedule(problem, kept).cost_ueur


@pytest.mark.parametrize("seed", SEEDS[:6])
def test_nothing_that_pays_is_left(seed: int) -> None:
    """The quick way to add jobs misses none that the slow and thorough one finds."""
    problem = day(seed)
    plan = solve(problem, budget=BUDGET)
    for job in plan.unassigned:
        price_ueur = leave_price_ueur(problem, job)
        assert cheapest_fit(problem, plan.orders, job, below_ueur=price_ueur) is None


@pytest.mark.parametrize("seed", SEEDS[:6])
def test_any_start_is_a_floor(seed: int) -> None:
    """A start is never made dearer, and the same question has the same answer."""
    problem = day(seed)
    start = solve(problem, budget=Budget(time_limit_s=30, solution_limit=5))
    again = Budget(time_limit_s=30, solution_limit=10, seed=seed)
    plan = solve(problem, budget=again, start=start)
    assert plan.cost_ueur <= start.cost_ueur
    assert solve(problem, budget=again, start=start) == plan


def test_the_budget_is_kept() -> None:
    """Within a tenth and a second, jobs that are left included."""
    problem = a_day(1, jobs=120, shifts=6)
    began = perf_counter()
    plan = solve(problem, budget=Budget(time_limit_s=0.5))
    assert perf_counter() - began < 0.5 * 1.1 + 1
    assert plan.unassigned
    assert check(problem, plan) == ()
