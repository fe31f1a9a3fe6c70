"""Days with every rule on at random: what `dispatch bench year` does, on a few of its days."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from dispatch.planning.solution import Budget
from dispatch.planning.solve import solve
from dispatch.planning.validate import validate
from scenarios.bench.random_rules import RULES, random_day
from scenarios.bench.year import faults_of, same_plan_twice

if TYPE_CHECKING:
    from scenarios.bench.random_rules import RandomDay

SEEDS = range(18, 26)
BUDGET = Budget(time_limit_s=60, solution_limit=10)


@cache
def day(seed: int) -> RandomDay:
    """Return the day of that seed."""
    return random_day(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_day_with_any_rules_gets_a_sound_plan(seed: int) -> None:
    """Validate is silent, so check is silent; money and times agree; required jobs come first."""
    problem = day(seed).problem
    assert validate(problem) == []
    plan = solve(problem, budget=BUDGET)
    assert list(faults_of(problem, plan)) == []
    assert len(plan.unassigned) < len(problem.jobs)


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_the_same_seed_gives_the_same_plan_under_all_rules(seed: int) -> None:
    """With a solution limit a plan depends on problem and seed alone."""
    assert same_plan_twice(day(seed))


def test_every_rule_is_on_on_some_of_these_days() -> None:
    """The days above would prove little if a rule were missing."""
    on = {rule for seed in SEEDS for rule in day(seed).rules}
    assert on == {*RULES, "any", "sequence", "strict", "from_start"}


def test_the_same_seed_gives_the_same_day() -> None:
    """So a day with a fault can be looked at again."""
    again, first = random_day(3), day(3)
    assert again.rules == first.rules
    assert again.problem.jobs == first.problem.jobs
    assert again.problem.shifts == first.problem.shifts
    assert again.problem.relations == first.problem.relations
