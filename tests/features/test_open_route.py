"""Open routes end where their last job is; nobody drives or pays the way home."""

from __future__ import annotations

from dispatch.planning.problem import ANYWHERE
from tests.helpers.builders import a_job, a_problem, a_shift, solved, written


def test_the_route_ends_at_its_last_job() -> None:
    """Nearest first, for the way back costs nothing; the bill has 5 km."""
    plan = solved(a_problem(jobs=[a_job(5), a_job(3)], shifts=[a_shift(end_location=ANYWHERE)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 1 @3 3000-3000-3060",
        "job 0 @5 5060-5060-5120",
        "end @5 5120-5120-5120",
    ]
    assert {line.code: line.amount_ueur for line in plan.cost_lines}["distance"] == 5000


def test_an_open_shift_may_end_far_out() -> None:
    """A job at the far end fits although nobody could be home in time."""
    shift = a_shift(end_location=ANYWHERE, end_s=9060)
    plan = solved(a_problem(jobs=[a_job(9)], shifts=[shift]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @9 9000-9000-9060",
        "end @9 9060-9060-9060",
    ]
