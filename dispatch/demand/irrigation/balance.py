"""The daily soil water balance of one root zone after FAO-56, chapters 7 and 8.

Dual crop coefficient: transpiration from the whole root zone, evaporation from its bare and wet
surface. Numbers in brackets are the paper's equations; depths are in mm of the root area.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from dispatch.demand.irrigation.rootzone import RootZone, stage_value
from dispatch.demand.irrigation.soils import dryness_factor

if TYPE_CHECKING:
    from dispatch.demand.irrigation.settings import CropSettings

WETTING_RAIN_MM: Final = 3.0
"""Rain of this depth wets the whole surface (table 20)."""
LEAST_BARE: Final = 0.01
"""Share of bare, wet surface below which none is reckoned (75)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoilState:
    """A root zone in the evening: water missing in the roots' depth and in the surface layer.

    `wet_share` of the surface was wetted last; `sd_mm` is the standard error of `depletion_mm`.
    """

    depletion_mm: float
    surface_mm: float
    wet_share: float = 1.0
    sd_mm: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWeather:
    """What one day's weather does to any root zone with the same crop.

    `basal` is Kcb, `highest` the upper limit of the crop coefficient, `cover` the share of the
    ground below leaves. `et_error` is the relative error of evapotranspiration.
    """

    day: date
    et0_mm: float
    rain_mm: float
    basal: float
    highest: float
    cover: float
    rain_sd_mm: float = 0.0
    et_error: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWater:
    """Water beside the rain: what crews gave the roots, and what would rise into dry soil."""

    given_mm: float = 0.0
    rise_mm: float = 0.0
    rise_sd_mm: float = 0.0


NO_WATER: Final = DayWater()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBalance:
    """What became of the day's water, and the soil in the evening.

    `stress` is 1 - Ks, the part of the transpiration the soil could not give.
    """

    day: date
    state: SoilState
    readily_mm: float
    crop_et_mm: float
    et_mm: float
    transpiration_mm: float
    evaporation_mm: float
    rain_mm: float
    given_mm: float
    rise_mm: float
    percolation_mm: float
    stress: float


def full_soil(zone: RootZone, *, sd_mm: float = 0.0) -> SoilState:
    """Return a root zone at field capacity whose surface has dried: the start of a season."""
    return SoilState(depletion_mm=0.0, surface_mm=zone.evaporable_mm, sd_mm=sd_mm)


def stress_of(depletion_mm: float, *, readily_mm: float, available_mm: float) -> float:
    """Return 1 - Ks (84): 0 while water is readily available, 1 at the wilting point."""
    past = (depletion_mm - readily_mm) / (available_mm - readily_mm)
    return min(1.0, max(0.0, past))


def crop_day(
    crop: CropSettings, *, season_day: int, wind_m_s: float, rh_min_pct: float
) -> tuple[float, float, float]:
    """Return Kcb, the highest crop coefficient (72) and the cover (76) so long into the season.

    With a single crop coefficient there is nothing between the first two: no evaporation apart.
    """
    if not crop.dual:
        single = stage_value(crop.single, season_day, crop)
        return single, single, 0.99
    basal = stage_value(crop.basal, season_day, crop)
    wind = min(6.0, max(1.0, wind_m_s))
    humidity = min(80.0, max(20.0, rh_min_pct))
    climate = 0.04 * (wind - 2) - 0.004 * (humidity - 45)
    highest = max(1.2 + climate * (crop.height_m / 3) ** 0.3, basal + 0.05)
    grown = max(0.0, basal - crop.basal[0]) / (highest - crop.basal[0])
    return basal, highest, min(0.99, grown ** (1 + 0.5 * crop.height_m))


def step(
    state: SoilState, zone: RootZone, weather: DayWeather, water: DayWater = NO_WATER
) -> DayBalance:
    """Return the balance of one day (85) and the soil in its evening."""
    rain, given = weather.rain_mm * zone.rain_share, water.given_mm
    wet_share = 1.0 if given > 0 or rain >= WETTING_RAIN_MM else state.wet_share
    bare = max(LEAST_BARE, min(1 - weather.cover, wet_share))
    evaporation = _surface_coefficient(state, zone, weather, bare) * weather.et0_mm
    wanted = weather.basal * weather.et0_mm
    readily, available = zone.readily_mm(wanted + evaporation), zone.available_mm
    stress = stress_of(state.depletion_mm, readily_mm=readily, available_mm=available)
    et = (1 - stress) * wanted + evaporation
    before_rise = state.depletion_mm - rain - given + et
    rise = 0.0
    if water.rise_mm > 0 and before_rise > 0:
        rise = min(before_rise, water.rise_mm * dryness_factor(before_rise, available))
    through = max(0.0, rain + given - state.surface_mm)
    surface = state.surface_mm - rain - given + evaporation / bare + through
    return DayBalance(
        day=weather.day,
        state=SoilState(
            depletion_mm=min(available, max(0.0, before_rise - rise)),
            surface_mm=min(zone.evaporable_mm, max(0.0, surface)),
            wet_share=wet_share,
            sd_mm=_error(state, zone, weather, water, rise=rise, et=et),
        ),
        readily_mm=readily,
        crop_et_mm=wanted + evaporation,
        et_mm=et,
        transpiration_mm=et - evaporation,
        evaporation_mm=evaporation,
        rain_mm=rain,
        given_mm=given,
        rise_mm=rise,
        percolation_mm=max(0.0, -before_rise),
        stress=stress,
    )


def _surface_coefficient(
    state: SoilState, zone: RootZone, weather: DayWeather, bare: float
) -> float:
    """Return Ke (71): what the bare, wet part of the surface evaporates, less as it dries (74)."""
    dryable = zone.evaporable_mm
    easy = min(zone.soil.easy_mm, 0.99 * dryable)
    reduction = min(1.0, max(0.0, (dryable - state.surface_mm) / (dryable - easy)))
    return min(reduction * (weather.highest - weather.basal), bare * weather.highest)


def _error(
    state: SoilState,
    zone: RootZone,
    weather: DayWeather,
    water: DayWater,
    *,
    rise: float,
    et: float,
) -> float:
    """Return the standard error in the evening.

    Errors of evapotranspiration and rise have one sign for long and add up; errors of rain are
    new every day. A soil that is known to be full is known.
    """
    lasting = state.sd_mm + weather.et_error * et
    if rise > 0:
        lasting += water.rise_sd_mm * rise / water.rise_mm
    error = math.hypot(lasting, weather.rain_sd_mm * zone.rain_share)
    surplus = weather.rain_mm * zone.rain_share + water.given_mm - state.depletion_mm
    if surplus > 0:
        # The more water ran through, the surer the soil is full.
        error *= math.exp(-surplus / max(1.0, error))
    return min(error, zone.available_mm / 2)
