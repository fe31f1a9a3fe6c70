"""Rules that must hold on any day, tried on seeded random ones."""

from __future__ import annotations

import pickle
from functools import cache
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.plan import StopKind
from dispatch.planning.check import check
from dispatch.planning.check_costs import own_costs
from dispatch.planning.ortools_engine import search
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from dispatch.planning.solve import solve
from dispatch.planning.validate import validate
from tests.helpers.days import a_day

if TYPE_CHECKING:
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution

BUDGET = Budget(time_limit_s=30, solution_limit=50)
SEEDS = range(30)


def small_day(seed: int) -> Problem:
    """Return a random day of 8 to 37 jobs and 2 to 5 shifts, every third with long work."""
    return a_day(seed, jobs=8 + seed, shifts=2 + seed % 4, busy=1 + 3 * (seed % 3))


@cache
def small_plan(seed: int) -> Solution:
    """Return the plan of such a day; it is the same each time, so it is made once."""
    return solve(small_day(seed), budget=BUDGET)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sound_problem_gets_a_sound_plan(seed: int) -> None:
    """Validate is silent, so check is silent; timing again changes nothing; money agrees."""
    problem = small_day(seed)
    assert validate(problem) == []
    plan = small_plan(seed)
    assert check(problem, plan) == ()
    assert reschedule(problem, plan.orders) == plan
    assert sum(own_costs(problem, plan).values()) == plan.cost_ueur


def test_the_random_days_hold_what_they_should() -> None:
    """The days above would prove little if no route needed a break or a reload."""
    plans = [small_plan(seed) for seed in SEEDS[:20]]
    kinds = [stop.kind for plan in plans for route in plan.routes for stop in route.stops]
    assert kinds.count(StopKind.BREAK) >= 10
    assert kinds.count(StopKind.RELOAD) >= 3


@pytest.mark.parametrize("seed", SEEDS[:12])
def test_the_engine_counts_the_same_money(seed: int) -> None:
    """What the engine minimises is the cost sheet, to the micro-euro."""
    problem = small_day(seed)
    found = search(problem, budget=BUDGET)
    assert reschedule(problem, found.orders).cost_ueur == found.cost_ueur


def test_the_same_seed_gives_the_same_plan() -> None:
    """With a solution limit a plan depends on problem and seed alone."""
    problem = a_day(7, jobs=25, shifts=4)
    assert solve(problem, budget=BUDGET) == solve(problem, budget=BUDGET)


def test_problem_and_plan_travel_between_processes() -> None:
    """Both pickle, and the copy gives the same answer."""
    problem = a_day(8, jobs=12, shifts=3)
    copy = pickle.loads(pickle.dumps(problem))  # noqa: S301  # our own bytes
    plan = solve(copy, budget=BUDGET)
    assert pickle.loads(pickle.dumps(plan)) == plan  # noqa: S301  # our own bytes
    assert check(problem, plan) == ()


def test_a_start_is_never_made_dearer() -> None:
    """A replan without time to search keeps the plan it was given."""
    problem = a_day(9, jobs=30, shifts=4)
    good = solve(problem, budget=Budget(time_limit_s=30, solution_limit=100))
    again = solve(problem, budget=Budget(time_limit_s=30, solution_limit=1), start=good)
    assert again.cost_ueur <= good.cost_ueur
