"""Graphs on the command line: built, looked at, and asked for matrices, ways and pictures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from typer.testing import CliRunner

from dispatch.cli import app
from dispatch.cli.shared import settings_for, streets_of
from graphs.closures import DayConditions
from graphs.snap import Side
from tests.helpers.osm_data import Map, as_xml

if TYPE_CHECKING:
    from pathlib import Path

    from graphs.street_matrix import StreetMatrix

HOUSE_ROAD = {"highway": "residential", "maxspeed": "30"}

TOWN = Map(
    nodes={
        1: (51.480, 7.200),
        2: (51.480, 7.210),
        3: (51.480, 7.220),
        4: (51.490, 7.210),
        5: (51.490, 7.220),
        6: (51.470, 7.210),
        7: (51.470, 7.200),
        8: (51.600, 7.400),
        9: (51.600, 7.410),
    },
    ways={
        10: [1, 2],
        11: [2, 3],
        12: [2, 4],
        13: [4, 5],
        14: [5, 3],
        15: [2, 6],
        16: [6, 7],
        17: [7, 1],
        18: [8, 9],
    },
    relations={500: [("w", 10, "from"), ("n", 2, "via"), ("w", 12, "to")]},
    tags={
        "w10": {"highway": "primary", "name": "Königsallee", "maxspeed": "50"},
        "w11": {"highway": "primary", "name": "Große Straße", "maxspeed": "50"},
        "w12": {**HOUSE_ROAD, "name": "Nordweg"},
        "w13": {**HOUSE_ROAD, "name": "Am Rand"},
        "w14": {**HOUSE_ROAD, "name": "Ostweg"},
        "w15": {**HOUSE_ROAD, "name": "Südweg"},
        "w16": {**HOUSE_ROAD, "name": "Talweg", "maxweight": "7.5"},
        "w17": {**HOUSE_ROAD, "name": "Westweg"},
        "w18": {**HOUSE_ROAD, "name": "Fernweg"},
        "r500": {"type": "restriction", "restriction": "no_left_turn"},
    },
)
"""A main road from west to east, a block to the north-east, one to the south-west, an island."""

POINTS = "id,lat,lon,side\nwest,51.4801,7.205,\nost,51.4801,7.215,\nnord,51.4901,7.215,right\n"
FAR = "fern,51.7,7.9,\n"


def run(*arguments: object) -> tuple[int, str]:
    """Return exit code and everything printed, on one line; a traceback is a failure."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, " ".join(result.output.split())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a data folder with the town built as `city`."""
    source = tmp_path / "town.osm"
    source.write_text(as_xml(TOWN), encoding="utf-8")
    code, words = run("graph", "build", source, "--data", tmp_path)
    assert (code, "city: 9 junctions, 9 street pieces" in words) == (0, True)
    return tmp_path


def streets(data: Path) -> StreetMatrix:
    """Return the same streets, asked directly."""
    return streets_of(settings_for(data))


def matrix(data: Path, points: str, *options: object) -> tuple[str, dict[str, np.ndarray]]:
    """Return what the command prints and what it has written."""
    file, out = data / "points.csv", data / "matrix.npz"
    file.write_text(points, encoding="utf-8")
    code, words = run("graph", "matrix", "city", file, "--out", out, *options, "--data", data)
    assert code == 0, words
    with np.load(out) as table:
        return words, dict(table)


def test_a_clip_box_keeps_what_lies_inside(data: Path) -> None:
    """West, south, east, north; under another name, beside the first graph."""
    box = "7.195,51.475,7.225,51.485"
    code, words = run(
        "graph", "build", data / "town.osm", "--clip", box, "--name", "mitte", "--data", data
    )
    assert (code, "mitte: 3 junctions, 2 street pieces" in words) == (0, True)
    code, words = run("graph", "info", "--data", data)
    assert ("city: town" in words, "mitte: town" in words) == (True, True)


def test_a_clip_file_keeps_what_lies_inside(data: Path) -> None:
    """Drawn as GeoJSON, longitude first."""
    ring = [[7.195, 51.475], [7.225, 51.475], [7.225, 51.485], [7.195, 51.485], [7.195, 51.475]]
    area = data / "area.geojson"
    area.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
    code, words = run("graph", "build", data / "town.osm", "--clip", area, "--data", data)
    assert (code, "city: 3 junctions, 2 street pieces" in words) == (0, True)


def test_info_says_what_a_graph_is_for_a_vehicle(data: Path) -> None:
    """Closed and cut-off pieces, and every restriction with its outcome if wanted."""
    code, words = run("graph", "info", "city", "--profile", "truck26", "--data", data)
    assert code == 0
    assert "truck26: 7 pieces used (0 open for stops only), 1 closed to it, 1 cut off" in words
    assert "1 turn restrictions" in words
    assert "relation 500" not in words
    code, words = run("graph", "info", "city", "--profile", "van", "--restrictions", "--data", data)
    assert (code, "relation 500: applied" in words) == (0, True)


def test_one_graph_that_cannot_be_read_hides_no_other(data: Path) -> None:
    """It is named, the others are shown, and the exit code says that something is wrong."""
    file = data / "graphs" / "city.network"
    (data / "graphs" / "bad.network").write_bytes(file.read_bytes()[:-1])
    code, words = run("graph", "info", "--data", data)
    assert code == 2
    assert "G404 bad.network" in words
    assert "city: town, real streets" in words


def test_brackets_in_names_are_no_markup(data: Path) -> None:
    """Neither in the name of an extract nor in a path."""
    folder = data / "[red]"
    folder.mkdir()
    source = folder / "town[red].osm"
    source.write_text(as_xml(TOWN), encoding="utf-8")
    picture = folder / "town.png"
    for arguments, told in (
        (["build", source], "[red]/graphs/city.network"),
        (["info"], "city:town[red],realstreets"),
        (["plot", "city", "--out", picture], "[red]/town.png"),
    ):
        code, words = run("graph", *arguments, "--data", folder)
        # Long paths are broken anywhere.
        assert (code, told in words.replace(" ", "").replace("\\", "/")) == (0, True), words


def test_a_matrix_is_what_the_streets_say(data: Path) -> None:
    """Ids, seconds and metres in the order of the file, equal to the library's answer."""
    words, table = matrix(data, POINTS)
    assert table["ids"].tolist() == ["west", "ost", "nord"]
    places = [(51.4801, 7.205), (51.4801, 7.215), (51.4901, 7.215)]
    expected = streets(data).matrix(
        places, profile="truck26", sides=[Side.ANY, Side.ANY, Side.RIGHT]
    )
    assert table["duration_s"].tolist() == expected.duration_s.tolist()
    assert table["distance_m"].tolist() == expected.distance_m.tolist()
    assert "3 x 3, 100.0% reachable" in words


def test_a_side_makes_a_longer_way(data: Path) -> None:
    """The stop must lie to the right, so the street is driven the other way."""
    _, free = matrix(data, POINTS.replace("right", "any"))
    _, right = matrix(data, POINTS)
    _, left = matrix(data, POINTS.replace("right", "left"))
    both = np.minimum(right["duration_s"][0, 2], left["duration_s"][0, 2])
    assert free["duration_s"][0, 2] == both
    assert right["duration_s"][0, 2] != left["duration_s"][0, 2]


def test_a_point_out_of_reach_is_minus_one_and_told(data: Path) -> None:
    """With its id, the reason and how far the next street is."""
    words, table = matrix(data, POINTS + FAR + "insel,51.6,7.405,\n")
    assert "fern: unreachable, too_far" in words
    assert "insel: unreachable, island (0 m from the nearest street)" in words
    for name in ("duration_s", "distance_m"):
        assert table[name][3].tolist() == [-1, -1, -1, 0, -1]
        assert table[name][:, 3].tolist() == [-1, -1, -1, 0, -1]


def test_a_table_without_points_is_a_matrix_of_nothing(data: Path) -> None:
    """No warning, no nan."""
    words, table = matrix(data, "id,lat,lon\n")
    assert table["duration_s"].shape == (0, 0)
    assert "nan" not in words


def test_a_closed_way_changes_the_matrix(data: Path) -> None:
    """As the library does it; who stands on the closed street is told."""
    words, table = matrix(data, POINTS, "--closed-way", "11", "--closed-way", "13")
    assert "ost: unreachable, closed_today" in words
    assert "nord: unreachable, closed_today" in words
    _, table = matrix(data, POINTS, "--closed-way", "12")
    today = DayConditions(closed_ways=frozenset({12}))
    places = [(51.4801, 7.205), (51.4801, 7.215), (51.4901, 7.215)]
    expected = (
        streets(data)
        .on(today)
        .matrix(places, profile="truck26", sides=[Side.ANY, Side.ANY, Side.RIGHT])
    )
    assert table["duration_s"].tolist() == expected.duration_s.tolist()


def test_the_rush_hour_is_never_faster_than_the_night(data: Path) -> None:
    """And slower on the main road."""
    _, night = matrix(data, POINTS, "--period", "night")
    _, peak = matrix(data, POINTS, "--period", "peak")
    assert (peak["duration_s"] >= night["duration_s"]).all()
    assert peak["duration_s"][0, 1] > night["duration_s"][0, 1]


ROUTE = ("51.48,7.205", "51.48,7.215", "51.475,7.21")


def test_a_route_is_told_in_german(data: Path) -> None:
    """Each leg with its length, and what the driver has to do."""
    code, words = run("graph", "route", "city", *ROUTE, "--data", data)
    assert code == 0
    assert "0.69 km" in words
    assert "Losfahren auf: Königsallee" in words
    assert "Weiter auf: Große Straße" in words
    assert "Ziel erreicht: Südweg" in words


def test_a_route_is_told_in_english_if_wanted(data: Path) -> None:
    """The same way in other words."""
    code, words = run("graph", "route", "city", *ROUTE, "--language", "en", "--data", data)
    assert code == 0
    assert "Depart on Königsallee" in words
    assert "You have arrived: Südweg" in words
    assert "Losfahren" not in words


def test_a_route_is_written_for_maps_and_devices(data: Path) -> None:
    """GeoJSON with longitude first, GPX with the same way, both as the library says."""
    geojson, gpx = data / "way.geojson", data / "way.gpx"
    code, _ = run(
        "graph", "route", "city", *ROUTE, "--geojson", geojson, "--gpx", gpx, "--data", data
    )
    assert code == 0
    places = [tuple(float(part) for part in text.split(",")) for text in ROUTE]
    legs = streets(data).legs(places, profile="truck26")
    drawn = json.loads(geojson.read_text(encoding="utf-8"))
    assert drawn["type"] == "FeatureCollection"
    assert "OpenStreetMap" in drawn["attribution"]
    for feature, leg in zip(drawn["features"], legs, strict=True):
        assert (feature["type"], feature["geometry"]["type"]) == ("Feature", "LineString")
        line = feature["geometry"]["coordinates"]
        assert [(lat, lon) for lon, lat in line] == list(leg.geometry)
        assert all(7 < lon < 8 and 51 < lat < 52 for lon, lat in line)
        assert feature["properties"] == {
            "duration_s": leg.duration_s,
            "distance_m": leg.distance_m,
            "streets": list(leg.street_names),
        }
    text = gpx.read_text(encoding="utf-8")
    assert "Königsallee" in text
    root = ET.fromstring(text.encode())  # noqa: S314 - our own document
    points = root.findall(".//{*}trkpt")
    assert len(points) == sum(len(leg.geometry) for leg in legs)


@pytest.mark.parametrize("routes", [0, 3])
def test_a_picture_is_drawn(data: Path, routes: int) -> None:
    """A PNG, with ways on it if wanted."""
    out = data / "town.png"
    code, _ = run("graph", "plot", "city", "--out", out, "--routes", routes, "--data", data)
    assert code == 0
    assert out.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["matrix", "nowhere", "{points}", "--out", "{out}"], "G402"),
        (["route", "nowhere", *ROUTE], "G402"),
        (["plot", "nowhere", "--out", "{out}"], "G402"),
        (["info", "nowhere"], "G402"),
        (["info", "city", "--profile", "tank"], "G301"),
        (["matrix", "city", "{points}", "--out", "{out}", "--profile", "tank"], "G301"),
        (["route", "city", *ROUTE, "--profile", "tank"], "G301"),
        (["matrix", "city", "missing.csv", "--out", "{out}"], "G309"),
        (["matrix", "city", "{faulty}", "--out", "{out}"], "G309"),
        (["matrix", "city", "{points}", "--out", "{out}", "--period", "noon"], "G307"),
        (["route", "city", *ROUTE, "--period", "noon"], "G307"),
        (["matrix", "city", "{points}", "--out", "{out}", "--closed-way", "77"], "G308"),
        (["route", "city", *ROUTE, "--closed-way", "77"], "G308"),
        (["route", "city", *ROUTE, "--closed-way", str(2**64)], "G307"),
        (["route", "city", "here", "51.48,7.2"], "C208"),
        (["route", "city", "51.48", "51.48,7.2"], "C208"),
        (["route", "city", "51.48,7.2,0", "51.48,7.2"], "C208"),
        (["route", "city", "51.48,7.2"], "C208"),
        (["route", "city", *ROUTE, "--language", "fr"], "C208"),
        (["route", "city", "51.48,7.2", "91,7.2"], "G302 point 1"),
        (["route", "city", "-33.9,18.4", "-33.8,18.5"], "G305 point 0"),
        (["route", "city", *ROUTE, "--gtx", "{out}"], "C208 place '--gtx'"),
        (["route", "city", "51.48,7.205", "51.7,7.9"], "G305"),
        (["matrix", "city", "{points}", "--out", "{none}"], "C209"),
        (["route", "city", *ROUTE, "--geojson", "{none}"], "C209"),
        (["route", "city", *ROUTE, "--gpx", "{none}"], "C209"),
        (["plot", "city", "--out", "{none}"], "C209"),
    ],
)
def test_bad_input_is_refused_with_its_code(data: Path, arguments: list[str], code: str) -> None:
    """Exit code 2, what is wrong, and no traceback."""
    (data / "points.csv").write_text(POINTS, encoding="utf-8")
    (data / "faulty.csv").write_text("id,lat,lon\na,x,7\n", encoding="utf-8")
    files = {
        "points": data / "points.csv",
        "faulty": data / "faulty.csv",
        "out": data / "out",
        "none": data / "none" / "out",
    }
    filled = [str(argument).format(**files) for argument in arguments]
    exit_code, words = run("graph", *filled, "--data", data)
    assert (exit_code, code in words) == (2, True), words
    assert "Traceback" not in words
    assert not (data / "out").exists()
