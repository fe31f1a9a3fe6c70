"""The order in which a graph is taken apart: small separators last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

try:
    import pymetis
except ModuleNotFoundError:
    # It has no wheel for every machine.
    pymetis = None  # type: ignore[assignment]  # a module or nothing

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAF = 24
"""Parts of this size are not divided further by `bisection_order`."""


def dissection_order(
    tail: NDArray[np.int64], head: NDArray[np.int64], xy: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the vertices in elimination order, (k,), for edges between k vertices at `xy` (k, 2).

    Nested dissection by METIS where it is installed, by halving along the map otherwise. The order
    decides how fast answers come, never what they are.
    """
    offset, neighbour = neighbours(tail, head, len(xy))
    if pymetis is None or len(neighbour) == 0:
        return bisection_order(offset, neighbour, xy)
    adjacency = pymetis.CSRAdjacency(offset.astype(np.int32), neighbour.astype(np.int32))
    permutation, _ = pymetis.nested_dissection(adjacency)
    return np.asarray(permutation, dtype=np.int64)


def neighbours(
    tail: NDArray[np.int64], head: NDArray[np.int64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return row pointer (count + 1,) and neighbours of an undirected graph without loops."""
    apart = tail != head
    one, other = tail[apart], head[apart]
    pair = np.unique(np.concatenate((one * count + other, other * count + one)))
    return np.searchsorted(pair // count, np.arange(count + 1)), pair % count


def bisection_order(
    offset: NDArray[np.int64], neighbour: NDArray[np.int64], xy: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return an order by halving the map again and again along its longer side.

    Of each cut the vertices on one side that touch the other become the separator. All parts of
    one level are halved together. George (1973), Nested dissection of a regular finite element
    mesh; geometric cuts as in Heath and Raghavan (1995).
    """
    count = len(xy)
    tail = np.repeat(np.arange(count), np.diff(offset))
    part = np.zeros(count, dtype=np.int64)
    # 0 = still inside a part; a separator of level l gets the key -l, so that it comes later.
    level = np.zeros(count, dtype=np.int64)
    path = np.zeros(count, dtype=np.int64)
    depth = 0
    while (sizes := _sizes(part, level == 0)).max(initial=0) > LEAF:
        depth += 1
        active = (level == 0) & (sizes[part] > LEAF)
        high = _upper_half(part, xy, active)
        inside = active[tail] & active[neighbour] & (part[tail] == part[neighbour])
        cut = inside & high[tail] & ~high[neighbour]
        separator = np.zeros(count, dtype=np.bool_)
        separator[tail[cut]] = True
        level[separator] = depth
        path = 3 * path + np.where(separator, 2, high.astype(np.int64))
        _, part = np.unique(path, return_inverse=True)
        path = part.astype(np.int64)
    return np.lexsort((np.arange(count), path))


def _sizes(part: NDArray[np.int64], inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return how many vertices still inside each part has."""
    return np.bincount(part[inside], minlength=int(part.max(initial=0)) + 1)


def _upper_half(
    part: NDArray[np.int64], xy: NDArray[np.float64], active: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which active vertices lie beyond their part's median along its longer side."""
    parts = int(part.max()) + 1
    low = np.full((parts, 2), np.inf)
    top = np.full((parts, 2), -np.inf)
    np.minimum.at(low, part[active], xy[active])
    np.maximum.at(top, part[active], xy[active])
    wide = np.argmax(np.where(np.isfinite(low), top - low, 0.0), axis=1)
    along = xy[np.arange(len(xy)), wide[part]]
    order = np.lexsort((along, part))
    order = order[active[order]]
    start = np.searchsorted(part[order], np.arange(parts + 1))
    rank = np.arange(len(order)) - start[part[order]]
    high = np.zeros(len(part), dtype=np.bool_)
    high[order] = rank >= np.diff(start)[part[order]] // 2
    return high
