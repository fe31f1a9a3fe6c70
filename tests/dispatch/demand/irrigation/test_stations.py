"""What the stations say, and what of it is not believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatch.demand.irrigation.et0 import BOCHUM, reference_et
from dispatch.demand.irrigation.stations import city_weather, forecast_weather
from dispatch.domain.weather import WeatherOrigin
from tests.helpers.soils import station_days

JUNE = date(2026, 6, 1)


def test_a_fine_june_day_evaporates_four_to_six_millimetres() -> None:
    """One station that is well: temperatures, humidity, radiation and wind of whole days."""
    found = city_weather(station_days("A"), place=BOCHUM)
    assert found.notes == ()
    assert [d.day for d in found.days] == [JUNE + timedelta(days=n) for n in range(12)]
    day = found.days[3]
    assert (day.t_min_c, day.t_max_c) == pytest.approx((12, 24), abs=0.2)
    assert day.radiation_mj == pytest.approx(29.6, abs=1.0)
    assert 4 < reference_et(day, BOCHUM) < 6


def test_a_station_in_the_shade_is_seen_by_its_clearest_days() -> None:
    """It never comes near a cloudless sky; the station in the open alone is believed."""
    open_air = station_days("A")
    shade = [
        replace(r, station="B", radiation_w_m2=(r.radiation_w_m2 or 0) * 0.6) for r in open_air
    ]
    found = city_weather([*open_air, *shade], place=BOCHUM)
    assert [n.de for n in found.notes] == [
        "Station B: Strahlung zu niedrig (Schatten) an 12 von 12 Tagen"
    ]
    alone = city_weather(open_air, place=BOCHUM)
    assert found.days[5].radiation_mj == pytest.approx(alone.days[5].radiation_mj)


def test_with_shaded_stations_only_the_radiation_is_estimated() -> None:
    """None is better than too little: the range of temperature stands for it (Hargreaves)."""
    shade = [replace(r, radiation_w_m2=(r.radiation_w_m2 or 0) * 0.6) for r in station_days("B")]
    found = city_weather(shade, place=BOCHUM)
    assert {day.radiation_mj for day in found.days} == {None}
    assert reference_et(found.days[5], BOCHUM) > 3


def test_a_fortnight_of_clouds_is_a_forecast_and_no_shade() -> None:
    """Nobody doubts a forecast's radiation; its rain is less sure than a measurement's."""
    grey = [replace(r, radiation_w_m2=(r.radiation_w_m2 or 0) * 0.3) for r in station_days("F")]
    found = forecast_weather(grey, place=BOCHUM)
    assert {day.origin for day in found.days} == {WeatherOrigin.FORECAST}
    assert all(day.radiation_mj is not None for day in found.days)
    assert found.days[0].rain_sd_mm == 1.5


def test_an_anemometer_that_is_never_calm_is_not_believed() -> None:
    """Nineteen km/h day and night, when the neighbour has two (the city's bench, July 2025)."""
    stuck = station_days("B", wind_m_s=5.3)
    found = city_weather([*station_days("A"), *stuck], place=BOCHUM)
    assert [n.en for n in found.notes] == ["station B: wind not believable on 12 of 12 days"]
    assert found.days[5].wind_m_s == pytest.approx(1.9, abs=0.1)
    by_itself = city_weather(stuck, place=BOCHUM)
    assert by_itself.days[5].wind_m_s is None


def test_a_stuck_thermometer_counts_for_nothing() -> None:
    """Its days are left out, or taken from the others."""
    stuck = station_days("B", temperature_c=21.0)
    assert city_weather(stuck, place=BOCHUM).days == ()
    found = city_weather([*station_days("A"), *stuck], place=BOCHUM)
    assert found.days[5].t_max_c == pytest.approx(24, abs=0.2)


def test_of_three_thermometers_two_outvote_the_third() -> None:
    """A sensor in the sun."""
    hot = [
        replace(r, station="C", temperature_c=(r.temperature_c or 0) + 8) for r in station_days("A")
    ]
    found = city_weather([*station_days("A"), *station_days("B"), *hot], place=BOCHUM)
    assert found.days[5].t_max_c == pytest.approx(24, abs=0.2)


def test_a_garden_hose_at_one_of_three_stations_is_no_rain() -> None:
    """Sixty millimetres that nobody else saw."""
    hosed = [replace(r, rain_mm=2.5) for r in station_days("C")]
    found = city_weather([*station_days("A"), *station_days("B"), *hosed], place=BOCHUM)
    assert found.days[5].rain_mm == 0


def test_a_day_with_a_gap_at_noon_has_no_radiation_and_one_without_values_is_none() -> None:
    """Half a day would look like a cloudy one."""
    gaps = [
        r
        for r in station_days("A", days=4)
        if not (r.at.day == 2 and 10 <= r.at.hour < 14) and r.at.day != 3
    ]
    days = {d.day.day for d in city_weather(gaps, place=BOCHUM).days}
    assert 1 in days
    assert not {2, 3} & days


def test_the_day_of_the_change_of_the_clocks_has_all_its_hours() -> None:
    """25 October 2026 has 25 hours in Bochum: rain of every hour, once."""
    autumn = station_days("A", days=4, first=date(2026, 10, 24), rain_mm=0.1)
    rain = {d.day.day: d.rain_mm for d in city_weather(autumn, place=BOCHUM).days}
    assert rain[25] == pytest.approx(2.5)
    assert rain[26] == pytest.approx(2.4)
