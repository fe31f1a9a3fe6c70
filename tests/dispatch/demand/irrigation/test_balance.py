"""The daily soil water balance: worked examples, conservation of water, and other people's code."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.demand.irrigation.balance import (
    DayWater,
    SoilState,
    crop_day,
    full_soil,
    step,
    stress_of,
)
from dispatch.demand.irrigation.settings import CropSettings
from dispatch.demand.irrigation.soils import SOILS
from dispatch.domain.site import SoilTexture
from tests.helpers.soils import CROP, a_day, a_zone, inputs_of, weather_days

if TYPE_CHECKING:
    from dispatch.demand.irrigation.rootzone import RootZone

LOAM = SOILS[SoilTexture.LOAM]


def a_field(capacity: float, wilting: float, depth_m: float, **crop: object) -> RootZone:
    """Return a root zone with the water contents and coefficients of an example."""
    soil = replace(LOAM, field_capacity=capacity, wilting_point=wilting)
    return a_zone(soil=soil, depth_m=depth_m, crop=CropSettings(**crop))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("soil", "root_m", "share", "available", "readily"),
    [
        # Onion, tomato and maize on loamy sand, silt and silty clay.
        ((0.15, 0.06), 0.4, 0.30, 36, 11),
        ((0.15, 0.06), 0.8, 0.40, 72, 29),
        ((0.15, 0.06), 1.2, 0.55, 108, 59),
        ((0.32, 0.15), 0.4, 0.30, 68, 20),
        ((0.32, 0.15), 0.8, 0.40, 136, 54),
        ((0.32, 0.15), 1.2, 0.55, 204, 112),
        ((0.35, 0.23), 0.4, 0.30, 48, 14),
        ((0.35, 0.23), 0.8, 0.40, 96, 38),
        ((0.35, 0.23), 1.2, 0.55, 144, 79),
    ],
)
def test_available_and_readily_available_water(
    soil: tuple[float, float], root_m: float, share: float, available: float, readily: float
) -> None:
    """FAO-56, example 36: TAW and RAW of three crops on three soils."""
    zone = a_field(*soil, root_m, depletion_share=share)
    assert zone.available_mm == pytest.approx(available, abs=0.5)
    # The tables' p is for a use of 5 mm a day.
    assert zone.readily_mm(5.0) == pytest.approx(readily, abs=1.0)


def test_stress_grows_when_the_readily_available_water_is_gone() -> None:
    """FAO-56, example 37: tomatoes on silt, 160 mm and 64 mm; stress from 64 mm on, by (84)."""
    zone = a_field(0.32, 0.12, 0.8, depletion_share=0.40, single=(1.2, 1.2, 1.2), dual=False)
    assert (zone.available_mm, zone.readily_mm(5.0)) == pytest.approx((160, 64))
    for depletion, factor in ((55, 1.0), (64, 1.0), (72.3, 0.91), (83.0, 0.80), (160, 0.0)):
        stress = stress_of(depletion, readily_mm=64, available_mm=160)
        assert 1 - stress == pytest.approx(factor, abs=0.005)


def test_a_dry_day_by_hand() -> None:
    """Single coefficient 1.2, 5 mm: 55 mm missing become 61 mm (FAO-56, example 37, first day)."""
    zone = a_field(0.32, 0.12, 0.8, depletion_share=0.40, single=(1.2, 1.2, 1.2), dual=False)
    basal, highest, cover = crop_day(zone.crop, season_day=50, wind_m_s=2, rh_min_pct=45)
    day = a_day(et0_mm=5.0, basal=basal, highest=highest, cover=cover)
    found = step(SoilState(depletion_mm=55, surface_mm=20), zone, day)
    assert (found.state.depletion_mm, found.et_mm, found.stress) == pytest.approx((61, 6, 0))


@given(
    depletion=st.floats(0, 96),
    surface=st.floats(0, 23),
    rain=st.floats(0, 60),
    given_mm=st.floats(0, 60),
    rise=st.floats(0, 20),
    et0=st.floats(0, 9),
    season_day=st.integers(0, 300),
)
def test_no_water_appears_or_vanishes(
    depletion: float,
    surface: float,
    rain: float,
    given_mm: float,
    rise: float,
    et0: float,
    season_day: int,
) -> None:
    """What comes in is in the soil, has evaporated or ran through, and states stay possible."""
    zone = a_zone(rain_share=0.85)
    day = a_day(season_day, et0_mm=et0, rain_mm=rain)
    water = DayWater(given_mm=given_mm, rise_mm=rise)
    found = step(SoilState(depletion_mm=depletion, surface_mm=surface), zone, day, water)
    after = found.state.depletion_mm
    gone = found.et_mm + found.percolation_mm - found.rain_mm - found.given_mm - found.rise_mm
    if after < zone.available_mm:
        assert after - depletion == pytest.approx(gone, abs=1e-6)
    assert 0 <= after <= zone.available_mm
    assert 0 <= found.state.surface_mm <= zone.evaporable_mm
    assert 0 <= found.stress <= 1


def test_rain_wets_the_bare_pit_and_evaporates_from_it() -> None:
    """After a shower more evaporates than after a week of drought."""
    zone = a_zone()
    day = a_day(season_day=5)
    dry = step(full_soil(zone), zone, day)
    wet = step(full_soil(zone), zone, replace(day, rain_mm=10))
    after = step(wet.state, zone, day)
    assert dry.evaporation_mm == 0
    assert after.evaporation_mm > 1


def test_errors_grow_in_a_drought_and_end_with_a_soaking() -> None:
    """Nobody knows a dry soil as well as one that just ran over."""
    zone = a_zone()
    state = full_soil(zone, sd_mm=3)
    for _ in range(10):
        state = step(state, zone, a_day(et_error=0.15)).state
    assert 7 < state.sd_mm < 15
    soaked = step(state, zone, a_day(et_error=0.15, rain_mm=80, rain_sd_mm=1)).state
    assert soaked.sd_mm < 2


def test_a_season_as_pyfao56_reckons_it() -> None:
    """Depletion within 0.1 mm of pyfao56 1.4.3 on every day of a season with waterings."""
    fao = pytest.importorskip("pyfao56", reason="pyfao56 (test extra) is not installed")
    zone, drivers = a_zone(), inputs_of(weather_days(200)).drivers
    parameters = fao.Parameters(
        **dict(zip(("Kcbini", "Kcbmid", "Kcbend"), CROP.basal, strict=True)),
        **dict(zip(("Lini", "Ldev", "Lmid", "Lend"), CROP.stages_days, strict=True)),
        **{"hini": CROP.height_m, "hmax": CROP.height_m, "pbase": 0.5, "Ze": 0.1, "REW": 9},
        **{"thetaFC": 0.31, "thetaWP": 0.15, "theta0": 0.31, "Zrini": 0.6, "Zrmax": 0.6},
    )
    weather, irrigation = fao.Weather(), fao.Irrigation()
    weather.rfcrp, weather.wndht = "S", 2
    state, mine = full_soil(zone), []
    for day in weather_days(200):
        key = day.day.strftime("%Y-%j")
        weather.wdata.loc[key] = math.nan
        weather.wdata.loc[key, ["Wndsp", "RHmin", "Rain", "ETref"]] = [
            *(day.wind_m_s, day.rh_min_pct, day.rain_mm, drivers[day.day].weather.et0_mm)
        ]
        given = 40.0 if state.depletion_mm > 50 else 0.0
        if given:
            irrigation.addevent(day.day.year, day.day.timetuple().tm_yday, given, 1.0)
        mine.append(step(state, zone, drivers[day.day].weather, DayWater(given_mm=given)))
        state = mine[-1].state
    days = weather.wdata.index
    model = fao.Model(days[0], days[-1], parameters, weather, irr=irrigation)
    model.run()
    theirs = model.odata
    assert len(irrigation.idata) >= 3
    assert [b.state.depletion_mm for b in mine] == pytest.approx(list(theirs.Dr), abs=0.1)
    assert sum(b.et_mm for b in mine) == pytest.approx(theirs.ETa.sum(), rel=0.005)
    assert sum(b.percolation_mm for b in mine) == pytest.approx(theirs.DP.sum(), rel=0.005)
