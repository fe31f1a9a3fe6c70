"""What is known of one container, as steps for the filter: levels seen, and emptyings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.demand.throw_in import CLOSES, OPENS, DayGrid, FloatArray, IntArray, ThrowIn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.demand.emptyings import Emptying
    from dispatch.demand.glass_settings import LevelSettings
    from dispatch.demand.levels import Levels

_MEDIAN_COST: Final = 1.57
"""The variance of a median beside that of a mean (normal errors: pi / 2)."""

_LATE_DAYS: Final = 4 / 24
_FULL_PCT: Final = 97.0
_FLOOR_SD: Final = 3.0
"""Standard error of what is left after an emptying, in points."""


@dataclass(frozen=True, slots=True)
class Step:
    """A level seen, or an emptying, at a moment (days since 1970; average days `passed`).

    `values` tells how many readings stand behind the level. After an emptying `level_pct` is what
    is expected in the container, with that variance.
    """

    days: float
    passed: float
    level_pct: float
    variance: float
    values: int
    emptied: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Readings summed up by night and by day: median level, its moment, how many, which cycle."""

    days: FloatArray
    pct: FloatArray
    values: FloatArray
    cycle: FloatArray


def blocks_of(levels: Levels, grid: DayGrid, emptyings: Sequence[Emptying]) -> Blocks:
    """Return the readings of each night (20 to 7 h) and day (7 to 20 h) as one median.

    At night next to nothing is thrown in: its readings are many measurements of one level. The
    last hours before an emptying, and before now, stand alone: much may just have come.
    """
    if not len(levels):
        nothing = np.zeros(0)
        return Blocks(nothing, nothing, nothing, nothing)
    marks = grid.edges[np.arange(len(grid.edges)) % 3 != 0]
    part = np.searchsorted(marks, levels.days)
    index = [e.index for e in emptyings if e.index > 0]
    cycle = np.searchsorted(np.array(index, dtype=np.int64), np.arange(len(levels)), side="right")
    ends = np.append(levels.days[np.array(index, dtype=np.int64) - 1], levels.days[-1])
    late = levels.days > ends[cycle] - _LATE_DAYS
    key = (part * (len(index) + 1) + cycle) * 2 + late
    order = np.lexsort((levels.pct, key))
    begins = np.flatnonzero(np.diff(key[order], prepend=-1))
    counts = np.diff(np.append(begins, len(key)))
    sums = np.add.reduceat(levels.days[order], begins)
    low, high = order[begins + (counts - 1) // 2], order[begins + counts // 2]
    return Blocks(
        days=sums / counts,
        pct=(levels.pct[low] + levels.pct[high]) / 2,
        values=counts.astype(np.float64),
        cycle=cycle[order[begins]].astype(np.float64),
    )


def steps_of(blocks: Blocks, noise_pct: float, throw_in: ThrowIn) -> list[Step]:
    """Return the blocks as levels seen."""
    passed = throw_in.at(blocks.days)
    cost = np.where(blocks.values > 2, _MEDIAN_COST, 1.0)
    variance = noise_pct**2 * cost / blocks.values
    columns = (blocks.days, passed, blocks.pct, variance, blocks.values)
    return [
        Step(d, p, y, v, int(n))
        for d, p, y, v, n in zip(*(c.tolist() for c in columns), strict=True)
    ]


def emptied_steps(
    emptyings: Iterable[Emptying], throw_in: ThrowIn, settings: LevelSettings, *, rate: float
) -> list[Step]:
    """Return the emptyings; in a gap nobody knows when it was, nor what came since."""
    found = []
    for emptying in emptyings:
        passed = throw_in.passed(emptying.before)
        gap = rate * (passed - throw_in.passed(emptying.after))
        found.append(
            Step(
                days=emptying.before,
                passed=passed,
                level_pct=settings.floor_pct + gap / 2,
                variance=_FLOOR_SD**2 + gap * gap / 12,
                values=0,
                emptied=True,
            )
        )
    return found


def in_order(levels: Iterable[Step], emptied: Iterable[Step]) -> tuple[Step, ...]:
    """Return the steps by time; at the same moment the emptying comes first."""
    return tuple(sorted([*emptied, *levels], key=lambda step: (step.days, not step.emptied)))


def day_inflows(blocks: Blocks, grid: DayGrid) -> tuple[IntArray, FloatArray]:
    """Return the kinds and the inflows (points) of the whole days seen.

    A day's inflow is the difference of the nights around it. Days that end at the top of the
    scale are left out: nobody knows how much came.
    """
    middle = grid.midnights
    night = np.round(np.interp(blocks.days, middle, np.arange(len(middle))))
    offset = blocks.days - middle[night.astype(np.int64)]
    at_night = (offset > CLOSES - 1) & (offset < OPENS)
    nights, pct, cycle = night[at_night], blocks.pct[at_night], blocks.cycle[at_night]
    whole = (np.diff(nights) == 1) & (np.diff(cycle) == 0) & (pct[1:] < _FULL_PCT)
    return grid.kinds[nights[:-1][whole].astype(np.int64)], np.diff(pct)[whole]
