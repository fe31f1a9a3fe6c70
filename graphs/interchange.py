"""Our network as a networkx graph in osmnx's convention, and back; both also as GraphML files.

osmnx has two directed edges for a street open both ways and one for a one-way street; nodes carry
`x` (longitude) and `y` (latitude), edges `osmid`, `length`, `oneway`, `reversed` and, if bent,
`geometry`. Other attributes are raw tags, of nodes as well; where osmnx joined several streets
they are lists.

What osmnx has no place for travels in attributes it ignores: the edges of a street share its
number (`segment`) and keep its one-way tag as mapped (`oneway_tag`), and the graph holds the turn
restrictions as JSON (`restrictions`). So a network of ours comes back as it was.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import shapely

from graphs.errors import SourceUnreadable
from graphs.network import StreetNetwork, TurnRestriction, shape_lengths_m
from graphs.osmnx_edges import Street, directions, is_missing, streets_of
from graphs.raw_tags import NODE_TAGS, intern_tags, node_tags, street_tags

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

Edge = tuple[int, int, dict[str, Any]]


def to_multidigraph(network: StreetNetwork) -> nx.MultiDiGraph[int]:
    """Return the network as osmnx would have it; our own fields are graph attributes."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(
        crs="epsg:4326",
        name=network.name,
        attribution=network.attribution,
        stand_in=network.stand_in,
        simplified=True,
        restrictions=json.dumps(
            [asdict(restriction) for restriction in network.restrictions], ensure_ascii=False
        ),
    )
    tags = [network.node_tag_sets[i] for i in network.node_tag_set.tolist()]
    places = zip(
        network.node_id.tolist(),
        network.node_lat.tolist(),
        network.node_lon.tolist(),
        tags,
        strict=True,
    )
    for node, lat, lon, raw in places:
        graph.add_node(node, **{**raw, "y": lat, "x": lon})
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
    along, against = directions(tags)
    if "oneway" in tags:
        tags["oneway_tag"] = tags["oneway"]
    data = {
        **tags,
        "segment": segment,
        "osmid": int(network.way_id[segment]),
        "length": float(network.length_m[segment]),
        "oneway": not (along and against),
    }
    if along:
        yield tail, head, {**data, "reversed": False, "geometry": shapely.LineString(shape)}
    if against:
        yield head, tail, {**data, "reversed": True, "geometry": shapely.LineString(shape[::-1])}


def from_multidigraph(
    graph: nx.MultiDiGraph[Any], *, name: str = "", attribution: str = ""
) -> StreetNetwork:
    """Return a network from a graph in osmnx's convention (EPSG:4326).

    Pairs of opposite edges of the same street become one segment open both ways. Lengths are
    those of the graph where it has them. Raises SourceUnreadable: G106 for a graph without
    positions, in another reference system or with values of the wrong kind, G104 for one without
    streets.
    """
    _check_graph(graph)
    try:
        return _network(graph, name, attribution)
    except (KeyError, TypeError, ValueError) as error:
        raise _unfit(f"a node or edge cannot be read ({error!r})") from error


def _network(graph: nx.MultiDiGraph[Any], name: str, attribution: str) -> StreetNetwork:
    index = {node: i for i, node in enumerate(graph.nodes)}
    streets = streets_of(graph)
    shapes = [_shape(graph, street) for street in streets]
    offset = np.cumsum([0, *map(len, shapes)]).astype(np.int64)
    lon, lat = np.ascontiguousarray(np.concatenate(shapes).T)
    return StreetNetwork(
        name=name or str(graph.graph.get("name") or "street network"),
        attribution=attribution or str(graph.graph.get("attribution") or "unknown source"),
        stand_in=str(graph.graph.get("stand_in", False)) == "True",
        node_id=np.array([int(node) for node in index], dtype=np.int64),
        node_lat=np.array([float(data["y"]) for _, data in graph.nodes(data=True)]),
        node_lon=np.array([float(data["x"]) for _, data in graph.nodes(data=True)]),
        tail=np.array([index[street.tail] for street in streets], dtype=np.int32),
        head=np.array([index[street.head] for street in streets], dtype=np.int32),
        way_id=np.array([street.way_id for street in streets], dtype=np.int64),
        length_m=_lengths_m(streets, shape_lengths_m(offset, lat, lon)),
        shape_offset=offset,
        shape_lat=lat,
        shape_lon=lon,
        restrictions=_restrictions(graph.graph.get("restrictions", "[]")),
        **street_tags(*intern_tags([street.tags for street in streets])),
        **node_tags(_raw_node_tags(data) for _, data in graph.nodes(data=True)),
    )


def _check_graph(graph: nx.MultiDiGraph[Any]) -> None:
    if any("x" not in data or "y" not in data for _, data in graph.nodes(data=True)):
        raise _unfit("a node has no x and y")
    if str(graph.graph.get("crs", "epsg:4326")).lower() != "epsg:4326":
        raise _unfit(f"its coordinates are in {graph.graph['crs']}")
    if graph.number_of_edges() == 0:
        raise SourceUnreadable("G104", "graph", "it holds no streets", "Choose a larger area")


def _unfit(fault: str) -> SourceUnreadable:
    return SourceUnreadable(
        "G106", "graph", fault, "Give an osmnx graph in degrees (EPSG:4326), not projected"
    )


def _shape(graph: nx.MultiDiGraph[Any], street: Street) -> NDArray[np.float64]:
    """Return (k, 2) longitudes and latitudes along a street."""
    if isinstance(street.geometry, shapely.LineString):
        return np.asarray(shapely.get_coordinates(street.geometry), dtype=np.float64)
    ends = (graph.nodes[street.tail], graph.nodes[street.head])
    return np.array([(float(node["x"]), float(node["y"])) for node in ends])


def _lengths_m(streets: list[Street], drawn_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the lengths that the graph states, elsewhere those of the shapes."""
    stated = np.array([street.length_m for street in streets], dtype=np.float64)
    return np.where(np.isfinite(stated) & (stated >= 0), stated, drawn_m)


def _raw_node_tags(data: Mapping[str, Any]) -> dict[str, str]:
    kept = sorted(NODE_TAGS & data.keys())
    return {key: str(data[key]) for key in kept if not is_missing(data[key])}


def _restrictions(text: str) -> tuple[TurnRestriction, ...]:
    """Return restrictions from their JSON."""
    lists = ("from_ways", "via_nodes", "via_ways", "to_ways")
    return tuple(
        TurnRestriction(
            relation_id=row["relation_id"],
            tags=row["tags"],
            **{key: tuple(row[key]) for key in lists},
        )
        for row in json.loads(text)
    )
