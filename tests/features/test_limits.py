"""Limits of a shift: jobs, seconds at the wheel and metres."""

from __future__ import annotations

import pytest

from dispatch.planning.problem import matrix_of
from tests.helpers.builders import EUR, a_job, a_problem, a_shift, solved, written

JOBS = (a_job(2), a_job(3, leave_price_ueur=200 * EUR), a_job(4))


def test_no_more_jobs_than_allowed() -> None:
    """Of three jobs on the way only the dearest is done by a shift of one stop."""
    plan = solved(a_problem(jobs=JOBS, shifts=[a_shift(end_location=5, max_stops=1)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 1 @3 3000-3000-3060",
        "end @5 5060-5060-5060",
    ]
    assert plan.unassigned == (0, 2)


@pytest.mark.parametrize("limit", ["max_drive_s", "max_distance_m"])
def test_driving_ends_where_its_limit_is_reached(limit: str) -> None:
    """6000 s (or m) reach kilometre 3 and back, to the second and the metre; 4 is too far."""
    jobs = (a_job(3, leave_price_ueur=200 * EUR), a_job(4))
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(**{limit: 6000})]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @3 3000-3000-3060",
        "end @0 6060-6060-6060",
    ]
    assert solved(a_problem(jobs=jobs, shifts=[a_shift(**{limit: 5999})])).unassigned == (0, 1)


def test_metres_and_seconds_are_limited_apart() -> None:
    """On a fast road of 3 km in 1000 s only the metres end the day."""
    seconds, metres = [[0, 1000], [1000, 0]], [[0, 3000], [3000, 0]]
    problem = a_problem(
        jobs=[a_job(1)],
        shifts=[a_shift(max_distance_m=5999, max_drive_s=2000), a_shift(max_drive_s=2000)],
        matrices=[matrix_of(seconds, metres)],
    )
    assert [written(route) for route in solved(problem).routes] == [
        [],
        ["start @0 0-0-0", "job 0 @1 1000-1000-1060", "end @0 2060-2060-2060"],
    ]
