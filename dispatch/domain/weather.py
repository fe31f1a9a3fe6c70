"""Weather, groundwater and water given: what the irrigation model is fed with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dispatch.domain.ids import SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class StationReading:
    """What one weather station saw at one moment; None is a value that was not sent.

    `radiation_w_m2` is global radiation, `wind_m_s` the mean wind at the station's own height,
    `rain_mm` the rain since the reading before.
    """

    station: str
    at: datetime
    temperature_c: float | None = None
    humidity_pct: float | None = None
    radiation_w_m2: float | None = None
    wind_m_s: float | None = None
    rain_mm: float | None = None


class WeatherOrigin(StrEnum):
    """How a day's weather is known."""

    STATION = "station"
    FORECAST = "forecast"
    CLIMATE = "climate"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeatherDay:
    """One day's weather of the city; None is what nobody measured believably.

    `radiation_mj` is in MJ per m2 and day, `wind_m_s` at 2 m above ground; `rain_sd_mm` is the
    standard error of the rain: few stations, or a forecast.
    """

    day: date
    t_min_c: float
    t_max_c: float
    rain_mm: float
    rain_sd_mm: float
    origin: WeatherOrigin
    rh_min_pct: float | None = None
    rh_max_pct: float | None = None
    radiation_mj: float | None = None
    wind_m_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundwaterLevel:
    """How deep the groundwater lies below the ground at a site, as measured or modelled.

    `capillary_mm_d` is the groundwater model's own figure of what rises into the roots; without
    it the rise follows from depth and soil. `sigma_m` is the standard error of the depth.
    """

    site_id: SiteId
    day: date
    depth_m: float
    capillary_mm_d: float | None = None
    sigma_m: float = 0.0
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WateringGiven:
    """Water that a crew really gave at a site."""

    site_id: SiteId
    given_at: datetime
    litres: float
    photo: str = ""
