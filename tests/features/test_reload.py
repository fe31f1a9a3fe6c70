"""A full vehicle unloads, an empty tank is refilled, in the middle of the route."""

from __future__ import annotations

from dispatch.planning.problem import Window
from tests.helpers.builders import EUR, a_facility, a_job, a_problem, a_shift, laden, solved

FIRST = (Window(earliest_s=0, latest_s=1000),)


def test_a_full_vehicle_unloads_in_mid_route() -> None:
    """More than one load is collected in one shift by unloading between."""
    problem = a_problem(
        jobs=[a_job(1, loads=(10,), windows=FIRST), a_job(3, loads=(10,))],
        shifts=[a_shift(capacities=(10,))],
        facilities=[a_facility(2, 0, service_s=600)],
    )
    plan = solved(problem)
    assert laden(plan.routes[0]) == [
        "start @0 0-0-0 [0]",
        "job 0 @1 1000-1000-1060 [10]",
        "reload 0 @2 2060-2060-2660 [0]",
        "job 1 @3 3660-3660-3720 [10]",
        "end @0 6720-6720-6720 [10]",
    ]
    assert (plan.unassigned, plan.cost_ueur) == ((), 6720 + 6000)


def test_a_tank_is_refilled_as_often_as_needed() -> None:
    """Water given out follows the same rule as glass taken in; three loads need two refills.

    The way leads from 0 to 4 km, the hydrant lies at the second tree.
    """
    problem = a_problem(
        jobs=[a_job(place, loads=(8,)) for place in (1, 2, 3)],
        shifts=[a_shift(capacities=(10,), end_location=4)],
        facilities=[a_facility(2, 0)],
    )
    plan = solved(problem)
    assert laden(plan.routes[0]) == [
        "start @0 0-0-0 [0]",
        "job 0 @1 1000-1000-1060 [8]",
        "reload 0 @2 2060-2060-2120 [0]",
        "job 1 @2 2120-2120-2180 [8]",
        "reload 0 @2 2180-2180-2240 [0]",
        "job 2 @3 3240-3240-3300 [8]",
        "end @4 4300-4300-4300 [8]",
    ]
    assert (plan.unassigned, plan.cost_ueur) == ((), 4300 + 4000)


def test_a_facility_resets_only_its_own_dimensions() -> None:
    """The glass works empties the chambers; it does not fill the tank: the cheaper job is left."""
    problem = a_problem(
        jobs=[a_job(1, loads=(0, 10)), a_job(3, loads=(0, 10), leave_price_ueur=50 * EUR)],
        shifts=[a_shift(capacities=(10, 10))],
        facilities=[a_facility(2, 0)],
    )
    plan = solved(problem)
    assert laden(plan.routes[0]) == [
        "start @0 0-0-0 [0 0]",
        "job 0 @1 1000-1000-1060 [0 10]",
        "end @0 2060-2060-2060 [0 10]",
    ]
    assert (plan.unassigned, plan.cost_ueur) == ((1,), 50 * EUR + 2060 + 2000)


def test_a_closed_facility_is_not_used() -> None:
    """Service at a facility begins and ends within its hours; this one shuts at 1000 s."""
    problem = a_problem(
        jobs=[a_job(1, loads=(10,)), a_job(3, loads=(10,), leave_price_ueur=50 * EUR)],
        shifts=[a_shift(capacities=(10,))],
        facilities=[a_facility(2, 0, opens_s=0, closes_s=1000)],
    )
    plan = solved(problem)
    assert laden(plan.routes[0]) == [
        "start @0 0-0-0 [0]",
        "job 0 @1 1000-1000-1060 [10]",
        "end @0 2060-2060-2060 [10]",
    ]
    assert (plan.unassigned, plan.cost_ueur) == ((1,), 50 * EUR + 2060 + 2000)
