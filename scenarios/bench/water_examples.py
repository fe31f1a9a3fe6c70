"""What FAO Irrigation and Drainage Paper 56 prints in its examples, beside what comes out here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final, NamedTuple

from dispatch.demand.irrigation import et0
from dispatch.demand.irrigation.et0 import Place, reference_et
from dispatch.domain.weather import WeatherDay, WeatherOrigin
from scenarios.bench.sheet import Sheet

NEAR: Final = 0.005
"""Printed figures have three digits."""
SUNSHINE: Final = et0.radiation_of_sunshine(9.25, lat=50.80, day_of_year=187)
UCCLE: Final = WeatherDay(
    day=date(2026, 7, 6),
    t_min_c=12.3,
    t_max_c=21.5,
    rain_mm=0,
    rain_sd_mm=0,
    origin=WeatherOrigin.STATION,
    rh_min_pct=63,
    rh_max_pct=84,
    radiation_mj=SUNSHINE,
    wind_m_s=et0.wind_at_2m(10 / 3.6, height_m=10),
)
LYON: Final = replace(
    UCCLE,
    day=date(2026, 7, 15),
    t_min_c=14.8,
    t_max_c=26.6,
    rh_min_pct=None,
    rh_max_pct=None,
    radiation_mj=None,
    wind_m_s=None,
)


class Case(NamedTuple):
    """One figure of one example."""

    example: int
    what: str
    printed: float
    here: float
    unit: str


def examples() -> Sheet:
    """Return the table of examples; the tests have more of them."""
    cases = (
        Case(3, "es, 15 to 24.5 degrees", 2.39, et0.mean_saturation(15, 24.5), "kPa"),
        Case(8, "Ra, 3 September, 20 degrees south", 32.2, et0.extraterrestrial(-20, 246), "MJ"),
        Case(17, "ET0, Bangkok in April", 5.72, _bangkok(), "mm"),
        Case(18, "Rs, Uccle on 6 July", 22.07, SUNSHINE, "MJ"),
        Case(18, "ET0, Uccle on 6 July", 3.88, reference_et(UCCLE, Place(lat=50.80)), "mm"),
        Case(
            *(20, "ET0, Lyon in July, temperatures only", 4.56),
            *(reference_et(LYON, Place(lat=45.72, altitude_m=200)), "mm"),
        ),
    )
    return Sheet(
        "Irrigation: worked examples of FAO-56",
        ("example", "what", "printed", "here"),
        tuple(
            (str(c.example), c.what, f"{c.printed:g} {c.unit}", f"{c.here:.2f} {c.unit}")
            for c in cases
        ),
        (
            (
                "every figure within 0.5 % of the printed one",
                all(abs(case.here / case.printed - 1) < NEAR for case in cases),
            ),
        ),
    )


def _bangkok() -> float:
    sun = et0.radiation_of_sunshine(8.5, lat=13.73, day_of_year=105)
    clearness = sun / et0.clear_sky(13.73, 2, 105)
    longwave = et0.net_longwave(25.6, 34.8, vapour_kpa=2.85, clearness=clearness)
    return et0.penman_monteith(
        temperature_c=30.2,
        net_radiation=(1 - et0.ALBEDO) * sun - longwave,
        ground_heat=0.14,
        deficit_kpa=et0.mean_saturation(25.6, 34.8) - 2.85,
        wind_m_s=2,
        altitude_m=2,
    )
