"""Each compartment has its own limit: room for green glass is no room for white."""

from __future__ import annotations

from tests.helpers.builders import a_facility, a_job, a_problem, a_shift, solved, written


def test_each_compartment_is_limited_on_its_own() -> None:
    """Two jobs that fill the white chamber do not fit into one vehicle with an empty green one."""
    jobs = [a_job(1, loads=(6, 0)), a_job(2, loads=(6, 0), leave_price_ueur=900_000_000)]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(capacities=(10, 10))]))
    assert plan.unassigned == (0,)
    assert plan.routes[0].stops[1].loads == (6, 0)


def test_different_compartments_fill_side_by_side() -> None:
    """White and green glass of two sites ride together, each in its own chamber."""
    jobs = [a_job(1, loads=(6, 0)), a_job(2, loads=(4, 9))]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(capacities=(10, 10))]))
    assert plan.unassigned == ()
    assert plan.routes[0].stops[-1].loads == (10, 9)


def test_two_vehicles_share_what_is_too_much_for_one() -> None:
    """The second vehicle goes out when the first is full."""
    jobs = [a_job(1, loads=(10,)), a_job(1, loads=(10,))]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(capacities=(10,))] * 2))
    assert [written(route)[1].split(maxsplit=2)[2] for route in plan.routes] == [
        "@1 1000-1000-1060",
        "@1 1000-1000-1060",
    ]


def test_three_compartments_and_one_trip_to_the_tip() -> None:
    """The tip takes white and green glass; brown glass stays on board until the depot."""
    jobs = [a_job(1, loads=(6, 2, 5)), a_job(3, loads=(6, 2, 5)), a_job(4, loads=(4, 8, 0))]
    shift = a_shift(end_location=5, capacities=(10, 10, 10))
    plan = solved(a_problem(jobs=jobs, shifts=[shift], facilities=[a_facility(2, 0, 1)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-1060",
        "reload 0 @2 2060-2060-2120",
        "job 1 @3 3120-3120-3180",
        "job 2 @4 4180-4180-4240",
        "end @5 5240-5240-5240",
    ]
    assert [stop.loads for stop in plan.routes[0].stops] == [
        (0, 0, 0),
        (6, 2, 5),
        (0, 0, 5),
        (6, 2, 10),
        (10, 10, 10),
        (10, 10, 10),
    ]
