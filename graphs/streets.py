"""The streets of one profile as directed arcs with integer times and distances."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graphs.errors import NetworkInvalid
from graphs.network import StreetNetwork
from graphs.profiles import Profile
from graphs.rules import passage

MS_PER_S_AT_KMH = 3600.0
"""Milliseconds for one metre at 1 km/h."""

DM_PER_M = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileReport:
    """How many segments a profile may use; `island_segments` are cut off from the main part."""

    segments: int
    used_segments: int
    closed_segments: int
    island_segments: int


@dataclass(frozen=True, kw_only=True, eq=False)
class StreetGraph:
    """Directed arcs of one profile, only those in its largest strongly connected part.

    There are k graph nodes and a arcs. `node` (k,) gives the network's node; `tail` and `head`
    (a,) count graph nodes. `forward_arc` and `backward_arc` (m,) give the arc along or against a
    segment of the network, -1 = none. `open_segment` (m,) marks what the profile may use at all,
    the cut-off islands included. Times are milliseconds, distances decimetres, both at least 1.
    """

    network: StreetNetwork
    profile: Profile
    node: NDArray[np.int64]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    segment: NDArray[np.int32]
    forward: NDArray[np.bool_]
    time_ms: NDArray[np.int64]
    distance_dm: NDArray[np.int64]
    forward_arc: NDArray[np.int32]
    backward_arc: NDArray[np.int32]
    open_segment: NDArray[np.bool_]

    @property
    def nodes(self) -> int:
        """Number of graph nodes."""
        return len(self.node)

    @property
    def arcs(self) -> int:
        """Number of directed arcs."""
        return len(self.tail)

    @cached_property
    def used_segment(self) -> NDArray[np.bool_]:
        """Which segments of the network can be reached and left again, (m,)."""
        return (self.forward_arc >= 0) | (self.backward_arc >= 0)

    @cached_property
    def report(self) -> CompileReport:
        """Counts of used, closed and cut-off segments."""
        used = int(self.used_segment.sum())
        opened = int(self.open_segment.sum())
        return CompileReport(
            segments=self.network.segments,
            used_segments=used,
            closed_segments=self.network.segments - opened,
            island_segments=opened - used,
        )


def compile_streets(network: StreetNetwork, profile: Profile) -> StreetGraph:
    """Return the arcs the profile can use; raises NetworkInvalid G203 if there are none."""
    speed = _speeds_kmh(network, profile)
    along, against = np.flatnonzero(speed[:, 0] > 0), np.flatnonzero(speed[:, 1] > 0)
    segment = np.concatenate((along, against))
    forward = np.arange(len(segment)) < len(along)
    tail = np.where(forward, network.tail[segment], network.head[segment])
    head = np.where(forward, network.head[segment], network.tail[segment])
    inside = _largest_strong_part(tail, head, network.nodes)
    keep = inside[tail] & inside[head]
    if not keep.any():
        raise NetworkInvalid(
            "G203",
            f"network '{network.name}', profile '{profile.name}'",
            "no connected street is open to this vehicle",
            "Check the area that was read, and the profile's limits",
        )
    arc_kmh = np.where(forward, speed[segment, 0], speed[segment, 1])[keep]
    return _assemble(
        (network, profile),
        arcs=(tail[keep], head[keep], segment[keep], forward[keep]),
        arc_kmh=arc_kmh,
        open_segment=np.asarray((speed > 0).any(axis=1)),
    )


def _speeds_kmh(network: StreetNetwork, profile: Profile) -> NDArray[np.float64]:
    """Return (m, 2) speeds along and against; each distinct tag set is judged once."""
    by_set = np.array([passage(tags, profile) for tags in network.tag_sets], dtype=np.float64)
    return np.asarray(by_set[network.tag_set], dtype=np.float64)


def _largest_strong_part(
    tail: NDArray[np.int32], head: NDArray[np.int32], nodes: int
) -> NDArray[np.bool_]:
    """Return which nodes belong to the largest strongly connected part (ties: first node)."""
    if len(tail) == 0:
        return np.zeros(nodes, dtype=np.bool_)
    matrix = csr_array((np.ones(len(tail), np.int8), (tail, head)), shape=(nodes, nodes))
    _, label = connected_components(matrix, directed=True, connection="strong")
    size = np.bincount(label)
    # The label numbers depend on scipy's walk; the first node of the largest part does not.
    first = int(np.flatnonzero(size[label] == size.max())[0])
    return np.asarray(label == label[first], dtype=np.bool_)


def _assemble(
    source: tuple[StreetNetwork, Profile],
    *,
    arcs: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_]],
    arc_kmh: NDArray[np.float64],
    open_segment: NDArray[np.bool_],
) -> StreetGraph:
    """Return the graph: nodes renumbered, arcs sorted by tail, head and segment."""
    network, profile = source
    tail, head, segment, forward = arcs
    node, renamed = np.unique(np.concatenate((tail, head)), return_inverse=True)
    tail, head = np.split(renamed.astype(np.int32), 2)
    order = np.lexsort((~forward, segment, head, tail))
    tail, head, segment, forward = tail[order], head[order], segment[order], forward[order]
    length_m = network.length_m[segment]
    arc = np.arange(len(order), dtype=np.int32)
    arc_of = np.full((network.segments, 2), -1, dtype=np.int32)
    arc_of[segment, np.where(forward, 0, 1)] = arc
    return StreetGraph(
        network=network,
        profile=profile,
        node=node.astype(np.int64),
        tail=tail,
        head=head,
        segment=segment.astype(np.int32),
        forward=forward,
        time_ms=_at_least_one(length_m * MS_PER_S_AT_KMH / arc_kmh[order]),
        distance_dm=_at_least_one(length_m * DM_PER_M),
        forward_arc=arc_of[:, 0],
        backward_arc=arc_of[:, 1],
        open_segment=open_segment,
    )


def _at_least_one(amount: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return whole numbers; zero would make different positions indistinguishable."""
    return np.maximum(1, np.rint(amount)).astype(np.int64)
