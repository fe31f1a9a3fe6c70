"""Whether a device's word on the time can be believed, from when its signals came in."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dispatch.domain.signal import Grade

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.domain.signal import Signal

AHEAD: Final = timedelta(minutes=10)
"""So far a clock may run ahead of ours; loggers are polled, and set their clocks by radio."""

STALE_AFTER: Final = timedelta(hours=25)
"""Older than this on arrival, a signal is believed but no news (its logger was offline): loggers
are asked for their last day, so that up to a day is regular."""

BEHIND: Final = timedelta(hours=2)
"""A device whose newest word is always at least so old has a clock that runs behind."""

STEADY: Final = timedelta(minutes=15)
"""A wrong clock is wrong by the same time at each arrival; a bad line is not."""

WINDOW: Final = timedelta(hours=6)
ARRIVALS: Final = 4
MOST_ARRIVALS: Final = 8
"""So many of the last arrivals within the window judge a clock."""


class Arrivals:
    """When the signals of one device and kind came in, over the last hours.

    `remembers` is False for kinds that are judged one by one: a clock that runs behind is then
    left to demand, which sees weeks.
    """

    def __init__(self, *, remembers: bool) -> None:
        self._remembers = remembers
        self._lags: deque[tuple[datetime, timedelta]] = deque(maxlen=MOST_ARRIVALS)

    def judge(self, signal: Signal) -> Grade:
        """Return CLOCK, STALE or GOOD for the next signal and remember it."""
        lag = signal.received_at - signal.observed_at
        if lag < -AHEAD:
            return Grade.CLOCK
        if self._remembers and self._is_behind(signal, lag):
            return Grade.CLOCK
        return Grade.STALE if lag > STALE_AFTER else Grade.GOOD

    def _is_behind(self, signal: Signal, lag: timedelta) -> bool:
        """Tell whether each of the last arrivals was late by much the same time."""
        if self._lags and self._lags[-1][0] == signal.received_at:
            # One answer tells of many moments: its newest word is what its clock says now.
            self._lags.pop()
        while self._lags and signal.received_at - self._lags[0][0] > WINDOW:
            self._lags.popleft()
        self._lags.append((signal.received_at, lag))
        if lag <= BEHIND or len(self._lags) < ARRIVALS:
            return False
        lags = [lag for _, lag in self._lags]
        return min(lags) > BEHIND and max(lags) - min(lags) < STEADY
