"""Several depots in one problem: every shift has its own start and end place."""

from __future__ import annotations

from tests.helpers.builders import a_job, a_problem, a_shift, solved, written


def test_each_depot_serves_its_own_side() -> None:
    """Two vehicles from both ends to depots in the middle share the line without a rule."""
    shifts = [
        a_shift(start_location=0, end_location=4),
        a_shift(start_location=9, end_location=5),
    ]
    plan = solved(a_problem(jobs=[a_job(7), a_job(2), a_job(8), a_job(1)], shifts=shifts))
    assert [written(route) for route in plan.routes] == [
        [
            "start @0 0-0-0",
            "job 3 @1 1000-1000-1060",
            "job 1 @2 2060-2060-2120",
            "end @4 4120-4120-4120",
        ],
        [
            "start @9 0-0-0",
            "job 2 @8 1000-1000-1060",
            "job 0 @7 2060-2060-2120",
            "end @5 4120-4120-4120",
        ],
    ]


def test_a_vehicle_is_brought_to_another_depot() -> None:
    """Start and end differ, so the jobs lie on the way in this order only."""
    shift = a_shift(start_location=9, end_location=0)
    plan = solved(a_problem(jobs=[a_job(2), a_job(7)], shifts=[shift]))
    assert written(plan.routes[0]) == [
        "start @9 0-0-0",
        "job 1 @7 2000-2000-2060",
        "job 0 @2 7060-7060-7120",
        "end @0 9120-9120-9120",
    ]
