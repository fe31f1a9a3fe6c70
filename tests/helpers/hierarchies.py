"""Small random graphs of states and the hierarchies over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphs.dissection import bisection_order, neighbours
from graphs.hierarchy import Hierarchy, build_hierarchy
from graphs.packing import NEVER


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StateGraph:
    """States in groups (n,), turns between them (t,), their costs, and where the groups lie."""

    group: NDArray[np.int32]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    cost: NDArray[np.int64]
    xy: NDArray[np.float64]

    def hierarchy(self, *, halved: bool = False) -> Hierarchy:
        """Return the hierarchy, in the order of our own halving if wanted."""
        turns = (self.tail, self.head)
        if halved:
            return build_hierarchy(self.group, turns, self.xy, order_of=halving)
        return build_hierarchy(self.group, turns, self.xy)


def halving(
    tail: NDArray[np.int64], head: NDArray[np.int64], xy: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the order that is used where METIS is not installed."""
    return bisection_order(*neighbours(tail, head, len(xy)), xy)


def a_state_graph(seed: int, *, groups: int = 40, reach: float = 0.3) -> StateGraph:
    """Return a random graph: one to three states a group, turns between groups that are near.

    Some turns are closed, some lead from a state into itself.
    """
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), rng.integers(1, 4, groups)).astype(np.int32)
    xy = rng.random((groups, 2))
    gap = np.hypot(*(xy[group][:, None] - xy[group][None, :]).T)
    tail, head = np.nonzero((gap < reach) & (rng.random(gap.shape) < 0.4))
    cost = rng.integers(1, 1000, len(tail))
    return StateGraph(
        group=group,
        tail=tail,
        head=head,
        cost=np.where(rng.random(len(tail)) < 0.1, NEVER, cost).astype(np.int64),
        xy=xy,
    )


def eliminated(graph: StateGraph, rank: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the least cost between any two ranks by way of lower ranks only, (n, n)."""
    count = len(rank)
    table = np.full((count, count), NEVER, dtype=np.int64)
    table[rank[graph.tail], rank[graph.head]] = graph.cost
    for low in range(count):
        above = slice(low + 1, count)
        by_way = table[above, low][:, None] + table[low, above][None, :]
        table[above, above] = np.minimum(table[above, above], by_way)
    return table
