"""Electric vehicles: no further than the battery lasts, unless they charge on the way."""

from __future__ import annotations

from tests.helpers.builders import a_facility, a_job, a_problem, a_shift, solved, written

JOBS = (a_job(4), a_job(7))
CHARGER = a_facility(5, service_s=1800, charges=True)


def test_the_vehicle_charges_on_the_way() -> None:
    """9 km with a battery for 8: half an hour at the charger between the jobs."""
    shift = a_shift(end_location=9, range_m=8000)
    plan = solved(a_problem(jobs=JOBS, shifts=[shift], facilities=[CHARGER]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @4 4000-4000-4060",
        "reload 0 @5 5060-5060-6860",
        "job 1 @7 8860-8860-8920",
        "end @9 10920-10920-10920",
    ]


def test_a_battery_for_the_whole_way_needs_no_charge() -> None:
    """9 km with a battery for 9, to the metre."""
    shift = a_shift(end_location=9, range_m=9000)
    plan = solved(a_problem(jobs=JOBS, shifts=[shift], facilities=[CHARGER]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @4 4000-4000-4060",
        "job 1 @7 7060-7060-7120",
        "end @9 9120-9120-9120",
    ]


def test_a_job_beyond_the_range_is_left() -> None:
    """Without a charger kilometre 7 is out of reach of a battery for 8 km; 4 and back is not."""
    plan = solved(a_problem(jobs=JOBS, shifts=[a_shift(range_m=8000)]))
    assert plan.unassigned == (1,)
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @4 4000-4000-4060",
        "end @0 8060-8060-8060",
    ]
