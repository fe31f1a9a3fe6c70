"""Overpass: the questions for the streets of an area, and what its JSON answers say.

An answer goes through the same elements as a file, so both give the same network. osmnx brings
the connection with its manners (waiting for a free slot, retries, settings), but not its graph:
that one has no turn restrictions.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import shapely

from graphs.errors import SourceUnreadable
from graphs.osm_elements import (
    DEGREE,
    FOOT_ROADS,
    LETS_IN,
    MOTOR_ROADS,
    UNKNOWN,
    VEHICLE_KEYS,
    ZONE,
    Elements,
    Member,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

MAX_SIDE_DEG = 0.5
"""Largest side of what is asked at once; about the 50 km of osmnx's `max_query_area_size`."""

ZONE_MARGIN_DEG = 1.0
"""How far around a place the border of a low emission zone is looked for. Assumed: no place lies
so deep in one that its border is further away (Germany's largest, the Ruhr, is 75 km wide)."""


def outline_of(place: str) -> BaseGeometry:
    """Return the area of a place by its name, asked of Nominatim; needs the network."""
    # Imported here because it brings pandas and costs every other start a second.
    import osmnx as ox

    before, ox.settings.use_cache = ox.settings.use_cache, False
    try:
        outline: BaseGeometry = ox.geocode_to_gdf(place).geometry.iloc[0]
    finally:
        ox.settings.use_cache = before
    return outline


def ask_server(query: str) -> Mapping[str, Any]:
    """Return Overpass' answer to a query without its settings; needs the network.

    osmnx has public functions for its own queries only. The two private ones used here, and
    nowhere else, send ours: they add timeout and memory, wait for a free slot and try again when
    the server is busy, all by `osmnx.settings`.
    """
    from osmnx import _overpass, settings

    # The cache would litter the working folder, and a street may have changed since.
    before, settings.use_cache = settings.use_cache, False
    try:
        data = f"{_overpass._make_overpass_settings()};{query}"
        answer: Mapping[str, Any] = _overpass._overpass_request(OrderedDict(data=data))
    finally:
        settings.use_cache = before
    return answer


def queries_for(area: BaseGeometry) -> list[str]:
    """Return what to ask for the streets of an area, one query for each part of it.

    Besides the streets inside, each asks for those that touch them, so that the streets inside
    are cut at the same junctions as in a file; for the restrictions of the streets inside, and
    for the zones around.
    """
    return [_query(part) for part in _parts(area)]


def _parts(area: BaseGeometry) -> Iterator[shapely.Polygon]:
    """Yield the polygons of an area, the large ones cut in halves until they are small enough."""
    for part in shapely.get_parts(area):
        if not isinstance(part, shapely.Polygon) or part.is_empty:
            continue
        west, south, east, north = part.bounds
        if max(east - west, north - south) <= MAX_SIDE_DEG:
            yield part
            continue
        x, y = (west + east) / 2, (south + north) / 2
        wide = east - west > north - south
        half = (west, south, x, north) if wide else (west, south, east, y)
        rest = (x, south, east, north) if wide else (west, y, east, north)
        for box in (half, rest):
            yield from _parts(shapely.intersection(part, shapely.box(*box)))


def _query(part: shapely.Polygon) -> str:
    ring = shapely.get_coordinates(part.exterior).tolist()
    corners = " ".join(f"{lat:.7f} {lon:.7f}" for lon, lat in ring)
    west, south, east, north = part.buffer(ZONE_MARGIN_DEG).bounds
    around = ",".join(f"{value:.7f}" for value in (south, west, north, east))
    return (
        f'way["highway"]["area"!="yes"](poly:"{corners}")->.inside;'
        f"({_streets('inside')})->.streets;"
        "node(w.streets)->.corners;"
        'way(bn.corners)["highway"]["area"!="yes"]->.near;'
        f"({_streets('near')})->.touching;"
        '(rel(bw.streets)["type"~"^restriction(:|$)"];rel(bw.streets)[~"^restriction(:|$)"~"."];)'
        "->.restrictions;"
        f'(rel["boundary"="{ZONE}"]({around});rel["type"="{ZONE}"]({around});'
        f'way["boundary"="{ZONE}"]({around});)->.zones;'
        "(.streets;.touching;.zones;);"
        "(._;>>;.restrictions;);"
        "out;"
    )


def _streets(ways: str) -> str:
    """Return the statements that pick from a set of ways what `is_street` takes."""
    motor, foot, allows, keys = (
        "|".join(sorted(words)) for words in (MOTOR_ROADS, FOOT_ROADS, LETS_IN, VEHICLE_KEYS)
    )
    return (
        f'way.{ways}["highway"~"^({motor})$"];'
        f'way.{ways}["highway"~"^({foot})$"][~"^({keys})$"~"^({allows})$"];'
    )


def read_answer(path: Path) -> Mapping[str, Any]:
    """Return a saved JSON answer of Overpass.

    Raises SourceUnreadable: G102 for other JSON, G103 for a file that is damaged or whose query
    did not finish.
    """
    try:
        answer = json.loads(path.read_bytes())
    except ValueError as error:
        raise SourceUnreadable(
            "G103", path.name, f"it cannot be read to its end ({error})", "Download it again"
        ) from error
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        raise SourceUnreadable(
            "G102",
            path.name,
            "it is not an answer of Overpass: it has no elements",
            "Save the answer of a query that begins with [out:json]",
        )
    if remark := answer.get("remark"):
        raise SourceUnreadable(
            "G103", path.name, f"its query did not finish ({remark})", "Ask Overpass again"
        )
    return answer


def elements_of(answers: Iterable[Mapping[str, Any]]) -> Elements:
    """Return the elements of answers in JSON, each of them once.

    Nodes may be elements of their own (`out body; >; out;`) or positions in the ways (`out geom`).
    What lacks an id or the nodes of a way is passed over. Raises SourceUnreadable G103 for an
    answer whose parts are not what Overpass writes.
    """
    try:
        return _elements_of(answers)
    except (AttributeError, OverflowError, TypeError, ValueError) as error:
        raise SourceUnreadable(
            "G103", "answer", f"an element cannot be read ({error})", "Ask Overpass again"
        ) from error


def _elements_of(answers: Iterable[Mapping[str, Any]]) -> Elements:
    listed = [e for answer in answers for e in answer.get("elements", ()) if isinstance(e, dict)]
    nodes, ways, relations = (_by_id(listed, kind) for kind in ("node", "way", "relation"))
    elements = Elements()
    for node_id, node in nodes.items():
        elements.add_node(node_id, _tags(node))
    for relation_id, relation in relations.items():
        elements.add_relation(relation_id, _tags(relation), _members(relation))
    for way_id, way in ways.items():
        elements.add_zone_way(way_id, _tags(way))
        refs = way.get("nodes") or ()
        if elements.wants(way_id, _tags(way)) and len(refs) > 1:
            places = _places(way, refs, nodes)
            elements.add_way(
                way_id, _tags(way), refs, [x for x, _ in places], [y for _, y in places]
            )
    _draw_zones(elements, nodes, ways, relations)
    return elements


def _by_id(listed: Iterable[dict[str, Any]], kind: str) -> dict[int, dict[str, Any]]:
    """Return elements of one kind, of repeated ones the one that says most."""
    found: dict[int, dict[str, Any]] = {}
    for element in listed:
        key = element.get("id")
        # Overpass lists an element again where a second statement prints it, perhaps without tags.
        if element.get("type") == kind and isinstance(key, int):
            found[key] = {**element, **found.get(key, {})}
    return found


def _tags(element: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in (element.get("tags") or {}).items()}


def _members(relation: Mapping[str, Any]) -> Iterator[Member]:
    for member in relation.get("members") or ():
        if isinstance(ref := member.get("ref"), int):
            yield Member(str(member.get("type"))[:1], ref, str(member.get("role", "")))


def _places(
    way: Mapping[str, Any], refs: Sequence[int], nodes: Mapping[int, Mapping[str, Any]]
) -> list[tuple[int, int]]:
    """Return longitude and latitude of a way's nodes in ten-millionths of a degree."""
    shape = way.get("geometry") or ()
    inline = shape if len(shape) == len(refs) else (None,) * len(refs)
    return [_place(nodes.get(ref), here) for ref, here in zip(refs, inline, strict=True)]


def _place(*known: Mapping[str, Any] | None) -> tuple[int, int]:
    """Return the first position that is known."""
    for place in known:
        if place is not None and "lat" in place and "lon" in place:
            return round(float(place["lon"]) * DEGREE), round(float(place["lat"]) * DEGREE)
    return UNKNOWN, UNKNOWN


def _draw_zones(
    elements: Elements,
    nodes: Mapping[int, Mapping[str, Any]],
    ways: Mapping[int, Mapping[str, Any]],
    relations: Mapping[int, Mapping[str, Any]],
) -> None:
    """Fill in the ways around low emission zones."""
    inline = {
        member["ref"]: member
        for relation in relations.values()
        for member in relation.get("members") or ()
        if member.get("type") == "way" and member.get("geometry")
    }
    for zone in elements.zones.values():
        for key in (*zone.outer, *zone.inner):
            way = ways.get(key) or inline.get(key) or {}
            refs = way.get("nodes") or range(len(way.get("geometry") or ()))
            elements.lines[key] = [
                (x / DEGREE, y / DEGREE) for x, y in _places(way, refs, nodes) if x != UNKNOWN
            ]
