"""When a container was emptied, as its levels and the crews say.

Glass leaves a container no other way, so that any lasting fall beyond the noise is an emptying;
what a sensor loses for hours only, `levels` has taken out before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.demand.throw_in import FloatArray, IntArray, ThrowIn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.demand.glass_settings import LevelSettings
    from dispatch.demand.levels import Levels

_BESIDE_DAYS: Final = 0.75
_BESIDE_VALUES: Final = (4, 18)
"""The level before and after is the mean over this time, of at least and at most so many."""

_FARTHEST_DAYS: Final = 1.0
_FEWEST: Final = 3
"""Values farther away, such as beyond a gap, count only where there are no others."""

_FEW_DOUBT: Final = 1.3
"""The error of a fall that fewer values confirm counts by so much more."""

_MOVES: Final = 4
"""So many places to each side of the deepest fall the emptying itself may lie."""

_JUST_AFTER: Final = 4
"""The mean of so many values shows how empty it was."""

_SURE_SD: Final = 4.0
"""A fall of so many standard errors: one false one in thirty thousand values."""

_SAME_DAYS: Final = 0.75
"""What a crew and a sensor report within this time is one emptying."""


@dataclass(frozen=True, slots=True)
class Emptying:
    """An emptying between two moments (days since 1970), and the index of the first level after."""

    after: float
    before: float
    index: int


@dataclass(frozen=True, slots=True, eq=False)
class _Falls:
    """At each place between two levels: the fall there and its standard error.

    `later` is the level just after, `unseen` what may have come in between the two.
    """

    fall: FloatArray
    error: FloatArray
    later: FloatArray
    later_error: FloatArray
    unseen: FloatArray


def find_emptyings(
    levels: Levels, throw_in: ThrowIn, settings: LevelSettings, *, rate_pct_day: float
) -> list[Emptying]:
    """Return the emptyings a container's levels show, in the order of time."""
    if len(levels) < 3:
        return []
    passed = throw_in.at(levels.days)
    width = _width(levels.days)
    falls = _falls(levels, passed, rate_pct_day, width)
    seldom = float(levels.days[-1] - levels.days[-2]) >= settings.seldom_h / 24
    sure = _is_sure(falls, settings, last_counts=seldom)
    strength = np.where(sure, falls.fall / falls.error, 0.0)
    found: list[int] = []
    while strength.max() > 0:
        best = int(strength.argmax())
        last = best + 2 == len(levels)
        place = best + 1 if last else _likeliest(levels, passed, rate_pct_day, best + 1, width)
        found.append(place)
        strength[max(0, best - width) : best + width + 1] = 0.0
    return [
        Emptying(float(levels.days[at - 1]), float(levels.days[at]), at)
        for at in sorted(set(found))
    ]


def _width(days: FloatArray) -> int:
    least, most = _BESIDE_VALUES
    usual = float(np.median(np.diff(days)))
    return int(min(max(round(_BESIDE_DAYS / max(usual, 1e-3)), least), most))


def _falls(levels: Levels, passed: FloatArray, rate: float, width: int) -> _Falls:
    """Compare the means beside each of the n - 1 places, each side carried on to its last value."""
    count = len(levels)
    place = np.arange(1, count)
    level_sum = np.concatenate([[0.0], np.cumsum(levels.pct - rate * passed)])
    first, last = _windows(levels.days, place, width)
    before_n, after_n = place - first, last - place
    before = (level_sum[place] - level_sum[first]) / before_n + rate * passed[place - 1]
    later = (level_sum[last] - level_sum[place]) / after_n + rate * passed[place]
    # The rate may be wrong by half, over half a window on each side.
    carried = 0.25 * rate * (passed[last - 1] - passed[place] + passed[place - 1] - passed[first])
    noise = levels.noise_pct
    few = np.where(np.minimum(before_n, after_n) < _FEWEST, _FEW_DOUBT, 1.0)
    error = few * noise * np.sqrt(1 / before_n + 1 / after_n) + carried / _SURE_SD
    soon = np.minimum(place + _JUST_AFTER, count)
    just_after = (level_sum[soon] - level_sum[place]) / (soon - place) + rate * passed[place]
    return _Falls(
        fall=before - later,
        error=error,
        later=just_after,
        later_error=noise / np.sqrt(soon - place),
        unseen=2 * rate * np.diff(passed),
    )


def _windows(days: FloatArray, place: IntArray, width: int) -> tuple[IntArray, IntArray]:
    """Return where the values beside each place begin and end."""
    near_first = np.searchsorted(days, days[place - 1] - _FARTHEST_DAYS)
    near_last = np.searchsorted(days, days[place] + _FARTHEST_DAYS, side="right")
    first = np.maximum(place - width, np.minimum(near_first, place - _FEWEST))
    last = np.minimum(place + width, np.maximum(near_last, place + _FEWEST))
    return np.maximum(first, 0), np.minimum(last, len(days))


def _likeliest(levels: Levels, passed: FloatArray, rate: float, place: int, width: int) -> int:
    """Return the place near a fall that splits the levels best; a gap may hide it as well."""
    first, last = max(0, place - width), min(len(levels), place + width)
    level = levels.pct[first:last] - rate * passed[first:last]
    total, cost_h = np.cumsum(level), 2 * levels.noise_pct**2
    best, least = place, math.inf
    # Not the last place: one low value at the end may be an echo.
    end = min(last, place + _MOVES + 1, len(levels) - 1)
    for at in range(max(first + 1, place - _MOVES), end):
        before, count = float(total[at - first - 1]), last - first
        later = float(total[-1]) - before
        # The squares within both sides, but for what is the same at every place.
        squares = -(before**2) / (at - first) - later**2 / (count - (at - first))
        gap_h = 24 * float(levels.days[at] - levels.days[at - 1])
        cost = squares - cost_h * math.log(max(gap_h, 0.1))
        if cost < least:
            best, least = at, cost
    return best


def _is_sure(falls: _Falls, settings: LevelSettings, *, last_counts: bool) -> IntArray:
    deep = falls.fall > np.maximum(settings.least_fall_pct, _SURE_SD * falls.error)
    down = falls.later < settings.emptied_to_pct + 2 * falls.later_error + falls.unseen
    large = falls.fall > settings.emptied_fall_pct
    # One low value at the end may be an echo, unless a crew may have come since the one before.
    deep[-1] &= last_counts and bool(down[-1] and large[-1])
    return np.asarray(deep & (down | large), dtype=np.int64)


def with_reported(
    seen: list[Emptying], reported: Iterable[float], levels: Levels, settings: LevelSettings
) -> list[Emptying]:
    """Return the emptyings seen and those crews reported (days since 1970), each once.

    A report is not believed where the level before and after it is known and did not fall.
    """
    found = list(seen)
    for moment in sorted(set(reported)):
        known = any(e.after - _SAME_DAYS <= moment <= e.before + _SAME_DAYS for e in found)
        index = int(np.searchsorted(levels.days, moment))
        if not known and not _contradicted(index, levels, settings):
            found.append(Emptying(moment, moment, index))
    return sorted(found, key=lambda e: e.before)


def _contradicted(index: int, levels: Levels, settings: LevelSettings) -> bool:
    before, later = levels.pct[max(0, index - 3) : index], levels.pct[index : index + 3]
    if len(later) < 3 or not len(before):
        return False
    floor = settings.emptied_to_pct + 2 * levels.noise_pct / math.sqrt(len(later))
    return bool(later.mean() > floor and later.mean() > before.mean() - settings.least_fall_pct)
