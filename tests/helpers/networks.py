"""Small street networks drawn by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphs.network import StreetNetwork, shape_lengths_m
from graphs.raw_tags import intern_tags, no_node_tags, street_tags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LAT, LON = 51.48, 7.21
DEGREE = 0.009
"""About a kilometre northwards."""

TEN_METRES_PER_SECOND = {"highway": "residential", "name": "Gerade Straße", "maxspeed": "45"}
"""The van reaches 80 % of a posted limit: 36 km/h."""


class Street(NamedTuple):
    """A straight street between two nodes; its length may be set to a round figure."""

    tail: int
    head: int
    tags: Mapping[str, str] = TEN_METRES_PER_SECOND
    length_m: float | None = None


def at(x: float, y: float = 0.0) -> tuple[float, float]:
    """Return (lat, lon) of a place on the drawing board, one unit about a kilometre."""
    return LAT + y * DEGREE, LON + x * DEGREE


def drawn(nodes: Sequence[tuple[float, float]], streets: Sequence[Street]) -> StreetNetwork:
    """Return a network with nodes at board places (x, y) and straight streets between them."""
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
        node_id=np.arange(100, 100 + len(nodes), dtype=np.int64),
        node_lat=place[:, 0].copy(),
        node_lon=place[:, 1].copy(),
        tail=ends[:, 0].astype(np.int32),
        head=ends[:, 1].astype(np.int32),
        way_id=np.arange(1, len(streets) + 1, dtype=np.int64),
        length_m=length_m,
        shape_offset=offset,
        shape_lat=lat,
        shape_lon=lon,
        **street_tags(*intern_tags([street.tags for street in streets])),
        **no_node_tags(len(nodes)),
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
