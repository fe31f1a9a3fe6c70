"""Cutting a piece out of a street network, and reading the outline of that piece from a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import shapely.geometry
from shapely.geometry.base import BaseGeometry

from graphs.errors import GraphError, SourceUnreadable
from graphs.network import keep_segments
from graphs.osm_network import no_streets
from graphs.raw_tags import used_tags

if TYPE_CHECKING:
    from pathlib import Path

    from graphs.network import StreetNetwork, TurnRestriction

Clip = BaseGeometry | Sequence[tuple[float, float]]
"""An area as shapely has it (longitude, latitude), or the (lat, lon) corners of a polygon."""


def clipped(network: StreetNetwork, clip: Clip) -> StreetNetwork:
    """Return the streets of an area: every segment with both ends inside.

    A restriction stays if one of its ways does, or if none of them was there before: those are
    reported by whoever applies them. Raises SourceUnreadable G104 when no street is inside, G107
    when the corners make no polygon.
    """
    area = area_of(clip)
    shapely.prepare(area)
    inside = shapely.contains_xy(area, network.node_lon, network.node_lat)
    keep = np.asarray(inside[network.tail] & inside[network.head])
    if not keep.any():
        raise no_streets(f"{network.name}, clipped")
    part = keep_segments(network, keep)
    tag_set, tag_sets = used_tags(part.tag_set, part.tag_sets)
    label_set, label_sets = used_tags(part.label_set, part.label_sets)
    # The set 0 of a node is the empty one, whether a node has it or not.
    node_tag_set, node_tag_sets = used_tags(np.append(0, part.node_tag_set), part.node_tag_sets)
    return replace(
        part,
        tag_set=tag_set,
        tag_sets=tag_sets,
        label_set=label_set,
        label_sets=label_sets,
        node_tag_set=node_tag_set[1:],
        node_tag_sets=node_tag_sets,
        restrictions=_still_there(network, part),
    )


def area_of(clip: Clip) -> BaseGeometry:
    """Return an area as one valid (longitude, latitude) geometry; raises SourceUnreadable G107."""
    if isinstance(clip, BaseGeometry):
        return _checked("clip", _valid(clip))
    try:
        return _checked("clip", _polygon("clip", [(lon, lat) for lat, lon in clip]))
    except (TypeError, ValueError, shapely.GEOSException) as error:
        raise _unreadable("clip", f"its corners are no polygon ({error})") from error


def read_clip(path: Path) -> BaseGeometry:
    """Return the area drawn in a GeoJSON file or an Osmosis polygon file (.poly).

    All polygons of a GeoJSON file count, wherever they are in it, without their holes; points and
    lines do not. The result has (longitude, latitude) and goes into `read_osm(clip=...)`. Raises
    SourceUnreadable G107 for a file that is missing, damaged or without a polygon in degrees.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        if text.lstrip().startswith(("{", "[")):
            polygons = list(_geojson_polygons(json.loads(text)))
            area = shapely.union_all([_valid(part) for part in polygons])
        else:
            area = _poly_area(path.name, text.splitlines())
    except GraphError:
        raise
    except (OSError, ValueError, TypeError, KeyError, shapely.GEOSException) as error:
        raise _unreadable(path.name, f"it cannot be read ({error})") from error
    return _checked(path.name, area)


def _geojson_polygons(value: Any) -> Iterable[BaseGeometry]:
    """Yield the polygons of any GeoJSON object, without heights."""
    kind = value["type"] if isinstance(value, dict) else None
    if kind == "FeatureCollection":
        for feature in value["features"]:
            yield from _geojson_polygons(feature)
    elif kind == "Feature":
        if value["geometry"] is not None:
            yield from _geojson_polygons(value["geometry"])
    elif kind == "GeometryCollection":
        for geometry in value["geometries"]:
            yield from _geojson_polygons(geometry)
    elif kind in ("Polygon", "MultiPolygon"):
        yield shapely.force_2d(shapely.geometry.shape(value))


def _poly_area(subject: str, lines: Sequence[str]) -> BaseGeometry:
    """Return the area of an Osmosis polygon file: sections of corners, those named !... are holes.

    The first line names the file, each section begins with its name and ends with END.
    """
    rings: dict[bool, list[BaseGeometry]] = {False: [], True: []}
    section: list[tuple[float, float]] | None = None
    is_hole = False
    for line in filter(None, (line.strip() for line in lines[1:])):
        if line == "END":
            if section is None:
                break
            rings[is_hole].append(_polygon(subject, section))
            section = None
        elif section is None:
            section, is_hole = [], line.startswith("!")
        else:
            lon, lat = line.split()[:2]
            section.append((float(lon), float(lat)))
    else:
        raise _unreadable(subject, "it does not end with END")
    return shapely.difference(shapely.union_all(rings[False]), shapely.union_all(rings[True]))


def _polygon(subject: str, corners: Sequence[tuple[float, float]]) -> BaseGeometry:
    """Return a valid polygon of (longitude, latitude) corners."""
    if len(set(corners)) < 3:
        raise _unreadable(subject, "a polygon has fewer than three corners")
    return _valid(shapely.Polygon(corners))


def _valid(area: BaseGeometry) -> BaseGeometry:
    """Return the area without crossed edges and without parts that have no width."""
    return shapely.make_valid(area, method="structure", keep_collapsed=False)


def _checked(subject: str, area: BaseGeometry) -> BaseGeometry:
    """Raise for an area that is empty or cannot be on the globe."""
    if not area.area > 0:
        raise _unreadable(subject, "it draws no area")
    west, south, east, north = area.bounds
    if west < -180 or south < -90 or east > 180 or north > 90:
        raise _unreadable(subject, "its corners are not in degrees")
    return area


def _unreadable(subject: str, cause: str) -> SourceUnreadable:
    return SourceUnreadable(
        "G107",
        subject,
        cause,
        "Give a GeoJSON file with polygons in degrees, or an Osmosis .poly file",
    )


def _still_there(before: StreetNetwork, after: StreetNetwork) -> tuple[TurnRestriction, ...]:
    ways, left = set(before.way_id.tolist()), set(after.way_id.tolist())
    return tuple(
        restriction
        for restriction in before.restrictions
        if not left.isdisjoint(members := _ways_of(restriction)) or ways.isdisjoint(members)
    )


def _ways_of(restriction: TurnRestriction) -> tuple[int, ...]:
    return (*restriction.from_ways, *restriction.via_ways, *restriction.to_ways)
