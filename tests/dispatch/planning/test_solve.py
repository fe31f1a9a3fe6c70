"""The entry point: refuses what is broken, answers everything else."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.planning.problem import job_visit
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from dispatch.planning.solve import solve
from tests.helpers.builders import a_job, a_problem, a_shift, solved

BUDGET = Budget(time_limit_s=20, solution_limit=40)


def test_a_broken_problem_is_refused_with_all_its_faults() -> None:
    """The solver never sees a problem that does not make sense."""
    problem = a_problem(jobs=[a_job(1, windows=())], shifts=[a_shift(end_s=0)])
    with pytest.raises(InvalidInput) as caught:
        solve(problem, budget=BUDGET)
    assert {issue.code for issue in caught.value.issues} == {"P101", "P201"}


def test_a_good_start_is_kept_when_nothing_better_is_found() -> None:
    """A replan never returns a dearer plan than the one it began with."""
    problem = a_problem(jobs=[a_job(place) for place in (3, 1, 4, 2)])
    best = reschedule(problem, [[job_visit(i) for i in (1, 3, 0, 2)]])
    again = solve(problem, budget=Budget(time_limit_s=20, solution_limit=1), start=best)
    assert again.cost_ueur == best.cost_ueur


def test_a_start_that_breaks_rules_is_no_obstacle() -> None:
    """A shift has become shorter: the old order cannot be kept, a new plan is made."""
    jobs = [a_job(2), a_job(4)]
    before = reschedule(a_problem(jobs=jobs), [[job_visit(0), job_visit(1)]])
    problem = a_problem(jobs=jobs, shifts=[a_shift(end_s=5000)])
    plan = solve(problem, budget=BUDGET, start=before)
    assert plan.unassigned == (1,)


def test_a_poor_start_is_improved() -> None:
    """The search goes on from the start and finds the shorter order."""
    problem = a_problem(jobs=[a_job(1), a_job(4), a_job(2)], shifts=[a_shift()])
    poor = reschedule(problem, [[job_visit(0)]])
    plan = solve(problem, budget=BUDGET, start=poor)
    assert plan.unassigned == ()
    assert plan.cost_ueur < poor.cost_ueur


def test_another_seed_may_differ_but_is_sound() -> None:
    """The seed reorders the jobs; the plan stays within the rules (solved checks that)."""
    problem = a_problem(jobs=[a_job(1 + i % 9) for i in range(12)])
    assert solved(problem, seed=3) == solved(problem, seed=3)


def test_the_solver_is_quick_to_load() -> None:
    """A fresh worker process needs no web server, database or map library to solve."""
    code = (
        "import sys, dispatch.planning.solve; "
        "print([m for m in ('networkx', 'fastapi', 'sqlmodel') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
