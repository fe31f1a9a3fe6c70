"""Reading OpenStreetMap files."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphs.errors import SourceUnreadable
from graphs.files import GraphFiles
from graphs.interchange import from_multidigraph, to_multidigraph
from graphs.osm import OSM_ATTRIBUTION, read_osm
from graphs.profiles import PROFILES
from graphs.provider import StreetMatrix
from graphs.sampling import sample_on_streets

if TYPE_CHECKING:
    from pathlib import Path

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


def test_streets_are_cut_at_junctions(village: Path) -> None:
    """Segments run from junction to junction with all their bends; other ways are left out."""
    network = read_osm(village)
    assert network.node_id.tolist() == [1, 2, 3, 4, 6]
    ends = zip(network.tail.tolist(), network.head.tolist(), strict=True)
    assert list(zip(network.way_id.tolist(), ends, strict=True)) == [
        (10, (0, 1)),
        (10, (1, 2)),
        (11, (1, 3)),
        (13, (3, 4)),
    ]
    assert np.diff(network.shape_offset).tolist() == [2, 2, 3, 2]
    assert network.length_m[2] == pytest.approx(1111.95, abs=0.05)
    assert (network.name, network.attribution) == ("village", OSM_ATTRIBUTION)
    assert not network.stand_in


def test_only_tags_that_matter_are_kept(village: Path) -> None:
    """Names, classes and limits stay, sources and notes do not."""
    network = read_osm(village)
    assert network.tags(0) == {"highway": "residential", "name": "Dorfstraße"}
    assert network.tags(3) == {"highway": "path", "bicycle": "designated"}


def test_a_polygon_clips(village: Path) -> None:
    """Segments with both ends inside the polygon stay."""
    square = [(50.99, 6.99), (50.99, 7.015), (51.015, 7.015), (51.015, 6.99)]
    assert read_osm(village, clip=square).way_id.tolist() == [10, 11]
    with pytest.raises(SourceUnreadable, match="G104"):
        read_osm(village, clip=[(52.0, 7.0), (52.0, 7.1), (52.1, 7.0)])


def test_a_packed_file_reads_the_same(village: Path) -> None:
    """.osm.gz is the same map."""
    packed = village.with_name("village.osm.gz")
    packed.write_bytes(gzip.compress(VILLAGE.encode()))
    assert read_osm(packed).digest == read_osm(village).digest


def test_what_is_not_a_map_is_refused(tmp_path: Path) -> None:
    """Missing, foreign, damaged and empty files each have a code and say what to do."""
    packed = gzip.compress(VILLAGE.encode())
    faults: dict[str, tuple[bytes, str]] = {
        "notes.txt": (b"hello", "G102"),
        "text.osm.pbf": (b"hello, this is no map", "G103"),
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
    ("extract", "segments"),
    [("heidelberg_ors.osm.pbf", 25_000), ("dortmund_centre_fhdo.osm.gz", 6_000)],
)
def test_real_cities_are_read_compiled_and_routed(
    shared_dir: Path, tmp_path: Path, extract: str, segments: int
) -> None:
    """A real extract serves all profiles, the disk and osmnx's convention alike."""
    network = read_osm(shared_dir / "osm" / extract)
    assert network.segments > segments
    streets = StreetMatrix(network)
    points = [(p.lat, p.lon) for p in sample_on_streets(network, count=25, seed=5)]
    for profile in PROFILES:
        report = streets.graph(profile).report
        assert report.used_segments > segments / 2
        assert streets.matrix(points, profile=profile).reachable.mean() > 0.8
    matrix = streets.matrix(points, profile="truck26")
    assert matrix.reachable.all()
    legs = streets.legs(points, profile="truck26")
    assert [leg.duration_s for leg in legs] == np.diagonal(matrix.duration_s, 1).tolist()
    assert any(len(leg.street_names) > 2 for leg in legs)
    files = GraphFiles(tmp_path)
    files.save("city", network)
    assert files.load("city").digest == network.digest


@pytest.mark.city_data
def test_a_real_city_survives_the_round_trip_through_osmnx(shared_dir: Path) -> None:
    """Exported and imported again, a real city gives the same travel times."""
    network = read_osm(shared_dir / "osm" / "dortmund_centre_fhdo.osm.gz")
    points = [(p.lat, p.lon) for p in sample_on_streets(network, count=25, seed=5)]
    again = from_multidigraph(to_multidigraph(network))
    for profile in PROFILES:
        before, after = (StreetMatrix(n).matrix(points, profile=profile) for n in (network, again))
        assert after.duration_s.tolist() == before.duration_s.tolist()
