"""Solving in a process of its own, and what happens when that process dies."""

from __future__ import annotations

import multiprocessing
import os
import signal

import pytest

from dispatch.domain.errors import InvalidInput, PlanningFailed
from dispatch.planning.solution import Budget
from dispatch.service.workers import InProcess, SolverProcess
from tests.helpers.builders import a_job, a_problem

BUDGET = Budget(time_limit_s=10, solution_limit=5)
PROBLEM = a_problem(jobs=[a_job(1), a_job(2)])


def test_a_worker_process_answers_dies_and_is_replaced() -> None:
    """It gives the answer we would give here; killed, it is missed with S303, and once only.

    One test for all three, because each new process takes a second to import the solver.
    """
    before = {child.pid for child in multiprocessing.active_children()}
    with SolverProcess() as solver:
        here = InProcess().solve(PROBLEM, budget=BUDGET)
        assert solver.solve(PROBLEM, budget=BUDGET) == here
        (worker,) = {child.pid for child in multiprocessing.active_children()} - before
        assert worker is not None
        os.kill(worker, signal.SIGKILL)
        with pytest.raises(PlanningFailed, match=r"S303 solver process: .*killed") as failure:
            solver.solve(PROBLEM, budget=BUDGET)
        assert failure.value.exit_code == 1
        assert solver.solve(PROBLEM, budget=BUDGET) == here
    assert {child.pid for child in multiprocessing.active_children()} <= before


def test_our_errors_come_back_from_the_worker_as_they_are() -> None:
    """A problem that is not sound is refused with its codes, not with a broken pool."""
    broken = a_problem(jobs=[a_job(99)])
    with pytest.raises(InvalidInput) as here:
        InProcess().solve(broken, budget=BUDGET)
    with SolverProcess() as solver, pytest.raises(InvalidInput) as there:
        solver.solve(broken, budget=BUDGET)
    assert there.value.issues == here.value.issues
