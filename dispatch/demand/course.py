"""One series hour by hour: what can be believed of it, as arrays.

Rules that look at weeks of values every quarter of an hour work on these: a pond's summer is
15,000 values, but 3,700 hours, and an hour that is over does not change any more. Whoever makes
jobs hour after hour builds the course of a season once (`SiteHistory.courses`), a history that
grows carries it on, and only the hour that is not over yet is read again.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.domain.signal import BELIEVED, Grade, Signal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.demand.history import SiteHistory
    from dispatch.domain.signal import SignalKind

HOUR_S: Final = 3600
_observed_at = attrgetter("observed_at")
FEWEST: Final = 3
"""Good values in an hour below which nothing is concluded; loggers send four."""

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Counts = np.ndarray[tuple[int], np.dtype[np.int64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """Every hour from the first signal to the last, without a gap.

    Hour `first + i` ends at that many whole hours since 1970 and holds what was observed in the
    hour up to then. `median`, `low` and `high` are of the good values, NaN where there are fewer
    than three; `good` and `zeros` count the good values and the exact zeros among all `seen`.
    """

    first: int
    median: Floats
    low: Floats
    high: Floats
    good: Counts
    zeros: Counts
    seen: Counts

    def __len__(self) -> int:
        """Return the number of hours."""
        return len(self.median)

    def between(self, first: int, end: int) -> Course:
        """Return the hours from `first` to before `end`, as far as there are any, as views."""
        start, stop = max(first - self.first, 0), max(end - self.first, 0)
        return Course(
            first=self.first + start,
            median=self.median[start:stop],
            low=self.low[start:stop],
            high=self.high[start:stop],
            good=self.good[start:stop],
            zeros=self.zeros[start:stop],
            seen=self.seen[start:stop],
        )

    def reaching(self, hour: int) -> Course:
        """Return the course with empty hours behind it up to that one; an empty one stays so."""
        missing = hour + 1 - self.first - len(self)
        if missing <= 0 or not len(self):
            return self
        unknown, none = np.full(missing, np.nan), np.zeros(missing, dtype=np.int64)
        return Course(
            first=self.first,
            median=np.concatenate([self.median, unknown]),
            low=np.concatenate([self.low, unknown]),
            high=np.concatenate([self.high, unknown]),
            good=np.concatenate([self.good, none]),
            zeros=np.concatenate([self.zeros, none]),
            seen=np.concatenate([self.seen, none]),
        )

    def followed_by(self, later: Course) -> Course:
        """Return both as one; `later` begins after this one ends."""
        if not len(self):
            return later
        whole = self.reaching(later.first - 1)
        return Course(
            first=whole.first,
            median=np.concatenate([whole.median, later.median]),
            low=np.concatenate([whole.low, later.low]),
            high=np.concatenate([whole.high, later.high]),
            good=np.concatenate([whole.good, later.good]),
            zeros=np.concatenate([whole.zeros, later.zeros]),
            seen=np.concatenate([whole.seen, later.seen]),
        )


def moment_of(hour: int) -> datetime:
    """Return the end of an hour, in UTC."""
    return datetime.fromtimestamp(hour * HOUR_S, UTC)


def in_hour(
    history: SiteHistory, kind: SignalKind, hour: int, *, until: datetime
) -> tuple[Signal, ...]:
    """Return a site's signals of a kind in an hour, as far as they were observed by a moment."""
    signals, end = history.signals, moment_of(hour)
    start = bisect_right(signals, end - timedelta(hours=1), key=_observed_at)
    stop = bisect_right(signals, min(end, until), key=_observed_at)
    return tuple(signal for signal in signals[start:stop] if signal.kind is kind)


def hour_of(moment: datetime) -> int:
    """Return the hour a moment belongs to, counted from 1970 and named by its end."""
    return -int(-moment.timestamp() // HOUR_S)


def course_until(history: SiteHistory, kind: SignalKind, *, until: datetime, hours: int) -> Course:
    """Return a kind hour by hour for so many hours up to a moment, which ends the last one."""
    last = hour_of(until)
    whole = history.course(kind)
    if until < moment_of(last):
        # The last hour is not over yet: only what was observed of it by then counts.
        whole = whole.between(last - hours + 1, last)
        latest = in_hour(history, kind, last, until=until)
        whole = whole.followed_by(_single(latest, last)) if latest else whole
    return whole.between(last - hours + 1, last + 1).reaching(last)


def _single(signals: Sequence[Signal], hour: int) -> Course:
    """Return the course of one hour: what `course_of` makes of it, without its preparations."""
    values = [signal.value for signal in signals if signal.grade in BELIEVED]
    enough = len(values) >= FEWEST
    middle, low, high = (median(values), min(values), max(values)) if enough else (np.nan,) * 3
    zeros = sum(signal.grade is Grade.ZERO_RUN for signal in signals)
    return Course(
        first=hour,
        median=np.array([middle]),
        low=np.array([low]),
        high=np.array([high]),
        good=np.array([len(values)]),
        zeros=np.array([zeros]),
        seen=np.array([len(signals)]),
    )


def course_of(signals: Sequence[Signal]) -> Course:
    """Return the course of one series, sorted by `observed_at`, bad values included."""
    times = np.array([signal.observed_at.timestamp() for signal in signals])
    values = np.array([signal.value for signal in signals], dtype=np.float64)
    good = np.array([signal.grade in BELIEVED for signal in signals], dtype=bool)
    zero = np.array([signal.grade is Grade.ZERO_RUN for signal in signals], dtype=bool)
    hours = np.ceil(times / HOUR_S).astype(np.int64)
    first = int(hours[0]) if len(hours) else 0
    size = int(hours[-1]) - first + 1 if len(hours) else 0
    count = np.bincount(hours[good] - first, minlength=size)
    middle, low, high = _ordered(hours[good] - first, values[good], count)
    return Course(
        first=first,
        median=middle,
        low=low,
        high=high,
        good=count,
        zeros=np.bincount(hours[zero] - first, minlength=size),
        seen=np.bincount(hours - first, minlength=size),
    )


def _ordered(hours: Counts, values: Floats, count: Counts) -> tuple[Floats, Floats, Floats]:
    """Return median, lowest and highest value of each hour; NaN where there are too few."""
    ordered = values[np.lexsort((values, hours))]
    enough = count >= FEWEST
    start = (np.cumsum(count) - count)[enough]
    found = count[enough]
    results = tuple(np.full(len(count), np.nan) for _ in range(3))
    middle = (ordered[start + (found - 1) // 2] + ordered[start + found // 2]) / 2
    for result, part in zip(
        results, (middle, ordered[start], ordered[start + found - 1]), strict=True
    ):
        result[enough] = part
    return results[0], results[1], results[2]
