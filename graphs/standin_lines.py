"""Streets of the stand-in while they grow: straight lines with nodes on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SNAP_M = 24.0
"""A new street that would meet another within this distance of an existing corner uses the corner:
crossings instead of two junctions side by side."""

NO_LINE = -1


class Streets:
    """Lines and nodes while they grow.

    Per node: `xy`, the line it lies on (or -1) and where, and the line that made it. Per line: its
    end nodes, its road class and the line whose name it continues.
    """

    def __init__(self) -> None:
        self.xy = np.empty((0, 2))
        self.node_line = np.empty(0, dtype=np.int64)
        self.node_at = np.empty(0)
        self.maker = np.empty(0, dtype=np.int64)
        self.ends = np.empty((0, 2), dtype=np.int64)
        self.road = np.empty(0, dtype=np.int64)
        self.named_by = np.empty(0, dtype=np.int64)

    def add_nodes(
        self, xy: NDArray[np.float64], line: NDArray[np.int64], at: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Return the numbers of new nodes."""
        number = np.arange(len(xy), dtype=np.int64) + len(self.xy)
        self.xy = np.concatenate((self.xy, xy))
        self.node_line = np.concatenate((self.node_line, line))
        self.node_at = np.concatenate((self.node_at, at))
        self.maker = np.concatenate((self.maker, np.full(len(xy), NO_LINE)))
        return number

    def add_lines(self, ends: NDArray[np.int64], road: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the numbers of new lines; each is its own namesake at first."""
        number = np.arange(len(ends), dtype=np.int64) + len(self.ends)
        self.ends = np.concatenate((self.ends, ends))
        self.road = np.concatenate((self.road, road))
        self.named_by = np.concatenate((self.named_by, number))
        return number

    def on_line(self, line: NDArray[np.int64], at: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the coordinates of positions on lines."""
        start, end = self.xy[self.ends[line, 0]], self.xy[self.ends[line, 1]]
        return np.asarray(start + at[:, None] * (end - start), dtype=np.float64)

    def length_m(self, line: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the length of lines."""
        span = self.xy[self.ends[line, 1]] - self.xy[self.ends[line, 0]]
        return np.asarray(np.hypot(span[:, 0], span[:, 1]), dtype=np.float64)


def meet(
    streets: Streets,
    line: NDArray[np.int64],
    at: NDArray[np.float64],
    side: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return a node for each position on a line, existing or new, and where it came to lie.

    `side` (k, 2) is the part of the line that belongs to the block; a position is only moved to a
    node in the middle of it.
    """
    at = _to_existing(streets, line, at, side)
    at = _to_each_other(streets, line, at, side)
    key = line + at * (1 - 1e-9)
    known = np.flatnonzero(streets.node_line >= 0)
    known_key = streets.node_line[known] + streets.node_at[known] * (1 - 1e-9)
    order = np.argsort(known_key, kind="stable")
    known, known_key = known[order], known_key[order]
    distinct, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    place = np.searchsorted(known_key, distinct)
    hit = place < len(known_key)
    hit[hit] = known_key[place[hit]] == distinct[hit]
    node = np.empty(len(distinct), dtype=np.int64)
    node[hit] = known[place[hit]]
    fresh = first[~hit]
    node[~hit] = streets.add_nodes(streets.on_line(line[fresh], at[fresh]), line[fresh], at[fresh])
    return node[inverse], at


def _reach(
    streets: Streets, line: NDArray[np.int64], side: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return how far a position may be moved, and the part of the line where it must stay."""
    low, high = side.min(axis=1), side.max(axis=1)
    span = high - low
    reach = np.minimum(SNAP_M / streets.length_m(line), 0.25 * span)
    return reach, low + 0.2 * span, high - 0.2 * span


def _to_existing(
    streets: Streets,
    line: NDArray[np.int64],
    at: NDArray[np.float64],
    side: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return positions moved to the nearest node of the line within reach."""
    reach, low, high = _reach(streets, line, side)
    known = np.flatnonzero(streets.node_line >= 0)
    order = known[np.lexsort((streets.node_at[known], streets.node_line[known]))]
    key = streets.node_line[order] + streets.node_at[order] * (1 - 1e-9)
    place = np.searchsorted(key, line + at * (1 - 1e-9))
    best, moved = reach.copy(), at.copy()
    for candidate in (place - 1, place):
        node = order[np.clip(candidate, 0, len(order) - 1)]
        there = streets.node_at[node]
        gap = np.abs(there - at)
        take = (streets.node_line[node] == line) & (gap < best) & (there > low) & (there < high)
        moved[take], best[take] = there[take], gap[take]
    return moved


def _to_each_other(
    streets: Streets,
    line: NDArray[np.int64],
    at: NDArray[np.float64],
    side: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return positions with pairs from both sides of a line brought together."""
    reach, low, high = _reach(streets, line, side)
    order = np.lexsort((at, line))
    gap = np.diff(at[order])
    here, there = order[:-1], order[1:]
    close = (line[here] == line[there]) & (gap > 0) & (gap < reach[there])
    close &= (at[here] > low[there]) & (at[here] < high[there])
    close[1:] &= ~close[:-1]
    moved = at.copy()
    moved[there[close]] = at[here[close]]
    return moved


def continue_names(streets: Streets, number: NDArray[np.int64], rng: np.random.Generator) -> None:
    """Let a street that goes straight on across a corner keep the name of the one before."""
    for end in (0, 1):
        node = streets.ends[number, end]
        fresh = streets.maker[node] == NO_LINE
        # Written backwards, the lowest line number wins where two streets share a new node.
        streets.maker[node[fresh][::-1]] = number[fresh][::-1]
        other = streets.maker[node]
        go_on = (other < number) & (rng.random(len(number)) < 0.75)
        go_on &= streets.road[other] == streets.road[number]
        streets.named_by[number[go_on]] = other[go_on]
