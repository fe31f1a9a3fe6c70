"""The travel matrix computed the plain way: networkx, real nodes where the points lie."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from graphs.many_to_many import whole_metres, whole_seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graphs.snap import Snapped
    from graphs.streets import StreetGraph

SCALE = 2**26


def oracle_matrix(
    graph: StreetGraph, snapped: Snapped
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return seconds and metres between all positions, -1 where there is no way."""
    split = _split_graph(graph, snapped)
    count = len(snapped.segment)
    seconds, metres = np.full((count, count), -1), np.full((count, count), -1)
    for start in range(count):
        found = nx.single_source_dijkstra_path_length(split, ("point", start), weight="cost")
        for end in range(count):
            if ("point", end) in found:
                time_ms, distance_dm = divmod(found["point", end], SCALE)
                seconds[start, end] = whole_seconds(np.array([time_ms]))[0]
                metres[start, end] = whole_metres(np.array([distance_dm]))[0]
    return seconds, metres


def _split_graph(graph: StreetGraph, snapped: Snapped) -> nx.DiGraph[tuple[str, int]]:
    split: nx.DiGraph[tuple[str, int]] = nx.DiGraph()
    split.add_nodes_from(("point", i) for i in range(len(snapped.segment)))
    for arc in range(graph.arcs):
        time_ms, distance_dm = int(graph.time_ms[arc]), int(graph.distance_dm[arc])
        stations = [(0, 0, ("node", int(graph.tail[arc])))]
        for point in np.flatnonzero(snapped.segment == graph.segment[arc]).tolist():
            share = float(snapped.fraction[point])
            share = share if graph.forward[arc] else 1.0 - share
            here = (int(np.rint(time_ms * share)), int(np.rint(distance_dm * share)))
            stations.append((*here, ("point", point)))
        stations.append((time_ms, distance_dm, ("node", int(graph.head[arc]))))
        inner = sorted(stations[1:-1])
        for a, b in pairwise([stations[0], *inner, stations[-1]]):
            _join(split, a[2], b[2], (b[0] - a[0]) * SCALE + b[1] - a[1])
            # Equal in whole milliseconds and decimetres is the same place; a junction counts as
            # the same place only where the way back is closed, else that way has its own cost.
            between_points = a[2][0] == b[2][0] == "point"
            if a[:2] == b[:2] and (between_points or _is_one_way(graph, arc)):
                _join(split, b[2], a[2], 0)
    return split


def _is_one_way(graph: StreetGraph, arc: int) -> bool:
    segment = graph.segment[arc]
    return bool(min(graph.forward_arc[segment], graph.backward_arc[segment]) < 0)


def _join(
    split: nx.DiGraph[tuple[str, int]], tail: tuple[str, int], head: tuple[str, int], cost: int
) -> None:
    if not split.has_edge(tail, head) or split[tail][head]["cost"] > cost:
        split.add_edge(tail, head, cost=cost)
