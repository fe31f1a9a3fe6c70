"""What really happened at the ponds, and what a rule foresaw of it: judged apart from the rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dispatch.demand.course import HOUR_S, Course, course_of
from dispatch.demand.oxygen import DAY_H, outlook
from dispatch.domain.signal import Grade
from dispatch.domain.site import Pond

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.demand.course import Flags, Floats
    from dispatch.demand.pond_settings import PondSettings
    from dispatch.domain.signal import Signal

LOW_MG_L: Final = 3.0
GAP_S: Final = 2400
"""Values farther apart are not of one low."""

OFFSET_S: Final = 2 * HOUR_S
"""Bochum's summer time."""

GOOD_DAYS: Final = 3
DAY_S: Final = DAY_H * HOUR_S
ENOUGH: Final = 48
"""Good values of a day (of 96) from which it counts as known."""

ALWAYS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Truth:
    """One pond's season, looked at afterwards.

    `lows` are begin and end (seconds since 1970) of each hour or more in which every good value
    lay below 3 mg/l; `onsets` the mornings (days since 1970, each from noon to noon) with a low
    after three good days; `crossings` how often any value at all fell below 3 mg/l.
    """

    device: str
    lows: tuple[tuple[float, float], ...]
    onsets: tuple[int, ...]
    low_mornings: int
    crossings: int
    course: Course

    def low_within(self, start: float, hours: float) -> bool:
        """Tell whether a low began or lasted within so many hours after a moment."""
        return any(end >= start and begin <= start + hours * HOUR_S for begin, end in self.lows)


def truth_of(device: str, signals: Sequence[Signal]) -> Truth:
    """Return what happened at a pond, by the good ones of its oxygen signals."""
    values = [signal.value for signal in signals]
    good = [s for s in signals if s.grade is Grade.GOOD]
    lows = _lows([(s.observed_at.timestamp(), s.value) for s in good])
    known = Counter(morning_of(s.observed_at.timestamp()) for s in good)
    low = {day for a, b in lows for day in range(morning_of(a), morning_of(b) + 1)}
    before = range(1, GOOD_DAYS + 1)
    onsets = [
        day
        for day in sorted(low)
        if all(day - k not in low and known[day - k] >= ENOUGH for k in before)
    ]
    below = [value < LOW_MG_L for value in values]
    return Truth(
        device=device,
        lows=tuple(lows),
        onsets=tuple(onsets),
        low_mornings=len(low),
        crossings=sum(now and not ago for ago, now in pairwise(below)),
        course=course_of(signals),
    )


def morning_of(moment: float) -> int:
    """Return the day whose morning lies between the noons around a moment."""
    return int((moment + OFFSET_S + DAY_S / 2) // DAY_S)


def eve_of(morning: int) -> float:
    """Return 20 h of the evening before a morning, in seconds since 1970."""
    return float((morning - 1) * DAY_S + 20 * HOUR_S - OFFSET_S)


def _lows(values: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    begin = end = None
    for at, value in values:
        if value < LOW_MG_L and end is not None and at - end <= GAP_S:
            end = at
        else:
            found += [(begin, end)] if begin is not None and end is not None else []
            begin = end = at if value < LOW_MG_L else None
    found += [(begin, end)] if begin is not None and end is not None else []
    return [(a, b) for a, b in found if b - a >= HOUR_S - 60]


class Score(NamedTuple):
    """How many first lows there were and were foreseen, how many warnings and false ones."""

    onsets: int
    foreseen: int
    warnings: int
    false: int

    def __add__(self, other: object) -> Score:  # sums, not joins
        """Return the sums."""
        assert isinstance(other, Score)  # noqa: S101  # only scores are added
        return Score(*(a + b for a, b in zip(self, other, strict=True)))


def score(truth: Truth, asked: Sequence[tuple[float, bool]]) -> Score:
    """Return the score of jobs, each the moment of asking and whether it was asked in advance.

    A low is foreseen when a job was asked for within the three days before 20 h of the evening
    before it: so long an aerator stays. A warning is false without a low within three days.
    """
    moments = [at for at, _ in asked]
    foreseen = [
        any(eve_of(day) - GOOD_DAYS * DAY_S - HOUR_S <= at <= eve_of(day) for at in moments)
        for day in truth.onsets
    ]
    warnings = [at for at, ahead in asked if ahead]
    false = [at for at in warnings if not truth.low_within(at, GOOD_DAYS * DAY_H)]
    return Score(len(truth.onsets), sum(foreseen), len(warnings), len(false))


def by_forecast(truth: Truth, settings: PondSettings) -> list[tuple[float, bool]]:
    """Return what the rule would have asked for with other settings: its outlook, one job a stay.

    Not the replay itself: one pass over a season laid out by the hour, for comparisons.
    """
    moment = datetime.fromtimestamp(truth.course.first * HOUR_S + 30 * DAY_S, UTC)
    wide = replace(settings, stay_h=ALWAYS)
    seen = outlook(truth.course, Pond(), wide, now=moment)
    return _stays(truth, seen.low, seen.foreseen, settings)


def by_persistence(truth: Truth, settings: PondSettings, level: float) -> list[tuple[float, bool]]:
    """Return what "tonight's minimum is last night's" would have asked for at 20 h.

    It warns where the lowest hour of the last day lay below `level`.
    """
    course = truth.course
    clock = (course.first + np.arange(len(course)) + OFFSET_S // HOUR_S) % DAY_H
    padded: Floats = np.concatenate([np.full(DAY_H - 1, np.nan), course.median])
    last = np.fmin.reduce(np.lib.stride_tricks.sliding_window_view(padded, DAY_H), axis=1)
    low: Flags = course.high < LOW_MG_L
    warned: Flags = (clock == settings.evening) & (last < level)
    return _stays(truth, low, warned, settings)


def _stays(
    truth: Truth, low: Flags, foreseen: Flags, settings: PondSettings
) -> list[tuple[float, bool]]:
    asked: list[tuple[float, bool]] = []
    until = -1
    for hour in np.flatnonzero(low | foreseen).tolist():
        if hour > until:
            asked.append((float((truth.course.first + hour) * HOUR_S), not low[hour]))
            until = hour + settings.stay_h
        elif low[hour]:
            until = max(until, hour + settings.stay_h)
    return asked
