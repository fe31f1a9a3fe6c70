"""The same season reckoned by pyfao56 (USDA, public domain), which has no groundwater."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from dispatch.demand.irrigation.et0 import LEAST_WIND, USUAL_WIND, radiation_of_range
from dispatch.demand.irrigation.inputs import USUAL_RH_MIN_PCT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from dispatch.demand.irrigation.et0 import Place
    from dispatch.demand.irrigation.inputs import IrrigationInputs
    from dispatch.domain.weather import WeatherDay
    from scenarios.bench.water_season import SeasonRun


class PeerSeason(NamedTuple):
    """Sums of the season in mm, and the largest difference of one day's depletion from ours."""

    version: str
    et_mm: float
    evaporation_mm: float
    percolation_mm: float
    apart_mm: float


def peer_season(
    run: SeasonRun, inputs: IrrigationInputs, weather: Mapping[date, WeatherDay]
) -> PeerSeason | None:
    """Return pyfao56's season with our weather and waterings; None where it is not installed."""
    try:
        import pyfao56
    except ImportError:
        return None
    peer_weather, irrigation = pyfao56.Weather(), pyfao56.Irrigation()
    peer_weather.rfcrp, peer_weather.wndht = "S", 2
    for balance in run.days:
        day, known = balance.day, weather.get(balance.day)
        key = day.strftime("%Y-%j")
        wind = known.wind_m_s if known and known.wind_m_s is not None else USUAL_WIND
        humid = known.rh_min_pct if known and known.rh_min_pct is not None else USUAL_RH_MIN_PCT
        et0 = inputs.drivers[day].weather.et0_mm
        peer_weather.wdata.loc[key] = math.nan
        columns = ["Wndsp", "RHmin", "Rain", "ETref"]
        peer_weather.wdata.loc[key, columns] = [wind, humid, balance.rain_mm, et0]
        if balance.given_mm:
            day_of_year = day.timetuple().tm_yday
            irrigation.addevent(day.year, day_of_year, balance.given_mm, 1.0)
    days = peer_weather.wdata.index
    model = pyfao56.Model(days[0], days[-1], _parameters(pyfao56, run), peer_weather)
    if len(irrigation.idata):
        model.irr = irrigation
    model.run()
    theirs = model.odata
    apart = max(
        abs(mine.state.depletion_mm - other)
        for mine, other in zip(run.days, theirs.Dr, strict=True)
    )
    return PeerSeason(
        version=str(pyfao56.__version__),
        et_mm=float(theirs["ETa"].sum()),
        evaporation_mm=float(theirs["E"].sum()),
        percolation_mm=float(theirs["DP"].sum()),
        apart_mm=apart,
    )


def peer_reference_et(days: Iterable[WeatherDay], place: Place) -> float | None:
    """Return pyfao56's reference evapotranspiration of the days in mm; None if not installed.

    It estimates nothing: what was not measured it gets as we estimate it.
    """
    try:
        from pyfao56.refet import ascedaily
    except ImportError:
        return None
    total = 0.0
    for day in days:
        doy = day.day.timetuple().tm_yday
        low, high = day.t_min_c, day.t_max_c
        sun = day.radiation_mj
        if sun is None:
            sun = radiation_of_range(low, high, lat=place.lat, day_of_year=doy)
        humid = (day.rh_max_pct, day.rh_min_pct)
        known = {"rhmax": humid[0], "rhmin": humid[1]} if None not in humid else {"tdew": low}
        wind = USUAL_WIND if day.wind_m_s is None else max(LEAST_WIND, day.wind_m_s)
        total += ascedaily(
            *("S", place.altitude_m, place.lat, doy, sun, high, low), wndsp=wind, **known
        )
    return float(total)


def _parameters(pyfao56: Any, run: SeasonRun) -> Any:
    """Return the root zone in pyfao56's words; the season starts with the first day."""
    zone, crop = run.zone, run.zone.crop
    full = zone.soil.field_capacity
    return pyfao56.Parameters(
        **dict(zip(("Kcbini", "Kcbmid", "Kcbend"), crop.basal, strict=True)),
        **dict(zip(("Lini", "Ldev", "Lmid", "Lend"), crop.stages_days, strict=True)),
        hini=crop.height_m,
        hmax=crop.height_m,
        thetaFC=full,
        thetaWP=zone.soil.wilting_point,
        theta0=full,
        Zrini=zone.depth_m,
        Zrmax=zone.depth_m,
        pbase=crop.depletion_share,
        Ze=crop.evaporating_m,
        REW=zone.soil.easy_mm,
    )
