"""Drives between two positions on the same segment, round the block where that is needed.

The labels of both have entries at the segment's own ranks, and their sum there would be a drive
that never turns, even backwards. Here these entries are replaced by drives that really turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphs.hierarchy import find_arcs
from graphs.packing import NEVER
from graphs.positions import direct_costs
from graphs.runs import run_members
from graphs.unpack import Hops

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from graphs.customise import Metric
    from graphs.hierarchy import Hierarchy
    from graphs.labels import Entries, Labels
    from graphs.positions import Positions


class Step(NamedTuple):
    """A drive between two ranks; `via` is a lower rank on it, -1 = not known."""

    start: int
    end: int
    via: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrips:
    """Cheapest drives, with at least one turn, between the k own ranks of a segment.

    Only drives whose highest rank is an own one; the labels know the others. `cost[i][j]` is
    packed, `middle[i][j]` an own rank in between or -1, `below[i]` the lower rank by way of which
    rank i comes back to itself, -1 = by a turn into itself.
    """

    ranks: range
    cost: list[list[int]]
    middle: list[list[int]]
    below: list[int]

    def steps(self, start: int, end: int) -> Iterator[Step]:
        """Yield the parts, in order, of the cheapest drive from own rank `start` to `end`."""
        middle = self.middle[start][end]
        if middle >= 0:
            yield from self.steps(start, middle)
            yield from self.steps(middle, end)
        else:
            via = self.below[start] if start == end else -1
            yield Step(self.ranks[start], self.ranks[end], via)


def round_trips(
    hierarchy: Hierarchy, metric: Metric, ranks: range, self_turns: Mapping[int, int]
) -> RoundTrips:
    """Return the round trips of a segment with these own ranks.

    `self_turns` are the packed costs of turns from a rank into itself (loop streets).
    """
    size = len(ranks)
    cost = [[NEVER] * size for _ in ranks]
    middle = [[-1] * size for _ in ranks]
    below = [-1] * size
    for low, rank in enumerate(ranks):
        # A rank's own later ranks are the first that it sees.
        first = int(hierarchy.offset[rank])
        own = slice(first, first + size - low - 1)
        for high, (up, down) in enumerate(
            zip(metric.up[own].tolist(), metric.down[own].tolist(), strict=True), low + 1
        ):
            cost[low][high], cost[high][low] = up, down
        cost[low][low], below[low] = _loop(hierarchy, metric, rank)
        if self_turns.get(rank, NEVER) <= cost[low][low]:
            cost[low][low], below[low] = self_turns.get(rank, NEVER), -1
    for between, start, end in product(range(size), repeat=3):
        way = cost[start][between] + cost[between][end]
        if way < cost[start][end]:
            cost[start][end], middle[start][end] = way, between
    return RoundTrips(ranks=ranks, cost=cost, middle=middle, below=below)


def _loop(hierarchy: Hierarchy, metric: Metric, rank: int) -> tuple[int, int]:
    """Return the cheapest way from a rank back to it by way of one below, and that one."""
    below = slice(int(hierarchy.down_offset[rank]), int(hierarchy.down_offset[rank + 1]))
    arcs = hierarchy.down[below]
    if len(arcs) == 0:
        return NEVER, -1
    ways = metric.down[arcs] + metric.up[arcs]
    best = int(ways.argmin())
    tail = int(np.searchsorted(hierarchy.offset, arcs[best], side="right")) - 1
    return min(int(ways[best]), NEVER), tail


def step_hops(hierarchy: Hierarchy, step: Step) -> Hops:
    """Return the arcs of the hierarchy that a step drives along; none for a turn into itself."""
    start, end = step.start, step.end
    if start == end and step.via < 0:
        return Hops(np.empty(0, np.int64), np.empty(0, np.bool_))
    low = np.array([step.via] * 2 if step.via >= 0 else [min(start, end)])
    high = np.array([start, end] if step.via >= 0 else [max(start, end)])
    upward = np.array([False, True] if step.via >= 0 else [start < end])
    return Hops(find_arcs(hierarchy.offset, hierarchy.head, low, high), upward)


def groups_on_one_segment(positions: Positions) -> list[NDArray[np.int64]]:
    """Return the positions that share a segment, for each segment with several."""
    order = np.argsort(positions.segment, kind="stable")
    order = order[positions.found[order]]
    cuts = np.flatnonzero(np.diff(positions.segment[order])) + 1
    return [group for group in np.split(order, cuts) if len(group) > 1]


def own_costs(entries: Entries, group: NDArray[np.int64], ranks: range) -> NDArray[np.int64]:
    """Return where the drives of a group's positions begin or end, (group, own ranks)."""
    result = np.full((len(group), len(ranks)), NEVER, dtype=np.int64)
    first, end = np.searchsorted(entries.position, (group, group + 1))
    mine = run_members(first, end)
    row = np.repeat(np.arange(len(group)), end - first)
    result[row, entries.rank[mine] - ranks.start] = entries.cost[mine]
    return result


def same_street_costs(
    labels: Labels,
    columns: NDArray[np.int64],
    top_depth: int,
    trips: RoundTrips,
    own: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> NDArray[np.int64]:
    """Return packed costs of all drives that turn between a group's positions, (g, g).

    `columns` (g,) are theirs in the labels, `top_depth` is the depth of their highest own rank,
    `own` what `own_costs` says of their starts and ends.
    """
    up, down = (labels.cost[side][:top_depth, columns] for side in (0, 1))
    over = (up[:, :, None] + down[:, None, :]).min(axis=0, initial=NEVER)
    starts, ends = own
    turned = (starts[:, :, None] + np.array(trips.cost)).min(axis=1)
    turned = np.minimum(turned, NEVER)
    least = (turned[:, None, :] + ends[None, :, :]).min(axis=2)
    return np.asarray(np.minimum(over, least), dtype=np.int64)


def with_direct(
    costs: NDArray[np.int64], positions: Positions, group: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the costs (g, g) with driving straight on where that is possible and cheaper."""
    start, end = (side.ravel() for side in np.meshgrid(group, group, indexing="ij"))
    direct = direct_costs(positions, start, end).min(axis=1)
    return np.asarray(np.minimum(costs, direct.reshape(costs.shape)), dtype=np.int64)
