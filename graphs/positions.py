"""Positions in the middle of segments: where their drives begin and end in a street graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.packing import NEVER, pack, unpack

if TYPE_CHECKING:
    from graphs.snap import Snapped
    from graphs.streets import StreetGraph

ALONG, AGAINST = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Positions:
    """How n positions are tied to the arcs of their segments.

    Column 0 is along the segment, column 1 against it. `arc` (n, 2), -1 where a vehicle cannot
    halt in that direction; `passed` (n, 2) packed cost from the arc's start to the position,
    `ahead` (n, 2) from there to its end, both NEVER without arc. `segment` (n,) is -1 for a point
    without position; `fraction` (n,) counts from the segment's tail.
    """

    segment: NDArray[np.int64]
    fraction: NDArray[np.float64]
    arc: NDArray[np.int64]
    passed: NDArray[np.int64]
    ahead: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of positions."""
        return len(self.segment)

    @property
    def found(self) -> NDArray[np.bool_]:
        """Which positions a vehicle can halt at in some direction, (n,)."""
        return np.asarray((self.arc >= 0).any(axis=1), dtype=np.bool_)

    def take(self, rows: NDArray[np.int64]) -> Positions:
        """Return some of the positions."""
        return Positions(
            segment=self.segment[rows],
            fraction=self.fraction[rows],
            arc=self.arc[rows],
            passed=self.passed[rows],
            ahead=self.ahead[rows],
        )


def positions_of(
    graph: StreetGraph,
    arc_cost: NDArray[np.int64],
    snapped: Snapped,
    allowed: NDArray[np.bool_],
) -> Positions:
    """Return the ties of snapped points; `allowed` (n, 2) are the directions they may halt in.

    `arc_cost` (a,) is today's packed cost of each arc, NEVER = closed. A position splits an arc's
    milliseconds and decimetres into whole parts.
    """
    segment = snapped.segment
    arc = np.column_stack((graph.forward_arc[segment], graph.backward_arc[segment]))
    arc = arc.astype(np.int64)
    usable = allowed & snapped.found[:, None] & (arc >= 0)
    usable &= arc_cost[arc] < NEVER
    arc = np.where(usable, arc, -1)
    share = np.column_stack((snapped.fraction, 1.0 - snapped.fraction))
    whole = np.where(usable, arc_cost[arc], 0)
    passed = pack(*(np.rint(part * share).astype(np.int64) for part in unpack(whole)))
    return Positions(
        segment=np.where(snapped.found, segment, -1),
        fraction=snapped.fraction,
        arc=arc.astype(np.int64),
        passed=np.where(usable, passed, NEVER),
        ahead=np.where(usable, whole - passed, NEVER),
    )


def direct_costs(
    positions: Positions, start: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return packed costs (k, 2) of driving on along the segment from `start` to `end`, pairwise.

    Both lie on the same segment; NEVER where the end lies behind or the direction is closed.
    """
    same = (positions.arc[start] >= 0) & (positions.arc[start] == positions.arc[end])
    gain = positions.passed[end] - positions.passed[start]
    return np.where(same & (gain >= 0), gain, NEVER)
