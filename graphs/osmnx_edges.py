"""From the directed edges of an osmnx graph back to the streets they stand for."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import shapely

from graphs.raw_tags import KEPT_TAGS
from graphs.tags import length_m, speed_kmh, weight_t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import networkx as nx

_FORWARD = frozenset({"yes", "true", "True", "1"})
_BACKWARD = frozenset({"-1", "reverse"})
_ROUND = frozenset({"roundabout", "circular"})

_STRICTEST: Mapping[str, Callable[[str], float | None]] = {
    "maxspeed": speed_kmh,
    "maxweight": weight_t,
    "maxweightrating": weight_t,
    "maxheight": length_m,
    "maxwidth": length_m,
    "maxlength": length_m,
}
"""Of several values on a joined street the smallest one holds; elsewhere the first one does."""

Edge = tuple[Any, Any, dict[str, Any]]


class Street(NamedTuple):
    """A street between two nodes, in the direction in which it was drawn."""

    tail: Any
    head: Any
    way_id: int
    length_m: float
    geometry: shapely.LineString | None
    tags: dict[str, str]


def streets_of(graph: nx.MultiDiGraph[Any]) -> list[Street]:
    """Return the streets of a graph: ours by number, others by pairs of opposite edges."""
    ours: dict[tuple[Any, ...], list[Edge]] = defaultdict(list)
    others: list[Edge] = []
    for tail, head, data in graph.edges(data=True):
        segment = data.get("segment")
        # Where osmnx joined streets of ours, their numbers are a list.
        if isinstance(segment, int | str):
            # Two graphs of ours put together have some numbers twice.
            key = (int(segment), str(data.get("osmid")), *sorted((tail, head)))
            ours[key].append((tail, head, data))
        else:
            others.append((tail, head, data))
    return [
        *(_numbered(ours[key]) for key in sorted(ours)),
        *(_street(*edge) for edge in _paired(others)),
    ]


def directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Return the directions of general traffic; exceptions stay in tags such as oneway:bicycle."""
    oneway = tags.get("oneway")
    if oneway in _BACKWARD:
        return False, True
    if oneway in _FORWARD:
        return True, False
    implied = tags.get("junction") in _ROUND or tags.get("highway", "").startswith("motorway")
    return True, not (implied and oneway is None)


def is_missing(value: object) -> bool:
    """Tell whether an attribute is an empty cell of a data frame."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def _numbered(edges: list[Edge]) -> Street:
    """Return a street of ours as it was drawn, unless somebody took out one of its directions."""
    tail, head, data = min(edges, key=lambda edge: _is_reversed(edge[2]))
    backwards = _is_reversed(data)
    geometry = data.get("geometry")
    if backwards:
        tail, head = head, tail
        geometry = None if geometry is None else shapely.reverse(geometry)
    tags = _raw_tags(data)
    if "oneway_tag" in data:
        tags["oneway"] = str(data["oneway_tag"])
    open_now = not backwards, backwards or len(edges) > 1
    if open_now != directions(tags):
        tags["oneway"] = "-1" if backwards else "yes"
    return Street(tail, head, int(data["osmid"]), _length_m(data), geometry, tags)


def _street(tail: Any, head: Any, data: dict[str, Any]) -> Street:
    """Return the street of an edge of osmnx, whose `oneway` tells what is meant."""
    tags = _raw_tags(data)
    if data["oneway"]:
        tags["oneway"] = "yes"
    elif tags.get("junction") in _ROUND or tags.get("highway", "").startswith("motorway"):
        tags["oneway"] = "no"
    way_id = int(_first(data.get("osmid", 0)))
    return Street(tail, head, way_id, _length_m(data), data.get("geometry"), tags)


def _paired(edges: Iterable[Edge]) -> Iterable[Edge]:
    """Return one edge per street; `oneway` is left True only where its opposite is missing."""
    waiting: dict[tuple[object, ...], list[dict[str, Any]]] = defaultdict(list)
    found: list[Edge] = []
    # Tags such as maxspeed:forward count along the edge that is not reversed.
    for tail, head, data in sorted(edges, key=lambda edge: _is_reversed(edge[2])):
        street = (str(data.get("osmid")), round(_length_m(data), 3))
        opposite = waiting[(head, tail, *street)]
        if opposite and not _is_oneway(data):
            opposite.pop()["oneway"] = False
            continue
        kept = {**(_turned(data) if _is_reversed(data) else data), "oneway": True}
        found.append((tail, head, kept))
        if not _is_oneway(data):
            waiting[(tail, head, *street)].append(kept)
    return found


def _is_oneway(data: Mapping[str, Any]) -> bool:
    return str(_first(data.get("oneway", False))) in _FORWARD


def _is_reversed(data: Mapping[str, Any]) -> bool:
    return str(_first(data.get("reversed", False))) == "True"


def _turned(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes of an edge that runs against its street, seen along the edge."""
    sides = {"forward": "backward", "backward": "forward"}
    ways = {**dict.fromkeys(_FORWARD, "-1"), **dict.fromkeys(_BACKWARD, "yes")}
    turned = {}
    for key, value in data.items():
        parts = [sides.get(part, part) for part in key.split(":")]
        is_oneway = parts[0] == "oneway" and len(parts) > 1 and isinstance(value, str)
        turned[":".join(parts)] = ways.get(value, value) if is_oneway else value
    return turned


def _length_m(data: Mapping[str, Any]) -> float:
    """Return the length that an edge states, NaN without one."""
    return float(data.get("length", math.nan))


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _raw_tags(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags of an edge as OpenStreetMap has them, one value each, without `oneway`."""
    keys = sorted((KEPT_TAGS & data.keys()) - {"oneway"})
    return {key: _one_value(key, data[key]) for key in keys if not is_missing(data[key])}


def _one_value(key: str, value: Any) -> str:
    values = [str(item) for item in value] if isinstance(value, list) else [str(value)]
    parse = _STRICTEST.get(key)
    if parse is None or len(values) == 1:
        return values[0]
    measured = [(number, text) for text in values if (number := parse(text)) is not None]
    return min(measured)[1] if measured else values[0]
