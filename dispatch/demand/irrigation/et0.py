"""Reference evapotranspiration after FAO Irrigation and Drainage Paper 56 (Allen et al. 1998).

Numbers in brackets are the paper's equations. Temperatures in °C, pressures in kPa, radiation in
MJ per m2 and day, wind in m/s at 2 m, latitudes in degrees, evapotranspiration in mm per day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dispatch.domain.weather import WeatherDay

SOLAR_CONSTANT: Final = 0.0820
"""MJ per m2 and minute (21)."""
STEFAN_BOLTZMANN: Final = 4.903e-9
"""MJ per K4, m2 and day (39)."""
ALBEDO: Final = 0.23
"""Of the grass reference (38)."""
INLAND: Final = 0.16
"""Radiation from the range of temperature, interior locations (50)."""
USUAL_WIND: Final = 2.0
"""Where wind is not known: mean of 2000 stations (chapter 3, page 63)."""
LEAST_WIND: Final = 0.5
"""Wind below this is taken as this: the air above grass is never wholly still (page 63)."""
MJ_TO_MM: Final = 0.408
"""Evaporated depth of one MJ (20)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the weather is: degrees north, metres above sea level."""

    lat: float = 51.48
    altitude_m: float = 100.0


BOCHUM: Final = Place()


def pressure(altitude_m: float) -> float:
    """Return the mean air pressure (7)."""
    return float(101.3 * ((293 - 0.0065 * altitude_m) / 293) ** 5.26)


def psychrometric(altitude_m: float) -> float:
    """Return the psychrometric constant in kPa per °C (8)."""
    return 0.665e-3 * pressure(altitude_m)


def saturation(temperature_c: float) -> float:
    """Return the saturation vapour pressure (11)."""
    return 0.6108 * math.exp(17.27 * temperature_c / (temperature_c + 237.3))


def mean_saturation(t_min_c: float, t_max_c: float) -> float:
    """Return the day's mean saturation vapour pressure (12)."""
    return (saturation(t_min_c) + saturation(t_max_c)) / 2


def saturation_slope(temperature_c: float) -> float:
    """Return the slope of the saturation vapour pressure in kPa per °C (13)."""
    return 4098 * saturation(temperature_c) / (temperature_c + 237.3) ** 2


def vapour_pressure(
    t_min_c: float, t_max_c: float, *, rh_min_pct: float | None, rh_max_pct: float | None
) -> float:
    """Return the actual vapour pressure (17); without humidity the dew point is `t_min_c` (48)."""
    if rh_min_pct is None or rh_max_pct is None:
        return saturation(t_min_c)
    return (saturation(t_min_c) * rh_max_pct + saturation(t_max_c) * rh_min_pct) / 200


def _sun(lat: float, day_of_year: int) -> tuple[float, float, float]:
    """Return inverse relative distance (23), declination (24) and sunset hour angle (25)."""
    turn = 2 * math.pi * day_of_year / 365
    declination = 0.409 * math.sin(turn - 1.39)
    cosine = -math.tan(math.radians(lat)) * math.tan(declination)
    return 1 + 0.033 * math.cos(turn), declination, math.acos(min(1.0, max(-1.0, cosine)))


def extraterrestrial(lat: float, day_of_year: int) -> float:
    """Return the radiation above the atmosphere (21)."""
    nearness, declination, sunset = _sun(lat, day_of_year)
    phi = math.radians(lat)
    return (24 * 60 / math.pi * SOLAR_CONSTANT * nearness) * (
        sunset * math.sin(phi) * math.sin(declination)
        + math.cos(phi) * math.cos(declination) * math.sin(sunset)
    )


def daylight_hours(lat: float, day_of_year: int) -> float:
    """Return the longest possible sunshine (34)."""
    return 24 / math.pi * _sun(lat, day_of_year)[2]


def radiation_of_sunshine(sunshine_h: float, *, lat: float, day_of_year: int) -> float:
    """Return the global radiation that belongs to hours of sunshine (35)."""
    share = sunshine_h / daylight_hours(lat, day_of_year)
    return (0.25 + 0.50 * share) * extraterrestrial(lat, day_of_year)


def radiation_of_range(t_min_c: float, t_max_c: float, *, lat: float, day_of_year: int) -> float:
    """Return the global radiation that belongs to the range of temperature (50, Hargreaves)."""
    outside = extraterrestrial(lat, day_of_year)
    return min(INLAND * math.sqrt(max(0.0, t_max_c - t_min_c)), 0.75) * outside


def clear_sky(lat: float, altitude_m: float, day_of_year: int) -> float:
    """Return the global radiation of a cloudless day (37)."""
    return (0.75 + 2e-5 * altitude_m) * extraterrestrial(lat, day_of_year)


def net_longwave(t_min_c: float, t_max_c: float, *, vapour_kpa: float, clearness: float) -> float:
    """Return the net outgoing longwave radiation (39); `clearness` is Rs/Rso, at most 1."""
    fourth = ((t_max_c + 273.16) ** 4 + (t_min_c + 273.16) ** 4) / 2
    cloud = 1.35 * min(1.0, max(0.25, clearness)) - 0.35
    return STEFAN_BOLTZMANN * fourth * (0.34 - 0.14 * math.sqrt(vapour_kpa)) * cloud


def wind_at_2m(wind_m_s: float, *, height_m: float) -> float:
    """Return wind measured at another height as at 2 m (47)."""
    return wind_m_s * 4.87 / math.log(67.8 * height_m - 5.42)


def penman_monteith(
    *,
    temperature_c: float,
    net_radiation: float,
    deficit_kpa: float,
    wind_m_s: float,
    altitude_m: float,
    ground_heat: float = 0.0,
) -> float:
    """Return the reference evapotranspiration (6)."""
    slope, gamma = saturation_slope(temperature_c), psychrometric(altitude_m)
    energy = MJ_TO_MM * slope * (net_radiation - ground_heat)
    air = gamma * 900 / (temperature_c + 273) * wind_m_s * deficit_kpa
    return max(0.0, (energy + air) / (slope + gamma * (1 + 0.34 * wind_m_s)))


def hargreaves(t_min_c: float, t_max_c: float, *, lat: float, day_of_year: int) -> float:
    """Return the reference evapotranspiration from temperatures alone (52)."""
    outside_mm = MJ_TO_MM * extraterrestrial(lat, day_of_year)
    mean = (t_min_c + t_max_c) / 2
    return max(0.0, 0.0023 * (mean + 17.8) * math.sqrt(max(0.0, t_max_c - t_min_c)) * outside_mm)


def reference_et(weather: WeatherDay, place: Place) -> float:
    """Return a day's reference evapotranspiration; what was not measured is estimated.

    Radiation from the range of temperature (50), humidity from the minimum (48), wind 2 m/s:
    so the paper's chapter 3 advises for missing data.
    """
    doy = weather.day.timetuple().tm_yday
    low, high = weather.t_min_c, max(weather.t_min_c, weather.t_max_c)
    vapour = vapour_pressure(
        low, high, rh_min_pct=weather.rh_min_pct, rh_max_pct=weather.rh_max_pct
    )
    radiation = weather.radiation_mj
    if radiation is None:
        radiation = radiation_of_range(low, high, lat=place.lat, day_of_year=doy)
    clearness = radiation / clear_sky(place.lat, place.altitude_m, doy)
    net = (1 - ALBEDO) * radiation - net_longwave(low, high, vapour_kpa=vapour, clearness=clearness)
    wind = USUAL_WIND if weather.wind_m_s is None else max(LEAST_WIND, weather.wind_m_s)
    return penman_monteith(
        temperature_c=(low + high) / 2,
        net_radiation=net,
        deficit_kpa=max(0.0, mean_saturation(low, high) - vapour),
        wind_m_s=wind,
        altitude_m=place.altitude_m,
    )
