"""Water from below, and what sensors mean."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dispatch.demand.irrigation.balance import SoilState
from dispatch.demand.irrigation.sensors import Sighting, corrected, sightings
from dispatch.demand.irrigation.soils import (
    SOILS,
    capillary_rise,
    content_at_suction,
    dryness_factor,
)
from dispatch.domain.clock import BERLIN
from dispatch.domain.signal import SignalKind
from dispatch.domain.site import SoilTexture
from tests.helpers.histories import NOW
from tests.helpers.signals import a_signal
from tests.helpers.soils import SETTINGS, a_zone

TODAY = NOW.astimezone(BERLIN).date()


@pytest.mark.parametrize("texture", list(SoilTexture))
def test_less_rises_from_deeper_groundwater_and_nothing_from_deep(texture: SoilTexture) -> None:
    """AquaCrop's curves fall with depth; below ten metres there is nothing in any soil."""
    rises = [capillary_rise(SOILS[texture], below_roots_m=z / 10) for z in range(-5, 110)]
    assert all(deeper <= nearer for nearer, deeper in pairwise(rises))
    assert (rises[0], rises[-1]) == (99.0, 0.0)


def test_loam_by_its_own_equation() -> None:
    """CR = exp((ln z - b) / a) with a = -0.4536 and b = 0.837: 1 m below the roots 6.3 mm a day."""
    loam = SOILS[SoilTexture.LOAM]
    assert (loam.rise_slope, loam.rise_offset) == pytest.approx((-0.4536, 0.8373), abs=1e-3)
    assert capillary_rise(loam, below_roots_m=1.0) == pytest.approx(6.33, abs=0.02)
    assert capillary_rise(loam, below_roots_m=3.4) == 0


def test_a_soil_at_field_capacity_draws_no_water() -> None:
    """The rise ends when nothing is missing."""
    assert dryness_factor(0, 96) == 0
    assert dryness_factor(30, 96) > 0.99


def test_the_two_known_points_of_the_suction_curve() -> None:
    """33 kPa is field capacity, 1500 kPa the wilting point."""
    loam = SOILS[SoilTexture.LOAM]
    assert content_at_suction(loam, 33) == pytest.approx(0.31)
    assert content_at_suction(loam, 1500) == pytest.approx(0.15)


def test_moisture_and_suction_tell_the_water_missing() -> None:
    """23 % in 0.6 m of loam with 31 % at field capacity: 48 mm are missing; 300 kPa, 64 mm."""
    moist = a_signal(SignalKind.SOIL_MOISTURE, 23.0, observed_at=NOW)
    (seen,) = sightings([moist], a_zone(), SETTINGS).values()
    assert seen.depletion_mm == pytest.approx(48)
    tension = a_signal(SignalKind.SOIL_TENSION, 300.0, observed_at=NOW)
    (seen,) = sightings([tension], a_zone(), SETTINGS).values()
    assert seen.depletion_mm == pytest.approx(63.8, abs=0.1)


def test_values_of_a_day_count_once() -> None:
    """The median of the day, however often a sensor sends."""
    many = [a_signal(SignalKind.SOIL_MOISTURE, v, observed_at=NOW) for v in (24.0, 23.0, 2.0)]
    assert sightings(many, a_zone(), SETTINGS)[TODAY].depletion_mm == pytest.approx(48)


def test_the_balance_moves_towards_a_sensor_as_far_as_it_is_surer() -> None:
    """Errors alike: half the way; a balance that is sure stays."""
    seen = Sighting(depletion_mm=50, sd_mm=10)
    doubtful = corrected(SoilState(depletion_mm=30, surface_mm=0, sd_mm=10), seen)
    assert doubtful.depletion_mm == pytest.approx(40)
    assert doubtful.sd_mm == pytest.approx(7.07, abs=0.01)
    sure = SoilState(depletion_mm=30, surface_mm=0, sd_mm=0)
    assert corrected(sure, seen).depletion_mm == pytest.approx(30)
