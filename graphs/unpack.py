"""Shortcuts of the hierarchy opened up into turns of the street graph."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphs.customise import Metric
from graphs.hierarchy import Hierarchy, find_arcs
from graphs.runs import run_members
from graphs.streets import StreetGraph

UNKNOWN, TURN = 0, 1
"""What `Unpacker` remembers of an arc besides the first of the two arcs it stands for (plus 2)."""


class Hops(NamedTuple):
    """Drives along arcs of the hierarchy: arc numbers, and whether each is driven upwards, (k,)."""

    arc: NDArray[np.int64]
    upward: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Unpacker:
    """Opens shortcuts and remembers what they stood for.

    `opened` (2, e): for each arc downwards and upwards the pair of arcs below it, as the number of
    the one at the lower end, plus 2; `partner` (2, e) the other one. What is never asked for takes
    no memory: the system gives pages when they are written.
    """

    graph: StreetGraph
    hierarchy: Hierarchy
    turn_cost: NDArray[np.int64]
    metric: Metric
    opened: NDArray[np.int32] = field(init=False)
    partner: NDArray[np.int32] = field(init=False)

    def __post_init__(self) -> None:
        for name in ("opened", "partner"):
            object.__setattr__(self, name, np.zeros((2, self.hierarchy.arcs), dtype=np.int32))

    def ranks(self, hops: Hops) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rank that each turn along the hops ends at, and the hop it belongs to."""
        arc, upward = hops
        owner = np.arange(len(arc))
        while True:
            side = upward.astype(np.int64)
            known = self.opened[side, arc]
            if (known == UNKNOWN).any():
                self._learn(Hops(arc[known == UNKNOWN], upward[known == UNKNOWN]))
                known = self.opened[side, arc]
            split = known > TURN
            if not split.any():
                break
            # Down to the middle along one arc, up from there along the other.
            count = np.where(split, 2, 1)
            first = (np.cumsum(count) - count)[split]
            low, high = known[split].astype(np.int64) - 2, self.partner[side, arc][split]
            climbs = upward[split]
            arc, upward = np.repeat(arc, count), np.repeat(upward, count)
            owner = np.repeat(owner, count)
            arc[first], arc[first + 1] = np.where(climbs, low, high), np.where(climbs, high, low)
            upward[first], upward[first + 1] = False, True
        tail = np.searchsorted(self.hierarchy.offset, arc, side="right") - 1
        return np.where(upward, self.hierarchy.head[arc], tail), owner

    def _learn(self, hops: Hops) -> None:
        """Find out what some arcs stand for."""
        arc, upward = np.unique(np.column_stack(hops), axis=0).T
        side = upward.astype(np.int64)
        tail = np.searchsorted(self.hierarchy.offset, arc, side="right") - 1
        head = self.hierarchy.head[arc].astype(np.int64)
        cost = np.where(upward, self.metric.up[arc], self.metric.down[arc])
        ends = (np.where(upward, tail, head), np.where(upward, head, tail))
        turn = self._are_turns(*ends, cost)
        self.opened[side[turn], arc[turn]] = TURN
        rest = ~turn
        low, high = self._below(tail[rest], head[rest], upward[rest], cost[rest])
        self.opened[side[rest], arc[rest]] = low + 2
        self.partner[side[rest], arc[rest]] = high

    def _are_turns(
        self, start: NDArray[np.int64], end: NDArray[np.int64], cost: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Return which drives between two ranks are single turns of just that cost."""
        tail = self.hierarchy.state[start]
        first, last = self.graph.turn_offset[tail], self.graph.turn_offset[tail + 1]
        turns = run_members(first, last)
        owner = np.repeat(np.arange(len(tail)), last - first)
        same = self.graph.turn_to[turns] == self.hierarchy.state[end][owner]
        same &= self.turn_cost[turns] == cost[owner]
        result = np.zeros(len(tail), dtype=np.bool_)
        result[owner[same]] = True
        return result

    def _below(
        self,
        low: NDArray[np.int64],
        high: NDArray[np.int64],
        upward: NDArray[np.bool_],
        cost: NDArray[np.int64],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the arcs from a lower rank to both ends of each shortcut that make up its cost."""
        hierarchy, metric = self.hierarchy, self.metric
        first, last = hierarchy.down_offset[low], hierarchy.down_offset[low + 1]
        owner = np.repeat(np.arange(len(low)), last - first)
        arc = hierarchy.down[run_members(first, last)].astype(np.int64)
        part = np.where(upward[owner], metric.down[arc], metric.up[arc])
        near = part <= cost[owner]
        owner, arc, part = owner[near], arc[near], part[near]
        middle = np.searchsorted(hierarchy.offset, arc, side="right") - 1
        other = find_arcs(hierarchy.offset, hierarchy.head, middle, high[owner])
        rest = np.where(upward[owner], metric.up[other], metric.down[other])
        fits = np.flatnonzero((other >= 0) & (part + rest == cost[owner]))
        # The lowest of several middles, so that the same question has the same answer.
        _, at = np.unique(owner[fits], return_index=True)
        chosen = fits[at]
        return arc[chosen], other[chosen]
