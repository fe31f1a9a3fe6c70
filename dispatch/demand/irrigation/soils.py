"""What soils hold, how water rises in them, and what a sensor's reading means in millimetres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispatch.domain.site import SoilTexture

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELD_CAPACITY_KPA: Final = 33.0
WILTING_KPA: Final = 1500.0
"""Suctions at which the two water contents of a soil are defined."""
LEAST_RISE_MM: Final = 0.5
"""A smaller rise is none: it is within the error of evapotranspiration, and FAO-56 (chapter 8)
calls the rise zero when the water table lies more than about a metre below the roots."""
MOST_RISE_MM: Final = 99.0
"""What AquaCrop takes for the highest rise, right above the water table."""
RISE_SHAPE: Final = 16
"""Exponent by which the rise ends as the soil approaches field capacity (AquaCrop, f_shape_cr)."""
LEAST_SUCTION_KPA: Final = 10.0
"""Wetter than this a soil drains by itself: nothing is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Soil:
    """Water contents as volume per volume; `easy_mm` evaporates at full rate from the surface.

    `rise_slope` and `rise_offset` are a and b of the rise from a water table z m below the roots:
    CR = exp((ln z - b) / a) mm a day.
    """

    field_capacity: float
    wilting_point: float
    easy_mm: float
    rise_slope: float
    rise_offset: float

    @property
    def holds_mm_m(self) -> float:
        """Water available to plants, in mm per m of depth (FAO-56, 82)."""
        return 1000 * (self.field_capacity - self.wilting_point)


def _sandy(conductivity_mm_d: float) -> tuple[float, float]:
    k = min(2000.0, max(200.0, conductivity_mm_d))
    return -0.3112 - 1e-5 * k, -1.4936 + 0.2416 * math.log(k)


def _loamy(conductivity_mm_d: float) -> tuple[float, float]:
    k = min(750.0, max(100.0, conductivity_mm_d))
    return -0.4986 + 9e-5 * k, -2.1320 + 0.4778 * math.log(k)


def _sandy_clayey(conductivity_mm_d: float) -> tuple[float, float]:
    k = min(150.0, max(5.0, conductivity_mm_d))
    return -0.5677 - 4e-5 * k, -3.7189 + 0.5922 * math.log(k)


def _silty_clayey(conductivity_mm_d: float) -> tuple[float, float]:
    k = min(150.0, max(1.0, conductivity_mm_d))
    return -0.6366 + 8e-4 * k, -1.9165 + 0.7063 * math.log(k)


def _soil(capacity: float, wilting: float, easy_mm: float, rise: tuple[float, float]) -> Soil:
    return Soil(
        field_capacity=capacity,
        wilting_point=wilting,
        easy_mm=easy_mm,
        rise_slope=rise[0],
        rise_offset=rise[1],
    )


SOILS: Final[Mapping[SoilTexture, Soil]] = {
    SoilTexture.SAND: _soil(0.13, 0.06, 4.5, _sandy(3000)),
    SoilTexture.LOAMY_SAND: _soil(0.16, 0.08, 6.0, _sandy(2200)),
    SoilTexture.SANDY_LOAM: _soil(0.22, 0.10, 8.0, _sandy(1200)),
    SoilTexture.LOAM: _soil(0.31, 0.15, 9.0, _loamy(500)),
    SoilTexture.SILT_LOAM: _soil(0.33, 0.13, 9.5, _loamy(575)),
    SoilTexture.SANDY_CLAY_LOAM: _soil(0.32, 0.20, 9.0, _sandy_clayey(225)),
    SoilTexture.CLAY_LOAM: _soil(0.39, 0.23, 9.5, _sandy_clayey(125)),
    SoilTexture.SILTY_CLAY_LOAM: _soil(0.44, 0.23, 9.5, _silty_clayey(150)),
    SoilTexture.CLAY: _soil(0.54, 0.39, 10.0, _silty_clayey(35)),
}
"""Water contents and saturated conductivities (mm a day): AquaCrop's table of soil types (FAO 2012,
reference manual, chapter 2); equations of the rise by class: the same manual, chapter 3, "Capillary
rise"; readily evaporable water: middles of FAO-56 table 19, of the neighbour where it has none."""


def capillary_rise(soil: Soil, *, below_roots_m: float) -> float:
    """Return what rises into dry soil from a water table so far below the roots, in mm a day.

    Zero when it lies deep, the highest figure when it reaches them.
    """
    if below_roots_m <= 0:
        return MOST_RISE_MM
    exponent = (math.log(below_roots_m) - soil.rise_offset) / soil.rise_slope
    rise = min(MOST_RISE_MM, math.exp(min(exponent, 5.0)))
    return rise if rise >= LEAST_RISE_MM else 0.0


def dryness_factor(depletion_mm: float, available_mm: float) -> float:
    """Return the share of the rise that a soil takes in: none at field capacity, soon all of it."""
    fullness = 1 - min(1.0, max(0.0, depletion_mm / available_mm))
    return float(1 - fullness**RISE_SHAPE)


def content_at_suction(soil: Soil, suction_kpa: float) -> float:
    """Return the water content (volume per volume) at a suction, by a power law.

    The curve passes through field capacity at 33 and the wilting point at 1500 kPa (Campbell 1974).
    """
    power = math.log(soil.field_capacity / soil.wilting_point) / math.log(
        WILTING_KPA / FIELD_CAPACITY_KPA
    )
    suction = max(LEAST_SUCTION_KPA, suction_kpa)
    return float(soil.field_capacity * (FIELD_CAPACITY_KPA / suction) ** power)
