"""Networks as osmnx graphs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import networkx as nx
import osmnx as ox
import pytest

from graphs.errors import SourceUnreadable
from graphs.interchange import from_multidigraph, to_multidigraph
from graphs.osm import OSM_ATTRIBUTION, read_osm, read_place
from graphs.profiles import PROFILES
from graphs.provider import StreetMatrix
from graphs.rules import passage
from tests.helpers.networks import (
    TEN_METRES_PER_SECOND,
    Street,
    at,
    drawn,
    line_of_streets,
    one_way_square,
)

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
        Street(1, 3, {**TEN_METRES_PER_SECOND, "oneway": "-1", "maxspeed:backward": "30"}),
        Street(0, 3, {**TEN_METRES_PER_SECOND, "oneway": "yes", "oneway:bicycle": "no"}),
        Street(3, 2, {**TEN_METRES_PER_SECOND, "junction": "roundabout"}),
        Street(2, 3, {"highway": "motorway", "oneway": "no"}),
        Street(3, 3, TEN_METRES_PER_SECOND, 80),
    ],
)


def passages(network: StreetNetwork) -> Counter[tuple[object, ...]]:
    """Return all streets with what each profile may do, whichever way they were drawn."""
    found: Counter[tuple[object, ...]] = Counter()
    for s in range(network.segments):
        ends = int(network.node_id[network.tail[s]]), int(network.node_id[network.head[s]])
        speeds = [passage(network.tags(s), profile) for profile in PROFILES.values()]
        if ends[0] > ends[1]:
            ends, speeds = ends[::-1], [speed[::-1] for speed in speeds]
        found[*ends, *(tuple(speed) for speed in speeds)] += 1
    return found


@pytest.mark.parametrize("network", [line_of_streets(), one_way_square(), MIXED])
def test_there_and_back_keeps_every_right_of_way(network: StreetNetwork) -> None:
    """After a round trip every profile may do the same on every street."""
    again = from_multidigraph(to_multidigraph(network))
    assert passages(again) == passages(network)
    assert (again.name, again.attribution, again.stand_in) == ("drawn", "drawn by hand", True)


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


def osmnx_graph() -> nx.MultiDiGraph[int]:
    """Return what osmnx makes of three streets, two of them joined: lists in their attributes."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="epsg:4326")
    for node, (lat, lon) in enumerate([at(0), at(1), at(2)], start=1):
        graph.add_node(node, y=lat, x=lon, street_count=2)
    joined = {
        "osmid": [11, 12],
        "highway": ["tertiary", "residential"],
        "maxspeed": ["50", "30"],
        "name": ["Hauptstraße", "Nebenstraße"],
        "maxweight": "7.5",
        "oneway": False,
        "length": 1000.0,
    }
    graph.add_edge(1, 2, **joined, reversed=False)
    graph.add_edge(2, 1, **joined, reversed=True)
    graph.add_edge(2, 3, osmid=13, highway="residential", oneway=True, length=900.0, reversed=False)
    return graph


def test_a_place_from_overpass_becomes_a_network() -> None:
    """Joined streets keep their first name and class and their strictest limit."""
    asked: list[str] = []

    def download(place: str) -> nx.MultiDiGraph[int]:
        asked.append(place)
        return osmnx_graph()

    network = read_place("Bochum, Germany", download=download)
    assert asked == ["Bochum, Germany"]
    assert (network.name, network.attribution) == ("Bochum, Germany", OSM_ATTRIBUTION)
    assert not network.stand_in
    assert [dict(network.tags(s)) for s in range(network.segments)] == [
        {"highway": "tertiary", "maxspeed": "30", "maxweight": "7.5", "name": "Hauptstraße"},
        {"highway": "residential", "oneway": "yes"},
    ]
    assert StreetMatrix(network).graph("van").arcs == 2


def test_a_graph_that_cannot_be_placed_is_refused() -> None:
    """No coordinates, another reference system, no edges: each has its code."""
    with pytest.raises(SourceUnreadable, match="G106"):
        from_multidigraph(nx.MultiDiGraph([(1, 2)]))
    projected = osmnx_graph()
    projected.graph["crs"] = "epsg:25832"
    with pytest.raises(SourceUnreadable, match="epsg:25832"):
        from_multidigraph(projected)
    with pytest.raises(SourceUnreadable, match="G104"):
        from_multidigraph(nx.MultiDiGraph())


def test_what_osmnx_makes_of_a_file_routes_as_our_reader(tmp_path: Path) -> None:
    """Osmnx's own simplified graph and our reading of the same file give the same times."""
    path = tmp_path / "village.osm"
    path.write_text(VILLAGE, encoding="utf-8")
    theirs = from_multidigraph(ox.graph_from_xml(path, simplify=True, retain_all=True))
    points = [(51.0, 7.003), (51.0, 7.017), (51.006, 7.0101)]
    matrices = [StreetMatrix(n).matrix(points, profile="van") for n in (read_osm(path), theirs)]
    assert matrices[0].duration_s.tolist() == matrices[1].duration_s.tolist()
    assert matrices[0].distance_m.tolist() == matrices[1].distance_m.tolist()
    assert matrices[0].duration_s[0, 2] > matrices[0].duration_s[2, 0] > 0


VILLAGE = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" lat="51.00" lon="7.00"/><node id="2" lat="51.00" lon="7.01"/>
 <node id="3" lat="51.00" lon="7.02"/><node id="4" lat="51.01" lon="7.01"/>
 <node id="5" lat="51.005" lon="7.0102"/><node id="6" lat="51.01" lon="7.00"/>
 <way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
  <tag k="highway" v="residential"/><tag k="maxspeed" v="30"/></way>
 <way id="11"><nd ref="4"/><nd ref="5"/><nd ref="2"/>
  <tag k="highway" v="tertiary"/><tag k="oneway" v="yes"/><tag k="maxspeed" v="50"/></way>
 <way id="12"><nd ref="1"/><nd ref="6"/><nd ref="4"/>
  <tag k="highway" v="residential"/><tag k="maxspeed" v="30"/></way>
</osm>
"""
