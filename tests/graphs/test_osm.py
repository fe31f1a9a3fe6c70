"""Reading OpenStreetMap files."""

from __future__ import annotations

import bz2
import gzip
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphs.errors import SourceUnreadable
from graphs.network import TurnRestriction
from graphs.osm import OSM_ATTRIBUTION, read_osm
from tests.helpers.osm_data import TOWN, as_xml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphs.network import StreetNetwork

VILLAGE = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" lat="51.00" lon="7.00"/>
 <node id="2" lat="51.00" lon="7.01"/>
 <node id="3" lat="51.00" lon="7.02"/>
 <node id="4" lat="51.01" lon="7.01"/>
 <node id="5" lat="51.005" lon="7.01"/>
 <node id="6" lat="51.02" lon="7.01"/>
 <way id="10"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
  <tag k="highway" v="residential"/><tag k="name" v="Dorfstraße"/><tag k="source" v="survey"/></way>
 <way id="11"><nd ref="2"/><nd ref="5"/><nd ref="4"/>
  <tag k="highway" v="tertiary"/><tag k="oneway" v="yes"/></way>
 <way id="12"><nd ref="4"/><nd ref="6"/><nd ref="99"/><tag k="highway" v="path"/></way>
 <way id="13"><nd ref="4"/><nd ref="6"/><nd ref="99"/>
  <tag k="highway" v="path"/><tag k="bicycle" v="designated"/></way>
 <way id="14"><nd ref="1"/><nd ref="2"/><tag k="building" v="yes"/></way>
 <way id="15"><nd ref="1"/><nd ref="2"/><nd ref="5"/><nd ref="1"/>
  <tag k="highway" v="pedestrian"/><tag k="area" v="yes"/></way>
</osm>
"""


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """Return a small .osm file."""
    path = tmp_path / "village.osm"
    path.write_text(VILLAGE, encoding="utf-8")
    return path


@pytest.fixture
def town(tmp_path: Path) -> StreetNetwork:
    """Return a town with tagged nodes, restrictions and a low emission zone, read from a file."""
    path = tmp_path / "town.osm"
    path.write_text(as_xml(TOWN), encoding="utf-8")
    return read_osm(path)


def pieces(network: StreetNetwork) -> list[tuple[int, int, int]]:
    """Return (way, tail, head) of all segments, nodes by their ids."""
    ends = network.node_id[network.tail].tolist(), network.node_id[network.head].tolist()
    return list(zip(network.way_id.tolist(), *ends, strict=True))


def node_tags(network: StreetNetwork) -> dict[int, Mapping[str, str]]:
    """Return the tags of all nodes that have some."""
    tags = (network.node_tag_sets[i] for i in network.node_tag_set.tolist())
    return {n: kept for n, kept in zip(network.node_id.tolist(), tags, strict=True) if kept}


def test_streets_are_cut_at_junctions(village: Path) -> None:
    """Segments run from junction to junction with all their bends; other ways are left out."""
    network = read_osm(village)
    assert network.node_id.tolist() == [1, 2, 3, 4, 6]
    assert pieces(network) == [(10, 1, 2), (10, 2, 3), (11, 2, 4), (13, 4, 6)]
    assert np.diff(network.shape_offset).tolist() == [2, 2, 3, 2]
    assert network.length_m[2] == pytest.approx(1111.95, abs=0.05)
    assert (network.name, network.attribution) == ("village", OSM_ATTRIBUTION)
    assert not network.stand_in


def test_only_tags_that_matter_are_kept(village: Path) -> None:
    """Names, classes and limits stay, sources and notes do not."""
    network = read_osm(village)
    assert network.tags(0) == {"highway": "residential", "name": "Dorfstraße"}
    assert network.tags(3) == {"highway": "path", "bicycle": "designated"}


def test_what_a_later_profile_may_need_is_kept(town: StreetNetwork) -> None:
    """Limits that hold at some hours stay as they were mapped."""
    assert town.tags(town.way_id.tolist().index(11)) == {
        "highway": "tertiary",
        "oneway": "yes",
        "hgv:conditional": "no @ (22:00-06:00)",
    }


def test_barriers_and_signals_in_mid_street_become_nodes(town: StreetNetwork) -> None:
    """A gate and the signal of a crossing cut the street and keep their tags; lamps do not."""
    cuts = [piece for piece in pieces(town) if piece[0] in (10, 14)]
    assert cuts == [(10, 1, 7), (10, 7, 2), (14, 2, 8), (14, 8, 3)]
    assert node_tags(town) == {
        2: {"highway": "traffic_signals"},
        7: {"access": "private", "barrier": "lift_gate"},
        8: {"crossing": "traffic_signals;island", "highway": "crossing"},
    }
    assert town.node_tag_sets[0] == {}


def test_restrictions_are_kept_as_mapped(town: StreetNetwork) -> None:
    """By node or by ways, for all or for lorries, and even without a via: all in order of id."""
    assert town.restrictions == (
        TurnRestriction(
            relation_id=500,
            tags={"restriction": "no_u_turn"},
            from_ways=(10,),
            via_nodes=(),
            via_ways=(14, 13),
            to_ways=(11,),
        ),
        TurnRestriction(
            relation_id=501,
            tags={"except": "psv", "restriction:hgv": "no_left_turn"},
            from_ways=(11,),
            via_nodes=(2,),
            via_ways=(),
            to_ways=(14,),
        ),
        TurnRestriction(
            relation_id=502,
            tags={"restriction": "no_left_turn", "type": "restriction:hgv"},
            from_ways=(11,),
            via_nodes=(),
            via_ways=(),
            to_ways=(14,),
        ),
    )


def test_streets_in_a_low_emission_zone_say_so(town: StreetNetwork) -> None:
    """A segment belongs to the zone in which its middle lies."""
    inside = town.tag_values("low_emission_zone")
    marked = {piece[0] for piece, value in zip(pieces(town), inside, strict=True) if value == "yes"}
    assert marked == {13, 14}


def test_a_zone_whose_border_is_cut_off_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the extract ends before the zone does, no street is marked, and that is said."""
    path = tmp_path / "part.osm"
    path.write_text(as_xml(TOWN).replace('<way id="31">', '<way id="32">'), encoding="utf-8")
    assert set(read_osm(path).tag_values("low_emission_zone")) == {""}
    assert "relation 600 'Umweltzone': 1 of 2 ways" in caplog.text


def test_a_closed_way_draws_a_zone(tmp_path: Path) -> None:
    """A zone may be one closed way without a relation."""
    alone = replace(
        TOWN,
        ways={**TOWN.ways, 30: [20, 21, 22, 23, 20]},
        tags={**TOWN.tags, "w30": {"boundary": "low_emission_zone"}},
        relations={},
    )
    path = tmp_path / "zone.osm"
    path.write_text(as_xml(alone), encoding="utf-8")
    network = read_osm(path)
    marked = zip(pieces(network), network.tag_values("low_emission_zone"), strict=True)
    assert {piece[0] for piece, value in marked if value == "yes"} == {13, 14}


def test_a_packed_file_reads_the_same(village: Path) -> None:
    """.osm.gz and .osm.bz2 are the same map."""
    for suffix, pack in ((".gz", gzip.compress), (".bz2", bz2.compress)):
        packed = village.with_name(f"village.osm{suffix}")
        packed.write_bytes(pack(VILLAGE.encode()))
        assert read_osm(packed).digest == read_osm(village).digest


def test_what_is_not_a_map_is_refused(tmp_path: Path) -> None:
    """Missing, foreign, damaged and empty files each have a code and say what to do."""
    packed = gzip.compress(VILLAGE.encode())
    faults: dict[str, tuple[bytes, str]] = {
        "notes.txt": (b"hello", "G102"),
        "text.osm.pbf": (b"hello, this is no map", "G103"),
        "nothing.osm.pbf": (b"", "G103"),
        "nothing.osm": (b"", "G103"),
        "cut.osm": (VILLAGE[:700].encode(), "G103"),
        "cut.osm.gz": (packed[: len(packed) // 2], "G103"),
        "plain.osm.gz": (VILLAGE.encode(), "G103"),
        "empty.osm": (b'<osm version="0.6"></osm>', "G104"),
    }
    with pytest.raises(SourceUnreadable, match="G101"):
        read_osm(tmp_path / "gone.osm.pbf")
    for name, (content, code) in faults.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(SourceUnreadable, match=code):
            read_osm(tmp_path / name)


@pytest.mark.city_data
def test_progress_is_told(shared_dir: Path) -> None:
    """Long reads report how many streets they have."""
    told: list[int] = []
    read_osm(shared_dir / "osm" / "heidelberg_ors.osm.pbf", progress=told.append)
    assert told == [5000, 10_000, 15_000]


@pytest.mark.city_data
@pytest.mark.parametrize(
    ("extract", "restrictions", "tagged"),
    [("heidelberg_ors.osm.pbf", 476, 2286), ("dortmund_centre_fhdo.osm.gz", 73, 1045)],
)
def test_nothing_that_restricts_a_city_is_lost(
    shared_dir: Path, extract: str, restrictions: int, tagged: int
) -> None:
    """Every restriction relation of the extracts is there, and every barrier and signal."""
    network = read_osm(shared_dir / "osm" / extract)
    assert len(network.restrictions) == restrictions
    assert np.count_nonzero(network.node_tag_set) == tagged
    assert all(any(k.startswith("restriction") for k in r.tags) for r in network.restrictions)
