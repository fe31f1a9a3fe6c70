"""The order of work when weights are put on a hierarchy: lists below, dense blocks above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.hierarchy import find_arcs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphs.hierarchy import Hierarchy

MOST_TRIANGLES = 12_000_000
"""So many triangles are listed (8 bytes each); ranks with more neighbours are done in blocks."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Schedule:
    """What `customise` does, step by step.

    A triangle of a low rank v with upper neighbours x < y shortens the arc x-y by way of v: `first`
    and `second` (k,) are the arcs v-x and v-y. Triangles are sorted by level, then by the arc x-y;
    each such `third` (r,) arc has the run of triangles that starts at `run` (r,), and level l has
    the runs `level[l]:level[l + 1]`. Ranks that are `dense` (n,) are done afterwards, block by
    block: `block` (b + 1,) holds the first rank of each, consecutive ranks with nested neighbours.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    third: NDArray[np.int32]
    run: NDArray[np.int64]
    level: NDArray[np.int64]
    block: NDArray[np.int64]
    block_size: NDArray[np.int64]


def schedule_of(hierarchy: Hierarchy, *, most_triangles: int = MOST_TRIANGLES) -> Schedule:
    """Return the schedule of a hierarchy."""
    degree = np.diff(hierarchy.offset)
    dense = _upward_closed(hierarchy, degree > _degree_limit(degree, most_triangles))
    first, second = _pairs(hierarchy.offset, degree, np.flatnonzero(~dense & (degree > 1)))
    low, high = (hierarchy.head[arc].astype(np.int64) for arc in (first, second))
    third = find_arcs(hierarchy.offset, hierarchy.head, low, high)
    tail = np.searchsorted(hierarchy.offset, first, side="right") - 1
    level = _levels(hierarchy, dense)[tail]
    order = np.lexsort((third, level))
    first, second, third, level = first[order], second[order], third[order], level[order]
    lead = np.ones(len(third), dtype=np.bool_)
    lead[1:] = (third[1:] != third[:-1]) | (level[1:] != level[:-1])
    run = np.flatnonzero(lead)
    levels = int(level.max(initial=-1)) + 1
    block, block_size = _blocks(hierarchy, degree, dense)
    return Schedule(
        first=first.astype(np.int32),
        second=second.astype(np.int32),
        third=third[run].astype(np.int32),
        run=run,
        level=np.searchsorted(level[run], np.arange(levels + 1)),
        block=block,
        block_size=block_size,
    )


def _degree_limit(degree: NDArray[np.int64], most_triangles: int) -> int:
    """Return the largest number of neighbours whose triangles can still be listed."""
    counts = np.bincount(degree)
    size = np.arange(len(counts), dtype=np.int64)
    listed = np.cumsum(counts * size * (size - 1) // 2)
    return int(np.searchsorted(listed, most_triangles, side="right")) - 1


def _upward_closed(hierarchy: Hierarchy, dense: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the marks with everything above a mark marked too."""
    marks, parent = dense.tolist(), hierarchy.parent.tolist()
    for rank, up in enumerate(parent):
        if up >= 0 and marks[rank]:
            marks[up] = True
    return np.array(marks, dtype=np.bool_)


def _pairs(
    offset: NDArray[np.int64], degree: NDArray[np.int64], ranks: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all pairs of upward arcs of the same rank, lower head first."""
    first, second = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for size in np.unique(degree[ranks]).tolist():
        begin = offset[ranks[degree[ranks] == size]]
        one, other = np.triu_indices(size, 1)
        first.append((begin[:, None] + one).ravel())
        second.append((begin[:, None] + other).ravel())
    return np.concatenate(first), np.concatenate(second)


def _levels(hierarchy: Hierarchy, dense: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the longest way up from a leaf to each rank: one level only needs those below it."""
    level, parent = [0] * hierarchy.size, hierarchy.parent.tolist()
    for rank, up in enumerate(parent):
        if up >= 0 and level[up] <= level[rank]:
            level[up] = level[rank] + 1
    return np.where(dense, -1, np.array(level, dtype=np.int64))


def _blocks(
    hierarchy: Hierarchy, degree: NDArray[np.int64], dense: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return first rank and size of the runs of ranks that see the next and what that sees."""
    ranks = np.flatnonzero(dense)
    if len(ranks) == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    after = ranks[1:]
    goes_on = (
        (after == ranks[:-1] + 1)
        & (hierarchy.parent[ranks[:-1]] == after)
        & (degree[ranks[:-1]] == degree[after] + 1)
    )
    begin = np.flatnonzero(np.concatenate(([True], ~goes_on)))
    return ranks[begin], np.diff(np.concatenate((begin, [len(ranks)])))


def levels_of(schedule: Schedule) -> Iterator[tuple[slice, NDArray[np.int32], NDArray[np.int64]]]:
    """Yield per level the slice of its triangles, the arcs they shorten, and where each begins."""
    ends = np.concatenate((schedule.run, [len(schedule.first)]))
    for begin, end in zip(schedule.level[:-1].tolist(), schedule.level[1:].tolist(), strict=True):
        start = int(ends[begin])
        yield (
            slice(start, int(ends[end])),
            schedule.third[begin:end],
            schedule.run[begin:end] - start,
        )
