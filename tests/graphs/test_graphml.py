"""Networks as GraphML files, ours and osmnx's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import osmnx as ox
import pytest

from graphs.errors import SourceUnreadable
from graphs.graphml import read_graphml, write_graphml
from graphs.interchange import from_multidigraph
from graphs.osm import read_osm
from tests.helpers.networks import line_of_streets
from tests.helpers.osm_data import RESIDENTIAL, TOWN, Map, as_xml

if TYPE_CHECKING:
    from pathlib import Path

    from graphs.network import StreetNetwork


def read(folder: Path, drawn: Map = TOWN) -> StreetNetwork:
    """Return a map read from an .osm file."""
    path = folder / "town.osm"
    path.write_text(as_xml(drawn), encoding="utf-8")
    return read_osm(path)


def test_a_file_gives_the_same_network_back(tmp_path: Path) -> None:
    """Coordinates, lengths, tags and restrictions: equal to the last bit."""
    town = read(tmp_path)
    write_graphml(town, tmp_path / "new" / "town.graphml")
    assert read_graphml(tmp_path / "new" / "town.graphml").digest == town.digest


def test_osmnx_loads_our_file(tmp_path: Path) -> None:
    """What osmnx makes of our file has all it needs to plot and route, and comes back as it was."""
    town = read(tmp_path)
    write_graphml(town, tmp_path / "town.graphml")
    graph = ox.load_graphml(tmp_path / "town.graphml")
    nodes, edges = ox.graph_to_gdfs(graph)
    assert (len(nodes), edges.crs) == (town.nodes, "epsg:4326")
    assert edges["oneway"].dtype == bool
    assert ox.shortest_path(graph, 1, 3, weight="length") == [1, 7, 2, 8, 3]
    assert from_multidigraph(graph).digest == town.digest


def test_a_file_of_osmnx_is_read(tmp_path: Path) -> None:
    """Joined streets, whose attributes are lists in text, come as from osmnx' graph itself."""
    path = tmp_path / "streets.osm"
    bent = Map(
        nodes=TOWN.nodes,
        ways={10: [1, 7], 14: [7, 2], 11: [2, 5], 12: [2, 8], 13: [3, 4]},
        tags={"w10": {**RESIDENTIAL, "name": "Alte Straße"}, "w14": {"highway": "primary"}},
    )
    path.write_text(as_xml(bent), encoding="utf-8")
    graph = ox.graph_from_xml(path, simplify=True, retain_all=True)
    ox.save_graphml(graph, tmp_path / "theirs.graphml")
    assert "['" in (tmp_path / "theirs.graphml").read_text("utf-8")
    network = read_graphml(tmp_path / "theirs.graphml")
    assert network.digest == from_multidigraph(graph).digest
    assert "Alte Straße" in network.tag_values("name")


def test_odd_names_survive(tmp_path: Path) -> None:
    """Quotes, brackets and emoji stay; characters that XML forbids are dropped."""
    name = "['Haupt' & <Neben>] 🚛\u0007"
    drawn = Map(nodes=TOWN.nodes, ways={10: [1, 2]}, tags={"w10": RESIDENTIAL})
    network = replace(read(tmp_path, drawn), label_sets=({"name": name},))
    write_graphml(network, tmp_path / "odd.graphml")
    assert read_graphml(tmp_path / "odd.graphml").tags(0)["name"] == name[:-1]


EMPTY = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{}</graphml>"""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "G108"),
        ("hello", "G108"),
        ("<html></html>", "G108"),
        (EMPTY.format(""), "G108"),
        (EMPTY.format('<graph edgedefault="directed"><node id="Rathaus"/></graph>'), "G108"),
        (EMPTY.format('<graph edgedefault="directed"></graph>'), "G104"),
        (EMPTY.format('<graph edgedefault="directed"><node id="1"/></graph>'), "G106"),
    ],
)
def test_what_is_no_graphml_is_refused(tmp_path: Path, content: str, code: str) -> None:
    """Empty, foreign, without a graph or without positions: each has its code."""
    path = tmp_path / "graph.graphml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceUnreadable, match=code):
        read_graphml(path)


def test_a_file_that_breaks_off_is_refused(tmp_path: Path) -> None:
    """Half a file, a shape that is none and a missing file are told."""
    path = tmp_path / "line.graphml"
    write_graphml(line_of_streets(), path)
    whole = path.read_text(encoding="utf-8")
    for content in (whole[: len(whole) // 2], whole.replace("LINESTRING", "LINE")):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(SourceUnreadable, match="G108"):
            read_graphml(path)
    with pytest.raises(SourceUnreadable, match="G108"):
        read_graphml(tmp_path / "gone.graphml")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file in place of the folder: the error names it."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SourceUnreadable, match="G108"):
        write_graphml(line_of_streets(), tmp_path / "file" / "line.graphml")


@pytest.mark.city_data
def test_a_real_city_survives_as_a_file(shared_dir: Path, tmp_path: Path) -> None:
    """A city with its restrictions is written and read without loss."""
    city = read_osm(shared_dir / "osm" / "dortmund_centre_fhdo.osm.gz")
    write_graphml(city, tmp_path / "city.graphml")
    assert read_graphml(tmp_path / "city.graphml").digest == city.digest
