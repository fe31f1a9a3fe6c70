"""Street networks with bends, drawn in metres, and the nearest street found the plain way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from graphs.geo import FlatView
from graphs.snap import segment_lines
from tests.helpers.networks import LAT, LON, Street, drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphs.network import StreetNetwork

Shape = tuple[tuple[float, float], ...]

VIEW = FlatView(lat=LAT, lon=LON)


def place(x: float, y: float) -> tuple[float, float]:
    """Return (lat, lon) of a place in metres east and north."""
    lat, lon = VIEW.to_latlon(np.array([[x, y]], dtype=np.float64))
    return float(lat[0]), float(lon[0])


def bent(*shapes: Sequence[tuple[float, float]]) -> StreetNetwork:
    """Return a network with one segment for each shape, given as (x, y) in metres."""
    ends = [(0.0, 0.0)] * (2 * len(shapes))
    straight = drawn(ends, [Street(2 * i, 2 * i + 1) for i in range(len(shapes))])
    places = np.array([place(*corner) for shape in shapes for corner in shape])
    offset = np.concatenate(([0], np.cumsum([len(shape) for shape in shapes])))
    return replace(
        straight,
        shape_offset=offset.astype(np.int64),
        shape_lat=places[:, 0].copy(),
        shape_lon=places[:, 1].copy(),
    )


def street_distances_m(network: StreetNetwork, point: tuple[float, float]) -> list[float]:
    """Return the distance of a point from every segment."""
    lines = segment_lines(network, np.arange(network.segments))
    spot = shapely.points(network.view.to_xy(np.array([point[0]]), np.array([point[1]])))[0]
    return [float(shapely.distance(line, spot)) for line in lines]


def distance_at_m(
    network: StreetNetwork, segment: int, fraction: float, point: tuple[float, float]
) -> float:
    """Return the distance of a point from a position on a segment."""
    line = segment_lines(network, np.array([segment]))[0]
    spot = shapely.points(network.view.to_xy(np.array([point[0]]), np.array([point[1]])))[0]
    at = shapely.line_interpolate_point(line, fraction, normalized=True)
    return float(shapely.distance(at, spot))
