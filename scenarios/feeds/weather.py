"""Three weather stations on benches, a forecast and the depth of groundwater, as files have them.

The weather is that of the trees (`trees.rain_mm`). One station stands in the shade from noon on,
another's anemometer is stuck for three weeks: the pipeline has to see that by itself.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from dispatch.demand.irrigation.climate import usual_day
from dispatch.demand.irrigation.et0 import BOCHUM, clear_sky
from dispatch.demand.irrigation.stations import city_weather, forecast_weather
from dispatch.domain.clock import at_local, to_utc
from dispatch.intake.weather.groundwater import read_groundwater
from dispatch.intake.weather.stations import read_stations
from dispatch.service.weather.source import GivenWeather, WaterSources
from scenarios.feeds.clockwork import FeedPeriod, rng_for
from scenarios.feeds.trees import rain_mm, season_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dispatch.domain.site import Site

STATIONS: Final = ("BANK-OFFEN", "BANK-SCHATTEN", "BANK-WIND")
FORECAST: Final = ("VORHERSAGE",)
FORECAST_DAYS: Final = 9
STUCK_DAYS: Final = 21
SHADE_FROM: Final = 12
HEADER: Final = "time_utc,station,temperature_c,humidity_pct,solar_w_m2,wind_speed,rain_mm"
MJ_TO_W: Final = 1e6 / 3600


def water_sources(sites: Sequence[Site], period: FeedPeriod) -> WaterSources:
    """Return what the irrigation model sees at the end of the period: all from bytes in files."""
    today = period.dates[-1]
    measured = read_stations(station_csv(period), station="")
    days_ahead = (today + timedelta(days=n) for n in range(FORECAST_DAYS))
    ahead = read_stations(_csv(FORECAST, days_ahead, period), station="")
    weather = city_weather(measured.readings, place=BOCHUM)
    forecast = forecast_weather(ahead.readings, place=BOCHUM, wind_height_m=2.0)
    return WaterSources(
        sources=(
            GivenWeather(days=weather.days, notes=weather.notes),
            GivenWeather(days=forecast.days),
        ),
        groundwater=read_groundwater(groundwater_csv(sites, period)).levels,
    )


def station_csv(period: FeedPeriod) -> bytes:
    """Return the hourly file of all stations from the start of the season up to now."""
    return _csv(STATIONS, season_days(period), period)


def groundwater_csv(sites: Sequence[Site], period: FeedPeriod) -> bytes:
    """Return this month's depth at each site: 1 to 12 m, as where old mines are drained."""
    day = period.dates[-1].replace(day=1)
    rows = ["site_id,depth_m,date,capillary_mm_d,sigma,method"]
    for site in sites:
        depth = 1.0 + float(rng_for(period.seed, site.id, "groundwater").gamma(2.0, 2.0))
        rows.append(f"{site.id},{min(12.0, depth):.2f},{day.isoformat()},,0.3,kriging")
    return "\n".join(rows).encode()


def _csv(stations: Sequence[str], days: Iterable[date], period: FeedPeriod) -> bytes:
    rows = [HEADER]
    for day in days:
        for station in stations:
            rows += _rows(station, day, period)
    return "\n".join(rows).encode()


def _rows(station: str, day: date, period: FeedPeriod) -> Iterator[str]:
    """Yield the hours of one local day at one station."""
    today = period.dates[-1]
    rng = rng_for(period.seed, station, "weather", day.isoformat())
    rain = rain_mm(day, today=today, seed=period.seed)
    wet_hour = int(rng.integers(3, 21))
    clouds = rng_for(period.seed, "clouds", day.isoformat())
    bright = 0.3 if rain > 0 else float(clouds.uniform(0.5, 0.98))
    stuck = station == "BANK-WIND" and 0 <= (today - day).days <= STUCK_DAYS
    moment, end = to_utc(at_local(day, datetime.min.time())), day + timedelta(days=1)
    last = min(to_utc(at_local(end, datetime.min.time())), _until(station, period))
    while moment < last:
        hour = moment.hour + 1
        temperature = _temperature(day, hour, wet=rain > 0) + float(rng.normal(0, 0.3))
        sun = _sun(day, hour, bright)
        if station == "BANK-SCHATTEN" and hour >= SHADE_FROM:
            sun *= 0.3
        wind = 19.0 if stuck else 5.0 + 3.0 * math.sin(math.pi * (hour - 6) / 12)
        drops = rain * float(rng.uniform(0.8, 1.2)) if hour == wet_hour else 0.0
        yield (
            f"{moment.astimezone(UTC).isoformat()},{station},{temperature:.1f},"
            f"{_humidity(hour, wet=rain > 0):.0f},{sun:.0f},"
            f"{max(0.0, wind + float(rng.normal(0, 1))):.1f},{drops:.1f}"
        )
        moment += timedelta(hours=1)


def _until(station: str, period: FeedPeriod) -> datetime:
    """Return when a station's file ends: now, or for a forecast beyond its last day."""
    ahead = timedelta(days=FORECAST_DAYS + 1) if station in FORECAST else timedelta(0)
    return to_utc(period.now) + ahead


def _temperature(day: date, hour_utc: int, *, wet: bool) -> float:
    usual = usual_day(day)
    middle = (usual.t_min_c + usual.t_max_c) / 2 - (1.0 if wet else 0.0)
    half_range = 3.0 if wet else 5.0
    # Coldest at 3 and warmest at 15 o'clock UTC, nearly.
    return middle + half_range * math.cos(2 * math.pi * (hour_utc - 15) / 24)


def _sun(day: date, hour_utc: int, bright: float) -> float:
    """Return W/m2: a half sine between 4 and 20 o'clock; `bright` is a clear day's share."""
    daily = bright * clear_sky(BOCHUM.lat, BOCHUM.altitude_m, day.timetuple().tm_yday)
    angle = math.pi * (hour_utc - 4) / 16
    return max(0.0, math.sin(angle)) * daily * MJ_TO_W * math.pi / 32 if 4 < hour_utc < 20 else 0.0


def _humidity(hour_utc: int, *, wet: bool) -> float:
    middle, half_range = (82.0, 10.0) if wet else (65.0, 20.0)
    return middle - half_range * math.cos(2 * math.pi * (hour_utc - 15) / 24)
