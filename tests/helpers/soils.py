"""Root zones, weather and stations of the irrigation model, with defaults that fit together."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from dispatch.demand.irrigation.balance import DayWeather, crop_day
from dispatch.demand.irrigation.et0 import BOCHUM, clear_sky
from dispatch.demand.irrigation.inputs import IrrigationInputs, make_inputs
from dispatch.demand.irrigation.rootzone import RootZone
from dispatch.demand.irrigation.season import Forecaster, Ground
from dispatch.demand.irrigation.settings import CropSettings, IrrigationSettings
from dispatch.demand.irrigation.soils import SOILS
from dispatch.domain.ids import SiteId
from dispatch.domain.site import SoilTexture
from dispatch.domain.weather import GroundwaterLevel, StationReading, WeatherDay, WeatherOrigin

if TYPE_CHECKING:
    from collections.abc import Sequence

APRIL = date(2026, 4, 1)
SETTINGS = IrrigationSettings()
CROP = CropSettings()


def a_zone(**parts: Any) -> RootZone:
    """Return 0.6 m of loam, 3 m2: 96 mm of available water."""
    usual: dict[str, Any] = {
        "soil": SOILS[SoilTexture.LOAM],
        "depth_m": 0.6,
        "area_m2": 3.0,
        "crop": CROP,
    }
    return RootZone(**usual | parts)


def a_day(season_day: int = 100, **parts: Any) -> DayWeather:
    """Return a dry summer day of 4 mm."""
    basal, highest, cover = crop_day(CROP, season_day=season_day, wind_m_s=2.0, rh_min_pct=45.0)
    usual: dict[str, Any] = {
        "day": APRIL + timedelta(days=season_day),
        "et0_mm": 4.0,
        "rain_mm": 0.0,
        "basal": basal,
        "highest": highest,
        "cover": cover,
    }
    return DayWeather(**usual | parts)


def weather_days(
    count: int, *, first: date = APRIL, rain_mm: float | None = None, seed: int = 1
) -> list[WeatherDay]:
    """Return measured days of a summer: showers on three of ten, or the same rain every day."""
    rng = np.random.default_rng(seed)
    found = []
    for n in range(count):
        wet = rng.random() < 0.3
        shower = float(rng.exponential(6)) if wet else 0.0
        middle = 15 + 5 * math.sin(math.pi * n / 180)
        half = float(rng.uniform(3, 7))
        found.append(
            WeatherDay(
                day=first + timedelta(days=n),
                t_min_c=middle - half,
                t_max_c=middle + half,
                rain_mm=shower if rain_mm is None else rain_mm,
                rain_sd_mm=0.5,
                origin=WeatherOrigin.STATION,
                rh_min_pct=float(rng.uniform(35, 60)),
                rh_max_pct=90.0,
                wind_m_s=float(rng.uniform(1, 3)),
            )
        )
    return found


def inputs_of(
    weather: Sequence[WeatherDay], *, ahead: int = 18, depth_m: float | None = None
) -> IrrigationInputs:
    """Return the inputs of the days and some more, with groundwater at a depth below "site-1"."""
    first, last = weather[0].day, weather[-1].day
    levels = [] if depth_m is None else [a_level(depth_m, day=first)]
    return make_inputs(
        weather,
        first=first,
        last=last + timedelta(days=ahead),
        place=BOCHUM,
        settings=SETTINGS,
        groundwater=levels,
    )


def a_level(depth_m: float, *, day: date = APRIL, **parts: Any) -> GroundwaterLevel:
    """Return the groundwater below "site-1"."""
    return GroundwaterLevel(site_id=SiteId("site-1"), day=day, depth_m=depth_m, **parts)


def a_forecaster(inputs: IrrigationInputs, **ground: Any) -> Forecaster:
    """Return the model of "site-1"."""
    usual: dict[str, Any] = {"site_id": SiteId("site-1"), "zone": a_zone()}
    return Forecaster(ground=Ground(**usual | ground), inputs=inputs, settings=SETTINGS)


def station_days(
    station: str, *, days: int = 12, first: date = date(2026, 6, 1), **values: Any
) -> list[StationReading]:
    """Return hourly readings of fine days, in UTC; a value given stands for every hour."""
    found = []
    for hour in range(24 * days):
        at = datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(hours=hour - 2)
        angle = math.pi * (at.hour - 4) / 16
        daily = 0.95 * clear_sky(BOCHUM.lat, BOCHUM.altitude_m, at.timetuple().tm_yday)
        usual: dict[str, Any] = {
            "temperature_c": 18 + 6 * math.cos(2 * math.pi * (at.hour - 15) / 24),
            "humidity_pct": 60.0,
            "radiation_w_m2": max(0.0, math.sin(angle)) * daily / 0.0036 * math.pi / 32
            if 4 < at.hour < 20
            else 0.0,
            "wind_m_s": 1.0 + (at.hour % 12) / 6,
            "rain_mm": 0.0,
        }
        found.append(StationReading(station=station, at=at, **usual | values))
    return found
