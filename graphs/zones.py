"""Low emission zones: which streets lie in one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from graphs.osm_elements import Zone

_log = logging.getLogger(__name__)


def inside_zones(
    zones: Mapping[str, Zone],
    lines: Mapping[int, Sequence[tuple[float, float]]],
    offset: NDArray[np.int64],
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Return (m,) whether the middle of each shape lies in one of the zones.

    `lines` are the ways around the zones as (longitude, latitude). A zone whose border is not
    closed, because the extract ends before, marks no street and is logged.
    """
    inside = np.zeros(len(offset) - 1, dtype=bool)
    areas = [_area(key, zone, lines) for key, zone in zones.items()]
    if not areas:
        return inside
    area = shapely.union_all(areas)
    shapely.prepare(area)
    owner = np.repeat(np.arange(len(inside)), np.diff(offset))
    shapes = shapely.linestrings(np.column_stack((lon, lat)), indices=owner)
    middle = shapely.line_interpolate_point(shapes, 0.5, normalized=True)
    return np.asarray(shapely.contains(area, middle), dtype=bool)


def _area(key: str, zone: Zone, lines: Mapping[int, Sequence[tuple[float, float]]]) -> BaseGeometry:
    """Return the area of a zone, empty if its border is not closed."""
    borders = [lines.get(way, ()) for way in zone.outer]
    outer = _filled(borders)
    inner = _filled(lines.get(way, ()) for way in zone.inner)
    if outer.is_empty:
        _log.warning(
            "low emission zone %s '%s': %d of %d ways of its border are in the data and do not "
            "close it; no street is marked",
            key,
            zone.name,
            len([border for border in borders if border]),
            len(borders),
        )
    return shapely.difference(outer, inner)


def _filled(lines: Iterable[Sequence[tuple[float, float]]]) -> BaseGeometry:
    """Return everything that the lines enclose."""
    drawn = [shapely.LineString(line) for line in lines if len(line) > 1]
    return shapely.union_all(shapely.get_parts(shapely.polygonize(drawn)))
