"""Today's streets: closed ones, slow areas and the hour of departure, applied without a rebuild."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from graphs.errors import PointsInvalid
from graphs.packing import LATEST_MS, NEVER, pack
from graphs.periods import OFF_PEAK, period_factors
from graphs.snap import check_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graphs.network import StreetNetwork
    from graphs.streets import StreetGraph

Ring = tuple[tuple[float, float], ...]
"""Corners of an area as (lat, lon)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowArea:
    """Driving takes `factor` times as long on streets whose middle lies inside `corners`."""

    corners: Ring
    factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DayConditions:
    """What is different today, for every profile.

    `closed_ways` are OpenStreetMap ids of streets closed over their whole length,
    `closed_segments` numbers of single pieces in the network, `closed_areas` close every street
    whose middle lies inside. `period` is the hour of departure: night, off_peak or peak. Raises
    PointsInvalid G307 for a factor that is not between 0.01 and 1000, an area with fewer than three
    corners, a number beyond 64 bits or an unknown period, G302 for a corner that is no place on
    earth.
    """

    closed_ways: frozenset[int] = frozenset()
    closed_segments: frozenset[int] = frozenset()
    closed_areas: tuple[Ring, ...] = ()
    slow_areas: tuple[SlowArea, ...] = ()
    period: str = OFF_PEAK

    def __post_init__(self) -> None:
        for number in (*self.closed_ways, *self.closed_segments):
            if not abs(number) < 2**63:
                raise _refused(f"street {number}", "no street has such a number")
        for area in (*self.closed_areas, *(slow.corners for slow in self.slow_areas)):
            if len(area) < 3:
                raise _refused(f"area {area}", "it has fewer than three corners")
            check_points(area)
        for slow in self.slow_areas:
            # Written so that NaN fails too.
            if not 0.01 <= slow.factor <= 1000:
                raise _refused(f"factor {slow.factor}", "it is not between 0.01 and 1000")
        period_factors((), self.period)


ORDINARY = DayConditions()
"""A day without closures, outside the rush hour."""


def _refused(subject: str, cause: str) -> PointsInvalid:
    return PointsInvalid("G307", subject, cause, "Correct today's conditions")


def closed_segments(network: StreetNetwork, today: DayConditions) -> NDArray[np.bool_]:
    """Return which segments are closed today, (m,).

    Raises PointsInvalid G308 for a way or piece that the network does not have.
    """
    closed = np.zeros(network.segments, dtype=np.bool_)
    ways = np.array(sorted(today.closed_ways), dtype=np.int64)
    pieces = np.array(sorted(today.closed_segments), dtype=np.int64)
    unknown = [
        *(f"way {way}" for way in ways[~np.isin(ways, network.way_id)].tolist()),
        *(f"piece {p}" for p in pieces[(pieces < 0) | (pieces >= network.segments)].tolist()),
    ]
    if unknown:
        raise PointsInvalid(
            "G308",
            ", ".join(unknown[:5]),
            f"not in the network '{network.name}'",
            "Look the street up in this network again",
        )
    closed[np.isin(network.way_id, ways)] = True
    closed[pieces] = True
    for area in today.closed_areas:
        closed |= inside(network, area)
    return closed


def inside(network: StreetNetwork, corners: Ring) -> NDArray[np.bool_]:
    """Return which segments have the middle of their shape inside an area, (m,)."""
    middle = (network.shape_offset[:-1] + network.shape_offset[1:]) // 2
    # A shape of two positions has no inner one: take the middle between them.
    before = middle - (np.diff(network.shape_offset) % 2 == 0)
    lat = (network.shape_lat[middle] + network.shape_lat[before]) / 2
    lon = (network.shape_lon[middle] + network.shape_lon[before]) / 2
    area = shapely.Polygon([(corner[1], corner[0]) for corner in corners])
    return np.asarray(shapely.contains_xy(area, lon, lat), dtype=np.bool_)


def arc_costs(graph: StreetGraph, today: DayConditions) -> NDArray[np.int64]:
    """Return today's packed cost of every arc, (a,); NEVER = closed.

    Slowed-down times are whole milliseconds again; off-peak days without slow areas are exact
    copies of the graph's times. A street that takes half a year is closed.
    """
    network = graph.network
    factor = road_factors(network, today.period)
    for slow in today.slow_areas:
        factor = np.where(inside(network, slow.corners), factor * slow.factor, factor)
    slowed = np.clip(np.rint(graph.time_ms * factor[graph.segment]), 1, LATEST_MS)
    time_ms = slowed.astype(np.int64)
    # Slow areas over each other must not count beyond 64 bits.
    closed = closed_segments(network, today)[graph.segment] | (time_ms == LATEST_MS)
    return np.where(closed, NEVER, pack(time_ms, graph.distance_dm))


def road_factors(network: StreetNetwork, period: str) -> NDArray[np.float64]:
    """Return by how much longer each segment takes in a period, (m,)."""
    roads = [tags.get("highway", "") for tags in network.tag_sets]
    return period_factors(roads, period)[network.tag_set]
