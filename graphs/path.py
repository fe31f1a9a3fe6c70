"""One leg in detail: shape, street names, time and distance."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np

from graphs.errors import PointsInvalid
from graphs.geo import great_circle_m
from graphs.many_to_many import direct_cost, take, whole_metres, whole_seconds
from graphs.search import ports_of, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from graphs.network import StreetNetwork
    from graphs.search import Ports, Searcher
    from graphs.snap import Snapped
    from graphs.streets import StreetGraph

TREES_AT_ONCE = 16
"""Shortest-path trees held in memory at a time while legs are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathLeg:
    """The drive between two points.

    Whole seconds and metres as in the matrix, the shape as (lat, lon) pairs from street position
    to street position, and the street names in order.
    """

    duration_s: int
    distance_m: int
    geometry: tuple[tuple[float, float], ...]
    street_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a segment, driven from one fraction to another."""

    segment: int
    start: float
    end: float


def consecutive_legs(searcher: Searcher, snapped: Snapped) -> tuple[PathLeg, ...]:
    """Return the n - 1 legs between neighbours of n positions.

    Raises PointsInvalid G305 if a point has no position or a leg no way.
    """
    for index in np.flatnonzero(~snapped.found):
        raise _no_way(f"point {index}", "it has no street within reach of this vehicle")
    ports = ports_of(searcher.graph, snapped)
    starts = np.arange(max(0, len(ports.arc) - 1))
    legs: list[PathLeg] = []
    for batch in np.array_split(starts, max(1, -(-len(starts) // TREES_AT_ONCE))):
        if len(batch):
            cost, before = searcher.trees(take(ports, batch))
            legs += [
                _leg(searcher, (snapped, ports), int(i), (cost[row], before[row]))
                for row, i in enumerate(batch)
            ]
    return tuple(legs)


def _no_way(subject: str, cause: str) -> PointsInvalid:
    return PointsInvalid("G305", subject, cause, "Leave it out or move it to a reachable street")


def _leg(
    searcher: Searcher,
    positions: tuple[Snapped, Ports],
    start: int,
    tree: tuple[NDArray[np.float64], NDArray[np.int32]],
) -> PathLeg:
    """Return the leg from position `start` to the next one."""
    snapped, ports = positions
    end = start + 1
    by_nodes = tree[0][ports.start_node[end]] + ports.passed[end]
    direct = np.full(2, np.inf)
    if snapped.segment[start] == snapped.segment[end]:
        direct = direct_cost(ports, np.array([start]), np.array([end]))[0]
    cost = min(by_nodes.min(), direct.min())
    if not np.isfinite(cost):
        raise _no_way(f"points {start} and {end}", "there is no way from one to the other")
    first, last = float(snapped.fraction[start]), float(snapped.fraction[end])
    if direct.min() <= by_nodes.min():
        pieces = [_Piece(int(snapped.segment[start]), first, last)]
    else:
        side = int(by_nodes.argmin())
        nodes = _nodes_back(tree[1], int(ports.start_node[end, side]), searcher.graph.nodes)
        pieces = [
            _Piece(int(snapped.segment[start]), first, _start_exit(ports, start, nodes[0])),
            *_arcs_between(searcher, nodes),
            _Piece(int(snapped.segment[end]), float(side), last),
        ]
    return _drawn(searcher.graph.network, pieces, float(cost))


def _nodes_back(before: NDArray[np.int32], last: int, nodes: int) -> list[int]:
    """Return the graph nodes of a tree's way to `last`, in driving order."""
    way = [last]
    while 0 <= (previous := int(before[way[-1]])) < nodes:
        way.append(previous)
    return way[::-1]


def _start_exit(ports: Ports, start: int, node: int) -> float:
    """Return the end, 1 or 0, at which the first segment is left towards `node`."""
    usable = np.isfinite(ports.ahead[start]) & (ports.end_node[start] == node)
    side = int(np.where(usable, ports.ahead[start], np.inf).argmin())
    return 1.0 - side


def _arcs_between(searcher: Searcher, nodes: list[int]) -> Iterator[_Piece]:
    graph: StreetGraph = searcher.graph
    for tail, head in pairwise(nodes):
        arc = searcher.arc_between(tail, head)
        along = bool(graph.forward[arc])
        yield _Piece(int(graph.segment[arc]), 0.0 if along else 1.0, 1.0 if along else 0.0)


def _drawn(network: StreetNetwork, pieces: list[_Piece], cost: float) -> PathLeg:
    """Return the leg for its pieces and packed cost."""
    time_ms, distance_dm = unpack(np.array([cost]))
    shape = np.concatenate([_cut(network, piece) for piece in pieces])
    fresh = np.ones(len(shape), dtype=np.bool_)
    fresh[1:] = (shape[1:] != shape[:-1]).any(axis=1)
    line = [(lat, lon) for lat, lon in shape[fresh].round(7).tolist()]
    names = (network.tags(p.segment).get("name", "") for p in pieces if p.start != p.end)
    return PathLeg(
        duration_s=int(whole_seconds(time_ms)[0]),
        distance_m=int(whole_metres(distance_dm)[0]),
        # A line has two ends even where nothing was driven.
        geometry=tuple(line if len(line) > 1 else line * 2),
        street_names=tuple(name for name, _ in groupby(filter(None, names))),
    )


def _cut(network: StreetNetwork, piece: _Piece) -> NDArray[np.float64]:
    """Return the (lat, lon) shape of a part of a segment, in driving order."""
    part = slice(network.shape_offset[piece.segment], network.shape_offset[piece.segment + 1])
    lat, lon = network.shape_lat[part], network.shape_lon[part]
    walked = np.concatenate(
        ([0.0], np.cumsum(great_circle_m(lat[:-1], lon[:-1], lat[1:], lon[1:])))
    )
    low, high = sorted((piece.start, piece.end))
    ends = np.array([low, high]) * walked[-1]
    inner = (walked > ends[0]) & (walked < ends[1])
    at = np.concatenate((ends[:1], walked[inner], ends[1:]))
    shape = np.column_stack((np.interp(at, walked, lat), np.interp(at, walked, lon)))
    return shape if piece.start <= piece.end else shape[::-1]
