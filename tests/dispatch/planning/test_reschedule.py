"""A given order keeps its order."""

from __future__ import annotations

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.planning.check import check
from dispatch.planning.problem import (
    Visit,
    job_visit,
    matrix_of,
    reload_visit,
)
from dispatch.planning.reschedule import reschedule
from tests.helpers.builders import a_facility, a_job, a_problem, a_shift, written


def test_a_silly_order_is_timed_as_it_is() -> None:
    """Rescheduling never improves: it tells what the given order would be like."""
    problem = a_problem(jobs=[a_job(1), a_job(3), a_job(2)])
    plan = reschedule(problem, [[job_visit(1), job_visit(0)]])
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 1 @3 3000-3000-3060",
        "job 0 @1 5060-5060-5120",
        "end @0 6120-6120-6120",
    ]
    assert plan.unassigned == (2,)
    assert plan.cost_ueur == 6000 * 2 + 120 + 100_000_000


def test_loads_grow_and_are_reset() -> None:
    """Recorded loads are what has accumulated since the last reset of that dimension."""
    problem = a_problem(
        jobs=[a_job(1, loads=(4, 1)), a_job(2, loads=(3, 1))],
        shifts=[a_shift(capacities=(5, 5))],
        facilities=[a_facility(1, 0)],
    )
    plan = reschedule(problem, [[job_visit(0), reload_visit(0), job_visit(1)]])
    loads = [stop.loads for stop in plan.routes[0].stops]
    assert loads == [(0, 0), (4, 1), (0, 1), (3, 2), (3, 2)]


def test_a_leg_without_road_is_left_to_the_checker() -> None:
    """Rescheduling a hand-made order never fails on a missing road; the checker names it."""
    table = [[0, 5, 5], [5, 0, -1], [5, 5, 0]]
    problem = a_problem(jobs=[a_job(1), a_job(2)], matrices=[matrix_of(table, table)])
    plan = reschedule(problem, [[job_visit(0), job_visit(1)]])
    assert [violation.code for violation in check(problem, plan)] == ["V205"]


@pytest.mark.parametrize(
    ("orders", "code"),
    [([], "P501"), ([[job_visit(5)]], "P502"), ([[reload_visit(0)]], "P502")],
)
def test_orders_of_another_problem_are_refused(orders: list[list[Visit]], code: str) -> None:
    """Indices that mean nothing here are an error, not a crash further on."""
    with pytest.raises(InvalidInput) as caught:
        reschedule(a_problem(jobs=[a_job(1)]), orders)
    assert [issue.code for issue in caught.value.issues] == [code]
