"""Members of restriction relations as arcs of a profile."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphs.network import StreetNetwork, TurnRestriction
    from graphs.turns import Arcs, Turns

LONGEST_VIA = 60
"""A via way of more pieces is not followed to its end."""


class WayArcs:
    """Finds the arcs of OpenStreetMap ways that are members of restrictions."""

    def __init__(self, network: StreetNetwork, arcs: Arcs, turns: Turns) -> None:
        self._network, self._arcs, self._turns = network, arcs, turns
        members = {
            way
            for relation in network.restrictions
            for way in (*relation.from_ways, *relation.via_ways, *relation.to_ways)
        }
        known = np.isin(network.way_id, sorted(members))
        self._ways = set(network.way_id[known].tolist())
        order = np.argsort(network.node_id, kind="stable")
        self._node_order, self._node_ids = order, network.node_id[order]
        self._from: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._into: dict[tuple[int, int], list[int]] = defaultdict(list)
        for arc in np.flatnonzero(known[arcs.segment]).tolist():
            way = int(network.way_id[arcs.segment[arc]])
            self._from[way, int(arcs.tail[arc])].append(arc)
            self._into[way, int(arcs.head[arc])].append(arc)
        self._first = np.searchsorted(turns.start, np.arange(len(arcs.head) + 1))

    def has(self, relation: TurnRestriction) -> bool:
        """Tell whether all members are in the network, one of several from and to ways at least."""
        nodes = (self._node(node) for node in relation.via_nodes)
        return (
            any(way in self._ways for way in relation.from_ways)
            and any(way in self._ways for way in relation.to_ways)
            and all(way in self._ways for way in relation.via_ways)
            and all(node is not None for node in nodes)
        )

    def _node(self, node_id: int) -> int | None:
        at = int(np.searchsorted(self._node_ids, node_id))
        if at == len(self._node_ids) or self._node_ids[at] != node_id:
            return None
        return int(self._node_order[at])

    def routes_along(self, relation: TurnRestriction) -> list[tuple[int, ...]]:
        """Return the sequences of arcs from a from member over via to a to member."""
        found = [
            (*start, end)
            for start, node in self._beginnings(relation)
            for way in relation.to_ways
            for end in self._from[way, node]
            if end in self.following(start[-1])
        ]
        shortest = min((len(word) for word in found), default=0)
        return sorted({word for word in found if len(word) == shortest})

    def _beginnings(self, relation: TurnRestriction) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield arcs from a from member to the end of via, and the node there."""
        if relation.via_nodes:
            for node_id in relation.via_nodes:
                node = self._node(node_id)
                for way in relation.from_ways:
                    yield from (((arc,), int(node or 0)) for arc in self._into[way, int(node or 0)])
            return
        first = relation.via_ways[0]
        for way in relation.from_ways:
            for (member, node), arcs in list(self._into.items()):
                if member == way and (first, node) in self._from:
                    for arc in arcs:
                        yield from self._over((arc,), node, relation.via_ways)

    def _over(
        self, word: tuple[int, ...], node: int, ways: tuple[int, ...]
    ) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield the word lengthened along the via ways, at every node where the last may end."""
        if not ways:
            yield word, node
            return
        for start in self._from[ways[0], node]:
            longer, at = (*word, start), int(self._arcs.head[start])
            for _ in range(LONGEST_VIA):
                yield from self._over(longer, at, ways[1:])
                onward = [a for a in self._from[ways[0], at] if not self.reverses((longer[-1], a))]
                if len(onward) != 1 or onward[0] in longer:
                    break
                longer, at = (*longer, onward[0]), int(self._arcs.head[onward[0]])

    def following(self, arc: int) -> list[int]:
        """Return the arcs that a vehicle can turn into from an arc, restrictions aside."""
        part = slice(int(self._first[arc]), int(self._first[arc + 1]))
        return [int(end) for end in self._turns.end[part]]

    def reverses(self, word: tuple[int, ...]) -> bool:
        """Tell whether the last two arcs are one segment there and back."""
        one, other = word[-2:]
        same = self._arcs.segment[one] == self._arcs.segment[other]
        return bool(same and self._arcs.forward[one] != self._arcs.forward[other])

    def turns_back(self, word: tuple[int, ...]) -> bool:
        """Tell whether a sequence leads back to where it came from."""
        return self.reverses((word[0], word[-1])) or abs(self.angle_deg(word)) > 120.0

    def angle_deg(self, word: tuple[int, ...]) -> float:
        """Return the angle by which a sequence turns in all, positive to the right."""
        total = 0.0
        for one, other in itertools.pairwise(word):
            part = slice(int(self._first[one]), int(self._first[one + 1]))
            at = part.start + int(np.flatnonzero(self._turns.end[part] == other)[0])
            total += float(self._turns.angle_deg[at])
        return (total + 180.0) % 360.0 - 180.0

    def meets(self, relation: TurnRestriction) -> bool:
        """Tell whether the members touch each other, open to this vehicle or not."""
        ends = (relation.from_ways, relation.to_ways)
        ids = {way: np.flatnonzero(self._network.way_id == way) for side in ends for way in side}
        nodes = [
            {
                int(node)
                for way in side
                for array in (self._network.tail, self._network.head)
                for node in array[ids[way]]
            }
            for side in ends
        ]
        via = {self._node(node) for node in relation.via_nodes}
        ways = np.isin(self._network.way_id, relation.via_ways)
        via |= {*self._network.tail[ways].tolist(), *self._network.head[ways].tolist()}
        return bool(via & nodes[0]) and bool(via & nodes[1])
