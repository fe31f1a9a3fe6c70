"""Which values of which station on which day cannot be believed.

Each check returns (station, day) pairs. A fault of weeks must not pass for weather: checks look at
the days around, and at the other stations where there are any.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median
from typing import TYPE_CHECKING, Final

from dispatch.demand.irrigation.et0 import clear_sky

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.demand.irrigation.et0 import Place

Doubted = frozenset[tuple[str, date]]

AROUND_DAYS: Final = 15
"""Radiation is judged by the clearest days within so many days before and after."""
FEWEST_DAYS: Final = 8
"""Fewer days than this within that time tell nothing about shade."""
CLEAR_SHARE: Final = 0.80
"""The clearest days of a month in the open come within a fifth of a cloudless sky's radiation;
a station whose never do stands in the shade for hours (FAO-56, annex 5: compare with Rso)."""
CLEAREST: Final = 0.9
"""Which of the sorted days stands for the clearest ones: one bright reading proves nothing."""
STRONG_WIND_M_S: Final = 4.0
"""Mean of a day at 2 m that inland a storm brings, not a week."""
RESTLESS_M_S: Final = 2.0
"""Calmest hour of the day: inland, nights are calm."""
WIND_RATIO: Final = 2.5
"""So many times the median of the other stations is not the same wind."""
APART_C: Final = 4.0
"""Daily minimum and maximum of stations in one city lie closer than this."""
STUCK_C: Final = 0.3
"""A day's temperature moves more than this."""
MUCH_RAIN_MM: Final = 10.0
RAIN_RATIO: Final = 10.0
"""Heavy rain that all others saw nothing of fell from a garden hose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationDay:
    """One station's day, None where too few hours have values."""

    station: str
    day: date
    t_min_c: float | None = None
    t_max_c: float | None = None
    rh_min_pct: float | None = None
    rh_max_pct: float | None = None
    radiation_mj: float | None = None
    wind_m_s: float | None = None
    calmest_m_s: float | None = None
    rain_mm: float | None = None
    flat: bool = False

    @property
    def key(self) -> tuple[str, date]:
        """What the checks name the day by."""
        return self.station, self.day

    def without(self, *, radiation: bool, wind: bool, rain: bool, temperature: bool) -> StationDay:
        """Return the day without what is doubted; a stuck thermometer doubts the humidity too."""
        kept = self
        if radiation:
            kept = replace(kept, radiation_mj=None)
        if wind:
            kept = replace(kept, wind_m_s=None)
        if rain:
            kept = replace(kept, rain_mm=None)
        if temperature:
            kept = replace(kept, t_min_c=None, t_max_c=None, rh_min_pct=None, rh_max_pct=None)
        return kept


def stuck(temperatures: Sequence[float]) -> bool:
    """Tell whether a day's temperatures do not move."""
    return len(temperatures) > 1 and max(temperatures) - min(temperatures) < STUCK_C


def shaded_stations(days: Iterable[StationDay], place: Place) -> Doubted:
    """Return the days whose radiation comes from a station that never sees a clear sky then."""
    shares: dict[str, dict[date, float]] = defaultdict(dict)
    for entry in days:
        if entry.radiation_mj is not None:
            doy = entry.day.timetuple().tm_yday
            clear = clear_sky(place.lat, place.altitude_m, doy)
            shares[entry.station][entry.day] = entry.radiation_mj / clear
    return frozenset(
        (station, day)
        for station, of_day in shares.items()
        for day in of_day
        if _never_clear(of_day, day)
    )


def _never_clear(of_day: dict[date, float], day: date) -> bool:
    span = range(-AROUND_DAYS, AROUND_DAYS + 1)
    near = sorted(share for d in span if (share := of_day.get(day + timedelta(days=d))) is not None)
    if len(near) < FEWEST_DAYS:
        return False
    return near[round(CLEAREST * (len(near) - 1))] < CLEAR_SHARE


def doubted_wind(days: Iterable[StationDay]) -> Doubted:
    """Return the days whose wind is NOT believable: far above the others, or never calm."""
    by_day: dict[date, list[StationDay]] = defaultdict(list)
    for entry in days:
        if entry.wind_m_s is not None:
            by_day[entry.day].append(entry)
    doubted = set()
    for of_day in by_day.values():
        for entry in of_day:
            wind, calmest = entry.wind_m_s or 0.0, entry.calmest_m_s or 0.0
            others = [o.wind_m_s or 0.0 for o in of_day if o.station != entry.station]
            restless = wind > STRONG_WIND_M_S and calmest > RESTLESS_M_S
            alone = bool(others) and wind > WIND_RATIO * max(0.5, median(others))
            if (restless and (alone or not others)) or (alone and calmest > RESTLESS_M_S):
                doubted.add((entry.station, entry.day))
    return frozenset(doubted)


def doubted_rain(days: Iterable[StationDay]) -> Doubted:
    """Return the days whose rain is NOT believable: much at one station, nothing at two others."""
    by_day: dict[date, list[StationDay]] = defaultdict(list)
    for entry in days:
        if entry.rain_mm is not None:
            by_day[entry.day].append(entry)
    doubted = set()
    for of_day in by_day.values():
        for entry in of_day:
            others = [o.rain_mm or 0.0 for o in of_day if o.station != entry.station]
            rain = entry.rain_mm or 0.0
            if len(others) > 1 and rain > MUCH_RAIN_MM and rain > RAIN_RATIO * max(others):
                doubted.add((entry.station, entry.day))
    return frozenset(doubted)


def outvoted_temperatures(days: Iterable[StationDay]) -> Doubted:
    """Return the days whose temperature is stuck, or far from the median of three stations."""
    by_day: dict[date, list[StationDay]] = defaultdict(list)
    doubted = set()
    for entry in days:
        if entry.flat:
            doubted.add((entry.station, entry.day))
        elif entry.t_min_c is not None:
            by_day[entry.day].append(entry)
    for of_day in by_day.values():
        if len(of_day) > 2:
            low = median(e.t_min_c or 0.0 for e in of_day)
            high = median(e.t_max_c or 0.0 for e in of_day)
            doubted |= {
                (e.station, e.day)
                for e in of_day
                if max(abs((e.t_min_c or 0.0) - low), abs((e.t_max_c or 0.0) - high)) > APART_C
            }
    return frozenset(doubted)
