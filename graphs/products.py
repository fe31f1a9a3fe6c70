"""Costs between all positions from their labels: the least sum over the ranks they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.packing import NEVER, REACHED_BELOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphs.labels import Labels

ROWS, COLUMNS = 16, 64
"""Size of a tile; measured: smaller ones cost calls, larger ones add up more ranks in vain."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Tile:
    """Costs between some neighbouring positions and the shared ranks any of them has.

    `hub` (k,) numbers the ranks, `cost` (k, positions), `least` and `most` (k,) its extremes.
    """

    span: slice
    hub: NDArray[np.int64]
    cost: NDArray[np.int64]
    least: NDArray[np.int64]
    most: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tiles:
    """The labels of n columns cut into tiles, by starts and by ends.

    `where` (e, h) is the row of each shared rank in each tile of ends, -1 = none; `bounds`
    (2, e, h) the least and greatest cost in that row, NEVER = none.
    """

    columns: int
    starts: tuple[_Tile, ...]
    ends: tuple[_Tile, ...]
    where: NDArray[np.int32]
    bounds: NDArray[np.int64]


def tiles_of(labels: Labels) -> Tiles:
    """Return the tiles of some labels."""
    count = labels.chain.shape[1]
    shared = _shared_ranks(labels)
    ends = tuple(_tile(labels, shared, 1, span) for span in _spans(count, COLUMNS))
    where = np.full((len(ends), shared[0]), -1, dtype=np.int32)
    bounds = np.full((2, len(ends), shared[0]), NEVER, dtype=np.int64)
    for index, tile in enumerate(ends):
        where[index, tile.hub] = np.arange(len(tile.hub))
        bounds[0, index, tile.hub], bounds[1, index, tile.hub] = tile.least, tile.most
    return Tiles(
        columns=count,
        starts=tuple(_tile(labels, shared, 0, span) for span in _spans(count, ROWS)),
        ends=ends,
        where=where,
        bounds=bounds,
    )


def cost_rows(tiles: Tiles) -> Iterator[tuple[slice, NDArray[np.int64]]]:
    """Yield some rows of the packed costs between all columns at a time, and which they are.

    The table is written over by the next rows. Positions on the same segment are not treated
    rightly here: `same_street` does that.
    """
    rows = np.empty((ROWS, tiles.columns), dtype=np.int64)
    room = np.empty(0, dtype=np.int64)
    for tile in tiles.starts:
        part = rows[: tile.span.stop - tile.span.start]
        part[...] = NEVER
        owner, chosen = _useful(tile, tiles.bounds)
        first = np.searchsorted(owner, np.arange(len(tiles.ends) + 1)).tolist()
        place = tiles.where[owner, tile.hub[chosen]]
        for index, other in enumerate(tiles.ends):
            begin, end = first[index], first[index + 1]
            if begin == end:
                continue
            left = tile.cost.take(chosen[begin:end], axis=0)
            right = other.cost.take(place[begin:end], axis=0)
            shape = (len(left), left.shape[1], right.shape[1])
            size = shape[0] * shape[1] * shape[2]
            if room.size < size:
                room = np.empty(size, dtype=np.int64)
            sums = room[:size].reshape(shape)
            np.add(left[:, :, None], right[:, None, :], out=sums)
            np.minimum.reduce(sums, axis=0, out=part[:, other.span])
        yield tile.span, part


def _spans(count: int, size: int) -> list[slice]:
    return [slice(start, min(count, start + size)) for start in range(0, count, size)]


def _useful(tile: _Tile, bounds: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for each tile of ends, the entries of `tile.hub` that can be on a shortest way.

    A rank whose least sum is above the greatest sum of another one serves no pair of the tiles.
    """
    least = bounds[0][:, tile.hub] + tile.least
    most = bounds[1][:, tile.hub] + tile.most
    limit = np.minimum(most.min(axis=1, initial=NEVER), REACHED_BELOW)
    owner, entry = np.nonzero(least <= limit[:, None])
    return owner, entry


def _shared_ranks(labels: Labels) -> tuple[int, NDArray[np.int64]]:
    """Return how many ranks several positions share, and their number at each entry, (d, n)."""
    chain = labels.chain
    alike = (chain[:, 1:] == chain[:, :-1]) & (chain[:, 1:] >= 0)
    shared = np.zeros(chain.shape, dtype=np.bool_)
    shared[:, 1:] |= alike
    shared[:, :-1] |= alike
    # Columns that share a rank are neighbours: each run of equal entries is one rank.
    begins = shared.copy()
    begins[:, 1:] &= ~alike
    number = np.cumsum(begins.ravel()).reshape(chain.shape) - 1
    return int(begins.sum()), np.where(shared, number, -1)


def _tile(labels: Labels, shared: tuple[int, NDArray[np.int64]], side: int, span: slice) -> _Tile:
    """Return the costs of some columns as a dense table."""
    hubs, number = shared
    # The last place takes what is not shared, and is cut off again.
    seen = np.zeros(hubs + 1, dtype=np.int64)
    mine = number[:, span]
    seen[mine] = 1
    hub = np.flatnonzero(seen[:hubs])
    seen[hub] = np.arange(len(hub))
    seen[hubs] = len(hub)
    table = np.full((len(hub) + 1, mine.shape[1]), NEVER, dtype=np.int64)
    table[seen[mine], np.arange(mine.shape[1])] = labels.cost[side][:, span]
    table = table[: len(hub)]
    return _Tile(
        span=span,
        hub=hub,
        cost=table,
        least=table.min(axis=1, initial=NEVER),
        most=table.max(axis=1, initial=-NEVER),
    )
