"""Levels from counts of deposits, where a container counts what is thrown in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.demand.levels import Levels
from dispatch.demand.throw_in import FloatArray, days_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.demand.emptyings import Emptying
    from dispatch.demand.glass_settings import LevelSettings
    from dispatch.domain.signal import Signal
    from dispatch.domain.site import Container

_COUNT_NOISE_PCT: Final = 1.0
_SAME_DAYS: Final = 0.5
"""A level found within this time of an emptying belongs to it."""

_FEWEST_PCT, _FULL_PCT = 10.0, 100.0
"""An emptying of less glass tells nothing about the size of a deposit, nor does "overfull"."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Counted levels, and the relative error they share: nobody knows how large a deposit is."""

    levels: Levels
    scale_error: float


def counted_levels(
    counts: Sequence[Signal],
    container: Container,
    emptyings: Sequence[Emptying],
    found: Sequence[tuple[float, float]],
    settings: LevelSettings,
) -> Counted:
    """Return the levels since the first emptying known: before it nobody knows where it began."""
    days = np.array([days_of(s.observed_at) for s in counts], dtype=np.float64)
    total = np.concatenate([[0.0], np.cumsum([s.value for s in counts])])
    moments = np.array([e.before for e in emptyings], dtype=np.float64)
    base = np.concatenate([[0.0], total[np.searchsorted(days, moments)]])
    cycle = np.searchsorted(moments, days, side="right")
    since = total[1:] - base[cycle]
    pct_each, error = _deposit_pct(moments, np.diff(base), container, found, settings)
    known = cycle > 0
    return Counted(
        levels=Levels(
            days=days[known],
            pct=settings.floor_pct + pct_each * since[known],
            noise_pct=_COUNT_NOISE_PCT,
            signals=counts,
            places=np.flatnonzero(known),
        ),
        scale_error=error,
    )


def _deposit_pct(
    moments: FloatArray,
    deposits: FloatArray,
    container: Container,
    found: Sequence[tuple[float, float]],
    settings: LevelSettings,
) -> tuple[float, float]:
    """Return the points one deposit adds, and its relative error, from the levels crews found.

    `deposits` are those between the emptyings, the first entry being those before the first one.
    """
    log_sum = math.log(100 * settings.deposit_l / container.volume_l) / settings.deposit_error**2
    precision = 1 / settings.deposit_error**2
    for day, pct in found:
        at = int(np.argmin(np.abs(moments - day))) if len(moments) else 0
        belongs = at > 0 and abs(float(moments[at]) - day) <= _SAME_DAYS
        if not belongs or not _FEWEST_PCT <= pct < _FULL_PCT or deposits[at] <= 0:
            continue
        weight = (pct / settings.found_error_pct) ** 2
        log_sum += weight * math.log((pct - settings.floor_pct) / float(deposits[at]))
        precision += weight
    return math.exp(log_sum / precision), 1 / math.sqrt(precision)
