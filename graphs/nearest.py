"""The nearest street pieces of many places: first any nearby, then all that could be nearer."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphs.grid import Runs, SegmentGrid

TIE_M = 1e-6
"""Distances that differ by less are the same: a point at a junction touches all its streets, and
rounding must not decide between them."""

MANY = 2_000
"""From so many pieces around one place on it is asked whether all usable ones are fewer."""

MOST_PAIRS = 2**20
"""Places times pieces that are looked at together, which takes about 100 MB; own estimate."""

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Rows of places, ascending, and numbers of pieces."""


class Nearest(NamedTuple):
    """The nearest piece of n places, -1 = none; where on it, 0 to 1; the distance, inf = none."""

    piece: NDArray[np.int64]
    share: NDArray[np.float64]
    distance_m: NDArray[np.float64]


def nearest_pieces(
    grid: SegmentGrid,
    places: NDArray[np.float64],
    usable: NDArray[np.bool_],
    max_distance_m: float,
) -> Nearest:
    """Return the nearest pieces of usable segments, (m,) mask, for places (n, 2) in metres.

    Of equally near segments the one with the lowest number is taken, and of its pieces the first.
    """
    count = len(places)
    found = Nearest(np.full(count, -1), np.zeros(count), np.full(count, np.inf))
    if usable.any():
        search = _Search(grid, usable)
        bound_m = search.bounds(places, max_distance_m)
        rows = np.flatnonzero(np.isfinite(bound_m))
        reach_m = np.minimum(bound_m[rows], max_distance_m)
        best = search.best(places[rows], reach_m, max_distance_m)
        for all_of, some in zip(found, best, strict=True):
            all_of[rows] = some
    return found


class _Search:
    """A grid of which only some segments count."""

    def __init__(self, grid: SegmentGrid, usable: NDArray[np.bool_]) -> None:
        self._grid = grid
        self._usable = usable

    @cached_property
    def _pieces(self) -> NDArray[np.int64]:
        """All usable pieces."""
        return np.flatnonzero(self._usable[self._grid.segment])

    def bounds(self, places: NDArray[np.float64], max_distance_m: float) -> NDArray[np.float64]:
        """Return for each place a distance within which there is a usable piece.

        Infinite where none is within `max_distance_m`. The window around a place grows until
        something usable is in it.
        """
        grid = self._grid
        # From outside, what is nearest to the edge in front is the best guess; and what lies
        # beyond the window is no nearer to the place than it is to that edge.
        inside = grid.moved_inside(places)
        away = np.hypot(*(places - inside).T)
        bound_m = np.full(len(places), np.inf)
        waiting = np.flatnonzero(away <= max_distance_m)
        radius = 1
        while len(waiting):
            runs = grid.window(inside[waiting], radius)
            bound_m[waiting] = self._least(places[waiting], runs)
            beyond = np.hypot(away[waiting], radius * grid.cell_m) > max_distance_m
            done = beyond | np.isfinite(bound_m[waiting]) | (radius >= max(grid.shape))
            waiting = waiting[~done]
            radius *= 2
        return bound_m

    def best(
        self, places: NDArray[np.float64], reach_m: NDArray[np.float64], max_distance_m: float
    ) -> Nearest:
        """Return the nearest pieces, of which each place has one within its `reach_m` (n,)."""
        count = len(places)
        best = Nearest(np.full(count, -1), np.zeros(count), np.full(count, np.inf))
        for owner, piece in self._pairs(count, self._grid.disc(places, reach_m + 2 * TIE_M)):
            share, gap = self._grid.project(places[owner], piece)
            near = gap <= np.minimum(_least_of(count, owner, gap)[owner] + TIE_M, max_distance_m)
            owner, piece, share, gap = owner[near], piece[near], share[near], gap[near]
            order = np.lexsort((piece, gap, self._grid.segment[piece], owner))
            lead = order[_changes(owner[order])]
            for mine, theirs in zip(best, (piece, share, gap), strict=True):
                mine[owner[lead]] = theirs[lead]
        return best

    def _least(self, places: NDArray[np.float64], runs: Runs) -> NDArray[np.float64]:
        """Return the distance to the nearest of the pieces in the runs, inf = no usable one."""
        least = np.full(len(places), np.inf)
        for owner, piece in self._pairs(len(places), runs):
            gap = self._grid.project(places[owner], piece)[1]
            least = np.minimum(least, _least_of(len(places), owner, gap))
        return least

    def _pairs(self, count: int, runs: Runs) -> Iterator[Pairs]:
        """Yield places with usable pieces in their runs, all of one place together.

        A place whose runs hold more than there are usable pieces gets all of those instead: a few
        usable streets in a large city must not be looked for cell by cell.
        """
        size = runs.sizes(count)
        if size.max(initial=0) > MANY:
            crowded = size > len(self._pieces)
            rows = np.flatnonzero(crowded)
            for part in _parts(np.full(len(rows), len(self._pieces))):
                owner = np.repeat(rows[part], len(self._pieces))
                yield owner, np.tile(self._pieces, len(rows[part]))
            runs = runs.of(~crowded)
            size = np.where(crowded, 0, size)
        if size.sum() <= MOST_PAIRS:
            yield self._usable_pairs(runs)
            return
        for part in _parts(size):
            chosen = np.zeros(count, dtype=np.bool_)
            chosen[part] = True
            yield self._usable_pairs(runs.of(chosen))

    def _usable_pairs(self, runs: Runs) -> Pairs:
        owner, piece = self._grid.members(runs)
        kept = self._usable[self._grid.segment[piece]]
        return owner[kept], piece[kept]


def _least_of(
    count: int, owner: NDArray[np.int64], value: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the least value of each of `count` owners, inf = none; `owner` is ascending."""
    least = np.full(count, np.inf)
    if len(owner):
        lead = _changes(owner)
        least[owner[lead]] = np.minimum.reduceat(value, lead)
    return least


def _changes(owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each owner begins."""
    lead = np.ones(len(owner), dtype=np.bool_)
    lead[1:] = owner[1:] != owner[:-1]
    return np.flatnonzero(lead)


def _parts(size: NDArray[np.int64]) -> Iterator[slice]:
    """Yield slices of rows whose sizes together are about `MOST_PAIRS`."""
    number = np.cumsum(size) // MOST_PAIRS
    for begin, end in pairwise([*_changes(number).tolist(), len(size)]):
        yield slice(begin, end)
