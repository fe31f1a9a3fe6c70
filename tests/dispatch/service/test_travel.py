"""On working days the rush hours have their own travel times and their own streets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.clock import at_local
from dispatch.domain.errors import MatrixUnavailable
from dispatch.domain.geo import LatLon
from dispatch.domain.plan import StopKind
from dispatch.planning.travel_tables import HourlyMatrix
from dispatch.service.travel import RUSH_HOURS, Travel
from graphs.matrix import TravelMatrix
from graphs.provider import CrowFlies
from tests.helpers.plans import a_leg, a_route, a_stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.domain.plan import Route
    from graphs.path import PathLeg

WEDNESDAY, SATURDAY, SUNDAY = date(2026, 7, 15), date(2026, 7, 18), date(2026, 7, 19)
PLACES = (LatLon(51.48, 7.2), LatLon(51.48, 7.25))
DETOUR = (51.6, 7.3)


class ByTheRingRoad(CrowFlies):
    """Half as fast, and around the middle of the town."""

    def __init__(self) -> None:
        super().__init__(speed_kmh=12.5)

    def legs(self, points: Sequence[tuple[float, float]], *, profile: str) -> tuple[PathLeg, ...]:
        """Return every leg by way of the ring road."""
        return tuple(
            replace(leg, geometry=(leg.geometry[0], DETOUR, leg.geometry[-1]))
            for leg in super().legs(points, profile=profile)
        )


def travel(day: date = WEDNESDAY) -> Travel:
    """Return the travel of a day with a rush hour."""
    return Travel(day, usual=CrowFlies(), rush=ByTheRingRoad())


def test_a_working_day_has_two_tables_per_profile() -> None:
    """Usual times, and twice as long ones in the rush hours; each profile is asked once."""
    tables = travel().matrices(PLACES, ["van", "truck26", "van"])
    assert sorted(tables) == ["truck26", "van"]
    van = tables["van"]
    assert isinstance(van, HourlyMatrix)
    assert van.rush_hours == RUSH_HOURS
    assert van.rush.duration_s[0, 1] == pytest.approx(2 * van.usual.duration_s[0, 1], abs=1)


@pytest.mark.parametrize("day", [SATURDAY, SUNDAY])
def test_the_weekend_has_no_rush_hour(day: date) -> None:
    """Nobody drives to the office, so the usual times hold all day."""
    assert isinstance(travel(day).matrices(PLACES, ["van"])["van"], TravelMatrix)


def test_streets_without_a_rush_hour_are_the_same_all_day() -> None:
    """Who knows no other times is asked for one table only."""
    found = Travel(WEDNESDAY, usual=CrowFlies()).matrices(PLACES, ["van"])
    assert isinstance(found["van"], TravelMatrix)


def a_morning_route() -> Route:
    """Return a route that leaves its stops at 06:50, 07:00, 08:59 and 09:00."""
    lons = (7.2, 7.21, 7.22, 7.23, 7.2)
    minutes = (50, 60, 179, 180, 240)
    stops = [
        replace(
            a_stop(StopKind.JOB, 0, lon=lon, leg=a_leg() if place else None),
            departs_at=at_local(WEDNESDAY, time(6)) + timedelta(minutes=minute),
        )
        for place, (lon, minute) in enumerate(zip(lons, minutes, strict=True))
    ]
    return replace(a_route(), stops=tuple(stops))


def by_the_ring(route: Route) -> list[bool]:
    """Return for each leg whether it is drawn along the ring road."""
    return [LatLon(*DETOUR) in stop.leg.geometry for stop in route.stops if stop.leg]


def test_each_leg_is_drawn_along_the_streets_of_its_hour() -> None:
    """From seven inclusive to nine exclusive the way goes around; lines join the stops."""
    drawn = travel().drawn(a_morning_route(), "van")
    assert by_the_ring(drawn) == [False, True, True, False]
    for before, stop in pairwise(drawn.stops):
        assert stop.leg is not None
        assert (stop.leg.geometry[0], stop.leg.geometry[-1]) == (before.location, stop.location)


def test_on_a_saturday_all_legs_are_drawn_as_usual() -> None:
    """The clock alone makes no rush hour."""
    assert not any(by_the_ring(travel(SATURDAY).drawn(a_morning_route(), "van")))


def test_a_vehicle_with_a_profile_that_there_is_not_is_told() -> None:
    """What the streets cannot answer is an error of ours with their code, not a crash."""
    travel = Travel(SUNDAY, usual=CrowFlies())
    with pytest.raises(MatrixUnavailable, match=r"G301 profile 'sledge'"):
        travel.matrices(PLACES, ["sledge"])
