"""OpenStreetMap files that are not as they should be: nothing breaks, nothing is invented."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import osmium
import pytest

from graphs.network import TurnRestriction
from graphs.osm import read_osm
from tests.helpers.osm_data import RESIDENTIAL, TOWN, Map, as_xml

if TYPE_CHECKING:
    from pathlib import Path

    from graphs.network import StreetNetwork

ROW = {i: (51.0, 7.0 + i / 100) for i in range(1, 8)}


def read(folder: Path, drawn: Map | str) -> StreetNetwork:
    """Write a map to an .osm file and read it."""
    path = folder / "odd.osm"
    path.write_text(drawn if isinstance(drawn, str) else as_xml(drawn), encoding="utf-8")
    return read_osm(path)


def pieces(network: StreetNetwork) -> list[tuple[int, list[int]]]:
    """Return (way, [tail, head]) of all segments, nodes by their ids."""
    ends = np.column_stack((network.node_id[network.tail], network.node_id[network.head]))
    return list(zip(network.way_id.tolist(), ends.tolist(), strict=True))


def test_a_street_is_broken_where_its_nodes_are_missing(tmp_path: Path) -> None:
    """A street that leaves the extract and comes back is two pieces, not a straight bridge."""
    network = read(tmp_path, Map(nodes=ROW, ways={10: [1, 2, 98, 99, 3, 4, 97, 5]}))
    assert pieces(network) == [(10, [1, 2]), (10, [3, 4])]


def test_repeated_nodes_and_single_nodes_make_no_segment(tmp_path: Path) -> None:
    """A node written twice counts once; a way of one node is no street."""
    ways = {10: [1, 1, 2, 2, 2, 3], 11: [4], 12: [5, 5], 13: []}
    network = read(tmp_path, Map(nodes=ROW, ways=ways))
    assert pieces(network) == [(10, [1, 3])]
    assert network.shape_lon.tolist() == [7.01, 7.02, 7.03]


def test_loops_and_turns_back_are_kept(tmp_path: Path) -> None:
    """A ring is a segment from a node to itself, a way there and back is one as well."""
    network = read(tmp_path, Map(nodes=ROW, ways={10: [1, 2, 3, 1], 11: [5, 6, 5]}))
    assert pieces(network) == [(10, [1, 1]), (11, [5, 5])]


def test_a_way_that_comes_twice_counts_once(tmp_path: Path) -> None:
    """Files put together from parts repeat ways: the streets stay whole."""
    once = as_xml(Map(nodes=ROW, ways={10: [1, 2, 3]}))
    way = once[once.index("<way") : once.index("</osm>")]
    assert pieces(read(tmp_path, once.replace("</osm>", f"{way}</osm>"))) == [(10, [1, 3])]


def test_negative_ids_are_read(tmp_path: Path) -> None:
    """JOSM gives negative ids to what it has not uploaded; the streets are the same."""
    nodes = {-key: place for key, place in ROW.items()}
    drawn = Map(
        nodes=nodes, ways={-10: [-1, -2, -3], -11: [-2, -4]}, tags={"n-2": {"barrier": "gate"}}
    )
    network = read(tmp_path, drawn)
    assert pieces(network) == [(-11, [-2, -4]), (-10, [-1, -2]), (-10, [-2, -3])]
    assert network.node_tag_sets == ({}, {"barrier": "gate"})


def test_ways_may_come_before_their_nodes(tmp_path: Path) -> None:
    """`out; >; out;` makes Overpass write the ways first."""
    text = as_xml(TOWN)
    first, last = text.index("<node"), text.index("<way")
    nodes_last = text[:first] + text[last:].replace("</osm>", text[first:last] + "</osm>")
    assert nodes_last != text
    assert pieces(read(tmp_path, nodes_last)) == pieces(read(tmp_path, text))


def test_the_order_of_a_file_makes_no_difference(tmp_path: Path) -> None:
    """The same map in another order is the same network."""
    backwards = replace(
        TOWN,
        nodes=dict(reversed(TOWN.nodes.items())),
        ways=dict(reversed(TOWN.ways.items())),
        relations=dict(reversed(TOWN.relations.items())),
    )
    assert read(tmp_path, backwards).digest == read(tmp_path, TOWN).digest


def test_restrictions_without_members_are_kept(tmp_path: Path) -> None:
    """They are listed later with their reason; unknown roles and kinds say nothing."""
    drawn = Map(
        nodes=ROW,
        ways={10: [1, 2, 3]},
        relations={
            1: [],
            2: [("r", 7, "via"), ("n", 1, "from"), ("w", 10, " To "), ("w", 10, "location_hint")],
        },
        tags={"r1": {"type": "restriction"}, "r2": {"restriction:conditional": "no_u_turn @ (Sa)"}},
    )
    empty, partial = read(tmp_path, drawn).restrictions
    nothing: dict[str, tuple[int, ...]] = dict.fromkeys(("from_ways", "via_nodes", "via_ways"), ())
    assert empty == TurnRestriction(relation_id=1, tags={}, to_ways=(), **nothing)
    assert partial == TurnRestriction(
        relation_id=2,
        tags={"restriction:conditional": "no_u_turn @ (Sa)"},
        to_ways=(10,),
        **nothing,
    )


def test_odd_letters_survive(tmp_path: Path) -> None:
    """Emoji, right-to-left marks, quotes and line breaks in a name are kept as they are."""
    name = "\u202eStraße 🚛 „Ost“ <&>\"'\nzwei\u0301"
    drawn = Map(nodes=ROW, ways={10: [1, 2]}, tags={"w10": {**RESIDENTIAL, "name": name}})
    assert read(tmp_path, drawn).tags(0)["name"] == name


def test_a_tag_that_is_no_text_is_left_out(tmp_path: Path) -> None:
    """A tag that is not UTF-8 costs itself, not its street."""
    path = tmp_path / "odd.osm.pbf"
    with osmium.SimpleWriter(osmium.io.File(str(path), "pbf,pbf_compression=none")) as writer:
        for key in (1, 2):
            writer.add_node(osmium.osm.mutable.Node(id=key, location=(7 + key / 100, 51.0)))
        tags = {**RESIDENTIAL, "name": "Straße", "maxspeed": "30"}
        writer.add_way(osmium.osm.mutable.Way(id=10, nodes=[1, 2], tags=tags))
    path.write_bytes(path.read_bytes().replace("ß".encode(), b"\xff\xfe"))
    assert read_osm(path).tags(0) == {**RESIDENTIAL, "maxspeed": "30"}


@pytest.mark.parametrize("lon", [179.99, -179.99])
def test_a_street_across_the_date_line_is_short(tmp_path: Path, lon: float) -> None:
    """Longitude jumps there by 360 degrees, the street does not."""
    network = read(tmp_path, Map(nodes={1: (0.0, lon), 2: (0.0, -lon)}, ways={10: [1, 2]}))
    assert network.length_m[0] == pytest.approx(2223.9, abs=0.1)


def test_places_off_the_globe_are_missing_nodes(tmp_path: Path) -> None:
    """A latitude of 95 degrees is no place."""
    nodes = {**ROW, 8: (95.0, 7.0)}
    assert pieces(read(tmp_path, Map(nodes=nodes, ways={10: [1, 2, 8, 3]}))) == [(10, [1, 2])]


def test_coordinates_may_coincide(tmp_path: Path) -> None:
    """Two nodes on the same spot are two nodes, and a street between them has no length."""
    network = read(tmp_path, Map(nodes={1: (51.0, 7.0), 2: (51.0, 7.0)}, ways={10: [1, 2]}))
    assert network.length_m.tolist() == [0.0]
