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

MOST_ORDERED_VIAS = 4
"""Up to so many via ways are tried in another order than the relation's, if that leads nowhere."""

_ByNode = defaultdict[int, list[int]]


class WayArcs:
    """Finds the arcs of OpenStreetMap ways that are members of restrictions."""

    def __init__(self, network: StreetNetwork, arcs: Arcs, turns: Turns) -> None:
        self._arcs, self._turns = arcs, turns
        self._first = np.searchsorted(turns.start, np.arange(len(arcs.head) + 1))
        self._node = _nodes_named(network)
        members = sorted(
            {
                way
                for relation in network.restrictions
                for way in (*relation.from_ways, *relation.via_ways, *relation.to_ways)
            }
        )
        known = np.isin(network.way_id, np.array(members, dtype=np.int64))
        self._touches: dict[int, set[int]] = defaultdict(set)
        for piece in np.flatnonzero(known).tolist():
            ends = (int(network.tail[piece]), int(network.head[piece]))
            self._touches[int(network.way_id[piece])].update(ends)
        self._from: dict[int, _ByNode] = defaultdict(lambda: defaultdict(list))
        self._into: dict[int, _ByNode] = defaultdict(lambda: defaultdict(list))
        for arc in np.flatnonzero(known[arcs.segment]).tolist():
            way = int(network.way_id[arcs.segment[arc]])
            self._from[way][int(arcs.tail[arc])].append(arc)
            self._into[way][int(arcs.head[arc])].append(arc)

    def has(self, relation: TurnRestriction) -> bool:
        """Tell whether all members are in the network, one of several from and to ways at least."""
        return (
            any(way in self._touches for way in relation.from_ways)
            and any(way in self._touches for way in relation.to_ways)
            and all(way in self._touches for way in relation.via_ways)
            and all(node in self._node for node in relation.via_nodes)
        )

    def meets(self, relation: TurnRestriction) -> bool:
        """Tell whether the members touch each other, open to this vehicle or not."""
        via = {self._node[node] for node in relation.via_nodes}
        via = via.union(*(self._touches[way] for way in relation.via_ways))
        return all(
            any(via & self._touches.get(way, set()) for way in side)
            for side in (relation.from_ways, relation.to_ways)
        )

    def routes_along(self, relation: TurnRestriction) -> list[tuple[int, ...]]:
        """Return the sequences of arcs from a from member over via to a to member.

        Of sequences over via ways the shortest count: a via way may run on beyond the to member.
        """
        found: list[tuple[int, ...]] = []
        for vias in self._orders(relation):
            found = [
                (*start, end)
                for start, node in self._beginnings(relation, vias)
                for way in relation.to_ways
                for end in self._arcs_from(way, node)
                if end in self.following(start[-1])
            ]
            if found:
                break
        shortest = min((len(word) for word in found), default=0)
        return sorted({word for word in found if len(word) == shortest})

    def beginnings_of(self, relation: TurnRestriction) -> list[tuple[int, ...]]:
        """Return the sequences of arcs from a from member to where a to member touches via."""
        ends = set().union(*(self._touches.get(way, set()) for way in relation.to_ways))
        found = [
            word
            for vias in self._orders(relation)
            for word, node in self._beginnings(relation, vias)
            if node in ends
        ]
        shortest = min((len(word) for word in found), default=0)
        return sorted({word for word in found if len(word) == shortest})

    def _orders(self, relation: TurnRestriction) -> Iterator[tuple[int, ...]]:
        """Yield the via ways as they are listed, then in every other order."""
        if len(relation.via_ways) > MOST_ORDERED_VIAS:
            yield relation.via_ways
        else:
            yield from itertools.permutations(relation.via_ways)

    def _beginnings(
        self, relation: TurnRestriction, vias: tuple[int, ...]
    ) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield arcs from a from member to the end of via, and the node there."""
        at_nodes = {self._node[node] for node in relation.via_nodes}
        for way in relation.from_ways:
            for node, arcs in self._into[way].items() if way in self._into else ():
                if node in at_nodes:
                    yield from (((arc,), node) for arc in arcs)
                elif vias and not at_nodes and self._arcs_from(vias[0], node):
                    for arc in arcs:
                        yield from self._over((arc,), node, vias)

    def _arcs_from(self, way: int, node: int) -> list[int]:
        return self._from[way].get(node, []) if way in self._from else []

    def _over(
        self, word: tuple[int, ...], node: int, ways: tuple[int, ...]
    ) -> Iterator[tuple[tuple[int, ...], int]]:
        """Yield the word lengthened along the via ways, at every node where the last may end."""
        if not ways:
            yield word, node
            return
        for start in self._arcs_from(ways[0], node):
            if start not in self.following(word[-1]):
                continue
            longer, at = (*word, start), int(self._arcs.head[start])
            for _ in range(LONGEST_VIA):
                yield from self._over(longer, at, ways[1:])
                onward = [
                    arc
                    for arc in self._arcs_from(ways[0], at)
                    if not self.reverses((longer[-1], arc)) and arc in self.following(longer[-1])
                ]
                if len(onward) != 1 or onward[0] in longer:
                    break
                longer, at = (*longer, onward[0]), int(self._arcs.head[onward[0]])

    def following(self, arc: int) -> list[int]:
        """Return the arcs that a vehicle can turn into from an arc, restrictions aside."""
        return [int(end) for end in self._turns.end[self._first[arc] : self._first[arc + 1]]]

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
            begin, end = int(self._first[one]), int(self._first[one + 1])
            at = begin + int(np.flatnonzero(self._turns.end[begin:end] == other)[0])
            total += float(self._turns.angle_deg[at])
        return (total + 180.0) % 360.0 - 180.0


def _nodes_named(network: StreetNetwork) -> dict[int, int]:
    """Return the number of every node that is a via member, by its OpenStreetMap id."""
    named = sorted({node for relation in network.restrictions for node in relation.via_nodes})
    at = np.flatnonzero(np.isin(network.node_id, np.array(named, dtype=np.int64)))
    return dict(zip(network.node_id[at].tolist(), at.tolist(), strict=True))
