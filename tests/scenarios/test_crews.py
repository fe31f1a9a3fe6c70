"""The demo fleet uses what the law and the yards ask for."""

from __future__ import annotations

from datetime import date, timedelta

from dispatch.domain.job import Dimension
from scenarios.crews import make_fleet
from scenarios.places import BOCHUM

WEDNESDAY = date(2026, 7, 15)
FLEET = make_fleet(BOCHUM)


def test_driving_times_bind_the_glass_lorries_alone() -> None:
    """Public glass containers are not exempt; sewers are, and vans are too light."""
    assert {vehicle.id for vehicle in FLEET.vehicles if vehicle.ec_561} == {
        f"glas-wagen-{number}" for number in range(1, 5)
    }


def test_one_lorry_at_a_time_unloads() -> None:
    """The glass works have one bay, the water points are never crowded."""
    limits = {
        Dimension.WATER_L in facility.dimensions: facility.at_once for facility in FLEET.facilities
    }
    assert limits == {False: 1, True: None}


def test_every_crew_may_stay_an_hour_longer_for_thirty_per_cent_more() -> None:
    """Overtime begins at the regular end and costs 30 % on top for everyone in the crew."""
    for shift in FLEET.shifts_on(WEDNESDAY):
        assert shift.overtime_from is not None
        assert shift.ends_at - shift.overtime_from == timedelta(hours=1)
        assert shift.overtime_from - shift.starts_at == timedelta(hours=8, minutes=30)
        assert shift.crew.overtime_ct == 1_020 * shift.crew.size
