"""The way of a single position up its chain of ancestors, with where every cost came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.packing import NEVER, REACHED_BELOW
from graphs.runs import run_members

if TYPE_CHECKING:
    from graphs.customise import Metric
    from graphs.hierarchy import Hierarchy
    from graphs.labels import Labels


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Climb:
    """Costs between one position and the d ranks of its chain, root first.

    `cost` (d,) packed, by way of lower ranks only; `entries` are the ranks where drives begin (or
    end) with their packed costs. `tail`, `head` (k,) are the depths that the upward `arc` (k,)
    joins, for all arcs of the chain.
    """

    chain: NDArray[np.integer]
    cost: NDArray[np.int64]
    entries: Mapping[int, int]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    arc: NDArray[np.int64]


def climb_both(
    hierarchy: Hierarchy,
    metric: Metric,
    bottoms: tuple[int, int],
    entries: tuple[Mapping[int, int], Mapping[int, int]],
) -> tuple[Climb, Climb]:
    """Return the climbs up from one position and down to another, from their lowest ranks.

    Depths are counted from the root, so both go through one loop together.
    """
    chains = [_chain(hierarchy, bottom) for bottom in bottoms]
    depths = max(map(len, chains))
    arcs = [_arcs_above(hierarchy, chain) for chain in chains]
    steps = np.full((2, depths, depths), NEVER, dtype=np.int64)
    cost = np.full((2, depths), NEVER, dtype=np.int64)
    for side, weight in enumerate((metric.up, metric.down)):
        tail, head, arc = arcs[side]
        steps[side, tail, head] = weight[arc]
        for rank, amount in entries[side].items():
            at = int(hierarchy.depth[rank])
            cost[side, at] = min(int(cost[side, at]), amount)
    for at in range(depths - 1, 0, -1):
        above = cost[:, :at]
        np.minimum(above, steps[:, at, :at] + cost[:, at, None], out=above)
    up, down = (
        Climb(
            chain=chains[side],
            cost=cost[side, : len(chains[side])],
            entries=entries[side],
            tail=arcs[side][0],
            head=arcs[side][1],
            arc=arcs[side][2],
        )
        for side in (0, 1)
    )
    return up, down


def climb_of_label(
    hierarchy: Hierarchy,
    labels: Labels,
    side: int,
    column: int,
    entries: Mapping[int, int],
) -> Climb:
    """Return the climb of a column whose costs (side 0 = up, 1 = down) are known already."""
    chain = labels.chain[:, column]
    chain = chain[chain >= 0]
    tail, head, arc = _arcs_above(hierarchy, chain)
    cost = labels.cost[side, : len(chain), column]
    return Climb(chain=chain, cost=cost, entries=entries, tail=tail, head=head, arc=arc)


def _chain(hierarchy: Hierarchy, bottom: int) -> NDArray[np.int64]:
    chain = np.empty(int(hierarchy.depth[bottom]) + 1, dtype=np.int64)
    rank, parent = bottom, hierarchy.parent
    for depth in range(len(chain) - 1, -1, -1):
        chain[depth] = rank
        rank = int(parent[rank])
    return chain


def _arcs_above(
    hierarchy: Hierarchy, chain: NDArray[np.integer]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the depths of lower and upper end, and the number, of all arcs from a chain."""
    first, end = hierarchy.offset[chain], hierarchy.offset[chain + 1]
    arc = run_members(first, end)
    tail = np.repeat(np.arange(len(chain)), end - first)
    return tail, hierarchy.depth[hierarchy.head[arc]].astype(np.int64), arc


def meeting(up: Climb, down: Climb) -> tuple[int, int]:
    """Return the depth at which the drive turns downwards, -1 = no way, and its packed cost.

    Not for two positions on one segment, whose own ranks do not count.
    """
    both = min(len(up.chain), len(down.chain))
    shared = up.chain[:both] == down.chain[:both]
    # Chains part once and for good.
    both = both if shared.all() else int(shared.argmin())
    return least_sum(up, down, both)


def least_sum(up: Climb, down: Climb, depths: int) -> tuple[int, int]:
    """Return the best of the first `depths` depths, -1 = no way, and its packed cost."""
    if depths == 0:
        return -1, NEVER
    sums = up.cost[:depths] + down.cost[:depths]
    best = int(sums.argmin())
    cost = int(sums[best])
    return (best, cost) if cost < REACHED_BELOW else (-1, NEVER)


def arcs_to(climbed: Climb, weight: NDArray[np.int64], depth: int) -> tuple[list[int], int]:
    """Return the upward arcs between the position and the rank at a depth, lowest arc first.

    Also the rank at which the drive begins (or ends).
    """
    tight = climbed.cost[climbed.tail] + weight[climbed.arc] == climbed.cost[climbed.head]
    # Of several equally good ways the last one counts, on every machine.
    came_by = np.full(len(climbed.chain), -1, dtype=np.int64)
    came_by[climbed.head[tight]] = np.flatnonzero(tight)
    cost, entries = climbed.cost, climbed.entries
    arcs: list[int] = []
    at = depth
    while entries.get(rank := int(climbed.chain[at]), NEVER) != cost[at]:
        by = int(came_by[at])
        arcs.append(int(climbed.arc[by]))
        at = int(climbed.tail[by])
    return arcs[::-1], rank
