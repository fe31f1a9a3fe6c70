"""Small street networks drawn by hand."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphs.network import StreetNetwork, TurnRestriction, shape_lengths_m
from graphs.raw_tags import intern_tags, street_tags
from graphs.raw_tags import node_tags as tags_of_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LAT, LON = 51.48, 7.21
FIRST_NODE = 100
"""Identity of node 0; the others follow."""

DEGREE = 0.009
"""About a kilometre northwards."""

TEN_METRES_PER_SECOND = {"highway": "residential", "name": "Gerade Straße", "maxspeed": "45"}
"""The van reaches 80 % of a posted limit: 36 km/h."""


class Street(NamedTuple):
    """A straight street between two nodes; its length may be set to a round figure.

    Streets with the same `way` are pieces of one; 0 = a way of its own, numbered from 1 by place.
    """

    tail: int
    head: int
    tags: Mapping[str, str] = TEN_METRES_PER_SECOND
    length_m: float | None = None
    way: int = 0


class Rule(NamedTuple):
    """A turn restriction from a way over a node, or over one or more ways, to a way."""

    kind: str
    start: int
    via: int | tuple[int, ...]
    end: int
    tags: Mapping[str, str] = MappingProxyType({})


def at(x: float, y: float = 0.0) -> tuple[float, float]:
    """Return (lat, lon) of a place on the drawing board, one unit about a kilometre."""
    return LAT + y * DEGREE, LON + x * DEGREE


def drawn(
    nodes: Sequence[tuple[float, float]],
    streets: Sequence[Street],
    *,
    node_tags: Mapping[int, Mapping[str, str]] = MappingProxyType({}),
    rules: Sequence[Rule] = (),
) -> StreetNetwork:
    """Return a network with nodes at board places (x, y) and straight streets between them.

    `node_tags` are by node, `rules` restrict turns.
    """
    place = np.array([at(*node) for node in nodes])
    ends = np.array([(street.tail, street.head) for street in streets])
    shape = place[ends].reshape(-1, 2)
    offset = np.arange(0, 2 * len(streets) + 1, 2, dtype=np.int64)
    lat, lon = shape[:, 0].copy(), shape[:, 1].copy()
    length_m = shape_lengths_m(offset, lat, lon)
    for i, street in enumerate(streets):
        length_m[i] = length_m[i] if street.length_m is None else street.length_m
    return StreetNetwork(
        name="drawn",
        attribution="drawn by hand",
        stand_in=True,
        node_id=np.arange(FIRST_NODE, FIRST_NODE + len(nodes), dtype=np.int64),
        node_lat=place[:, 0].copy(),
        node_lon=place[:, 1].copy(),
        tail=ends[:, 0].astype(np.int32),
        head=ends[:, 1].astype(np.int32),
        way_id=np.array([street.way or i for i, street in enumerate(streets, 1)], dtype=np.int64),
        length_m=length_m,
        shape_offset=offset,
        shape_lat=lat,
        shape_lon=lon,
        **street_tags(*intern_tags([street.tags for street in streets])),
        restrictions=tuple(_relation(number, rule) for number, rule in enumerate(rules, 1)),
        **tags_of_nodes(node_tags.get(node, {}) for node in range(len(nodes))),
    )


def _relation(number: int, rule: Rule) -> TurnRestriction:
    return TurnRestriction(
        relation_id=number,
        tags={"restriction": rule.kind, **rule.tags} if rule.kind else rule.tags,
        from_ways=(rule.start,),
        via_nodes=(FIRST_NODE + rule.via,) if isinstance(rule.via, int) else (),
        via_ways=() if isinstance(rule.via, int) else rule.via,
        to_ways=(rule.end,),
    )


def line_of_streets() -> StreetNetwork:
    """Return 0 - 1 - 2 - 3 in a row, 1000 m each, 10 m/s, open both ways."""
    return drawn(
        [(0, 0), (1, 0), (2, 0), (3, 0)], [Street(i, i + 1, length_m=1000) for i in range(3)]
    )


def one_way_square() -> StreetNetwork:
    """Return 0 -> 1 -> 2 -> 3 -> 0, one-way, 1000 m each at 10 m/s."""
    tags = {**TEN_METRES_PER_SECOND, "oneway": "yes"}
    return drawn(
        [(0, 0), (1, 0), (1, 1), (0, 1)], [Street(i, (i + 1) % 4, tags, 1000) for i in range(4)]
    )
