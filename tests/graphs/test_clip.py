"""Cutting a piece out of a network, and the files that say which."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import shapely

from graphs.clip import read_clip
from graphs.errors import SourceUnreadable
from graphs.osm import read_osm
from tests.helpers.osm_data import TOWN, as_xml

if TYPE_CHECKING:
    from pathlib import Path

    from graphs.network import StreetNetwork

WEST = [(50.995, 6.995), (50.995, 7.0125), (51.015, 7.0125), (51.015, 6.995)]
"""The part of the town with the streets 10, 11 and 12; (lat, lon)."""


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Return the town as an .osm file."""
    path = tmp_path / "town.osm"
    path.write_text(as_xml(TOWN), encoding="utf-8")
    return path


def ways(network: StreetNetwork) -> list[int]:
    """Return the ways that are left."""
    return sorted(set(network.way_id.tolist()))


def square(west: float, south: float, east: float, north: float) -> list[list[float]]:
    """Return a closed ring as GeoJSON has it."""
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def test_corners_clip(town: Path) -> None:
    """Segments with both ends inside stay, whole; the others go."""
    network = read_osm(town, clip=WEST)
    assert ways(network) == [10, 11, 12]
    assert network.node_id.tolist() == [1, 2, 4, 7]


def test_what_nobody_uses_any_more_goes(town: Path) -> None:
    """Tags of streets and nodes outside are not carried along; the empty node set stays first."""
    network = read_osm(town, clip=WEST)
    assert len(network.tag_sets) == len(set(network.tag_set.tolist()))
    assert network.node_tag_sets == (
        {},
        {"highway": "traffic_signals"},
        {"access": "private", "barrier": "lift_gate"},
    )


def test_restrictions_outside_go_and_unfinished_ones_stay(tmp_path: Path, town: Path) -> None:
    """A restriction goes with the last of its ways, unless it never had one: that is reported."""
    assert [r.relation_id for r in read_osm(town, clip=WEST).restrictions] == [500, 501, 502]
    north = [(51.005, 6.995), (51.005, 7.0125), (51.015, 7.0125), (51.015, 6.995)]
    assert read_osm(town, clip=north_of(north)).restrictions == ()
    lost = tmp_path / "lost.osm"
    lost.write_text(as_xml(TOWN).replace('ref="11" role="from"', 'ref="77" role="from"'), "utf-8")
    text = lost.read_text("utf-8").replace('ref="14" role="to"', 'ref="78" role="to"')
    lost.write_text(text, "utf-8")
    assert [r.relation_id for r in read_osm(lost, clip=north_of(north)).restrictions] == [501, 502]


def north_of(corners: list[tuple[float, float]]) -> shapely.Polygon:
    """Return an area around street 12 alone."""
    return shapely.union(
        shapely.Polygon([(lon, lat) for lat, lon in corners]),
        shapely.box(6.995, 50.995, 7.004, 51.015),
    )


def test_an_area_outside_the_data_has_no_streets(town: Path) -> None:
    """Nothing inside is an error, not an empty network."""
    with pytest.raises(SourceUnreadable, match="G104"):
        read_osm(town, clip=[(52.0, 7.0), (52.0, 7.1), (52.1, 7.0)])


@pytest.mark.parametrize(
    "clip",
    [
        [],
        [(51.0, 7.0), (51.1, 7.0)],
        [(51.0, 7.0), (51.0, 7.1), (51.0, 7.2)],
        [(7.0, 351.0), (7.0, 352.0), (8.0, 352.0)],
        [(51.0, float("nan")), (51.1, 7.0), (51.1, 7.1)],
        shapely.Polygon(),
    ],
)
def test_corners_that_make_no_polygon_are_refused(
    town: Path, clip: list[tuple[float, float]]
) -> None:
    """Too few, in a row, not a number or not on the globe: told before anything is cut."""
    with pytest.raises(SourceUnreadable, match="G107"):
        read_osm(town, clip=clip)


BOX = {"type": "Polygon", "coordinates": [square(0, 0, 4, 4), square(1, 1, 2, 2)]}
OTHER = {"type": "MultiPolygon", "coordinates": [[square(6, 0, 8, 2)], [square(6, 3, 8, 4)]]}
HIGH = {"type": "Polygon", "coordinates": [[[*place, 73.5] for place in square(0, 0, 2, 2)]]}


@pytest.mark.parametrize(
    ("content", "area"),
    [
        (BOX, 15),
        (OTHER, 6),
        (HIGH, 4),
        ({"type": "Feature", "properties": {}, "geometry": BOX}, 15),
        (
            {
                "type": "FeatureCollection",
                "features": [
                    {"type": "Feature", "geometry": BOX},
                    {"type": "Feature", "geometry": None},
                    {"type": "Feature", "geometry": {"type": "Point", "coordinates": [9, 9]}},
                    {"type": "Feature", "geometry": OTHER},
                ],
            },
            21,
        ),
        ({"type": "GeometryCollection", "geometries": [BOX, OTHER]}, 21),
        ({"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}, 2),
    ],
)
def test_every_polygon_of_a_geojson_file_counts(
    tmp_path: Path, content: dict[str, Any], area: float
) -> None:
    """Wherever it stands in the file: without its holes, without heights, crossed edges mended."""
    path = tmp_path / "area.geojson"
    path.write_text("\ufeff" + json.dumps(content), encoding="utf-8")
    assert read_clip(path).area == pytest.approx(area)
    assert not read_clip(path).has_z


POLY = """somewhere
first area
  0.0000000E+00  0.0E0
  4.0  0.0
  4.0  4.0
  0.0  4.0
END
!2
  1 1
  2 1
  2 2
  1 2
  1 1
END
three
  6 0
  7 0
  7 1
END

END
"""


def test_an_osmosis_polygon_file_has_areas_and_holes(tmp_path: Path) -> None:
    """Sections are areas, those whose name begins with an exclamation mark are holes."""
    path = tmp_path / "area.poly"
    path.write_text(POLY, encoding="utf-8")
    assert read_clip(path).area == pytest.approx(16 - 1 + 0.5)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "somewhere",
        "{",
        "[1, 2]",
        '{"type": "FeatureCollection"}',
        '{"type": "FeatureCollection", "features": []}',
        '{"type": "Point", "coordinates": [7, 51]}',
        '{"type": "Polygon", "coordinates": []}',
        '{"type": "Polygon", "coordinates": [[[7, 51], [8, 51]]]}',
        '{"type": "Polygon", "coordinates": "here"}',
        json.dumps({"type": "Polygon", "coordinates": [square(2_577_000, 5_700_000, 3e6, 6e6)]}),
        POLY.replace("END", ""),
        POLY[:60],
        POLY.replace("4.0  4.0", "4.0"),
        POLY.replace("4.0  4.0", "four  four"),
    ],
)
def test_a_file_without_an_area_is_refused(tmp_path: Path, content: str) -> None:
    """Empty, cut off, in metres instead of degrees: told with the file's name."""
    path = tmp_path / "area.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceUnreadable, match=r"G107 area\.txt"):
        read_clip(path)


def test_a_clip_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    """A missing file, a folder and bytes that are no text are the same error."""
    (tmp_path / "bytes.poly").write_bytes(b"\xff\xfe\x00")
    for name in ("gone.geojson", ".", "bytes.poly"):
        with pytest.raises(SourceUnreadable, match="G107"):
            read_clip(tmp_path / name)


@pytest.mark.city_data
def test_a_city_boundary_clips(shared_dir: Path) -> None:
    """Bochum's boundary is read from GeoJSON; none of Heidelberg's streets is in it."""
    area = read_clip(shared_dir / "osm" / "bochum_boundary.geojson")
    assert shapely.contains_xy(area, 7.216, 51.482)
    with pytest.raises(SourceUnreadable, match="G104"):
        read_osm(shared_dir / "osm" / "heidelberg_ors.osm.pbf", clip=area)
    city = read_osm(
        shared_dir / "osm" / "heidelberg_ors.osm.pbf", clip=shapely.box(8.573, 49.352, 8.794, 49.46)
    )
    assert 10_000 < city.segments < 29_000
