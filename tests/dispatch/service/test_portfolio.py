"""Searches side by side: what they told of their way is joined into one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.planning.check import check
from dispatch.planning.fit import allowed_shifts
from dispatch.planning.problem import job_visit
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from dispatch.service import parts
from dispatch.service.portfolio import cheapest_of, solve_on
from tests.helpers.builders import a_job, a_problem
from tests.helpers.days import a_day

if TYPE_CHECKING:
    import pytest


def test_only_what_is_cheaper_than_all_before_counts() -> None:
    """Events of several searches are sorted by time; dearer and equal ones drop out."""
    events = [(0.5, 90), (0.1, 100), (0.7, 90), (0.2, 120), (0.9, 40)]
    assert cheapest_of(events) == ((0.1, 100), (0.5, 90), (0.9, 40))
    assert cheapest_of([]) == ()


def test_no_search_is_dearer_than_its_start() -> None:
    """Two searches improve on one start; the last of the progress is what the solution costs."""
    problem = a_problem(jobs=[a_job(1), a_job(2)])
    start = reschedule(problem, [[job_visit(0), job_visit(1)]])
    budget = Budget(time_limit_s=5, solution_limit=3)
    found = solve_on(problem, budget=budget, cores=2, start=start)
    assert check(problem, found.solution) == ()
    assert found.solution.cost_ueur <= start.cost_ueur
    assert found.progress[-1][1] == found.solution.cost_ueur
    assert found.first_s is not None
    assert 0 <= found.first_s <= found.progress[-1][0] <= found.seconds


def test_a_large_problem_is_searched_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes search half of the city each; the whole is one plan within all rules."""
    monkeypatch.setattr(parts, "SPLIT_FROM", 40)
    monkeypatch.setattr(parts, "LEAST_PART", 20)
    problem = a_day(2, jobs=60, shifts=6, busy=3)
    budget = Budget(time_limit_s=30, solution_limit=2, seed=1)
    found = solve_on(problem, budget=budget, cores=2)
    assert check(problem, found.solution) == ()
    costs = [cost for _, cost in found.progress]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == found.solution.cost_ueur < costs[0]
    again = solve_on(problem, budget=budget, cores=2, start=found.solution)
    assert again.solution.cost_ueur <= found.solution.cost_ueur


def test_a_start_that_breaks_rules_is_not_kept_for_being_cheap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is left, put on shifts that have no time for it, would save its price."""
    monkeypatch.setattr(parts, "SPLIT_FROM", 40)
    monkeypatch.setattr(parts, "LEAST_PART", 20)
    day = a_day(2, jobs=60, shifts=6, busy=3)
    problem = replace(day, jobs=tuple(replace(job, required=True) for job in day.jobs))
    budget = Budget(time_limit_s=30, solution_limit=2, seed=1)
    sound = solve_on(problem, budget=budget, cores=2).solution
    orders = [list(order) for order in sound.orders]
    for job in sound.unassigned:
        orders[allowed_shifts(problem, job)[0]].append(job_visit(job))
    crowded = reschedule(problem, orders)
    assert check(problem, crowded) != ()
    assert crowded.cost_ueur < sound.cost_ueur
    found = solve_on(problem, budget=budget, cores=2, start=crowded)
    assert found.solution.cost_ueur > crowded.cost_ueur
    assert check(problem, found.solution) == ()
