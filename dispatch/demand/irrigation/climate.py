"""The usual weather of a day of the year, for days nobody measured or forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.domain.weather import WeatherDay, WeatherOrigin

if TYPE_CHECKING:
    from datetime import date

T_MAX_C: Final = (3.9, 5.1, 8.3, 12.4, 17.1, 20.0, 21.6, 21.6, 18.4, 14.0, 8.1, 4.9)
T_MIN_C: Final = (-0.3, 0.0, 2.2, 4.8, 8.7, 11.5, 13.2, 13.3, 11.1, 7.9, 3.5, 0.9)
RAIN_MM: Final = (81, 57, 75, 68, 73, 97, 89, 77, 73, 70, 83, 90)
"""Means of months and sums of their rain at Essen, 15 km west of Bochum's centre, as wetter.de
published them; recent years are a degree warmer, which is left to the error of the model."""

DAYS: Final = (31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MIDDLE: Final = 15
"""Values stand for the middle of their month and are joined by straight lines."""

RAIN_SD_RATIO: Final = 2.0
"""Standard deviation of a day's rain over its mean: two days of three are dry (assumed; the two
stations of the city had 2.4 and 2.6 in summer 2025)."""


def usual_day(day: date) -> WeatherDay:
    """Return the climate of a day as if it were its weather; the rain is the mean, so a drizzle."""
    rain = _between(tuple(mm / n for mm, n in zip(RAIN_MM, DAYS, strict=True)), day)
    return WeatherDay(
        day=day,
        t_min_c=_between(T_MIN_C, day),
        t_max_c=_between(T_MAX_C, day),
        rain_mm=rain,
        rain_sd_mm=RAIN_SD_RATIO * rain,
        origin=WeatherOrigin.CLIMATE,
    )


def _between(values: tuple[float, ...], day: date) -> float:
    """Return the value for a day between the middles of two months."""
    last = day.month - 1 if day.day >= MIDDLE else (day.month - 2) % 12
    since = (day.day - MIDDLE) if day.day >= MIDDLE else day.day - MIDDLE + DAYS[last]
    share = since / DAYS[last]
    return (1 - share) * values[last] + share * values[(last + 1) % 12]
