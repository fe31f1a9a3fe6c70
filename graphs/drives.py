"""Shortest drives between positions as arcs of the street graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.climb import Climb, arcs_to, climb_both, climb_of_label, least_sum, meeting
from graphs.errors import PointsInvalid
from graphs.packing import NEVER, REACHED_BELOW
from graphs.positions import direct_costs
from graphs.unpack import Hops

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphs.labels import Entries
    from graphs.positions import Positions
    from graphs.same_street import RoundTrips
    from graphs.search import Searcher

FEW = 4
"""Up to so many positions are climbed one by one; measured against sweeping all at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drive:
    """The arcs of a shortest drive, first and last included, and its packed cost.

    It begins on the first arc at `first_share` of the arc's length from the arc's start, and ends
    on the last one at `last_share`.
    """

    arcs: NDArray[np.int64]
    first_share: float
    last_share: float
    cost: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """A drive before its shortcuts are opened: the rank it begins with, then hops."""

    first: int
    hops: Sequence[tuple[int, bool]]
    cost: int


def shortest_drives(
    searcher: Searcher, positions: Positions, pairs: Sequence[tuple[int, int]]
) -> list[Drive]:
    """Return the shortest drive of each pair of positions, equal to the matrix cell.

    Raises PointsInvalid G305 where there is none.
    """
    climbs = _Climbs(searcher, positions)
    found: dict[int, Drive] = {}
    plans: dict[int, _Plan] = {}
    for number, (start, end) in enumerate(pairs):
        drive = _along_one_segment(climbs, start, end)
        if drive is not None:
            found[number] = drive
        else:
            plans[number] = _planned(climbs, start, end)
    for number, ranks in _opened(searcher, plans).items():
        states = searcher.hierarchy.state[ranks]
        arcs = searcher.graph.state_arc[states].astype(np.int64)
        found[number] = _drive(searcher, positions, pairs[number], arcs, plans[number].cost)
    return [found[number] for number in range(len(pairs))]


class _Climbs:
    """The climbs of positions from their segments upwards, made when they are asked for."""

    def __init__(self, searcher: Searcher, positions: Positions) -> None:
        self.searcher = searcher
        self.positions = positions
        for index in np.flatnonzero(~positions.found):
            cause = "it has no street within reach of this vehicle"
            raise no_way(f"point {index}", cause)
        self.ends = searcher.entries(positions)
        self.entries = [_by_position(side, len(positions)) for side in self.ends]
        self._labels = searcher.labels(positions) if len(positions) > FEW else None
        self._column = self._labels.column if self._labels is not None else ()

    def of(self, start: int, end: int) -> tuple[Climb, Climb]:
        """Return the climbs up from one position and down to another."""
        searcher, entries = self.searcher, (self.entries[0][start], self.entries[1][end])
        hierarchy = searcher.hierarchy
        if self._labels is not None:
            up, down = (
                climb_of_label(hierarchy, self._labels, side, int(self._column[at]), entries[side])
                for side, at in enumerate((start, end))
            )
            return up, down
        segments = self.positions.segment
        start_rank, end_rank = (searcher.own_ranks(int(segments[at])).start for at in (start, end))
        return climb_both(hierarchy, searcher.metric, (start_rank, end_rank), entries)


def _by_position(entries: Entries, count: int) -> list[dict[int, int]]:
    """Return for each position its ranks with the least cost of each."""
    result: list[dict[int, int]] = [{} for _ in range(count)]
    for position, rank, cost in zip(
        entries.position.tolist(), entries.rank.tolist(), entries.cost.tolist(), strict=True
    ):
        mine = result[position]
        mine[rank] = min(cost, mine.get(rank, NEVER))
    return result


def no_way(subject: str, cause: str) -> PointsInvalid:
    """Return the error of a drive that does not exist."""
    return PointsInvalid("G305", subject, cause, "Leave it out or move it to a reachable street")


def _planned(climbs: _Climbs, start: int, end: int) -> _Plan:
    """Return the drive between positions on different segments, or over ranks above both."""
    up, down = climbs.of(start, end)
    return _over(climbs, (start, end), (up, down), *meeting(up, down))


def _over(
    climbs: _Climbs, pair: tuple[int, int], ways: tuple[Climb, Climb], depth: int, cost: int
) -> _Plan:
    """Return the drive that turns downwards at a depth."""
    if depth < 0:
        raise no_way(f"points {pair[0]} and {pair[1]}", "there is no way from one to the other")
    metric = climbs.searcher.metric
    upward, first = arcs_to(ways[0], metric.up, depth)
    downward, _ = arcs_to(ways[1], metric.down, depth)
    hops = [*((arc, True) for arc in upward), *((arc, False) for arc in reversed(downward))]
    return _Plan(first, hops, cost)


def _along_one_segment(climbs: _Climbs, start: int, end: int) -> Drive | None:
    """Return the drive of two positions on one segment; None if it is found as any other."""
    positions, searcher = climbs.positions, climbs.searcher
    if positions.segment[start] != positions.segment[end]:
        return None
    pair = (np.array([start]), np.array([end]))
    direct = NEVER * np.ones(2, np.int64) if start == end else direct_costs(positions, *pair)[0]
    if start == end:
        direct[int(positions.arc[start].argmax())] = 0
    ranks = searcher.own_ranks(int(positions.segment[start]))
    trips = searcher.round_trips(ranks)
    turned, own = _best_turn(climbs, trips, start, end)
    up, down = climbs.of(start, end)
    depth, over = least_sum(up, down, int(searcher.hierarchy.depth[ranks[-1]]))
    if direct.min() <= min(turned, over) < NEVER or direct.min() < NEVER <= min(turned, over):
        side = int(direct.argmin())
        arcs = positions.arc[start, side][None]
        return _drive(searcher, positions, (start, end), arcs, int(direct[side]))
    if over <= turned:
        plan = _over(climbs, (start, end), (up, down), depth, over)
        ranks_driven = _opened(searcher, {0: plan})[0]
    else:
        ranks_driven = _turned_ranks(searcher, trips, own)
    arcs = searcher.graph.state_arc[searcher.hierarchy.state[ranks_driven]].astype(np.int64)
    return _drive(searcher, positions, (start, end), arcs, min(turned, over))


def _best_turn(
    climbs: _Climbs, trips: RoundTrips, start: int, end: int
) -> tuple[int, tuple[int, int]]:
    """Return the packed cost and the own ranks of the best way that turns but stays below."""
    ways = [
        (begin + trips.cost[one - trips.ranks.start][other - trips.ranks.start] + rest, one, other)
        for one, begin in climbs.entries[0][start].items()
        for other, rest in climbs.entries[1][end].items()
    ]
    cost, one, other = min(ways, default=(NEVER, -1, -1))
    return (cost if cost < REACHED_BELOW else NEVER), (one, other)


def _turned_ranks(searcher: Searcher, trips: RoundTrips, own: tuple[int, int]) -> NDArray[np.int64]:
    """Return the ranks along a way between own ranks of a segment."""
    first = trips.ranks.start
    ranks = [own[0]]
    for step in trips.steps(own[0] - first, own[1] - first):
        ranks += searcher.step_ranks(step)
    return np.array(ranks, dtype=np.int64)


def _opened(searcher: Searcher, plans: Mapping[int, _Plan]) -> dict[int, NDArray[np.int64]]:
    """Return the ranks along each plan, all shortcuts opened at once."""
    hops = [hop for plan in plans.values() for hop in plan.hops]
    arc = np.array([arc for arc, _ in hops], dtype=np.int64)
    upward = np.array([up for _, up in hops], dtype=np.bool_)
    opened = iter(searcher.unpacker.ranks(Hops(arc, upward)))
    return {
        number: np.array([plan.first, *chain.from_iterable(islice(opened, len(plan.hops)))])
        for number, plan in plans.items()
    }


def _drive(
    searcher: Searcher,
    positions: Positions,
    pair: tuple[int, int],
    arcs: NDArray[np.int64],
    cost: int,
) -> Drive:
    """Return the drive along these arcs with where it begins and ends on them."""
    forward = searcher.graph.forward[[arcs[0], arcs[-1]]].tolist()
    shares = positions.fraction[list(pair)].tolist()
    first, last = (
        share if along else 1.0 - share for share, along in zip(shares, forward, strict=True)
    )
    return Drive(arcs=arcs, first_share=first, last_share=last, cost=cost)
