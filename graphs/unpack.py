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

MOST_REMEMBERED = 2_000_000
"""So many arcs are remembered, about 300 MB; a route of a city needs a few hundred."""


MOST_WHOLE = 100_000
"""So many hops are remembered as a whole: legs of a day use the same ones again and again."""


class Hops(NamedTuple):
    """Drives along arcs of the hierarchy: arc numbers, and whether each is driven upwards, (k,)."""

    arc: NDArray[np.int64]
    upward: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Unpacker:
    """Opens shortcuts and remembers what they stood for.

    An arc and a direction are one whole number, `2 * arc + upward`. `known` maps it to the two such
    numbers driven one after the other, or to the rank that a single turn leads to; `whole` keeps
    what was asked for. A few hundred look-ups in a dictionary are faster than as many numpy calls
    on short arrays; measured.
    """

    graph: StreetGraph
    hierarchy: Hierarchy
    turn_cost: NDArray[np.int64]
    metric: Metric
    known: dict[int, tuple[int, int] | int] = field(default_factory=dict)
    whole: dict[int, list[int]] = field(default_factory=dict)

    def ranks(self, hops: Hops) -> list[list[int]]:
        """Return for every hop the ranks that its turns lead to, in order."""
        wanted = (2 * hops.arc + hops.upward).tolist()
        if len(self.known) > MOST_REMEMBERED or len(self.whole) > MOST_WHOLE:
            self.known.clear()
            self.whole.clear()
        waiting = [hop for hop in dict.fromkeys(wanted) if hop not in self.whole]
        while waiting:
            unknown: set[int] = set()
            found = {hop: self._opened(hop, unknown) for hop in waiting}
            if not unknown:
                self.whole.update(found)
                break
            self._learn(np.array(sorted(unknown), dtype=np.int64))
        return [self.whole[hop] for hop in wanted]

    def _opened(self, hop: int, unknown: set[int]) -> list[int]:
        """Return the ranks along one hop; what cannot be opened yet is added to `unknown`."""
        ranks, waiting, known = [], [hop], self.known
        while waiting:
            current = waiting.pop()
            inside = known.get(current)
            if inside is None:
                unknown.add(current)
            elif isinstance(inside, int):
                ranks.append(inside)
            else:
                waiting.append(inside[1])
                waiting.append(inside[0])
        return ranks

    def _learn(self, hops: NDArray[np.int64]) -> None:
        """Find out what some hops stand for."""
        arc, upward = hops // 2, hops % 2 == 1
        tail = np.searchsorted(self.hierarchy.offset, arc, side="right") - 1
        head = self.hierarchy.head[arc].astype(np.int64)
        cost = np.where(upward, self.metric.up[arc], self.metric.down[arc])
        start, end = np.where(upward, tail, head), np.where(upward, head, tail)
        turn = self._are_turns(start, end, cost)
        self.known.update(zip(hops[turn].tolist(), end[turn].tolist(), strict=True))
        rest = ~turn
        low, high = self._below(tail[rest], head[rest], upward[rest], cost[rest])
        # Down to the lower rank along one arc, up from there along the other.
        climbs = upward[rest]
        first, second = np.where(climbs, low, high), np.where(climbs, high, low)
        pairs = zip((2 * first).tolist(), (2 * second + 1).tolist(), strict=True)
        self.known.update(zip(hops[rest].tolist(), pairs, strict=True))

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
