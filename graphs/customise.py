"""Weights on a hierarchy: how far it is between neighbours by way of lower ranks only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.packing import NEVER
from graphs.triangles import levels_of

if TYPE_CHECKING:
    from graphs.hierarchy import Hierarchy
    from graphs.triangles import Schedule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Metric:
    """Packed costs of every upward arc, (e,): `up` from lower to upper end, `down` back."""

    up: NDArray[np.int64]
    down: NDArray[np.int64]


def customise(hierarchy: Hierarchy, schedule: Schedule, cost: NDArray[np.int64]) -> Metric:
    """Return the metric for the packed cost of every turn, (t,); NEVER = not today."""
    up = np.full(hierarchy.arcs, NEVER, dtype=np.int64)
    down = np.full(hierarchy.arcs, NEVER, dtype=np.int64)
    for target, chosen in (
        (up, (hierarchy.turn_arc >= 0) & hierarchy.turn_up),
        (down, (hierarchy.turn_arc >= 0) & ~hierarchy.turn_up),
    ):
        # A turn between two states is the only one between them, so nothing is overwritten.
        target[hierarchy.turn_arc[chosen]] = cost[chosen]
    for part, third, run in levels_of(schedule):
        first, second = schedule.first[part], schedule.second[part]
        shorter = np.minimum.reduceat(down[first] + up[second], run)
        up[third] = np.minimum(up[third], shorter)
        shorter = np.minimum.reduceat(down[second] + up[first], run)
        down[third] = np.minimum(down[third], shorter)
    _dense_part(hierarchy, schedule, up, down)
    return Metric(up=up, down=down)


def _dense_part(
    hierarchy: Hierarchy, schedule: Schedule, up: NDArray[np.int64], down: NDArray[np.int64]
) -> None:
    """Eliminate the ranks with many neighbours in square blocks, lowest first.

    A block holds the ranks of one run and everything they see; taking out its ranks leaves a square
    of shortcuts between what is above, which the block of the lowest of these takes over
    (multifrontal elimination: Duff and Reid 1983, with min and plus for plus and times).
    """
    starts = schedule.block
    waiting: dict[int, list[tuple[NDArray[np.int32], NDArray[np.int64]]]] = {}
    room = np.empty(0, dtype=np.int64)
    for index, (start, size) in enumerate(
        zip(starts.tolist(), schedule.block_size.tolist(), strict=True)
    ):
        last = start + size - 1
        above = hierarchy.head[hierarchy.offset[last] : hierarchy.offset[last + 1]]
        ranks = np.concatenate((np.arange(start, start + size, dtype=np.int32), above))
        square = _filled(hierarchy, (start, size), (up, down), len(ranks))
        for seen, shortcuts in waiting.pop(index, ()):
            at = np.searchsorted(ranks, seen)
            square[at[:, None], at] = np.minimum(square[at[:, None], at], shortcuts)
        if room.size < square.size:
            room = np.empty(square.size, dtype=np.int64)
        for rank in range(size):
            arcs = slice(hierarchy.offset[start + rank], hierarchy.offset[start + rank + 1])
            to, back = square[rank, rank + 1 :], square[rank + 1 :, rank]
            up[arcs], down[arcs] = to, back
            rest = square[rank + 1 :, rank + 1 :]
            by_way = room[: rest.size].reshape(rest.shape)
            np.add(back[:, None], to[None, :], out=by_way)
            np.minimum(rest, by_way, out=rest)
        if len(above) > 1:
            heir = int(np.searchsorted(starts, above[0], side="right")) - 1
            waiting.setdefault(heir, []).append((above, square[size:, size:].copy()))


def _filled(
    hierarchy: Hierarchy,
    block: tuple[int, int],
    costs: tuple[NDArray[np.int64], NDArray[np.int64]],
    width: int,
) -> NDArray[np.int64]:
    """Return a block's square with what is known so far about its own ranks' arcs."""
    start, size = block
    square = np.full((width, width), NEVER, dtype=np.int64)
    for rank in range(size):
        arcs = slice(hierarchy.offset[start + rank], hierarchy.offset[start + rank + 1])
        square[rank, rank + 1 :] = costs[0][arcs]
        square[rank + 1 :, rank] = costs[1][arcs]
    return square
