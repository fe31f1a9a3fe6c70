"""Exact travel matrices on a street graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphs.errors import PointsInvalid
from graphs.matrix import NO_WAY, TravelMatrix
from graphs.search import EXACT_BELOW, Ports, ports_of, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graphs.search import Searcher
    from graphs.snap import Snapped

CHUNK_BYTES = 128 * 2**20
"""Memory for the costs of one batch of sources to all nodes."""


def travel_matrix(searcher: Searcher, snapped: Snapped) -> TravelMatrix:
    """Return times and distances between all positions.

    A position without segment is unreachable from and to everything but itself.
    """
    return matrix_of(packed_costs(searcher, snapped))


def packed_costs(searcher: Searcher, snapped: Snapped) -> NDArray[np.float64]:
    """Return the packed costs between all positions, (n, n); inf = no way, diagonal 0."""
    ports = ports_of(searcher.graph, snapped)
    count = len(ports.arc)
    costs = np.full((count, count), np.inf)
    for rows in _batches(np.flatnonzero(snapped.found), searcher.graph.nodes):
        to_nodes = searcher.distances(take(ports, rows))
        for side in (0, 1):
            way = to_nodes[:, ports.start_node[:, side]] + ports.passed[:, side]
            costs[rows] = np.minimum(costs[rows], way)
    _shorten_within_segments(costs, snapped, ports)
    np.fill_diagonal(costs, 0.0)
    return costs


def take(ports: Ports, rows: NDArray[np.int64]) -> Ports:
    """Return the ports of some positions."""
    return Ports(
        arc=ports.arc[rows],
        passed=ports.passed[rows],
        ahead=ports.ahead[rows],
        start_node=ports.start_node[rows],
        end_node=ports.end_node[rows],
    )


def matrix_of(costs: NDArray[np.float64]) -> TravelMatrix:
    """Return packed costs as a matrix of whole seconds (up) and metres (nearest)."""
    reachable = np.isfinite(costs)
    time_ms, distance_dm = unpack(np.where(reachable, costs, 0.0))
    if (costs[reachable] >= EXACT_BELOW).any():
        raise PointsInvalid(
            "G304", "points", "a way takes longer than 37 hours", "Use a smaller region"
        )
    return TravelMatrix(
        duration_s=np.where(reachable, whole_seconds(time_ms), NO_WAY).astype(np.int32),
        distance_m=np.where(reachable, whole_metres(distance_dm), NO_WAY).astype(np.int32),
        reachable=reachable,
    )


def whole_seconds(time_ms: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return seconds, rounded up: nobody arrives early by rounding."""
    return -(-time_ms // 1000)


def whole_metres(distance_dm: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return metres, half a metre rounded up."""
    return (distance_dm + 5) // 10


def direct_cost(
    ports: Ports, start: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return packed costs of staying on the segment, (pairs, 2), inf where that is impossible.

    `start` and `end` are positions on the same segment, pairwise.
    """
    opened = ports.arc[start] >= 0
    passed = np.where(ports.arc >= 0, ports.passed, 0.0)
    gain = passed[end] - passed[start]
    return np.where(opened & (gain >= 0), gain, np.inf)


def _shorten_within_segments(costs: NDArray[np.float64], snapped: Snapped, ports: Ports) -> None:
    """Put the direct way into the cells of positions that share a segment."""
    order = np.argsort(snapped.segment, kind="stable")
    order = order[snapped.segment[order] >= 0]
    for group in np.split(order, np.flatnonzero(np.diff(snapped.segment[order])) + 1):
        if len(group) < 2:
            continue
        start, end = (side.ravel() for side in np.meshgrid(group, group, indexing="ij"))
        direct = direct_cost(ports, start, end).min(axis=1)
        costs[start, end] = np.minimum(costs[start, end], direct)


def _batches(rows: NDArray[np.int64], nodes: int) -> list[NDArray[np.int64]]:
    size = max(1, CHUNK_BYTES // (8 * (nodes + 1)))
    return [rows[i : i + size] for i in range(0, len(rows), size)]
