"""The oxygen of a pond hour by hour: when it was low, and how likely it is to be low tonight.

The forecast is the evening's level less the fall of the nights before: at night plants and mud
only consume, and how much a pond loses from evening to morning changes slowly, while its evening
level follows sun and wind of the day. Every hour is judged by its past only.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from dispatch.demand.course import HOUR_S, Counts, Course, Flags, Floats
from dispatch.domain.clock import BERLIN
from dispatch.domain.signal import BELIEVED, Grade, Signal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dispatch.demand.pond_settings import PondSettings
    from dispatch.domain.site import Pond

DAY_H: Final = 24
_STANDARD: Final = NormalDist()
GONE_H: Final = 12
"""After so many hours without news nobody knows whether a low goes on."""

Table = np.ndarray[tuple[int, int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outlook:
    """What is known of each hour of a course, as seen at its own end.

    `low` tells whether all believed values of the hour lay below the alarm level, `gasping`
    whether the pond is in a low: from such an hour until one whose median lies above the clear
    level. `fall` is what the oxygen is expected to lose from then until the morning in mg/l, NaN
    where nothing can be said; `foreseen` tells whether a low is likely enough to bring an aerator.
    """

    course: Course
    low: Flags
    gasping: Flags
    fall: Floats
    foreseen: Flags

    def lowest(self, at: int) -> float:
        """Return the lowest hour to be expected of the night in mg/l, as seen at an hour."""
        return float(self.course.median[at] - self.fall[at])


def outlook(course: Course, pond: Pond, settings: PondSettings, *, now: datetime) -> Outlook:
    """Return the outlook of a pond's oxygen course."""
    believed = _believed(course, settings)
    low = believed & (course.high < pond.alarm_mg_l)
    fall = _expected_fall(course.median, settings)
    deviations = (pond.alarm_mg_l - course.median + fall) / settings.error_mg_l
    return Outlook(
        course=course,
        low=low,
        gasping=_gasping(course, low, pond),
        fall=fall,
        foreseen=believed & (deviations >= _wanted(course, settings, now=now)),
    )


def chance_of_low(lowest_mg_l: float, pond: Pond, settings: PondSettings) -> float:
    """Return the chance that a night is low whose lowest hour is expected at that level."""
    return NormalDist(lowest_mg_l, settings.error_mg_l).cdf(pond.alarm_mg_l)


def _wanted(course: Course, settings: PondSettings, *, now: datetime) -> Floats:
    """Return how many deviations below the alarm level each hour calls for an aerator.

    There is one look in the evening: more looks at so low a chance would only add false alarms.
    """
    offset = now.astimezone(BERLIN).utcoffset()
    assert offset is not None  # noqa: S101  # an aware moment has one
    clock = (course.first + np.arange(len(course)) + offset.total_seconds() // HOUR_S) % DAY_H
    wanted = np.full(len(course), np.inf)
    wanted[(clock > settings.night_from) | (clock < settings.night_to)] = _STANDARD.inv_cdf(
        settings.sure
    )
    # The present hour is not over: what it says may change, so it counts in the evening only.
    wanted[-1:] = np.inf
    wanted[clock == settings.evening] = _STANDARD.inv_cdf(settings.likely)
    return wanted


def _believed(course: Course, settings: PondSettings) -> Flags:
    """Return which hours come out of a stretch of mostly good values that move.

    Not while a part of the last day was unusable, zeros above all: whether the probe or the pond
    is at fault, a person has to see first.
    """
    good, seen = _sum(course.good, settings.believe_h), _sum(course.seen, settings.believe_h)
    high = _trailing(course.high, settings.believe_h, np.nan)
    low = _trailing(course.low, settings.believe_h, np.nan)
    spread = np.fmax.reduce(high, axis=1) - np.fmin.reduce(low, axis=1)
    known: Flags = np.isfinite(course.median)
    enough: Flags = good >= settings.believe_share * seen
    moving: Flags = spread >= settings.believe_spread
    day = _sum(course.seen, settings.doubt_h)
    unusable, zeros = (
        day - _sum(course.good, settings.doubt_h),
        _sum(course.zeros, settings.doubt_h),
    )
    sound: Flags = (unusable <= settings.doubt_share * day) & (zeros <= settings.zero_share * day)
    return known & enough & moving & sound


def _sum(counts: Counts, hours: int) -> Counts:
    """Return for each hour the sum over that many hours up to it."""
    total = np.concatenate([np.zeros(hours, dtype=np.int64), np.cumsum(counts)])
    summed: Counts = total[hours:] - total[:-hours]
    return summed


def _trailing(values: Floats, hours: int, before: float) -> Table:
    """Return for each hour the values of that many hours up to it."""
    padded = np.concatenate([np.full(hours - 1, before), values])
    return sliding_window_view(padded, hours)


def _gasping(course: Course, low: Flags, pond: Pond) -> Flags:
    """Return which hours are in a low; an hour that says nothing keeps the state before it."""
    at = np.arange(len(course))
    heard = np.maximum.accumulate(np.where(np.isfinite(course.median), at, -1))
    ended = (course.median > pond.clear_mg_l) | (at - heard > GONE_H)
    turns = np.where(low | ended, at, -1)
    latest = np.maximum.accumulate(turns)
    return (latest >= 0) & low[latest]


def _expected_fall(median: Floats, settings: PondSettings) -> Floats:
    """Return for each hour the median fall from the same hour of the last nights, in mg/l.

    Only for the hours an aerator may still be asked for because of; NaN before.
    """
    span, days = settings.night_h, settings.nights
    recent = median[-(settings.stay_h + DAY_H * days) :]
    nights = sliding_window_view(np.concatenate([recent, np.full(span, np.nan)]), span + 1)
    falls = recent - np.fmin.reduce(nights, axis=1)
    falls[np.isfinite(nights).sum(axis=1) < settings.fewest_night_h] = np.nan
    past = np.full((len(recent), days), np.nan)
    for night in range(1, days + 1):
        past[DAY_H * night :, night - 1] = falls[: max(len(recent) - DAY_H * night, 0)]
    found = _median(past, fewest=settings.fewest_nights)
    return np.concatenate([np.full(len(median) - len(recent), np.nan), found])


def _median(rows: Table, *, fewest: int) -> Floats:
    """Return the median of each row's finite values, NaN where there are fewer."""
    count = np.isfinite(rows).sum(axis=1)
    ordered = np.sort(rows, axis=1)  # NaN last
    at = np.arange(len(rows))
    middle = (ordered[at, np.maximum(count - 1, 0) // 2] + ordered[at, count // 2]) / 2
    return np.where(count >= fewest, middle, np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroRun:
    """A time in which a logger reads exactly zero, good values of less than a day in between.

    `hours` is how many hours were zero, `before` the last median before it in mg/l, if any.
    """

    since: int
    hours: int
    before: float | None


def zeros_of(course: Course, settings: PondSettings) -> ZeroRun | None:
    """Return the run of zeros a course ends with, if it ever lasted `zero_run_h` on end."""
    zero = np.flatnonzero((course.seen > 0) & (2 * course.zeros >= course.seen))
    if not len(zero) or len(course) - 1 - zero[-1] > settings.zero_over_h:
        return None
    breaks = np.flatnonzero(np.diff(zero) > settings.zero_over_h)
    run = zero[breaks[-1] + 1 :] if len(breaks) else zero
    spells = np.split(run, np.flatnonzero(np.diff(run) > 1) + 1)
    if max(map(len, spells)) < settings.zero_run_h:
        return None
    earlier = course.median[: run[0]]
    known = earlier[np.isfinite(earlier)]
    return ZeroRun(
        since=course.first + int(run[0]) - 1,
        hours=len(run),
        before=float(known[-1]) if len(known) else None,
    )


def zero_run(signals: Sequence[Signal]) -> tuple[Signal, ...]:
    """Return the exact zeros at the end of one oxygen series, ended by the last good value."""
    run: list[Signal] = []
    for signal in reversed(signals):
        if signal.grade in BELIEVED:
            break
        if signal.grade is Grade.ZERO_RUN:
            run.append(signal)
    return tuple(reversed(run))
