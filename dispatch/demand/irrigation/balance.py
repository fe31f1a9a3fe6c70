"""The daily soil water balance of one root zone after FAO-56, chapters 7 and 8.

Dual crop coefficient: transpiration from the whole root zone, evaporation from its bare and wet
surface. Numbers in brackets are the paper's equations; depths are in mm of the root area.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

from dispatch.demand.irrigation.rootzone import RootZone, stage_value
from dispatch.demand.irrigation.soils import dryness_factor

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
class DayInput:
    """What one day brings: weather, water given (mm that reach the roots), water from below.

    `rise_mm` is what would rise into dry soil; `season_day` counts from the season's start.
    """

    day: date
    season_day: int
    et0_mm: float
    rain_mm: float
    wind_m_s: float
    rh_min_pct: float
    rain_sd_mm: float = 0.0
    given_mm: float = 0.0
    rise_mm: float = 0.0
    rise_sd_mm: float = 0.0
    et_error: float = 0.0


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


def step(state: SoilState, zone: RootZone, day: DayInput) -> DayBalance:
    """Return the balance of one day (85) and the soil in its evening."""
    rain = day.rain_mm * zone.rain_share
    wet_share = 1.0 if day.given_mm > 0 or rain >= WETTING_RAIN_MM else state.wet_share
    basal, surface = _coefficients(state, zone, day, wet_share)
    evaporation = surface.coefficient * day.et0_mm
    crop_et = (basal + surface.coefficient) * day.et0_mm
    readily = zone.readily_mm(crop_et)
    available = zone.available_mm
    stress = stress_of(state.depletion_mm, readily_mm=readily, available_mm=available)
    transpiration = (1 - stress) * basal * day.et0_mm
    before_rise = state.depletion_mm - rain - day.given_mm + transpiration + evaporation
    wanted = day.rise_mm * dryness_factor(before_rise, available)
    rise = min(wanted, max(0.0, before_rise))
    depletion = min(available, max(0.0, before_rise - rise))
    return DayBalance(
        day=day.day,
        state=SoilState(
            depletion_mm=depletion,
            surface_mm=_surface_evening(state, zone, surface, evaporation, rain + day.given_mm),
            wet_share=wet_share,
            sd_mm=_error(state, zone, day, rise=rise, et=transpiration + evaporation),
        ),
        readily_mm=readily,
        crop_et_mm=crop_et,
        et_mm=transpiration + evaporation,
        transpiration_mm=transpiration,
        evaporation_mm=evaporation,
        rain_mm=rain,
        given_mm=day.given_mm,
        rise_mm=rise,
        percolation_mm=max(0.0, -before_rise),
        stress=stress,
    )


@dataclass(frozen=True, slots=True)
class _Surface:
    """The evaporation coefficient Ke, and the share of the surface it comes from."""

    coefficient: float
    bare_share: float


def _coefficients(
    state: SoilState, zone: RootZone, day: DayInput, wet_share: float
) -> tuple[float, _Surface]:
    """Return Kcb and the surface's share (71 to 76), or the single Kc and none."""
    crop = zone.crop
    if not crop.dual:
        return stage_value(crop.single, day.season_day, crop), _Surface(0.0, 1.0)
    basal = stage_value(crop.basal, day.season_day, crop)
    highest = _highest(basal, crop.height_m, day)
    grown = max(0.0, basal - crop.basal[0]) / (highest - crop.basal[0])
    cover = min(0.99, grown ** (1 + 0.5 * crop.height_m))
    bare = max(LEAST_BARE, min(1 - cover, wet_share))
    dryable = zone.evaporable_mm
    easy = min(zone.soil.easy_mm, 0.99 * dryable)
    reduction = min(1.0, max(0.0, (dryable - state.surface_mm) / (dryable - easy)))
    return basal, _Surface(min(reduction * (highest - basal), bare * highest), bare)


def _highest(basal: float, height_m: float, day: DayInput) -> float:
    """Return the upper limit of the crop coefficient (72)."""
    wind = min(6.0, max(1.0, day.wind_m_s))
    humidity = min(80.0, max(20.0, day.rh_min_pct))
    climate = 0.04 * (wind - 2) - 0.004 * (humidity - 45)
    return float(max(1.2 + climate * (height_m / 3) ** 0.3, basal + 0.05))


def _surface_evening(
    state: SoilState, zone: RootZone, surface: _Surface, evaporation: float, water: float
) -> float:
    """Return what is missing in the surface layer in the evening (77, 79)."""
    through = max(0.0, water - state.surface_mm)
    missing = state.surface_mm - water + evaporation / surface.bare_share + through
    return min(zone.evaporable_mm, max(0.0, missing))


def _error(state: SoilState, zone: RootZone, day: DayInput, *, rise: float, et: float) -> float:
    """Return the standard error in the evening.

    Errors of evapotranspiration and rise have one sign for long and add up; errors of rain are
    new every day. A soil that is known to be full is known.
    """
    rise_error = day.rise_sd_mm * min(1.0, rise / day.rise_mm) if day.rise_mm > 0 else 0.0
    lasting = state.sd_mm + day.et_error * et + rise_error
    error = math.hypot(lasting, day.rain_sd_mm * zone.rain_share)
    surplus = day.rain_mm * zone.rain_share + day.given_mm - state.depletion_mm
    if surplus > 0:
        # The more water ran through, the surer the soil is full.
        error *= math.exp(-surplus / max(1.0, error))
    return min(error, zone.available_mm / 2)
