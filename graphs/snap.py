"""Points to positions on street segments."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from graphs.errors import PointsInvalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphs.network import StreetNetwork

DEFAULT_MAX_SNAP_M = 250.0
"""Farther from a usable street a point is reported instead of moved. A park's pond or a school
yard lies up to about 200 m from the next street; own estimate."""

ON_LINE_M = 0.5
"""Nearer to the line than this a point lies on no side of it: half a metre is less than the maps
are exact; own estimate."""

STRAIGHT_ON = 0.3
"""Sine of the angle, 17 degrees, within which a point beyond the end of a street lies straight on
and so on no side; own estimate."""


class SnapCode(StrEnum):
    """Why a point has no place on the street graph."""

    TOO_FAR = "too_far"
    NO_ACCESS = "no_access"
    ISLAND = "island"
    CLOSED_TODAY = "closed_today"


class Side(StrEnum):
    """On which side of the vehicle a stop must lie when it halts there.

    In right-hand traffic the kerb is on the right.
    """

    ANY = "any"
    RIGHT = "right"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreachablePoint:
    """A point without travel times: its index, the reason and the way to the nearest street."""

    index: int
    code: SnapCode
    distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapped:
    """Positions of n points on segments.

    `segment` (n,), -1 = none; `fraction` (n,) from its tail, 0 to 1; `distance_m` (n,) from the
    point to the street, infinite if there is none in reach; `side` (n,) is 1 for a point to the
    right of the segment as drawn, -1 to the left, 0 on it or straight beyond its end.
    """

    segment: NDArray[np.int64]
    fraction: NDArray[np.float64]
    distance_m: NDArray[np.float64]
    side: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, dtype=np.int8))

    def __post_init__(self) -> None:
        if len(self.side) != len(self.segment):
            object.__setattr__(self, "side", np.zeros(len(self.segment), dtype=np.int8))

    @property
    def found(self) -> NDArray[np.bool_]:
        """Which points have a position, (n,)."""
        return self.segment >= 0


def joined(parts: Sequence[Snapped]) -> Snapped:
    """Return the positions of several answers in one."""
    names = ("segment", "fraction", "distance_m", "side")
    if not parts:
        return Snapped(segment=np.zeros(0, np.int64), fraction=np.zeros(0), distance_m=np.zeros(0))
    return Snapped(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in names})


def replaced(
    snapped: Snapped, rows: NDArray[np.int64], other: Snapped, which: NDArray[np.bool_]
) -> Snapped:
    """Return the positions with some rows taken from those of `other` marked in `which`."""
    values = {}
    for name in ("segment", "fraction", "distance_m", "side"):
        values[name] = getattr(snapped, name).copy()
        values[name][rows] = getattr(other, name)[which]
    return Snapped(**values)


def check_points(points: Sequence[tuple[float, float]]) -> None:
    """Raise PointsInvalid G302 for a point that is not a (lat, lon) in degrees."""
    for index, (lat, lon) in enumerate(points):
        # Written so that NaN fails too.
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise PointsInvalid(
                "G302",
                f"point {index} ({lat}, {lon})",
                "it is not a latitude and longitude in degrees",
                "Give (lat, lon) in this order",
            )


_WANTED = {Side.ANY: 0, Side.RIGHT: 1, Side.LEFT: -1}


def allowed_directions(
    snapped: Snapped, sides: Sequence[Side | str] | None, one_way: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return in which directions, (n, 2) along and against, a vehicle may halt at each point.

    `sides` (n,) are what the stops ask for, None = nothing; `one_way` (m,) marks segments that are
    driven in one direction only: there a stop may be at either kerb (StVO § 12 (4)), so both
    directions count and the closed one has no arc. A point on no side is at either, too. Raises
    PointsInvalid G310 if there is not one known side for each point.
    """
    both = np.ones((len(snapped.segment), 2), dtype=np.bool_)
    if sides is None:
        return both
    meets = snapped.side * _wanted(sides, len(both))
    free = (meets == 0) | one_way[snapped.segment]
    # Driven along, the right of the segment is the right of the vehicle.
    both[:, 0] = free | (meets > 0)
    both[:, 1] = free | (meets < 0)
    return both


def _wanted(sides: Sequence[Side | str], count: int) -> NDArray[np.int8]:
    """Return +1 for each stop that must lie to the right of the vehicle, -1 to the left, 0 any."""
    unknown = [side for side in sides if side not in _WANTED]
    if unknown or len(sides) != count:
        raise PointsInvalid(
            "G310",
            f"side '{unknown[0]}'" if unknown else f"{len(sides)} sides of {count} points",
            "a point has no known side",
            f"Give one of {', '.join(Side)} for each point",
        )
    return np.array([_WANTED[Side(side)] for side in sides], dtype=np.int8)


def sides_of(
    gap: NDArray[np.float64], direction: NDArray[np.float64], end: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """Return +1 for points to the right of their street, -1 to the left, 0 for neither, (k,).

    `gap` (k, 2) leads from the street to the point, `direction` (k, 2) has length 1 or 0, `end`
    (k,) marks positions at the end of a segment.
    """
    # Positive where the point lies to the left of the direction.
    across = direction[:, 0] * gap[:, 1] - direction[:, 1] * gap[:, 0]
    off = np.hypot(gap[:, 0], gap[:, 1])
    none = (off < ON_LINE_M) | (end & (np.abs(across) < STRAIGHT_ON * off))
    return np.where(none, 0, -np.sign(across)).astype(np.int8)


def segment_lines(network: StreetNetwork, segments: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return the shapes of some segments as shapely lines in metres of the network's view."""
    offset = network.shape_offset
    count = offset[segments + 1] - offset[segments]
    owner = np.repeat(np.arange(len(segments)), count)
    start = np.concatenate(([0], np.cumsum(count)[:-1])).astype(np.int64)
    position = np.arange(int(count.sum())) - start[owner] + offset[segments][owner]
    xy = network.view.to_xy(network.shape_lat[position], network.shape_lon[position])
    return np.asarray(shapely.linestrings(xy, indices=owner), dtype=np.object_)
