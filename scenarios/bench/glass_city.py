"""A simulated city of glass containers whose truth is known, unlike any real one.

It shares nothing with the forecast: people come one by one with bags of very different size, each
kind of area has its own week and hours, seasons, weather, festivals and holidays move them, and
sensors err in ways of their own. Levels may pass 100: then glass lies beside the container.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.clock import BERLIN
from dispatch.service.holidays import public_holidays
from scenarios.bench.glass_regimes import AREAS

if TYPE_CHECKING:
    from scenarios.bench.glass_regimes import Regime

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

SATURDAY: Final = 5
WORTH_PCT: Final = 25.0
COLOUR_SHARES: Final = (1.0, 0.8, 0.55, 1.0)
"""White, green, brown, and a second white one where there are four."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TrueContainer:
    """One container as nobody but the simulation knows it; hours since `start` (UTC).

    `inflow` is the sum of all glass thrown in up to the end of each hour, `level` what is in the
    container then; `read_at` (hours) and `read` are what its sensor sent.
    """

    site: int
    colour: int
    start: datetime
    rate: float
    inflow: FloatArray
    level: FloatArray
    emptied: tuple[int, ...]
    left: tuple[float, ...]
    read_at: FloatArray
    read: FloatArray
    honest: NDArray[np.bool_]

    def level_later(self, hour: int, later_h: int) -> float:
        """Return the level so many hours later if nobody empties it."""
        return float(self.level[hour] + self.inflow[hour + later_h] - self.inflow[hour])


def simulate(regime: Regime, *, sites: int, days: int, seed: int) -> list[TrueContainer]:
    """Return a city's containers over `days`; the same seed gives the same city."""
    rng = np.random.default_rng([seed, sum(map(ord, regime.name))])
    month = regime.first_month or int(rng.integers(1, 13))
    first = date(2025, month, int(rng.integers(1, 12)))
    start = datetime(first.year, first.month, first.day, tzinfo=BERLIN).astimezone(UTC)
    moments = [(start + timedelta(hours=h)).astimezone(BERLIN) for h in range(24 * days)]
    dates = [moment.date() for moment in moments]
    calendar = _Calendar(
        start,
        np.array([moment.hour for moment in moments]),
        dates,
        public_holidays({d.year for d in dates}),
    )
    weather = np.repeat(_weather(rng, days, regime.weather), 24)
    found: list[TrueContainer] = []
    for site in range(sites):
        profile = _profile(rng, calendar, regime) * weather
        base = float(np.exp(rng.uniform(*np.log(regime.rates))))
        for colour in range(int(rng.integers(1, 5))):
            rate = base * COLOUR_SHARES[colour] * float(rng.lognormal(0, 0.2))
            glass = _deposits(rng, profile * rate / 24, regime) + _events(rng, calendar, regime)
            inflow = np.cumsum(glass)
            level, emptied, left = _emptied(rng, regime, inflow, calendar)
            read_at, read, honest = _readings(rng, regime, level)
            found.append(
                TrueContainer(
                    site=site,
                    colour=colour % 3,
                    start=start,
                    rate=rate,
                    inflow=inflow,
                    level=level,
                    emptied=emptied,
                    left=left,
                    read_at=read_at,
                    read=read,
                    honest=honest,
                )
            )
    return found


def _weather(rng: np.random.Generator, days: int, spread: float) -> FloatArray:
    """Return a factor per day that all containers share, each day a little like the last."""
    log = np.zeros(days)
    for day in range(1, days):
        log[day] = 0.5 * log[day - 1] + rng.normal(0, spread)
    return np.exp(log - spread**2 / 1.5)


def _profile(rng: np.random.Generator, calendar: _Calendar, regime: Regime) -> FloatArray:
    """Return how much glass comes in each hour at a site, beside its average hour."""
    week, (peak, late) = AREAS[list(AREAS)[int(rng.integers(len(AREAS)))]]
    own = np.array(week) * rng.gamma(25, 1 / 25, 7)
    own /= own.mean()
    hour = np.arange(24)
    by_hour = 0.03 + np.exp(-((hour - peak) ** 2) / 12) + 0.7 * np.exp(-((hour - late) ** 2) / 6)
    by_hour *= 24 / by_hour.sum()
    dates = calendar.dates
    day = np.array([own[d.weekday()] for d in dates])
    for at, d in enumerate(dates):
        if d in calendar.closed:
            day[at] = own[6] * (1 - 0.5 * regime.holidays)
        elif d - timedelta(days=1) in calendar.closed:
            day[at] *= 1 + 1.2 * regime.holidays
    of_year = np.array([d.timetuple().tm_yday for d in dates])
    season = 1 + regime.season * np.cos(2 * np.pi * (of_year - rng.uniform(0, 365)) / 365)
    return np.asarray(day * by_hour[calendar.hours] * season)


def _deposits(rng: np.random.Generator, flow: FloatArray, regime: Regime) -> FloatArray:
    """Return the glass of each hour: people come by chance, with bags of any size."""
    bag, shape = float(rng.uniform(*regime.bag_pct)), float(rng.uniform(0.7, 3))
    small = (
        rng.gamma(np.maximum(rng.poisson(flow * (1 - regime.bulk) / bag) * shape, 1e-9))
        * bag
        / shape
    )
    load = float(rng.uniform(3, 8))
    bulk = rng.gamma(np.maximum(rng.poisson(flow * regime.bulk / load) * 2.0, 1e-9)) * load / 2
    return np.asarray(small + bulk)


def _events(rng: np.random.Generator, calendar: _Calendar, regime: Regime) -> FloatArray:
    """Return the glass of festivals: on weekend evenings, much of it within hours."""
    extra = np.zeros(len(calendar.hours))
    if regime.event_days:
        for at in np.flatnonzero(calendar.hours == 17):
            weekend = calendar.dates[at].weekday() >= SATURDAY - 1
            if weekend and rng.random() < 7 / 3 / regime.event_days:
                last = int(rng.integers(3, 9))
                extra[at : at + last] += rng.uniform(8, 30) / last
    return extra


@dataclass(frozen=True, slots=True, eq=False)
class _Calendar:
    """The hours of the simulation by the clocks of Bochum."""

    start: datetime
    hours: IntArray
    dates: list[date]
    closed: Collection[date]

    def crews_work(self, at: int) -> bool:
        """Tell whether lorries are out in that hour."""
        day = self.dates[at]
        return day.weekday() < SATURDAY and day not in self.closed and 7 <= self.hours[at] < 15


def _emptied(
    rng: np.random.Generator, regime: Regime, inflow: FloatArray, calendar: _Calendar
) -> tuple[FloatArray, tuple[int, ...], tuple[float, ...]]:
    """Crews come on working days; some when it is nearly full, some on a fixed round."""
    level = inflow + rng.uniform(0, 70)
    emptied: list[int] = []
    left: list[float] = []
    limit, round_h, last = rng.uniform(55, 98), 24 * int(rng.integers(10, 22)), 0
    for at in range(len(level)):
        if not calendar.crews_work(at):
            continue
        on_round = at - last > round_h and level[at] > WORTH_PCT
        due = on_round if regime.fixed_round else level[at] > limit
        if due and rng.random() < 0.3:
            emptied.append(at)
            left.append(float(level[at]))
            level[at:] += rng.uniform(0, 5) - level[at]
            last = at
            # Now and then a neighbour was full and this one went along at a third.
            limit = rng.uniform(32, 50) if rng.random() < 0.2 else rng.uniform(55, 98)
    return level, tuple(emptied), tuple(left)


def _readings(
    rng: np.random.Generator, regime: Regime, level: FloatArray
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return hours and values of what the sensor sends, and which of it was measured."""
    at = np.arange(rng.uniform(0, regime.every_h), len(level) - 1, regime.every_h)
    true = level[at.astype(np.int64)]
    read: FloatArray = np.round(np.clip(true + _errors(rng, regime, true), 0.0, 100.0)).astype(
        np.float64
    )
    if regime.faulty:
        return _with_faults(rng, at, read, regime.every_h)
    lost = rng.random(len(at)) < 0.03
    return at[~lost], read[~lost], np.ones(int((~lost).sum()), dtype=np.bool_)


def _errors(rng: np.random.Generator, regime: Regime, true: FloatArray) -> FloatArray:
    """Return the errors of a sensor that is right to 94 %, in one of three ways."""
    white = rng.normal(0, 1, len(true))
    if regime.noise == "level":
        return np.asarray(white * (2 + 0.07 * np.clip(true, 0, 100)))
    if regime.noise == "drift":
        slow = np.zeros(len(true))
        for at in range(1, len(true)):
            slow[at] = 0.98 * slow[at - 1] + rng.normal(0, 0.5)
        return np.asarray(true * rng.normal(0, 0.02) + slow + 5 * white)
    return np.asarray(6 * white)


def _with_faults(
    rng: np.random.Generator, at: FloatArray, read: FloatArray, every_h: float
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return the readings with spikes, hours stuck, dropouts to zero, and gaps up to a week."""
    count, read = len(at), read.copy()
    honest = rng.random(count) >= 0.01
    read[~honest] = np.round(rng.uniform(0, 100, int((~honest).sum())))
    lost = rng.random(count) < 0.05

    def begins(every_days: float) -> IntArray:
        return np.flatnonzero(rng.random(count) < every_h / (24 * every_days))

    def span(begin: int, hours: float) -> slice:
        return slice(int(begin), int(begin + max(1, hours / every_h)))

    for begin in begins(10):
        stuck = span(begin, rng.uniform(8, 60))
        read[stuck], honest[stuck] = read[begin], False
    for begin in begins(6):
        dropout = span(begin, rng.uniform(1, 10))
        read[dropout], honest[dropout] = 0, False
    for begin in begins(8):
        lost[span(begin, min(rng.lognormal(np.log(12), 1), 150))] = True
    return at[~lost], read[~lost], honest[~lost]
