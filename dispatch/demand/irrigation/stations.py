"""From the readings of several stations to the city's weather day by day.

Stations on benches and roofs are shaded, stuck or broken for weeks: a value counts only if it is
plausible by itself and beside the others. What no station shows believably stays None, and the
reference evapotranspiration estimates it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from statistics import fmean, median
from typing import TYPE_CHECKING, Final

from dispatch.demand.irrigation.et0 import clear_sky, wind_at_2m
from dispatch.demand.irrigation.trust import (
    StationDay,
    doubted_rain,
    doubted_wind,
    outvoted_temperatures,
    shaded_stations,
    stuck,
)
from dispatch.domain.clock import BERLIN, day_bounds, seconds_between
from dispatch.domain.text import Text
from dispatch.domain.weather import WeatherDay, WeatherOrigin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from dispatch.demand.irrigation.et0 import Place
    from dispatch.domain.weather import StationReading

NEEDED_SHARE: Final = 0.9
"""Share of a day's hours that must have values: a missing noon would halve the radiation."""
W_H_TO_MJ: Final = 0.0036
RAIN_SD_SHARE: Final = 0.35
LEAST_RAIN_SD_MM: Final = 0.5
"""Rain of one station for a city: showers are smaller than that (assumed; the city's two stations
differ by 2.4 mm a day)."""
FORECAST_RAIN_SD_SHARE: Final = 0.7
FORECAST_RAIN_SD_MM: Final = 1.5
"""Error of a forecast day's rain: a part of it, and this much at least (assumed)."""


@dataclass(frozen=True, slots=True)
class StationWeather:
    """The city's weather by its stations; the notes say what was not believed."""

    days: tuple[WeatherDay, ...] = ()
    notes: tuple[Text, ...] = ()


def city_weather(
    readings: Iterable[StationReading], *, place: Place, wind_height_m: float = 2.0
) -> StationWeather:
    """Return one WeatherDay for every day on which a station has a whole day of temperatures.

    Days are Bochum's, so that of a change of the clocks has 23 or 25 hours.
    """
    everything = _station_days(readings, wind_height_m=wind_height_m)
    shaded, gusty = shaded_stations(everything, place), doubted_wind(everything)
    wet, hot = doubted_rain(everything), outvoted_temperatures(everything)
    believed = [
        entry.without(
            radiation=entry.key in shaded,
            wind=entry.key in gusty,
            rain=entry.key in wet,
            temperature=entry.key in hot,
        )
        for entry in everything
    ]
    notes = (
        *_notes(shaded, everything, "Strahlung zu niedrig (Schatten)", "radiation low (shade)"),
        *_notes(gusty, everything, "Wind unglaubwürdig", "wind not believable"),
        *_notes(wet, everything, "Regen unglaubwürdig", "rain not believable"),
        *_notes(hot, everything, "Temperatur unglaubwürdig", "temperature not believable"),
    )
    return StationWeather(_merged_days(believed, place), notes)


def forecast_weather(
    readings: Iterable[StationReading], *, place: Place, wind_height_m: float = 10.0
) -> StationWeather:
    """Return the days of a forecast, given as the readings of one station to come.

    It is not doubted: a fortnight of clouds is no shade. Its rain is uncertain.
    """
    merged = _merged_days(_station_days(readings, wind_height_m=wind_height_m), place)
    return StationWeather(
        tuple(
            replace(
                day,
                origin=WeatherOrigin.FORECAST,
                rain_sd_mm=math.hypot(FORECAST_RAIN_SD_MM, FORECAST_RAIN_SD_SHARE * day.rain_mm),
            )
            for day in merged
        )
    )


def _merged_days(stations: Iterable[StationDay], place: Place) -> tuple[WeatherDay, ...]:
    by_day: dict[date, list[StationDay]] = defaultdict(list)
    for entry in stations:
        by_day[entry.day].append(entry)
    merged = (_merged(day, by_day[day], place) for day in sorted(by_day))
    return tuple(day for day in merged if day is not None)


def _station_days(readings: Iterable[StationReading], *, wind_height_m: float) -> list[StationDay]:
    """Return each station's days, from readings of any interval."""
    hours: dict[tuple[str, date], dict[datetime, list[StationReading]]] = {}
    for reading in readings:
        day = reading.at.astimezone(BERLIN).date()
        # Hours of true time: the hour that occurs twice in October is two.
        hour = reading.at.replace(minute=0, second=0, microsecond=0)
        hours.setdefault((reading.station, day), defaultdict(list))[hour].append(reading)
    return [
        _station_day(station, day, by_hour, wind_height_m)
        for (station, day), by_hour in hours.items()
    ]


def _station_day(
    station: str, day: date, by_hour: Mapping[datetime, Sequence[StationReading]], height_m: float
) -> StationDay:
    start, end = day_bounds(day)
    hours = round(seconds_between(start, end) / 3600)
    least = math.floor(NEEDED_SHARE * hours)
    every = [reading for hour in by_hour.values() for reading in hour]
    temperatures = [r.temperature_c for r in every if r.temperature_c is not None]
    warm_hours = sum(any(r.temperature_c is not None for r in hour) for hour in by_hour.values())
    complete = warm_hours >= least
    humidities = [r.humidity_pct for r in every if r.humidity_pct is not None]
    radiation = _hourly(by_hour, "radiation_w_m2")
    wind = _hourly(by_hour, "wind_m_s")
    rain = [r.rain_mm for r in every if r.rain_mm is not None]
    rain_hours = sum(any(r.rain_mm is not None for r in hour) for hour in by_hour.values())
    return StationDay(
        station=station,
        day=day,
        t_min_c=min(temperatures) if complete else None,
        t_max_c=max(temperatures) if complete else None,
        rh_min_pct=min(humidities) if complete and humidities else None,
        rh_max_pct=max(humidities) if complete and humidities else None,
        radiation_mj=W_H_TO_MJ * hours * fmean(radiation) if len(radiation) >= least else None,
        wind_m_s=wind_at_2m(fmean(wind), height_m=height_m) if len(wind) >= least else None,
        calmest_m_s=wind_at_2m(min(wind), height_m=height_m) if len(wind) >= least else None,
        rain_mm=sum(rain) if rain_hours >= least else None,
        flat=stuck(temperatures),
    )


def _hourly(by_hour: Mapping[datetime, Sequence[StationReading]], name: str) -> list[float]:
    """Return the means of the hours that have values: gaps must not shift the day's mean."""
    found = []
    for hour in by_hour.values():
        values = [value for r in hour if (value := getattr(r, name)) is not None]
        if values:
            found.append(fmean(values))
    return found


def _merged(day: date, stations: Sequence[StationDay], place: Place) -> WeatherDay | None:
    """Return the stations' common day: means, of three and more medians."""
    lows = [s.t_min_c for s in stations if s.t_min_c is not None]
    highs = [s.t_max_c for s in stations if s.t_max_c is not None]
    if not lows or not highs:
        return None
    rains = [s.rain_mm for s in stations if s.rain_mm is not None]
    if not rains:
        return None
    rain = _middle(rains) or 0.0
    doy = day.timetuple().tm_yday
    radiation = _middle([s.radiation_mj for s in stations if s.radiation_mj is not None])
    if radiation is not None:
        radiation = min(radiation, clear_sky(place.lat, place.altitude_m, doy))
    spread = (max(rains) - min(rains)) / 2 if len(rains) > 1 else RAIN_SD_SHARE * rain
    return WeatherDay(
        day=day,
        t_min_c=_middle(lows) or 0.0,
        t_max_c=_middle(highs) or 0.0,
        rain_mm=rain,
        rain_sd_mm=max(spread, LEAST_RAIN_SD_MM if rain > 0 else 0.0),
        origin=WeatherOrigin.STATION,
        rh_min_pct=_middle([s.rh_min_pct for s in stations if s.rh_min_pct is not None]),
        rh_max_pct=_middle([s.rh_max_pct for s in stations if s.rh_max_pct is not None]),
        radiation_mj=radiation,
        wind_m_s=_middle([s.wind_m_s for s in stations if s.wind_m_s is not None]),
    )


def _middle(values: Sequence[float]) -> float | None:
    if not values:
        return None
    return median(values) if len(values) > 2 else fmean(values)


def _notes(
    doubted: Iterable[tuple[str, date]], everything: Sequence[StationDay], de: str, en: str
) -> tuple[Text, ...]:
    """Return one note per station with the number of days that were not believed."""
    days: dict[str, int] = defaultdict(int)
    for station, _ in doubted:
        days[station] += 1
    of: dict[str, int] = defaultdict(int)
    for entry in everything:
        of[entry.station] += 1
    return tuple(
        Text(
            de=f"Station {station}: {de} an {days[station]} von {of[station]} Tagen",
            en=f"station {station}: {en} on {days[station]} of {of[station]} days",
        )
        for station in sorted(days)
    )
