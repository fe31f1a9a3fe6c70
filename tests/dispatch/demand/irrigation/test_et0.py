"""The worked examples of FAO Irrigation and Drainage Paper 56, by their numbers."""

from __future__ import annotations

import pytest

from dispatch.demand.irrigation import et0
from dispatch.demand.irrigation.et0 import Place, reference_et
from scenarios.bench import water_examples as examples

UCCLE = Place(lat=50.80, altitude_m=100)


def test_pressure_and_psychrometric_constant() -> None:
    """Example 2: 1800 m above the sea, 81.8 kPa and 0.054 kPa per degree."""
    assert et0.pressure(1800) == pytest.approx(81.8, abs=0.05)
    assert et0.psychrometric(1800) == pytest.approx(0.054, abs=0.0005)


def test_mean_saturation_vapour_pressure() -> None:
    """Example 3: 15 to 24.5 degrees, 2.39 kPa."""
    assert et0.mean_saturation(15, 24.5) == pytest.approx(2.39, abs=0.005)


def test_actual_vapour_pressure_from_humidity() -> None:
    """Example 5: 18 to 25 degrees, 82 and 54 %, 1.70 kPa."""
    found = et0.vapour_pressure(18, 25, rh_min_pct=54, rh_max_pct=82)
    assert found == pytest.approx(1.70, abs=0.005)


def test_extraterrestrial_radiation_and_daylight() -> None:
    """Examples 8 and 9: 3 September at 20 degrees south, 32.2 MJ and 11.7 hours."""
    assert et0.extraterrestrial(-20, 246) == pytest.approx(32.2, abs=0.05)
    assert et0.daylight_hours(-20, 246) == pytest.approx(11.7, abs=0.05)


def test_radiation_from_sunshine() -> None:
    """Example 10: Rio de Janeiro in May, 7.1 hours a day, 14.5 MJ."""
    found = et0.radiation_of_sunshine(7.1, lat=-22.9, day_of_year=135)
    assert found == pytest.approx(14.5, abs=0.05)


def test_net_longwave_radiation() -> None:
    """Example 11: Rio de Janeiro in May, 3.5 MJ."""
    found = et0.net_longwave(19.1, 25.1, vapour_kpa=2.1, clearness=14.5 / 18.8)
    assert found == pytest.approx(3.5, abs=0.05)


def test_wind_at_two_metres() -> None:
    """Example 14: 3.2 m/s at 10 m, 2.4 m/s at 2 m."""
    assert et0.wind_at_2m(3.2, height_m=10) == pytest.approx(2.4, abs=0.05)


def test_radiation_from_the_range_of_temperature() -> None:
    """Example 15: Lyon in July, 14.8 to 26.6 degrees, 22.3 MJ."""
    found = et0.radiation_of_range(14.8, 26.6, lat=45.72, day_of_year=196)
    assert found == pytest.approx(22.3, abs=0.05)


def test_monthly_evapotranspiration_of_bangkok() -> None:
    """Example 17: April at Bangkok with all its steps, 5.72 mm a day."""
    outside = et0.extraterrestrial(13.73, 105)
    sun = et0.radiation_of_sunshine(8.5, lat=13.73, day_of_year=105)
    clear = et0.clear_sky(13.73, 2, 105)
    longwave = et0.net_longwave(25.6, 34.8, vapour_kpa=2.85, clearness=sun / clear)
    net = (1 - et0.ALBEDO) * sun - longwave
    steps = (outside, sun, clear, longwave, net)
    assert steps == pytest.approx((38.06, 22.65, 28.54, 3.11, 14.33), abs=0.01)
    found = et0.penman_monteith(
        temperature_c=30.2,
        net_radiation=net,
        ground_heat=0.14,
        deficit_kpa=et0.mean_saturation(25.6, 34.8) - 2.85,
        wind_m_s=2,
        altitude_m=2,
    )
    assert found == pytest.approx(5.72, abs=0.01)


def test_daily_evapotranspiration_of_uccle() -> None:
    """Example 18: 6 July at Uccle near Brussels, 41.09 and 22.07 MJ, 3.9 mm a day."""
    sun = et0.radiation_of_sunshine(9.25, lat=UCCLE.lat, day_of_year=187)
    assert et0.extraterrestrial(UCCLE.lat, 187) == pytest.approx(41.09, abs=0.01)
    assert sun == pytest.approx(22.07, abs=0.01)
    assert reference_et(examples.UCCLE, UCCLE) == pytest.approx(3.88, abs=0.01)


def test_evapotranspiration_from_temperatures_alone() -> None:
    """Example 20: Lyon in July with temperatures only, 4.56 mm; by equation 52, 5.0 mm."""
    found = reference_et(examples.LYON, Place(lat=45.72, altitude_m=200))
    assert found == pytest.approx(4.56, abs=0.01)
    by_range = et0.hargreaves(14.8, 26.6, lat=45.72, day_of_year=196)
    assert by_range == pytest.approx(5.0, abs=0.05)
