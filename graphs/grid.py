"""A grid over all street pieces, from which the nearest street of a point is read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from graphs.geo import columns
from graphs.network import StreetNetwork
from graphs.runs import run_members
from graphs.snap import Snapped, check_points

if TYPE_CHECKING:
    from collections.abc import Sequence


CELL_M = 100.0
MOST_CELLS = 4_000_000
"""A larger area gets larger cells."""

ON_LINE_M = 0.5
"""Nearer to the line than this a point lies on no side of it."""

_TIE_M = 1e-6
"""Distances that differ by less are the same: a point at a junction touches all its streets."""

_STRAIGHT_ON = 0.3
"""Beyond the end of a segment a point has a side only if it lies off its direction: sine."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SegmentGrid:
    """Cells of a square grid with the pieces that touch them.

    A piece leads from one shape position to the next: `place` (p,) is the first one, `segment` (p,)
    its segment. Cell c = column * rows + row has `entry[first[c]:first[c + 1]]`, numbers of pieces.
    `along` (k,) is each shape position's distance from its segment's tail in metres of the
    network's flat view. `frame` is west, south, cell size in metres, columns, rows.
    """

    network: StreetNetwork
    place: NDArray[np.int32]
    segment: NDArray[np.int32]
    entry: NDArray[np.int32]
    first: NDArray[np.int32]
    along: NDArray[np.float64]
    frame: NDArray[np.float64]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the arrays by field name: with the network they make the grid again."""
        names = ("place", "segment", "entry", "first", "along", "frame")
        return {name: getattr(self, name) for name in names}

    @cached_property
    def _shape(self) -> tuple[int, int]:
        return int(self.frame[3]), int(self.frame[4])

    def nearest(
        self,
        points: Sequence[tuple[float, float]],
        usable: NDArray[np.bool_],
        *,
        max_distance_m: float,
    ) -> Snapped:
        """Return the nearest positions on segments with a mark in `usable` (m,).

        Points farther than `max_distance_m` get segment -1. Of segments that are equally near the
        one with the lowest number is taken. Raises PointsInvalid G302 for what is no (lat, lon).
        """
        check_points(points)
        spots = self.network.view.to_xy(*columns(points))
        found = _Found.nothing(len(points))
        # Without a usable street in the window it would grow to the whole map.
        waiting = np.arange(len(points) if usable.any() else 0)
        radius = 1
        while len(waiting):
            near = self._near(spots[waiting], radius, usable)
            reach_m = self._reach_m(spots[waiting], radius)
            good = near.distance_m <= np.minimum(reach_m, max_distance_m)
            found.put(waiting[good], near, good)
            # What lies farther than the window may have a nearer neighbour just outside it.
            done = good | (reach_m >= max_distance_m) | self._covers(spots[waiting], radius)
            late = done & ~good & (near.distance_m <= max_distance_m)
            found.put(waiting[late], near, late)
            waiting = waiting[~done]
            radius *= 2
        return self._snapped(spots, found)

    def _cells(self, spots: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return (n, 2) column and row of places, those outside the grid included."""
        west, south, cell = self.frame[:3]
        return np.floor((spots - (west, south)) / cell).astype(np.int64)

    def _reach_m(self, spots: NDArray[np.float64], radius: int) -> NDArray[np.float64]:
        """Return how far around each spot a window of cells sees everything."""
        west, south, cell = self.frame[:3]
        inside = spots - (west, south) - self._cells(spots) * cell
        return np.asarray(np.minimum(inside, cell - inside).min(axis=1) + radius * cell)

    def _covers(self, spots: NDArray[np.float64], radius: int) -> NDArray[np.bool_]:
        """Return whether the window holds the whole grid."""
        cells = self._cells(spots)
        low, high = cells - radius, cells + radius
        return np.asarray(((low <= 0) & (high >= np.array(self._shape) - 1)).all(axis=1))

    def _near(self, spots: NDArray[np.float64], radius: int, usable: NDArray[np.bool_]) -> _Near:
        """Return the nearest usable piece in the window around each spot."""
        owner, piece = self._candidates(spots, radius)
        kept = usable[self.segment[piece]]
        owner, piece = owner[kept], piece[kept]
        share, gap = self._project(spots[owner], piece)
        order = np.lexsort((piece, self.segment[piece], np.rint(gap / _TIE_M), owner))
        owner, piece, share, gap = owner[order], piece[order], share[order], gap[order]
        lead = np.ones(len(owner), dtype=np.bool_)
        lead[1:] = owner[1:] != owner[:-1]
        best = _Near.nothing(len(spots))
        mine = owner[lead]
        best.piece[mine], best.share[mine] = piece[lead], share[lead]
        best.distance_m[mine] = gap[lead]
        return best

    def _candidates(
        self, spots: NDArray[np.float64], radius: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return spot and piece for every piece in every window."""
        wide, high = self._shape
        cells = self._cells(spots)
        left = np.clip(cells[:, 0] - radius, 0, wide)
        right = np.clip(cells[:, 0] + radius + 1, 0, wide)
        column = run_members(left, np.maximum(left, right))
        owner = np.repeat(np.arange(len(spots)), np.maximum(right - left, 0))
        low = np.clip(cells[owner, 1] - radius, 0, high - 1)
        top = np.clip(cells[owner, 1] + radius, 0, high - 1)
        kept = (cells[owner, 1] + radius >= 0) & (cells[owner, 1] - radius < high)
        column, owner, low, top = column[kept], owner[kept], low[kept], top[kept]
        # The cells of one column lie side by side, so each column is one run of entries.
        begin = self.first[column * high + low].astype(np.int64)
        end = self.first[column * high + top + 1].astype(np.int64)
        return np.repeat(owner, end - begin), self.entry[run_members(begin, end)].astype(np.int64)

    def _project(
        self, spots: NDArray[np.float64], piece: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the share of each piece nearest to each spot, and the distance in metres."""
        start, way = self._vectors(piece)
        length2 = np.maximum((way**2).sum(axis=1), 1e-12)
        share = np.clip(((spots - start) * way).sum(axis=1) / length2, 0.0, 1.0)
        gap = spots - start - share[:, None] * way
        return share, np.hypot(gap[:, 0], gap[:, 1])

    def _vectors(self, piece: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return start (k, 2) and direction (k, 2) of pieces in metres."""
        network, here = self.network, self.place[piece]
        start = network.view.to_xy(network.shape_lat[here], network.shape_lon[here])
        end = network.view.to_xy(network.shape_lat[here + 1], network.shape_lon[here + 1])
        return start, end - start

    def _snapped(self, spots: NDArray[np.float64], found: _Near) -> Snapped:
        """Return the found pieces as positions on segments."""
        count = len(spots)
        segment = np.full(count, -1, dtype=np.int64)
        fraction, side = np.zeros(count), np.zeros(count, dtype=np.int8)
        hit = np.flatnonzero(found.piece >= 0)
        piece, share = found.piece[hit], found.share[hit]
        segment[hit] = self.segment[piece]
        here = self.place[piece]
        total = self.along[self.network.shape_offset[segment[hit] + 1] - 1]
        walked = self.along[here] + share * (self.along[here + 1] - self.along[here])
        fraction[hit] = np.clip(walked / np.maximum(total, 1e-9), 0.0, 1.0)
        start, way = self._vectors(piece)
        side[hit] = _sides(spots[hit] - start, way, share, fraction[hit])
        return Snapped(segment=segment, fraction=fraction, distance_m=found.distance_m, side=side)


def _sides(
    towards: NDArray[np.float64],
    way: NDArray[np.float64],
    share: NDArray[np.float64],
    fraction: NDArray[np.float64],
) -> NDArray[np.int8]:
    """Return +1 for spots to the right of their piece, -1 to the left, 0 where there is no side."""
    gap = towards - share[:, None] * way
    length = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)
    # Positive where the spot lies to the left of the direction.
    across = (way[:, 0] * gap[:, 1] - way[:, 1] * gap[:, 0]) / length
    off = np.hypot(gap[:, 0], gap[:, 1])
    at_end = (fraction <= 0.0) | (fraction >= 1.0)
    none = (off < ON_LINE_M) | (at_end & (np.abs(across) < _STRAIGHT_ON * off))
    return np.where(none, 0, np.where(across > 0, -1, 1)).astype(np.int8)


class _Near(NamedTuple):
    """The nearest piece of n spots, -1 = none, the share along it, and the distance."""

    piece: NDArray[np.int64]
    share: NDArray[np.float64]
    distance_m: NDArray[np.float64]

    @classmethod
    def nothing(cls, count: int) -> Self:
        """Return n spots without a piece."""
        return cls(np.full(count, -1, np.int64), np.zeros(count), np.full(count, np.inf))


class _Found(_Near):
    """What has been settled so far."""

    def put(self, rows: NDArray[np.int64], near: _Near, which: NDArray[np.bool_]) -> None:
        """Settle some spots."""
        for mine, theirs in zip(self, near, strict=True):
            mine[rows] = theirs[which]


def grid_of(network: StreetNetwork) -> SegmentGrid:
    """Return the grid over all pieces of a network."""
    offset = network.shape_offset
    last = np.zeros(len(network.shape_lat), dtype=np.bool_)
    last[offset[1:] - 1] = True
    place = np.flatnonzero(~last)
    segment = np.repeat(np.arange(network.segments), np.diff(offset) - 1)
    xy = network.view.to_xy(network.shape_lat, network.shape_lon)
    step = np.hypot(*(xy[place + 1] - xy[place]).T)
    corner = xy.min(axis=0) - 1.0
    extent = xy.max(axis=0) - corner + 1.0
    cell = max(CELL_M, float(np.sqrt(extent[0] * extent[1] / MOST_CELLS)))
    wide, high = (int(size) for size in np.ceil(extent / cell))
    cells, piece = _touched(xy, place, step, (corner, cell, high))
    along = np.zeros(len(xy))
    along[place + 1] = step
    total = np.cumsum(along)
    along = total - np.repeat(total[offset[:-1]], np.diff(offset))
    return SegmentGrid(
        network=network,
        place=place.astype(np.int32),
        segment=segment.astype(np.int32),
        entry=piece.astype(np.int32),
        first=np.searchsorted(cells, np.arange(wide * high + 1)).astype(np.int32),
        along=along,
        frame=np.array([*corner, cell, wide, high]),
    )


def _touched(
    xy: NDArray[np.float64],
    place: NDArray[np.int64],
    step: NDArray[np.float64],
    frame: tuple[NDArray[np.float64], float, int],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return cell and piece, sorted by both, for all cells that a piece may touch.

    A long piece is looked at in parts no longer than a cell, each of which touches at most the four
    cells of its corners.
    """
    corner, cell, high = frame
    parts = np.maximum(1, np.ceil(step / cell)).astype(np.int64)
    piece = np.repeat(np.arange(len(place)), parts)
    number = np.arange(len(piece)) - np.repeat(np.cumsum(parts) - parts, parts)
    start, way = xy[place][piece], (xy[place + 1] - xy[place])[piece]
    ends = [start + ((number + k) / parts[piece])[:, None] * way for k in (0, 1)]
    at = [np.floor((end - corner) / cell).astype(np.int64) for end in ends]
    keys = [(at[i][:, 0] * high + at[j][:, 1]) * len(place) + piece for i in (0, 1) for j in (0, 1)]
    both = np.unique(np.concatenate(keys))
    return both // len(place), both % len(place)
