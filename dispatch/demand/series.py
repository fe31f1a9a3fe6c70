"""Signals in the order of time, and how what was picked out of them grows with a new one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dispatch.demand.course import Floats, course_of, hour_of, moment_of
from dispatch.domain.signal import BELIEVED, Signal, SignalKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.demand.course import Course

SeriesKey = tuple[str, str]
DEVICE, KIND = "all of a device", "all of a kind"
observed_at: Final = attrgetter("observed_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Later signals in time order, and from when on older ones stay.

    Those of `rare` kinds stay from `rare_since` on.
    """

    added: tuple[Signal, ...]
    since: datetime
    rare_since: datetime
    rare: Container[SignalKind] = ()


class Columns(NamedTuple):
    """When signals were observed (seconds since 1970), and their values."""

    seconds: Floats
    values: Floats

    def first(self, count: int) -> Columns:
        """Return those of the first so many."""
        return Columns(self.seconds[:count], self.values[:count])


def columns_of(signals: Sequence[Signal]) -> Columns:
    """Return signals as arrays."""
    return Columns(
        np.array([s.observed_at.timestamp() for s in signals], dtype=np.float64),
        np.array([s.value for s in signals], dtype=np.float64),
    )


class Series:
    """Signals in the order of observation, cut by time without looking at each."""

    __slots__ = ("_columns", "signals")

    def __init__(self, signals: tuple[Signal, ...]) -> None:
        self.signals = signals
        self._columns: Columns | None = None

    def columns(self) -> Columns:
        """Return them as arrays, laid out once and carried on when the series grows."""
        if self._columns is None:
            self._columns = columns_of(self.signals)
        return self._columns

    def until(self, until: datetime, *, since: datetime | None = None) -> tuple[Signal, ...]:
        """Return those observed from `since` to `until`, both included."""
        first = 0 if since is None else bisect_left(self.signals, since, key=observed_at)
        last = len(self.signals)
        if self.signals and self.signals[-1].observed_at > until:
            last = bisect_right(self.signals, until, key=observed_at)
        return self.signals[first:last]

    def grown(self, growth: Growth, added: tuple[Signal, ...]) -> Series:
        """Return those that stay, and the added ones."""
        first = bisect_left(self.signals, growth.since, key=observed_at)
        older = tuple(
            signal
            for signal in self.signals[:first]
            if signal.kind in growth.rare and signal.observed_at >= growth.rare_since
        )
        grown = Series(older + self.signals[first:] + added)
        if self._columns is not None and not older:
            parts = zip(self._columns, columns_of(added), strict=True)
            grown._columns = Columns(*(np.concatenate([old[first:], new]) for old, new in parts))
        return grown


def fits(signal: Signal, name: str, key: str) -> bool:
    """Tell whether a signal belongs to the series of that name."""
    if name == DEVICE:
        return signal.device_id.casefold() == key
    if name == KIND:
        return signal.kind == key
    return signal.kind == name and signal.grade in BELIEVED and key in ("", signal.part_id)


def course_grown(course: Course, series: Series, growth: Growth, kind: SignalKind) -> Course:
    """Return the course of a kind whose `series` grew: only hours that changed are laid out anew.

    Those are the hours that won signals, and at the other end the one that lost some.
    """
    kept = _without_lost(course, series, growth)
    news = next((signal for signal in growth.added if signal.kind is kind), None)
    if news is None or not len(kept):
        return kept if news is None else course_of(series.signals)
    hour = hour_of(news.observed_at)
    begun = bisect_right(series.signals, moment_of(hour - 1), key=observed_at)
    return kept.between(kept.first, hour).followed_by(course_of(series.signals[begun:]))


def _without_lost(course: Course, series: Series, growth: Growth) -> Course:
    """Return the course without the hours before the first signal that stayed."""
    cut = hour_of(growth.since)
    if not len(course) or course.first > cut:
        return course
    rest = course.between(cut + 1, course.first + len(course))
    head = course_of(series.until(moment_of(cut)))
    if not len(rest):
        return head
    if len(head):
        return head.followed_by(rest)
    first = hour_of(series.signals[0].observed_at)
    return rest.between(first, rest.first + len(rest))
