"""Hours of departure."""

from __future__ import annotations

import pytest

from graphs.errors import PointsInvalid
from graphs.periods import NIGHT, OFF_PEAK, PEAK, PERIODS, period_factors

ROADS = ("motorway", "primary", "secondary_link", "tertiary", "unclassified", "residential", "")


def test_outside_the_rush_hour_times_are_the_profiles_own() -> None:
    """Speeds are made for it."""
    assert period_factors(ROADS, OFF_PEAK).tolist() == [1.0] * len(ROADS)


def test_the_rush_hour_is_on_main_roads() -> None:
    """The wider the road the longer; a link road is as slow as its class, a side street never."""
    factors = period_factors(ROADS, PEAK).tolist()
    assert factors == sorted(factors, reverse=True)
    assert factors[1] == factors[2] > factors[3] > factors[4] > 1.0
    assert factors[5:] == [1.0, 1.0]


def test_no_road_is_slower_at_night_than_in_the_rush_hour() -> None:
    """Night, day, rush hour, in this order."""
    night, day, peak = (period_factors(ROADS, name) for name in (NIGHT, OFF_PEAK, PEAK))
    assert ((night <= day) & (day <= peak)).all()
    assert night.min() > 0.5


def test_another_period_is_refused_and_the_known_ones_are_named() -> None:
    """A typing error is no ordinary day."""
    with pytest.raises(PointsInvalid, match="G307 period 'noon'") as caught:
        period_factors(ROADS, "noon")
    assert all(name in caught.value.action for name in PERIODS)
