"""Networks as osmnx graphs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import networkx as nx
import osmnx as ox
import pytest
import shapely

from graphs.errors import SourceUnreadable
from graphs.interchange import from_multidigraph, to_multidigraph
from graphs.osm import read_osm
from tests.helpers.networks import (
    TEN_METRES_PER_SECOND,
    Street,
    at,
    drawn,
    line_of_streets,
    one_way_square,
)
from tests.helpers.osm_data import TOWN, as_xml

if TYPE_CHECKING:
    from pathlib import Path

    from graphs.network import StreetNetwork

MIXED = drawn(
    [(0, 0), (1, 0), (2, 0), (1, 1)],
    [
        Street(0, 1),
        Street(
            1, 2, {**TEN_METRES_PER_SECOND, "maxspeed:forward": "50", "maxspeed:backward": "30"}
        ),
        Street(
            1,
            3,
            {
                **TEN_METRES_PER_SECOND,
                "oneway": "-1",
                "oneway:bicycle": "-1",
                "maxspeed:backward": "30",
            },
        ),
        Street(0, 3, {**TEN_METRES_PER_SECOND, "oneway": "yes", "oneway:bicycle": "no"}),
        Street(3, 2, {**TEN_METRES_PER_SECOND, "junction": "roundabout"}),
        Street(2, 3, {"highway": "motorway", "oneway": "no"}),
        Street(0, 2, {"highway": "residential", "oneway": "reversible", "name": "[1]"}),
        Street(3, 3, TEN_METRES_PER_SECOND, 80),
        Street(0, 1),
    ],
)


@pytest.fixture
def town(tmp_path: Path) -> StreetNetwork:
    """Return a town with tagged nodes, restrictions and a low emission zone."""
    path = tmp_path / "town.osm"
    path.write_text(as_xml(TOWN), encoding="utf-8")
    return read_osm(path)


@pytest.mark.parametrize("network", [line_of_streets(), one_way_square(), MIXED])
def test_there_and_back_is_the_same_network(network: StreetNetwork) -> None:
    """Directions as drawn, lengths, raw one-way tags, parallel streets: equal to the last bit."""
    assert from_multidigraph(to_multidigraph(network)).digest == network.digest


def test_a_town_survives_the_round_trip(town: StreetNetwork) -> None:
    """Tags of nodes and turn restrictions travel along."""
    again = from_multidigraph(to_multidigraph(town))
    assert again.restrictions == town.restrictions
    assert again.digest == town.digest


def test_the_graph_follows_osmnx() -> None:
    """Two edges for a street open both ways, one for a one-way street; x is the longitude."""
    graph = to_multidigraph(MIXED)
    assert graph.graph["crs"] == "epsg:4326"
    assert graph.nodes[101]["x"] == pytest.approx(at(1)[1])
    assert graph.edges[100, 101, 0]["oneway"] is False
    assert graph.edges[101, 100, 0]["reversed"] is True
    assert graph.has_edge(103, 101)
    assert not graph.has_edge(101, 103)
    assert graph.edges[100, 103, 0]["oneway:bicycle"] == "no"


def test_osmnx_works_with_the_graph(town: StreetNetwork) -> None:
    """Data frames, statistics and the plot's needs: osmnx takes our graph for one of its own."""
    graph = to_multidigraph(town)
    nodes, edges = ox.graph_to_gdfs(graph)
    assert nodes.loc[7, "barrier"] == "lift_gate"
    assert edges.crs == "epsg:4326"
    assert set(edges.columns) >= {"osmid", "length", "oneway", "reversed", "geometry", "highway"}
    assert from_multidigraph(ox.graph_from_gdfs(nodes, edges)).length_m.tolist() == (
        town.length_m.tolist()
    )
    assert len(ox.convert.to_undirected(graph).edges) == town.segments


def plain(graph: nx.MultiDiGraph[int]) -> nx.MultiDiGraph[int]:
    """Return a graph without the attributes that osmnx has no use for."""
    bare: nx.MultiDiGraph[int] = nx.MultiDiGraph(graph)
    for _, _, data in bare.edges(data=True):
        data.pop("segment")
        data.pop("oneway_tag", None)
    return bare


def directed(graph: nx.MultiDiGraph[int]) -> Counter[tuple[object, ...]]:
    """Return what holds along every edge, whichever way its street was drawn."""
    found: Counter[tuple[object, ...]] = Counter()
    for tail, head, data in graph.edges(data=True):
        along = ("backward", "forward") if data["reversed"] else ("forward", "backward")
        speeds = [data.get(f"maxspeed:{side}") for side in along]
        found[tail, head, data["osmid"], data["oneway"], *speeds] += 1
    return found


def test_every_right_of_way_survives_without_our_attributes() -> None:
    """A graph in osmnx's convention alone has the same edges after there and back."""
    graph = plain(to_multidigraph(MIXED))
    again = to_multidigraph(from_multidigraph(graph))
    assert directed(again) == directed(graph)


def test_an_exception_turns_with_its_street() -> None:
    """A one-way street against its drawing becomes one along it; so do its exceptions."""
    network = from_multidigraph(plain(to_multidigraph(MIXED)))
    tags = next(network.tags(s) for s in range(network.segments) if network.way_id[s] == 3)
    assert tags["oneway"] == tags["oneway:bicycle"] == "yes"
    assert tags["maxspeed:forward"] == "30"


def test_a_direction_that_was_taken_out_stays_out() -> None:
    """Who deletes an edge in networkx closes that direction; the street stays as it was drawn."""
    graph = to_multidigraph(line_of_streets())
    graph.remove_edge(101, 100)
    graph.remove_edge(102, 103)
    network = from_multidigraph(graph)
    assert network.tag_values("oneway") == ["yes", "", "-1"]
    assert network.tail.tolist() == [0, 1, 2]


def test_two_graphs_may_be_put_together() -> None:
    """Streets with the same number in two graphs stay two streets."""
    far = replace(line_of_streets(), node_id=line_of_streets().node_id + 50)
    both = nx.compose(to_multidigraph(line_of_streets()), to_multidigraph(far))
    assert from_multidigraph(both).segments == 6


def osmnx_graph() -> nx.MultiDiGraph[int]:
    """Return what osmnx makes of three streets, two of them joined: lists in their attributes."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="epsg:4326")
    for node, (lat, lon) in enumerate([at(0), at(1), at(2)], start=1):
        graph.add_node(node, y=lat, x=lon, street_count=2)
    graph.nodes[2]["highway"] = "traffic_signals"
    joined = {
        "osmid": [11, 12],
        "highway": ["tertiary", "residential"],
        "maxspeed": ["50", "30"],
        "name": ["Hauptstraße", "Nebenstraße"],
        "maxweight": "7.5",
        "ref": float("nan"),
        "oneway": False,
        "length": 1000.0,
    }
    graph.add_edge(1, 2, **joined, reversed=False)
    graph.add_edge(2, 1, **joined, reversed=True)
    graph.add_edge(2, 3, osmid=13, highway="residential", oneway=True, length=900.0, reversed=False)
    return graph


def test_streets_that_osmnx_joined_are_read() -> None:
    """Joined streets keep their first name and class and their strictest limit."""
    network = from_multidigraph(osmnx_graph(), name="Bochum", attribution="OpenStreetMap")
    assert (network.name, network.attribution) == ("Bochum", "OpenStreetMap")
    assert not network.stand_in
    assert [dict(network.tags(s)) for s in range(network.segments)] == [
        {"highway": "tertiary", "maxspeed": "30", "maxweight": "7.5", "name": "Hauptstraße"},
        {"highway": "residential", "oneway": "yes"},
    ]
    assert network.way_id.tolist() == [11, 13]
    assert network.length_m.tolist() == [1000.0, 900.0]
    assert [network.node_tag_sets[i] for i in network.node_tag_set] == [
        {},
        {"highway": "traffic_signals"},
        {},
    ]


def test_a_missing_length_is_measured() -> None:
    """An edge without a length, or with one that is none, gets that of its shape."""
    graph = osmnx_graph()
    del graph.edges[2, 3, 0]["length"]
    graph.edges[2, 3, 0]["geometry"] = shapely.LineString(
        [at(1)[::-1], at(1, 1)[::-1], at(2)[::-1]]
    )
    assert from_multidigraph(graph).length_m[1] == pytest.approx(2177, abs=10)
    graph.edges[2, 3, 0]["length"] = float("nan")
    assert from_multidigraph(graph).length_m[1] == pytest.approx(2177, abs=10)


def broken(**changes: Any) -> nx.MultiDiGraph[Any]:
    """Return a graph with one wrong attribute on its first edge."""
    graph = osmnx_graph()
    graph.edges[2, 3, 0].update(changes)
    return graph


def test_a_graph_that_cannot_be_placed_is_refused() -> None:
    """No coordinates, another reference system, values of the wrong kind, no edges."""
    projected = osmnx_graph()
    projected.graph["crs"] = "epsg:25832"
    named = nx.relabel_nodes(osmnx_graph(), {1: "Rathaus"})
    torn = osmnx_graph()
    torn.graph["restrictions"] = "[{}]"
    faults = {
        "G106.*x and y": nx.MultiDiGraph([(1, 2)]),
        "G106.*epsg:25832": projected,
        "G106.*Rathaus": named,
        "G106.*relation_id": torn,
        "G106.*far": broken(length="far"),
        "G106.*road": broken(osmid="road"),
        "G104": nx.MultiDiGraph(),
    }
    for said, graph in faults.items():
        with pytest.raises(SourceUnreadable, match=said):
            from_multidigraph(graph)


def test_what_osmnx_makes_of_a_file_is_what_we_read(tmp_path: Path) -> None:
    """Osmnx's own graph, joined or not, has the streets, lengths and one-way streets we read."""
    path = tmp_path / "town.osm"
    streets = {key: refs for key, refs in TOWN.ways.items() if key < 20}
    path.write_text(as_xml(replace(TOWN, ways=streets)), encoding="utf-8")
    ours = read_osm(path)
    graph = ox.graph_from_xml(path, simplify=False, retain_all=True)
    theirs = from_multidigraph(graph)
    assert length_of_ways(theirs) == pytest.approx(length_of_ways(ours), rel=1e-6)
    joined = from_multidigraph(ox.simplify_graph(graph))
    assert joined.segments < ours.segments
    assert joined.length_m.sum() == pytest.approx(ours.length_m.sum(), rel=1e-6)
    assert one_way(joined) == one_way(ours) == {(11, 4, 2)}


def length_of_ways(network: StreetNetwork) -> dict[int, float]:
    """Return the length of each street in metres."""
    total: Counter[int] = Counter()
    for way, length_m in zip(network.way_id.tolist(), network.length_m.tolist(), strict=True):
        total[way] += length_m
    return dict(total)


def one_way(network: StreetNetwork) -> set[tuple[int, int, int]]:
    """Return (way, from, to) of the one-way streets."""
    tail, head = (network.node_id[ends].tolist() for ends in (network.tail, network.head))
    rows = zip(network.way_id.tolist(), tail, head, network.tag_values("oneway"), strict=True)
    return {(way, a, b) for way, a, b, value in rows if value == "yes"}
