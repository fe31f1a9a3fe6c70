"""A grid over all street pieces, from which the nearest street of a point is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphs.geo import columns
from graphs.nearest import nearest_pieces
from graphs.network import StreetNetwork
from graphs.runs import run_members
from graphs.snap import Snapped, check_points, sides_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphs.nearest import Nearest

SMALLEST_CELL_M = 15.0
"""Streets are seldom nearer to one another, so smaller cells only make the grid larger."""

CELLS_PER_PIECE = 4.0
"""Long ways stick out of an extract, so most of its rectangle is empty. 8 is no faster in a city,
2 takes twice as long in Heidelberg's extract (measured)."""

MARGIN_M = 1.0
"""Around all streets, so that none lies on the edge of the grid."""

LONGEST_CROSSING = 4.0
"""Cells that a piece crosses on average, at most: bounds the grid of a few very long ferries."""


class Runs(NamedTuple):
    """Stretches of grid entries to look at: `begin` to before `end`, for the rows `owner`.

    `owner` is ascending.
    """

    owner: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]

    def sizes(self, count: int) -> NDArray[np.int64]:
        """Return the number of entries of each of `count` rows."""
        sizes = np.bincount(self.owner, weights=self.end - self.begin, minlength=count)
        return sizes.astype(np.int64)

    def of(self, rows: NDArray[np.bool_]) -> Runs:
        """Return the runs of some rows, (n,) mask."""
        kept = rows[self.owner]
        return Runs(self.owner[kept], self.begin[kept], self.end[kept])


@dataclass(frozen=True, kw_only=True, eq=False)
class SegmentGrid:
    """Cells of a square grid with the pieces that touch them.

    A piece leads from one shape position to the next: `place` (p,) is the first one, `segment` (p,)
    its segment. Positions given twice in a row make no piece, except for one in a segment without
    length. Cell c = column * rows + row has `entry[first[c]:first[c + 1]]`, numbers of pieces.
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

    @property
    def cell_m(self) -> float:
        """Width and height of a cell in metres."""
        return float(self.frame[2])

    @property
    def shape(self) -> tuple[int, int]:
        """Number of columns and rows."""
        return int(self.frame[3]), int(self.frame[4])

    def nearest(
        self,
        points: Sequence[tuple[float, float]],
        usable: NDArray[np.bool_],
        *,
        max_distance_m: float,
    ) -> Snapped:
        """Return the nearest positions on segments with a mark in `usable` (m,).

        Points farther than `max_distance_m` get segment -1. Of segments that are equally near, to
        a micrometre, the one with the lowest number is taken. Raises PointsInvalid G302 for what
        is no (lat, lon).
        """
        check_points(points)
        places = self.network.view.to_xy(*columns(points))
        return self._snapped(places, nearest_pieces(self, places, usable, max_distance_m))

    def moved_inside(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the nearest places inside the grid."""
        corner = self.frame[:2]
        # The far edge belongs to no cell; the margin holds no streets either.
        far = corner + self.cell_m * self.frame[3:5] - MARGIN_M / 2
        return np.clip(places, corner, far)

    def window(self, places: NDArray[np.float64], radius: int) -> Runs:
        """Return the runs of all cells at most `radius` cells from those of places inside."""
        cell = np.floor((places - self.frame[:2]) / self.cell_m).astype(np.int64)
        low = np.maximum(cell - radius, 0)
        high = np.minimum(cell + radius + 1, self.shape)
        owner = np.repeat(np.arange(len(cell)), high[:, 0] - low[:, 0])
        column = run_members(low[:, 0], high[:, 0])
        return self._runs(owner, column, low[owner, 1], high[owner, 1])

    def disc(self, places: NDArray[np.float64], radius_m: NDArray[np.float64]) -> Runs:
        """Return the runs of all cells within a distance (n,) of places."""
        (wide, high), cell = self.shape, self.cell_m
        x, y = (places - self.frame[:2]).T
        left = np.clip(np.floor((x - radius_m) / cell), 0, wide).astype(np.int64)
        right = np.clip(np.floor((x + radius_m) / cell) + 1, left, wide).astype(np.int64)
        owner = np.repeat(np.arange(len(places)), right - left)
        column = run_members(left, right)
        off = np.maximum(column * cell - x[owner], x[owner] - (column + 1) * cell)
        tall = np.sqrt(np.maximum(radius_m[owner] ** 2 - np.maximum(off, 0.0) ** 2, 0.0))
        low = np.clip(np.floor((y[owner] - tall) / cell), 0, high).astype(np.int64)
        top = np.clip(np.floor((y[owner] + tall) / cell) + 1, low, high).astype(np.int64)
        return self._runs(owner, column, low, top)

    def _runs(
        self,
        owner: NDArray[np.int64],
        column: NDArray[np.int64],
        low: NDArray[np.int64],
        top: NDArray[np.int64],
    ) -> Runs:
        """Return runs for parts of columns: cells above one another lie side by side."""
        start = column * self.shape[1]
        begin, end = self.first[start + low], self.first[start + top]
        return Runs(owner, begin.astype(np.int64), end.astype(np.int64))

    def members(self, runs: Runs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return row and piece of all entries in the runs; a piece may come more than once."""
        owner = np.repeat(runs.owner, runs.end - runs.begin)
        return owner, self.entry[run_members(runs.begin, runs.end)].astype(np.int64)

    def project(
        self, places: NDArray[np.float64], piece: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the share of each piece nearest to each place, and the distance in metres."""
        start, way = self._vectors(piece)
        x, y = (places - start).T
        dx, dy = way.T
        # A piece without length is nearest at its start.
        length2 = np.maximum(dx * dx + dy * dy, np.finfo(np.float64).tiny)
        share = np.clip((x * dx + y * dy) / length2, 0.0, 1.0)
        return share, np.hypot(x - share * dx, y - share * dy)

    def _vectors(self, piece: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return start (k, 2) and direction (k, 2) of pieces in metres."""
        network, here = self.network, self.place[piece]
        start = network.view.to_xy(network.shape_lat[here], network.shape_lon[here])
        end = network.view.to_xy(network.shape_lat[here + 1], network.shape_lon[here + 1])
        return start, end - start

    def _snapped(self, places: NDArray[np.float64], found: Nearest) -> Snapped:
        """Return the found pieces as positions on segments."""
        count = len(places)
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
        gap = places[hit] - start - share[:, None] * way
        end, direction = self._directions(piece, share, way)
        side[hit] = sides_of(gap, direction, end)
        return Snapped(segment=segment, fraction=fraction, distance_m=found.distance_m, side=side)

    def _directions(
        self, piece: NDArray[np.int64], share: NDArray[np.float64], way: NDArray[np.float64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Return whether positions are ends of segments, and the unit direction (k, 2) there.

        At a bend it is halfway between those of both pieces: seen from the outer side of a hairpin
        one of them alone would take left for right.
        """
        step = (share >= 1.0).astype(np.int64) - (share <= 0.0)
        other = np.clip(piece + step, 0, len(self.place) - 1)
        bend = (step != 0) & (other != piece) & (self.segment[other] == self.segment[piece])
        both = _unit(way)
        both[bend] += _unit(self._vectors(other[bend])[1])
        return (step != 0) & ~bend, _unit(both)


def _unit(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return vectors (k, 2) with length 1; those without direction become zero."""
    length = np.hypot(vector[:, 0], vector[:, 1])
    # Of a hairpin's two directions nothing but rounding is left.
    return np.where(length > 1e-9, vector.T / np.maximum(length, 1e-9), 0.0).T


def grid_of(network: StreetNetwork) -> SegmentGrid:
    """Return the grid over all pieces of a network."""
    offset = network.shape_offset
    xy = network.view.to_xy(network.shape_lat, network.shape_lon)
    step = np.zeros(len(xy))
    step[:-1] = np.hypot(*(xy[1:] - xy[:-1]).T)
    step[offset[1:] - 1] = 0.0
    total = np.concatenate(([0.0], np.cumsum(step)))[:-1]
    along = total - np.repeat(total[offset[:-1]], np.diff(offset))
    piece = step > 0
    # A segment without length is found at its first position.
    piece[offset[:-1][np.maximum.reduceat(step, offset[:-1]) == 0]] = True
    place = np.flatnonzero(piece)
    corner = xy.min(axis=0) - MARGIN_M
    extent = xy.max(axis=0) - corner + MARGIN_M
    cell = max(
        SMALLEST_CELL_M,
        float(np.sqrt(extent[0] * extent[1] / (CELLS_PER_PIECE * len(place)))),
        float(step.sum() / (LONGEST_CROSSING * len(place))),
    )
    wide, high = (int(size) for size in np.ceil(extent / cell))
    cells, entry = _touched(xy, place, step[place], (corner, cell, high))
    return SegmentGrid(
        network=network,
        place=place.astype(np.int32),
        segment=np.repeat(np.arange(network.segments), np.diff(offset))[place].astype(np.int32),
        entry=entry.astype(np.int32),
        first=_starts(cells, wide * high).astype(np.int32),
        along=along,
        frame=np.array([*corner, cell, wide, high]),
    )


def _starts(cells: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return where the entries of each cell begin, (count + 1,)."""
    return np.concatenate(([0], np.cumsum(np.bincount(cells, minlength=count))))


def _touched(
    xy: NDArray[np.float64],
    place: NDArray[np.int64],
    step: NDArray[np.float64],
    frame: tuple[NDArray[np.float64], float, int],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return cell and piece, sorted by both, for all cells that a piece may touch.

    A long piece is looked at in parts shorter than a cell, each of which touches at most the four
    cells of its corners.
    """
    corner, cell, high = frame
    parts = np.floor(step / cell).astype(np.int64) + 1
    piece = np.repeat(np.arange(len(place)), parts)
    number = np.arange(len(piece)) - np.repeat(np.cumsum(parts) - parts, parts)
    start, way = xy[place][piece], (xy[place + 1] - xy[place])[piece]
    ends = [start + ((number + k) / parts[piece])[:, None] * way for k in (0, 1)]
    (column, row), (column_2, row_2) = (
        np.floor((end - corner) / cell).astype(np.int64).T for end in ends
    )
    wider, higher = column != column_2, row != row_2
    corners = (
        (column, row, np.ones(len(piece), dtype=np.bool_)),
        (column_2, row, wider),
        (column, row_2, higher),
        (column_2, row_2, wider & higher),
    )
    keys = [(c[new] * high + r[new]) * len(place) + piece[new] for c, r, new in corners]
    both = np.sort(np.concatenate(keys))
    # Parts of one piece meet in a cell.
    both = both[np.concatenate(([True], both[1:] != both[:-1]))]
    return both // len(place), both % len(place)
