"""The levels of one container as arrays, freed of what its sensor cannot mean.

Faults are judged by the sensor's own noise: a series that scatters by six points and then repeats
one value for half a day is stuck, a quiet one that stands still at night is not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from dispatch.demand.throw_in import DAY_S, FloatArray, IntArray
from dispatch.domain.signal import Signal

if TYPE_CHECKING:
    from dispatch.demand.glass_settings import LevelSettings
    from dispatch.demand.series import Columns
    from dispatch.domain.ids import SignalId

BoolArray = NDArray[np.bool_]

_BESIDE: Final = 5
"""A value is compared with the median of so many around it."""

_OUTLIER_PCT: Final = 20.0
_OUTLIER_SD: Final = 4.0
_SCALE: Final = 1.4826
"""From the median absolute deviation to a standard deviation."""

_PRIOR_VALUES: Final = 10
"""The usual noise counts like so many differences of the sensor's own."""

_NEIGHBOURS_DAYS: Final = 0.5
"""Differences across longer gaps tell of filling, not of noise."""

_NOISY_PCT: Final = 0.75
"""A sensor that scatters less than this may well repeat itself."""

_MOSTLY: Final = 0.5
"""A sensor that stands still for most of the time does so by nature."""

_STUCK_VALUES: Final = 6
_QUIET_STUCK_DAYS: Final = 5.0
_NEAR_ZERO_PCT: Final = 1.0
_FULL_PCT: Final = 99.0
_SOON_DAYS: Final = 0.5
_BACK_PCT: Final = 15.0
_BACK_SHARE: Final = 0.6
"""Zeros after levels at least this high, and this share of them after: a dropout."""


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Believable levels in the order of time: days since 1970 and percent; and their noise.

    `signals` are those they were read from, `places` which of these they are.
    """

    days: FloatArray
    pct: FloatArray
    noise_pct: float
    signals: Sequence[Signal]
    places: IntArray

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.places)

    def latest(self, count: int) -> tuple[SignalId, ...]:
        """Return the ids of the last so many."""
        return tuple(self.signals[at].id for at in self.places[-count:].tolist())


def read_levels(signals: Sequence[Signal], columns: Columns, settings: LevelSettings) -> Levels:
    """Return the levels one container's sensor sent, sorted by time and graded good.

    They come without stuck values, single outliers and dropouts to zero.
    """
    days, pct = columns.seconds / DAY_S, columns.values
    keep, noise = np.ones(len(pct), dtype=np.bool_), settings.noise_pct
    if len(pct):
        keep, noise = _believable(days, pct, settings)
    return Levels(days[keep], pct[keep], noise, signals, np.flatnonzero(keep))


def _believable(
    days: FloatArray, pct: FloatArray, settings: LevelSettings
) -> tuple[BoolArray, float]:
    """Return which levels are believed, and the standard error of one."""
    stands = _standing(days, pct, settings)
    moves = ~stands if stands.mean() < _MOSTLY else np.ones_like(stands)
    own = _scatter(days[moves], pct[moves])
    if own.values >= _PRIOR_VALUES and own.sd < _NOISY_PCT:
        stands &= _standing(days, pct, settings, least_days=_QUIET_STUCK_DAYS)
    noise = own.mixed(settings.noise_pct)
    keep = ~stands
    for find in (_dropouts, _outliers):
        at = np.flatnonzero(keep)
        keep[at[find(days[at], pct[at], noise, settings)]] = False
    return keep, noise


@dataclass(frozen=True, slots=True)
class _Scatter:
    """The scatter of a sensor's values, and from how many differences it is known."""

    sd: float
    values: int

    def mixed(self, usual: float) -> float:
        """Return the standard error of one value, where the usual one counts like a few values."""
        own, prior = self.values, _PRIOR_VALUES
        return math.sqrt((own * self.sd**2 + prior * usual**2) / (own + prior))


def _scatter(days: FloatArray, pct: FloatArray) -> _Scatter:
    """Return the scatter of neighbouring values."""
    steps = np.diff(pct)[np.diff(days) < _NEIGHBOURS_DAYS]
    if not len(steps):
        return _Scatter(0.0, 0)
    spread = _median(np.abs(steps - _median(steps)))
    return _Scatter(_SCALE * spread / math.sqrt(2), len(steps))


def _median(values: FloatArray) -> float:
    """Return the median; sorting so few is quicker than what numpy's own does beside it."""
    ordered = np.sort(values)
    half = len(ordered) // 2
    return float((ordered[half - 1 + len(ordered) % 2] + ordered[half]) / 2)


def _runs(same: BoolArray) -> list[tuple[int, int]]:
    """Return the runs of True as (first, one past the last)."""
    padded = np.concatenate([[False], same, [False]])
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _standing(
    days: FloatArray, pct: FloatArray, settings: LevelSettings, *, least_days: float | None = None
) -> BoolArray:
    """Mark the repetitions of a value for too long; what stands at full may well be full."""
    least = settings.stuck_h / 24 if least_days is None else least_days
    marked = np.zeros(len(pct), dtype=np.bool_)
    if len(pct) < _STUCK_VALUES:
        return marked
    for first, last in _runs(np.diff(pct) == 0):
        long = last - first + 1 >= _STUCK_VALUES and days[last] - days[first] >= least
        if long and pct[first] < _FULL_PCT:
            jumped = first > 0 and abs(pct[first] - pct[first - 1]) > _OUTLIER_PCT
            marked[first + (not jumped) : last + 1] = True
    return marked


def _dropouts(
    days: FloatArray, pct: FloatArray, noise: float, settings: LevelSettings
) -> BoolArray:
    """Mark zeros that are no emptying: those that end at the old level, and those just begun.

    Zeros before a gap, and those at the end, are news only once they have lasted.
    """
    marked = np.zeros(len(pct), dtype=np.bool_)
    margin = max(_BACK_PCT, 2 * noise)
    gap = np.diff(days, append=np.inf) > _SOON_DAYS
    for first, last in _parts(_runs(pct <= _NEAR_ZERO_PCT), gap):
        known = pct[:first][~marked[:first]][-_BESIDE:]
        if not len(known):
            continue
        before = median(known.tolist())
        if before < margin:
            continue
        if gap[last - 1]:
            marked[first:last] = 24 * (days[last - 1] - days[first]) < settings.confirm_h
        elif 24 * (days[last] - days[first]) <= settings.dropout_h:
            soon = int(np.searchsorted(days, days[last] + _SOON_DAYS, side="right"))
            after = median(pct[last : min(soon, last + _BESIDE)].tolist())
            marked[first:last] = after > _BACK_SHARE * before
    return marked


def _parts(runs: list[tuple[int, int]], gap: BoolArray) -> list[tuple[int, int]]:
    """Return the runs cut where a gap follows a value."""
    found = []
    for first, last in runs:
        cuts = [first, *(at + 1 for at in range(first, last - 1) if gap[at]), last]
        found += list(pairwise(cuts))
    return found


def _outliers(
    days: FloatArray, pct: FloatArray, noise: float, settings: LevelSettings
) -> BoolArray:
    """Mark values far from the median around them; two alike at the end are news, not noise."""
    count = len(pct)
    if count < _BESIDE:
        return np.zeros(count, dtype=np.bool_)
    windows = np.lib.stride_tricks.sliding_window_view(pct, _BESIDE)
    middle = np.sort(windows, axis=1)[:, _BESIDE // 2]
    side = _BESIDE // 2
    around = np.concatenate([np.repeat(middle[0], side), middle, np.repeat(middle[-1], side)])
    limit = max(_OUTLIER_PCT, _OUTLIER_SD * noise)
    marked: BoolArray = np.abs(pct - around) > limit
    for pair in (slice(0, 2), slice(count - 2, count)):
        if marked[pair].all() and abs(float(np.ptp(pct[pair]))) < limit:
            marked[pair] = False
    if pct[-1] < settings.emptied_to_pct and days[-1] - days[-2] >= settings.seldom_h / 24:
        marked[-1] = False
    return marked
