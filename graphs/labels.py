"""What it costs from positions up to everything above them, and back down: hub labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.packing import NEVER
from graphs.runs import run_members

if TYPE_CHECKING:
    from graphs.customise import Metric
    from graphs.hierarchy import Hierarchy

BLOCK_WORK = 350
"""Arcs times columns from which numpy is faster on a block than on single entries; measured."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entries:
    """Where the drives of n positions begin or end: entry k belongs to `position` and `rank`.

    Entries are sorted by position.
    `cost` is packed: at a start the rest of the arc up to its end, at an end the same rest taken
    off again, since the last arc is not driven to its end.
    """

    position: NDArray[np.int64]
    rank: NDArray[np.int64]
    cost: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labels:
    """Costs along the chains of n positions, the root at depth 0.

    `chain` (d, n) is the rank at each depth, -1 below the position's own; `cost` (2, d, n) the
    packed cost from the position up to that rank, and from that rank down to the position, both
    by way of lower ranks only. Columns are in the order of places in the hierarchy: column c is
    position `order[c]`.
    """

    order: NDArray[np.int64]
    chain: NDArray[np.int32]
    cost: NDArray[np.int64]

    @property
    def column(self) -> NDArray[np.int64]:
        """The column of every position, (n,)."""
        column = np.empty(len(self.order), dtype=np.int64)
        column[self.order] = np.arange(len(self.order))
        return column


def label_positions(
    hierarchy: Hierarchy,
    metric: Metric,
    bottom: NDArray[np.int64],
    ends: tuple[Entries, Entries],
) -> Labels:
    """Return the labels of n positions, (n,) their lowest rank; `ends` are starts and ends."""
    order = np.lexsort((np.arange(len(bottom)), hierarchy.place[bottom]))
    chain = _chains(hierarchy, bottom[order])
    cost = np.full((2, *chain.shape), NEVER, dtype=np.int64)
    labels = Labels(order=order, chain=chain, cost=cost)
    for side, entries in enumerate(ends):
        at = (hierarchy.depth[entries.rank], labels.column[entries.position])
        np.minimum.at(cost[side], at, entries.cost)
    _sweep_up(hierarchy, metric, chain, cost)
    return labels


def _chains(hierarchy: Hierarchy, bottom: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return the ancestors of each rank by depth, (d, n)."""
    height = int(hierarchy.depth[bottom].max(initial=-1)) + 1
    chain = np.full((height, len(bottom)), -1, dtype=np.int32)
    column, rank = np.arange(len(bottom)), bottom.astype(np.int64)
    while len(rank):
        chain[hierarchy.depth[rank], column] = rank
        rank = hierarchy.parent[rank].astype(np.int64)
        going = rank >= 0
        column, rank = column[going], rank[going]
    return chain


def _sweep_up(
    hierarchy: Hierarchy, metric: Metric, chain: NDArray[np.int32], cost: NDArray[np.int64]
) -> None:
    """Hand the costs on from every rank to those it sees above, deepest ranks first."""
    for depth in range(len(chain) - 1, 0, -1):
        ranks = chain[depth]
        begin = np.flatnonzero(np.concatenate(([True], ranks[1:] != ranks[:-1])))
        end = np.append(begin[1:], len(ranks))
        inside = ranks[begin] >= 0
        begin, end = begin[inside], end[inside]
        rank = ranks[begin].astype(np.int64)
        degree = hierarchy.offset[rank + 1] - hierarchy.offset[rank]
        wide = degree * (end - begin) > BLOCK_WORK
        for one in np.flatnonzero(wide).tolist():
            shared = slice(int(begin[one]), int(end[one]))
            _relax_block(hierarchy, metric, (int(rank[one]), depth, shared), cost)
        columns = run_members(begin[~wide], end[~wide])
        _relax_entries(hierarchy, metric, (ranks, depth, columns), cost)


def _relax_block(
    hierarchy: Hierarchy,
    metric: Metric,
    run: tuple[int, int, slice],
    cost: NDArray[np.int64],
) -> None:
    """Hand on the costs of one rank that many positions share."""
    rank, depth, columns = run
    arcs = slice(int(hierarchy.offset[rank]), int(hierarchy.offset[rank + 1]))
    rows = hierarchy.depth[hierarchy.head[arcs]]
    for side, weight in enumerate((metric.up, metric.down)):
        table = cost[side, :, columns]
        offer = weight[arcs, None] + table[depth]
        if len(rows) == depth:
            # It sees its whole chain, so the rows are all those above, nearest first.
            view = table[depth - 1 :: -1]
            np.minimum(view, offer, out=view)
        else:
            table[rows] = np.minimum(table[rows], offer)


def _relax_entries(
    hierarchy: Hierarchy,
    metric: Metric,
    run: tuple[NDArray[np.int32], int, NDArray[np.int64]],
    cost: NDArray[np.int64],
) -> None:
    """Hand on the costs of ranks that few positions share, entry by entry."""
    ranks, depth, columns = run
    first = hierarchy.offset[ranks[columns].astype(np.int64)]
    count = hierarchy.offset[ranks[columns].astype(np.int64) + 1] - first
    arcs = run_members(first, first + count)
    if len(arcs) == 0:
        return
    column = np.repeat(columns, count)
    row = hierarchy.depth[hierarchy.head[arcs]]
    for side, weight in enumerate((metric.up, metric.down)):
        # The neighbours of one rank differ, so no entry is named twice.
        table = cost[side]
        table[row, column] = np.minimum(table[row, column], weight[arcs] + table[depth, column])
