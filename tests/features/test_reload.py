"""A full vehicle unloads, an empty tank is refilled, in the middle of the route."""

from __future__ import annotations

from tests.helpers.builders import a_facility, a_job, a_problem, a_shift, solved, written


def test_a_full_vehicle_unloads_in_mid_route() -> None:
    """More than one load is collected in one shift by unloading between."""
    jobs = [a_job(1, loads=(10,)), a_job(3, loads=(10,))]
    problem = a_problem(
        jobs=jobs,
        shifts=[a_shift(capacities=(10,))],
        facilities=[a_facility(2, 0, service_s=600)],
    )
    plan = solved(problem)
    assert written(plan.routes[0]) in (
        [
            "start @0 0-0-0",
            "job 0 @1 1000-1000-1060",
            "reload 0 @2 2060-2060-2660",
            "job 1 @3 3660-3660-3720",
            "end @0 6720-6720-6720",
        ],
        [
            "start @0 0-0-0",
            "job 1 @3 3000-3000-3060",
            "reload 0 @2 4060-4060-4660",
            "job 0 @1 5660-5660-5720",
            "end @0 6720-6720-6720",
        ],
    )


def test_a_tank_is_refilled_as_often_as_needed() -> None:
    """Water given out follows the same rule as glass taken in; three loads need two refills."""
    jobs = [a_job(1, loads=(8,)), a_job(1, loads=(8,)), a_job(1, loads=(8,))]
    problem = a_problem(
        jobs=jobs, shifts=[a_shift(capacities=(10,))], facilities=[a_facility(1, 0)]
    )
    plan = solved(problem)
    kinds = [stop.kind.value for stop in plan.routes[0].stops]
    assert kinds == ["start", "job", "reload", "job", "reload", "job", "end"]
    assert plan.routes[0].stops[-1].arrival_s == 1000 + 5 * 60 + 1000


def test_a_facility_resets_only_its_own_dimensions() -> None:
    """The glass works empties the chambers; it does not fill the water tank."""
    jobs = [a_job(1, loads=(0, 10)), a_job(3, loads=(0, 10))]
    problem = a_problem(
        jobs=jobs, shifts=[a_shift(capacities=(10, 10))], facilities=[a_facility(2, 0)]
    )
    assert len(solved(problem).unassigned) == 1


def test_a_closed_facility_is_not_used() -> None:
    """Service at a facility begins and ends within its hours."""
    jobs = [a_job(1, loads=(10,)), a_job(3, loads=(10,))]
    shut = a_facility(2, 0, opens_s=0, closes_s=1000)
    problem = a_problem(jobs=jobs, shifts=[a_shift(capacities=(10,))], facilities=[shut])
    assert len(solved(problem).unassigned) == 1
