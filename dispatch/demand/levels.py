"""The filling of one container: emptyings, rate and forecast."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, groupby
from statistics import median
from typing import TYPE_CHECKING, Final

from dispatch.domain.clock import BERLIN, after, seconds_between, to_utc
from dispatch.domain.ids import SignalId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.demand.settings import GlassSettings
    from dispatch.domain.signal import Signal

DAY_S: Final = 86_400
_SMALL_FALL_PCT: Final = 15.0
_BESIDE: Final = 3
"""A fall is measured between the medians of this many values before and after."""

_LATEST: Final = 5
"""The present level is the median of this many latest values, each carried on to now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A container's level at `at` in percent, its rate in points a day, and their errors."""

    at: datetime
    level_pct: float
    rate_pct_day: float
    noise_pct: float
    rate_error_pct_day: float
    measured_at: datetime
    evidence: tuple[SignalId, ...]

    def level_at(self, moment: datetime) -> float:
        """Return the expected level; it may exceed 100 when glass would lie beside it."""
        return self.level_pct + self.rate_pct_day * seconds_between(self.at, moment) / DAY_S

    def reaches(self, level_pct: float) -> datetime | None:
        """Return when it is expected to reach a level, None if it does not fill."""
        missing = level_pct - self.level_pct
        if missing <= 0:
            return self.at
        if self.rate_pct_day <= 0 or missing / self.rate_pct_day > 365:
            return None
        return after(self.at, DAY_S * missing / self.rate_pct_day)

    def chance_above(self, level_pct: float, moment: datetime) -> float:
        """Return the probability that it stands above a level then (normal errors)."""
        days = seconds_between(self.measured_at, moment) / DAY_S
        error = math.hypot(self.noise_pct, self.rate_error_pct_day * max(days, 0.0))
        lead = self.level_at(moment) - level_pct
        return 0.5 * (1 + math.erf(lead / (error * math.sqrt(2))))


def filling(signals: Sequence[Signal], settings: GlassSettings, *, now: datetime) -> Filling | None:
    """Return the filling at `now` from one container's good levels, None without any."""
    if not signals:
        return None
    cycles = split_at_emptyings(signals, settings)
    rate = settings.usual_rate_pct_day
    for cycle in cycles[-2:]:
        rate = _rate(cycle, rate, settings)
    latest = cycles[-1][-_LATEST:]
    carried = [s.value + rate * seconds_between(s.observed_at, now) / DAY_S for s in latest]
    return Filling(
        at=now,
        level_pct=max(0.0, median(carried)),
        rate_pct_day=rate,
        noise_pct=settings.noise_pct,
        rate_error_pct_day=rate * settings.rate_error,
        measured_at=latest[-1].observed_at,
        evidence=tuple(s.id for s in latest),
    )


def split_at_emptyings(
    signals: Sequence[Signal], settings: GlassSettings
) -> list[tuple[Signal, ...]]:
    """Return the signals in cycles, each beginning with an emptying (the first with the data).

    A fall counts when at least two values confirm it: a single low one is an echo.
    """
    cuts = [0]
    for at in range(1, len(signals) - 1):
        if at - cuts[-1] >= 1 and _is_emptying(signals, at, start=cuts[-1], settings=settings):
            cuts.append(at)
    return [tuple(signals[a:b]) for a, b in zip(cuts, [*cuts[1:], len(signals)], strict=True)]


def _is_emptying(
    signals: Sequence[Signal], at: int, *, start: int, settings: GlassSettings
) -> bool:
    if signals[at - 1].value - signals[at].value <= _SMALL_FALL_PCT:
        return False
    before = median(s.value for s in signals[max(start, at - _BESIDE) : at])
    later = median(s.value for s in signals[at : at + _BESIDE])
    fall = before - later
    return fall > settings.emptied_fall_pct or (
        fall > _SMALL_FALL_PCT and later < settings.emptied_to_pct
    )


def _rate(cycle: Sequence[Signal], prior: float, settings: GlassSettings) -> float:
    """Return points per day: the median slope of the daily medians, drawn towards the prior."""
    days = [
        (median(_day_number(s) for s in group), median(s.value for s in group))
        for _, group in (
            (day, list(rows))
            for day, rows in groupby(cycle, key=lambda s: s.observed_at.astimezone(BERLIN).date())
        )
    ]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(days, 2) if b[0] > a[0]]
    if not slopes:
        return prior
    seen_days = days[-1][0] - days[0][0]
    weight = settings.rate_weight_days
    return (seen_days * max(0.0, median(slopes)) + weight * prior) / (seen_days + weight)


def _day_number(signal: Signal) -> float:
    return to_utc(signal.observed_at).timestamp() / DAY_S
