"""Jobs that forbid each other are never on one route."""

from __future__ import annotations

from tests.helpers.builders import EUR, a_job, a_problem, a_shift, solved, written


def test_two_jobs_in_conflict_need_two_vehicles() -> None:
    """One trip could do both; so the dearer second vehicle goes out for the far one."""
    jobs = [a_job(1), a_job(2)]
    shifts = [a_shift(end_location=3), a_shift(end_location=3, use_ueur=5000)]
    plan = solved(a_problem(jobs=jobs, shifts=shifts, conflicts=((0, 1),)))
    assert sorted(written(route) for route in plan.routes) == [
        ["start @0 0-0-0", "job 0 @1 1000-1000-1060", "end @3 3060-3060-3060"],
        ["start @0 0-0-0", "job 1 @2 2000-2000-2060", "end @3 3060-3060-3060"],
    ]


def test_without_a_second_vehicle_the_cheaper_job_is_left() -> None:
    """The price of leaving decides which of the two is done."""
    jobs = [a_job(1, leave_price_ueur=30 * EUR), a_job(1, leave_price_ueur=20 * EUR)]
    plan = solved(a_problem(jobs=jobs, conflicts=((0, 1),)))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-1060",
        "end @0 2060-2060-2060",
    ]
    assert plan.unassigned == (1,)
