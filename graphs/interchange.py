"""Our network as a networkx graph in osmnx's convention, and back.

osmnx has two directed edges for a street open both ways and one for a one-way street; nodes carry
`x` (longitude) and `y` (latitude), edges `osmid`, `length`, `oneway`, `reversed` and, if bent,
`geometry`. Other attributes are raw tags; where osmnx joined several streets they are lists.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import shapely

from graphs.errors import SourceUnreadable
from graphs.network import StreetNetwork, shape_lengths_m
from graphs.raw_tags import KEPT_TAGS, intern_tags, no_node_tags, street_tags
from graphs.tags import length_m, speed_kmh, weight_t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_FORWARD = frozenset({"yes", "true", "True", "1"})
_BACKWARD = frozenset({"-1", "reverse"})
_ROUND = frozenset({"roundabout", "circular"})

_STRICTEST: Mapping[str, Callable[[str], float | None]] = {
    "maxspeed": speed_kmh,
    "maxweight": weight_t,
    "maxheight": length_m,
    "maxwidth": length_m,
    "maxlength": length_m,
}
"""Of several values on a joined street the smallest one holds; elsewhere the first one does."""

Edge = tuple[int, int, dict[str, Any]]


def to_multidigraph(network: StreetNetwork) -> nx.MultiDiGraph[int]:
    """Return the network as osmnx would have it; our own fields are graph attributes."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(
        crs="epsg:4326",
        name=network.name,
        attribution=network.attribution,
        stand_in=network.stand_in,
        simplified=True,
    )
    for node, lat, lon in zip(
        network.node_id.tolist(), network.node_lat.tolist(), network.node_lon.tolist(), strict=True
    ):
        graph.add_node(node, y=lat, x=lon)
    for segment in range(network.segments):
        for tail, head, data in _edges_of(network, segment):
            graph.add_edge(tail, head, **data)
    return graph


def _edges_of(network: StreetNetwork, segment: int) -> Iterable[Edge]:
    tags = dict(network.tags(segment))
    part = slice(network.shape_offset[segment], network.shape_offset[segment + 1])
    shape = np.column_stack((network.shape_lon[part], network.shape_lat[part]))
    tail = int(network.node_id[network.tail[segment]])
    head = int(network.node_id[network.head[segment]])
    oneway = tags.pop("oneway", None)
    along, against = _directions(oneway, tags)
    data = {
        **tags,
        "osmid": int(network.way_id[segment]),
        "length": float(network.length_m[segment]),
        "oneway": not (along and against),
    }
    if along:
        yield tail, head, {**data, "reversed": False, "geometry": shapely.LineString(shape)}
    if against:
        yield head, tail, {**data, "reversed": True, "geometry": shapely.LineString(shape[::-1])}


def _directions(oneway: str | None, tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Return the directions of general traffic; exceptions stay in tags such as oneway:bicycle."""
    if oneway in _BACKWARD:
        return False, True
    if oneway in _FORWARD:
        return True, False
    implied = tags.get("junction") in _ROUND or tags.get("highway", "").startswith("motorway")
    return True, not (implied and oneway is None)


def from_multidigraph(
    graph: nx.MultiDiGraph[int], *, name: str = "", attribution: str = ""
) -> StreetNetwork:
    """Return a network from a graph in osmnx's convention (EPSG:4326).

    Pairs of opposite edges of the same street become one segment open both ways. Raises
    SourceUnreadable: G106 for a graph without positions or in another reference system, G104 for
    one without streets.
    """
    _check_graph(graph)
    edges = list(_segments_of(graph))
    index = {node: i for i, node in enumerate(graph.nodes)}
    shapes = [_shape(graph, edge) for edge in edges]
    offset = np.cumsum([0, *map(len, shapes)]).astype(np.int64)
    lon, lat = np.ascontiguousarray(np.concatenate(shapes).T)
    return StreetNetwork(
        name=name or str(graph.graph.get("name", "street network")),
        attribution=attribution or str(graph.graph.get("attribution", "unknown source")),
        stand_in=str(graph.graph.get("stand_in", False)) == "True",
        node_id=np.array([int(node) for node in index], dtype=np.int64),
        node_lat=np.array([float(data["y"]) for _, data in graph.nodes(data=True)]),
        node_lon=np.array([float(data["x"]) for _, data in graph.nodes(data=True)]),
        tail=np.array([index[tail] for tail, _, _ in edges], dtype=np.int32),
        head=np.array([index[head] for _, head, _ in edges], dtype=np.int32),
        way_id=np.array([int(_first(data.get("osmid", 0))) for _, _, data in edges], np.int64),
        length_m=shape_lengths_m(offset, lat, lon),
        shape_offset=offset,
        shape_lat=lat,
        shape_lon=lon,
        **street_tags(*intern_tags([_raw_tags(data) for _, _, data in edges])),
        **no_node_tags(len(index)),
    )


def _check_graph(graph: nx.MultiDiGraph[int]) -> None:
    fault = None
    if any("x" not in data or "y" not in data for _, data in graph.nodes(data=True)):
        fault = "a node has no x and y"
    elif str(graph.graph.get("crs", "epsg:4326")).lower() != "epsg:4326":
        fault = f"its coordinates are in {graph.graph['crs']}"
    if fault:
        raise SourceUnreadable(
            "G106", "graph", fault, "Give an osmnx graph in degrees (EPSG:4326), not projected"
        )
    if graph.number_of_edges() == 0:
        raise SourceUnreadable("G104", "graph", "it holds no streets", "Choose a larger area")


def _segments_of(graph: nx.MultiDiGraph[int]) -> Iterable[Edge]:
    """Yield one edge per street; `oneway` is left True only where its opposite is missing."""
    waiting: dict[tuple[object, ...], list[dict[str, Any]]] = defaultdict(list)
    found: list[Edge] = []
    # Tags such as maxspeed:forward count along the edge that is not reversed.
    for tail, head, data in sorted(graph.edges(data=True), key=lambda edge: _is_reversed(edge[2])):
        street = (str(data.get("osmid")), round(float(data.get("length", 0.0)), 3))
        opposite = waiting[(head, tail, *street)]
        if opposite and not _is_oneway(data):
            opposite.pop()["oneway"] = False
            continue
        kept = {**(_turned_tags(data) if _is_reversed(data) else data), "oneway": True}
        found.append((tail, head, kept))
        if not _is_oneway(data):
            waiting[(tail, head, *street)].append(kept)
    return found


def _is_oneway(data: Mapping[str, Any]) -> bool:
    return str(_first(data.get("oneway", False))) in _FORWARD


def _is_reversed(data: Mapping[str, Any]) -> bool:
    return bool(_first(data.get("reversed", False))) and data.get("reversed") != "False"


def _turned_tags(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes with the tags of both directions exchanged."""
    turn = {"maxspeed:forward": "maxspeed:backward", "maxspeed:backward": "maxspeed:forward"}
    return {turn.get(key, key): value for key, value in data.items()}


def _shape(graph: nx.MultiDiGraph[int], edge: Edge) -> np.ndarray[tuple[int, ...], Any]:
    """Return (k, 2) longitudes and latitudes along an edge."""
    tail, head, data = edge
    if isinstance(line := data.get("geometry"), shapely.LineString):
        return np.asarray(shapely.get_coordinates(line), dtype=np.float64)
    ends = (graph.nodes[tail], graph.nodes[head])
    return np.array([(float(node["x"]), float(node["y"])) for node in ends])


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _raw_tags(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags of an edge as OpenStreetMap has them, one value each."""
    tags = {
        key: _one_value(key, data[key])
        for key in sorted(KEPT_TAGS & data.keys())
        if key != "oneway"
    }
    if data["oneway"]:
        tags["oneway"] = "yes"
    elif tags.get("junction") in _ROUND or tags.get("highway", "").startswith("motorway"):
        tags["oneway"] = "no"
    return tags


def _one_value(key: str, value: Any) -> str:
    values = [str(item) for item in value] if isinstance(value, list) else [str(value)]
    parse = _STRICTEST.get(key)
    if parse is None or len(values) == 1:
        return values[0]
    measured = [(number, text) for text in values if (number := parse(text)) is not None]
    return min(measured)[1] if measured else values[0]
