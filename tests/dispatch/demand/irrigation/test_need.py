"""How much, from when, until when, and what if not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dispatch.demand.irrigation.need import SiteNeed, site_need
from dispatch.demand.irrigation.rootzone import root_zone
from dispatch.demand.irrigation.season import Forecaster, litres_by_day
from dispatch.demand.irrigation.sensors import Sighting
from dispatch.domain.clock import BERLIN, at_local
from dispatch.domain.ids import SiteId
from dispatch.domain.site import SoilTexture, YoungTree
from dispatch.domain.weather import WateringGiven, WeatherOrigin
from tests.helpers.histories import NOW
from tests.helpers.soils import (
    APRIL,
    SETTINGS,
    a_forecaster,
    a_level,
    a_zone,
    inputs_of,
    weather_days,
)

DAYS = 100
TODAY = APRIL + timedelta(days=DAYS)


def asked(forecaster: Forecaster, today: date = TODAY) -> SiteNeed | None:
    return site_need(forecaster, today=today, work_day=today)


def dry_spell(**ground: object) -> Forecaster:
    """Return a tree in a year without a drop of rain, and none in sight."""
    weather = weather_days(DAYS + 20, rain_mm=0.0)
    return a_forecaster(inputs_of(weather), **ground)


def first_need(forecaster: Forecaster) -> tuple[date, SiteNeed]:
    """Return the first day of the season on which water is needed, and how much."""
    for n in range(1, DAYS):
        day = APRIL + timedelta(days=n)
        found = asked(forecaster, day)
        if found is not None and found.earliest <= day:
            return day, found
    pytest.fail("no need in a season without rain")


def test_a_dry_spell_asks_for_a_large_watering_some_days_ahead() -> None:
    """As practice has it: 75 to 200 litres, announced before the stress begins."""
    day, need = first_need(dry_spell())
    assert 75 <= need.litres_min <= need.litres <= 200
    assert need.earliest <= day < need.latest <= day + timedelta(days=7)
    assert 0 < need.depletion_mm < need.readily_mm
    assert 0 < need.stress <= 1
    assert 0.5 < need.confidence <= 1
    assert (need.rain_back_mm, need.rain_ahead_mm) == (0, 0)


def test_the_latest_day_is_the_first_one_that_ends_in_stress() -> None:
    """On its evening more is missing than is readily available; the evening before, less."""
    forecaster = dry_spell()
    _, need = first_need(forecaster)
    balance = {b.day: b for b in forecaster.past(need.latest + timedelta(days=1))}
    last, before = balance[need.latest], balance[need.latest - timedelta(days=1)]
    assert last.state.depletion_mm > last.readily_mm
    assert before.state.depletion_mm <= before.readily_mm


def test_a_watering_puts_the_need_off_by_a_week_and_more() -> None:
    """What the crew gave is in the soil; double the water lasts longer."""
    day, need = first_need(dry_spell())

    def latest_after(litres: float) -> date | None:
        forecaster = dry_spell(litres={day: litres})
        found = asked(forecaster, day + timedelta(days=1))
        return found.latest if found else None

    assert latest_after(need.litres) is None
    assert latest_after(need.litres / 4) is not None


def test_rain_in_sight_puts_it_off_too() -> None:
    """Forecast rain counts like rain; without it the climate's drizzle is all there is."""
    day, need = first_need(dry_spell())
    dry = [d for d in weather_days(DAYS + 20, rain_mm=0.0) if d.day < day]
    wet = [
        replace(d, rain_mm=25.0, origin=WeatherOrigin.FORECAST)
        for d in weather_days(DAYS + 20, rain_mm=0.0)
        if day <= d.day < day + timedelta(days=3)
    ]
    found = asked(a_forecaster(inputs_of([*dry, *wet])), day)
    assert found is None or found.latest > need.latest


def test_groundwater_at_one_metre_spares_the_water_that_four_metres_do_not() -> None:
    """Capillary rise keeps the roots wet; from four metres nothing rises."""
    weather = weather_days(DAYS + 20, rain_mm=0.0)
    near = a_forecaster(inputs_of(weather, depth_m=1.0))
    far = a_forecaster(inputs_of(weather, depth_m=4.0))
    without = a_forecaster(inputs_of(weather))
    assert asked(near) is None
    assert sum(b.rise_mm for b in near.past(TODAY)) > 100
    needed = asked(without)
    assert needed is not None
    assert asked(far) == replace(needed, groundwater=far.level(TODAY))


def test_the_groundwater_models_own_rise_counts_before_ours() -> None:
    """Its figure comes with the contract; an unsure depth makes the rise unsure."""
    forecaster = a_forecaster(inputs_of(weather_days(20)))
    level = a_level(2.0)
    own, sure = forecaster.rise(level)
    assert own == pytest.approx(3.0, abs=0.1)
    assert sure == 0
    assert forecaster.rise(replace(level, capillary_mm_d=0.7)) == (0.7, 0)
    assert forecaster.rise(replace(level, sigma_m=0.5))[1] > 0.5
    old = inputs_of(weather_days(2), depth_m=2.0)
    assert old.level(SiteId("site-1"), APRIL + timedelta(days=500), oldest_days=400) is None


def test_a_sensor_that_sees_wet_soil_puts_the_need_off() -> None:
    """The balance follows what is measured in the ground."""
    day, need = first_need(dry_spell())
    wet = {day - timedelta(days=n): Sighting(depletion_mm=0, sd_mm=5) for n in range(1, 6)}
    found = asked(dry_spell(seen=wet), day)
    assert found is None or found.latest > need.latest


def test_a_tree_planted_in_june_starts_with_a_full_pit() -> None:
    """Nothing before its planting is reckoned."""
    planted = APRIL + timedelta(days=70)
    days = dry_spell(since=planted).past(TODAY)
    assert days[0].day == planted
    assert days[0].state.depletion_mm < 6


def test_days_without_any_weather_get_the_climate() -> None:
    """A gap of the stations is no drought and no flood; half a fortnight must be measured."""
    some = [d for d in weather_days(60) if d.day.day % 3]
    inputs = inputs_of(some)
    assert len(inputs.drivers) == (inputs.last - inputs.first).days + 1
    gap = next(d for d in inputs.drivers.values() if d.origin is WeatherOrigin.CLIMATE)
    assert 1.5 < gap.weather.et0_mm < 4
    assert 1.5 < gap.weather.rain_mm < 3.5
    assert inputs.known(some[-1].day)
    assert not inputs.known(some[-1].day + timedelta(days=10))


def test_a_measurement_wins_over_the_forecast_of_the_same_day() -> None:
    """Whichever comes first."""
    (measured,) = weather_days(1)
    forecast = replace(measured, rain_mm=99.0, origin=WeatherOrigin.FORECAST)
    for both in ([measured, forecast], [forecast, measured]):
        assert inputs_of(both).drivers[APRIL].weather.rain_mm == measured.rain_mm


@pytest.mark.parametrize(
    ("planted", "girth_cm", "depth_m", "area_m2"),
    [
        (date(2026, 3, 1), 20, 0.5, 2.0),
        (date(2025, 3, 1), 25, 0.6, 3.125),
        (date(2023, 3, 1), 16, 0.7, 2.8),
        (date(2010, 3, 1), 60, 0.7, 4.375),
        (date(2027, 3, 1), 20, 0.5, 2.0),
    ],
)
def test_roots_grow_with_age_and_girth(
    planted: date, girth_cm: int, depth_m: float, area_m2: float
) -> None:
    """By the table; a tree registered before its planting counts as just planted."""
    tree = YoungTree(species="Winterlinde", planted=planted, girth_cm=girth_cm)
    zone = root_zone(tree, date(2026, 7, 1), SETTINGS)
    assert (zone.depth_m, zone.area_m2) == pytest.approx((depth_m, area_m2))


def test_what_the_register_knows_wins_over_the_table() -> None:
    """Soil, depth and area of the site itself."""
    tree = YoungTree(
        species="Esche",
        planted=date(2024, 3, 1),
        girth_cm=18,
        soil=SoilTexture.SAND,
        root_depth_m=1.0,
        root_area_m2=6.0,
    )
    zone = root_zone(tree, date(2026, 7, 1), SETTINGS)
    assert (zone.available_mm, zone.area_m2) == pytest.approx((70, 6))
    with pytest.raises(ValueError, match="above 0"):
        replace(tree, root_depth_m=0.0)


def test_litres_of_one_day_add_up_by_bochums_days() -> None:
    """Half past midnight in Bochum is a new day, although UTC says the day before."""
    site = SiteId("site-1")
    day = NOW.astimezone(BERLIN).date()
    given = [
        WateringGiven(site_id=site, given_at=at_local(day, NOW.time()), litres=60),
        WateringGiven(site_id=site, given_at=at_local(day, NOW.time().replace(hour=0)), litres=30),
    ]
    assert litres_by_day(given) == {day: 90}
    assert a_zone(efficiency=0.9).mm_of(90) == pytest.approx(27)
