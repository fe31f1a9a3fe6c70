"""A deterministic stand-in for a city's street network, of any size.

Nothing in it is real except the outline and the district centres it is given: main roads join the
centres, blocks are cut smaller towards them, small streets bend, end or run one way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from scipy.spatial import KDTree

from graphs.errors import NetworkInvalid
from graphs.geo import FlatView, columns, view_of
from graphs.network import StreetNetwork, shape_lengths_m
from graphs.raw_tags import no_node_tags, street_tags
from graphs.standin_arterials import UNCLASSIFIED, Arterials, plan_arterials
from graphs.standin_blocks import add_dead_ends, first_blocks, subdivide
from graphs.standin_tags import OUTSKIRTS_M, StreetFacts, name_lines, tag_sets_of
from graphs.standin_topology import (
    Pieces,
    largest_part,
    merge_through,
    one_ways,
    pieces_of,
    thin_out,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from graphs.standin_lines import Streets

STAND_IN_NAME = "stand-in network"
ATTRIBUTION = "invented streets, not real; outline after © OpenStreetMap contributors, ODbL 1.0"

MIN_NODES = 100
TOLERANCE = 0.03
"""The number of nodes may differ from the wish by this share."""

TRIES = 6
DEAD_ENDS = 0.16
"""Share of blocks with a dead end inside."""

STEP_M = 45.0
"""Distance between the positions of a bent street's shape."""


class Place(NamedTuple):
    """A district centre."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _City:
    """What all attempts share."""

    view: FlatView
    area: shapely.Polygon
    plan: Arterials
    seed: int

    def rng(self, stage: int) -> np.random.Generator:
        """Return the stage's own random numbers, the same in every attempt."""
        return np.random.default_rng([self.seed, stage])


def standin_network(
    outline: Sequence[tuple[float, float]],
    *,
    centres: Sequence[Place],
    nodes: int = 15_000,
    seed: int = 1,
) -> StreetNetwork:
    """Return an invented connected street network inside an outline of (lat, lon) vertices.

    The first centre is the city's middle. The number of nodes comes out within a few per cent of
    `nodes`. The same arguments give the same bytes. Raises NetworkInvalid G210 for an outline or
    a size of which no city can be made.
    """
    city = _city_of(outline, centres, nodes, seed)
    # About 1.8 nodes come with every block.
    block_m2 = city.area.area / nodes * 1.2
    for _ in range(TRIES):
        streets, pieces = _grow(city, block_m2)
        made = len(np.unique(np.concatenate((pieces.tail, pieces.head))))
        if abs(made / nodes - 1) <= TOLERANCE:
            break
        block_m2 *= made / nodes
    return _network(city, streets, pieces, [centre.name for centre in centres])


def _city_of(
    outline: Sequence[tuple[float, float]], centres: Sequence[Place], nodes: int, seed: int
) -> _City:
    """Return the checked outline in metres with its main roads."""
    if len(outline) < 3 or nodes < MIN_NODES:
        raise _no_city(f"it has {len(outline)} vertices and {nodes} nodes are wanted")
    lat, lon = columns(outline)
    view = view_of(lat, lon)
    area = shapely.Polygon(view.to_xy(lat, lon))
    if not area.is_valid:
        raise _no_city("its sides cross each other")
    spots = view.to_xy(*columns([(place.lat, place.lon) for place in centres]))
    plan = plan_arterials(area, spots, np.random.default_rng([seed, 0]))
    if plan is None:
        raise _no_city("it leaves no room for a street")
    return _City(view=view, area=area, plan=plan, seed=seed)


def _no_city(cause: str) -> NetworkInvalid:
    action = f"Give at least three (lat, lon) vertices in order and {MIN_NODES} nodes or more"
    return NetworkInvalid("G210", "outline of the stand-in network", cause, action)


class _Density:
    """How built-up a place is, from the distance to the next centre."""

    def __init__(self, plan: Arterials) -> None:
        inner = np.setdiff1d(np.unique(plan.edge), np.unique(plan.edge[plan.rim]))
        named = plan.crossing[: plan.centres]
        self._middle = plan.crossing[plan.edge.min()]
        self._named = KDTree(named if len(named) else plan.crossing)
        self._minor = KDTree(plan.crossing[inner] if len(inner) else plan.crossing)

    def distance_m(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the distance to the next centre; unnamed crossings count from 700 m."""
        named, _ = self._named.query(xy)
        minor, _ = self._minor.query(xy)
        return np.asarray(np.minimum(named, minor + 700.0), dtype=np.float64)

    def block_share(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the wished size of a block relative to the city's measure."""
        share = np.minimum(0.4 + 0.7 * (self.distance_m(xy) / 1000.0) ** 1.3, 4.0)
        from_middle = np.hypot(*(xy - self._middle).T)
        return np.asarray(share * np.where(from_middle < 1200.0, 0.8, 1.0))

    def green_share(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the chance of a block to stay green, at each level of cutting."""
        return np.asarray(0.012 + 0.11 * np.minimum(self.distance_m(xy) / 1600.0, 1.0) ** 2)


def _grow(city: _City, block_m2: float) -> tuple[Streets, Pieces]:
    """Return lines and the pieces that become streets, for one size of block."""
    density = _Density(city.plan)
    streets, quads = first_blocks(city.plan, city.rng(1))
    built = subdivide(
        streets,
        quads,
        target_m2=lambda xy: block_m2 * density.block_share(xy),
        green_share=density.green_share,
        rng=city.rng(2),
    )
    add_dead_ends(streets, built, share=DEAD_ENDS, rng=city.rng(3))
    pieces = pieces_of(streets)
    keep = thin_out(
        pieces, streets, rim_lines=city.plan.rim & (city.plan.road == UNCLASSIFIED), rng=city.rng(4)
    )
    keep &= _inside(city, streets, pieces)
    return streets, merge_through(largest_part(pieces.take(keep), len(streets.xy)))


def _inside(city: _City, streets: Streets, pieces: Pieces) -> NDArray[np.bool_]:
    """Return which pieces lie within the outline, bends included."""
    xy, owner = _shapes(city, streets, pieces)
    outside = ~shapely.contains_xy(city.area.buffer(-10.0), xy)
    return np.asarray(np.bincount(owner[outside], minlength=len(pieces.line)) == 0)


def _shapes(
    city: _City, streets: Streets, pieces: Pieces
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return bent positions (k, 2) along all pieces and the piece of each."""
    length = streets.length_m(pieces.line) * (pieces.end_at - pieces.start_at)
    count = 2 + (length / STEP_M).astype(np.int64)
    owner = np.repeat(np.arange(len(count)), count)
    first = np.cumsum(count) - count
    share = (np.arange(len(owner)) - first[owner]) / (count[owner] - 1)
    at = pieces.start_at[owner] + share * (pieces.end_at - pieces.start_at)[owner]
    return _bend(streets.on_line(pieces.line[owner], at), city.rng(5)), owner


def _bend(xy: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return positions moved by smooth waves, long ones of 45 m and short ones of 5 m.

    The sum of amplitude times wave number stays below 1, so that streets never fold or cross.
    """
    moved = xy.copy()
    for amplitude, shortest, longest in ((45.0, 2600.0, 5200.0), (5.0, 380.0, 900.0)):
        for _ in range(6):
            angle, phase, turn, size = rng.random(4) * (2 * np.pi, 2 * np.pi, 2 * np.pi, 1)
            number = 2 * np.pi / (shortest + size * (longest - shortest))
            wave = np.sin(number * (xy @ (np.cos(angle), np.sin(angle))) + phase)
            moved += amplitude * wave[:, None] * (np.cos(turn), np.sin(turn))
    return moved


def _network(city: _City, streets: Streets, pieces: Pieces, places: Sequence[str]) -> StreetNetwork:
    """Return the finished network with coordinates, lengths and tags."""
    used, ends = np.unique(np.concatenate((pieces.tail, pieces.head)), return_inverse=True)
    tail, head = np.split(ends.astype(np.int32), 2)
    xy, owner = _shapes(city, streets, pieces)
    shape_lat, shape_lon = (part.round(7) for part in city.view.to_latlon(xy))
    offset = np.searchsorted(owner, np.arange(len(tail) + 1)).astype(np.int64)
    node_lat, node_lon = (
        part.round(7) for part in city.view.to_latlon(_bend(streets.xy[used], city.rng(5)))
    )
    # The last position along a line may differ from its node in the last digit.
    for end, node in ((offset[:-1], tail), (offset[1:] - 1, head)):
        shape_lat[end], shape_lon[end] = node_lat[node], node_lon[node]
    return StreetNetwork(
        name=STAND_IN_NAME,
        attribution=ATTRIBUTION,
        stand_in=True,
        node_id=np.arange(1, len(used) + 1, dtype=np.int64),
        node_lat=node_lat,
        node_lon=node_lon,
        tail=tail,
        head=head,
        way_id=pieces.line + 1,
        length_m=shape_lengths_m(offset, shape_lat, shape_lon),
        shape_offset=offset,
        shape_lat=shape_lat,
        shape_lon=shape_lon,
        **street_tags(*_tags(city, streets, pieces, places)),
        **no_node_tags(len(used)),
    )


def _tags(
    city: _City, streets: Streets, pieces: Pieces, places: Sequence[str]
) -> tuple[NDArray[np.int32], tuple[Mapping[str, str], ...]]:
    """Return the tag set of every piece, and the sets."""
    name, names = name_lines(streets, city.plan, places, city.rng(6))
    distance = _Density(city.plan).distance_m(streets.xy[streets.ends].mean(axis=1))
    share = np.where(distance < 700.0, 0.2, 0.08)
    facts = StreetFacts(
        road=streets.road[pieces.line],
        name=name[pieces.line],
        oneway=one_ways(pieces, streets, share=share, rng=city.rng(7)),
        outside=distance[pieces.line] > OUTSKIRTS_M,
    )
    return tag_sets_of(facts, names, city.rng(8))
