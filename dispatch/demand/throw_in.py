"""The clock of a glass container: when glass is thrown in, over the day and over the week.

Moments are days since 1970 (UTC, fractions count). The clock's own unit is the *average day*: a
stretch in which as much glass comes as on an average day of that container.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.clock import BERLIN, to_utc

if TYPE_CHECKING:
    from collections.abc import Sequence

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DAY_S: Final = 86_400.0
SUNDAY: Final = 6
QUIET_SHARE: Final = (0.04, 0.90, 0.06)
"""Share of a day's glass before 7, from 7 to 20 and after 20 o'clock: throwing in is allowed from
7 to 20 h (Umweltbundesamt), and not everybody reads the sign (assumed)."""

OPENS: Final = 7 / 24
CLOSES: Final = 20 / 24
LEAST_WEIGHT: Final = 0.02
_ORDINAL_1970: Final = date(1970, 1, 1).toordinal()


def moment_of(days: float) -> datetime:
    """Return days since 1970 as a moment in UTC."""
    return datetime.fromtimestamp(days * DAY_S, UTC)


def days_of(moment: datetime) -> float:
    """Return a moment as days since 1970."""
    return to_utc(moment).timestamp() / DAY_S


@dataclass(frozen=True, eq=False)
class DayGrid:
    """Local days in a row: their midnights (n + 1) and kinds (n), 0 Monday to 6 Sunday.

    Public holidays count as Sundays: shops and people rest alike.
    """

    midnights: FloatArray
    kinds: IntArray

    @cached_property
    def edges(self) -> FloatArray:
        """Midnight, 7 h and 20 h of each day by the wall clock, and the last midnight."""
        begins, ends = self.midnights[:-1], self.midnights[1:]
        # From the next midnight: the clocks change before seven in the morning.
        marks = np.stack([begins, ends - (1 - OPENS), ends - (1 - CLOSES)], axis=1)
        return np.append(marks.ravel(), ends[-1])


# All sites of a city ask for the same few years' days.
@lru_cache(maxsize=64)
def day_grid(first: date, last: date, *, holidays: frozenset[date] = frozenset()) -> DayGrid:
    """Return the local days from first to last, both included."""
    count = (last - first).days + 1
    days = [first + timedelta(days=at) for at in range(count + 1)]
    # Berlin's offset is one hour or two, so that a day's midnight needs no search.
    midnights = np.array([d.toordinal() - _ORDINAL_1970 - _offset_days(d) for d in days])
    kinds = np.array([SUNDAY if d in holidays else d.weekday() for d in days[:-1]], dtype=np.int64)
    midnights.flags.writeable = kinds.flags.writeable = False
    return DayGrid(midnights, kinds)


def _offset_days(day: date) -> float:
    midnight = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
    offset = midnight.utcoffset()
    return offset.total_seconds() / DAY_S if offset else 0.0


class ThrowIn:
    """The average days passed at each moment, given the weights of the weekdays (mean 1)."""

    def __init__(self, grid: DayGrid, weights: Sequence[float]) -> None:
        per_day = np.maximum(np.asarray(weights, dtype=np.float64), LEAST_WEIGHT)[grid.kinds]
        shares = (per_day[:, None] * np.array(QUIET_SHARE)).ravel()
        self._days = grid.edges
        self._passed = np.concatenate([[0.0], np.cumsum(shares)])

    def at(self, days: FloatArray) -> FloatArray:
        """Return the average days passed at these moments."""
        return np.asarray(np.interp(days, self._days, self._passed))

    def passed(self, days: float) -> float:
        """Return the average days passed at one moment."""
        return float(np.interp(days, self._days, self._passed))

    def when(self, passed: float) -> float:
        """Return the moment at which so many average days have passed."""
        return float(np.interp(passed, self._passed, self._days))

    @property
    def end(self) -> float:
        """The last moment this clock knows."""
        return float(self._days[-1])
