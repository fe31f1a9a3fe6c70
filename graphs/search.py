"""Exact shortest ways between positions in the middle of segments.

Time and distance travel together in one float64: `time_ms * 2**26 + distance_dm`. Sums stay exact
below 2**53, that is up to 37 hours; a smaller sum is a faster way, and of two equally fast ways the
shorter one. Positions split a segment's integer time and distance into integer parts, so that
the result is the same as in a graph with real nodes there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from graphs.snap import Snapped
    from graphs.streets import StreetGraph

DISTANCE_BITS = 26
PACK = float(2**DISTANCE_BITS)
EXACT_BELOW = float(2**53)

ALONG, AGAINST = 0, 1


def pack(time_ms: NDArray[np.int64], distance_dm: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return time and distance as one exact float64."""
    return np.asarray(time_ms * PACK + distance_dm, dtype=np.float64)


def unpack(packed: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return milliseconds and decimetres of finite packed values."""
    time_ms = np.floor(packed / PACK)
    return time_ms.astype(np.int64), (packed - time_ms * PACK).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ports:
    """How n positions are tied to the graph; column 0 along the segment, column 1 against it.

    `arc` (n, 2), -1 = closed; `passed` (n, 2) packed cost from the arc's start to the position,
    `ahead` (n, 2) from the position to the arc's end, infinite where closed, except 0 at a
    junction the position lies at; the nodes (n, 2) are where the arc starts and ends.
    """

    arc: NDArray[np.int64]
    passed: NDArray[np.float64]
    ahead: NDArray[np.float64]
    start_node: NDArray[np.int64]
    end_node: NDArray[np.int64]


def ports_of(graph: StreetGraph, snapped: Snapped) -> Ports:
    """Return the ties of snapped positions; a position without segment is closed both ways."""
    both = np.column_stack(
        (graph.forward_arc[snapped.segment], graph.backward_arc[snapped.segment])
    )
    arc = np.where(snapped.found[:, None], both, -1).astype(np.int64)
    share = np.column_stack((snapped.fraction, 1.0 - snapped.fraction))
    time_ms, distance_dm = graph.time_ms[arc], graph.distance_dm[arc]
    passed_ms = np.rint(time_ms * share).astype(np.int64)
    passed_dm = np.rint(distance_dm * share).astype(np.int64)
    closed = arc < 0
    ports = Ports(
        arc=arc,
        passed=np.where(closed, np.inf, pack(passed_ms, passed_dm)),
        ahead=np.where(closed, np.inf, pack(time_ms - passed_ms, distance_dm - passed_dm)),
        start_node=graph.tail[arc].astype(np.int64),
        end_node=graph.head[arc].astype(np.int64),
    )
    return _open_at_nodes(ports)


def _open_at_nodes(ports: Ports) -> Ports:
    """Let positions at the very end of a one-way street use the junction there.

    They need not drive round the block to stand where they already are. In the closed direction
    such a position is 0 from the node it lies at.
    """
    closed = ports.arc < 0
    other_passed, other_ahead = ports.passed[:, ::-1], ports.ahead[:, ::-1]
    return Ports(
        arc=ports.arc,
        passed=np.where(closed & (other_ahead == 0), 0.0, ports.passed),
        ahead=np.where(closed & (other_passed == 0), 0.0, ports.ahead),
        start_node=np.where(closed, ports.end_node[:, ::-1], ports.start_node),
        end_node=np.where(closed, ports.start_node[:, ::-1], ports.end_node),
    )


class Searcher:
    """Dijkstra over one street graph, from positions to nodes."""

    def __init__(self, graph: StreetGraph) -> None:
        self.graph = graph

    @cached_property
    def _rows(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Row pointer, arc of each entry, packed cost: the best arc of each pair of nodes."""
        graph = self.graph
        cost = pack(graph.time_ms, graph.distance_dm)
        order = np.lexsort((cost, graph.head, graph.tail))
        tail, head = graph.tail[order], graph.head[order]
        # scipy adds parallel arcs up, and a loop never shortens a way: neither may enter.
        keep = tail != head
        keep[1:] &= (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        entry = order[keep].astype(np.int64)
        pointer = np.searchsorted(graph.tail[entry], np.arange(graph.nodes + 1))
        return pointer.astype(np.int64), entry, cost[entry]

    def distances(self, ports: Ports) -> NDArray[np.float64]:
        """Return packed costs from each position to each graph node, (n, k); inf = no way."""
        return np.asarray(dijkstra(self._extended(ports), indices=self._sources(ports)))[
            :, : self.graph.nodes
        ]

    def trees(self, ports: Ports) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Return costs as `distances` does, and the node before each node, (n, k).

        A node number of k or more stands for the position itself, a negative one for none.
        """
        cost, before = dijkstra(
            self._extended(ports), indices=self._sources(ports), return_predecessors=True
        )
        k = self.graph.nodes
        return np.asarray(cost)[:, :k], np.asarray(before, dtype=np.int32)[:, :k]

    def arc_between(self, tail: int, head: int) -> int:
        """Return the best arc between two neighbouring nodes."""
        pointer, entry, _ = self._rows
        row = entry[pointer[tail] : pointer[tail + 1]]
        return int(row[np.searchsorted(self.graph.head[row], head)])

    def _sources(self, ports: Ports) -> NDArray[np.int64]:
        return np.arange(len(ports.arc), dtype=np.int64) + self.graph.nodes

    def _extended(self, ports: Ports) -> csr_array:
        """Return the arcs plus one row per position that leads to the ends of its segment."""
        pointer, entry, cost = self._rows
        opened = np.isfinite(ports.ahead) & ~_repeated_end(ports)
        extra = np.cumsum(opened.sum(axis=1)) + pointer[-1]
        size = self.graph.nodes + len(ports.arc)
        return csr_array(
            (
                np.concatenate((cost, ports.ahead[opened])),
                np.concatenate((self.graph.head[entry], ports.end_node[opened])).astype(np.int32),
                np.concatenate((pointer, extra)).astype(np.int32),
            ),
            shape=(size, size),
        )


def _repeated_end(ports: Ports) -> NDArray[np.bool_]:
    """Mark the dearer of two ways that lead to the same node, as on a loop."""
    both = np.isfinite(ports.ahead).all(axis=1) & (ports.end_node[:, 0] == ports.end_node[:, 1])
    dearer = np.argmax(ports.ahead, axis=1)
    mark = np.zeros(ports.arc.shape, dtype=np.bool_)
    mark[both, dearer[both]] = True
    return mark
