"""Places and saved answers: what Overpass says becomes the same network as a file."""

from __future__ import annotations

import inspect
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import shapely

from graphs.clip import clipped
from graphs.errors import SourceUnreadable
from graphs.osm import read_osm, read_place
from graphs.overpass import MAX_SIDE_DEG, queries_for
from tests.helpers.osm_data import TOWN, Map, as_answer, as_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from graphs.network import StreetNetwork

AREA = shapely.box(6.99, 50.98, 7.0195, 51.02)
"""The town without its eastern end."""


def from_file(folder: Path, drawn: Map = TOWN) -> StreetNetwork:
    """Return a map as read from an .osm file."""
    path = folder / "town.osm"
    path.write_text(as_xml(drawn), encoding="utf-8")
    return read_osm(path)


def from_answer(folder: Path, answer: object, name: str = "town.overpass.json") -> StreetNetwork:
    """Return a network as read from a saved answer."""
    path = folder / name
    path.write_text(json.dumps(answer), encoding="utf-8")
    return read_osm(path)


def from_place(*answers: Mapping[str, Any], area: BaseGeometry = AREA) -> StreetNetwork:
    """Return the network of a place whose server gives these answers one after the other."""
    waiting = list(answers)
    return read_place("town", outline=lambda _: area, ask=lambda _: waiting.pop(0))


def test_a_place_and_a_file_give_the_same_network(tmp_path: Path) -> None:
    """Streets, tagged nodes, restrictions, zones: equal to the last bit after the same clip."""
    place = from_place(as_answer(TOWN))
    assert place.digest == clipped(from_file(tmp_path), AREA).digest
    assert len(place.restrictions) == 3
    assert set(place.way_id.tolist()) == {10, 11, 12, 14}
    assert "yes" in place.tag_values("low_emission_zone")


def test_a_saved_answer_is_a_source(tmp_path: Path) -> None:
    """`[out:json]` saved to a file reads like the same map as .osm; its ending is no part of it."""
    for name in ("town.overpass.json", "town.json", "TOWN.JSON"):
        network = from_answer(tmp_path, as_answer(TOWN), name)
        assert replace(network, name="town").digest == from_file(tmp_path).digest
        assert network.name.lower() == "town"


def with_geometry(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer as `out geom` gives it: places inside ways and members, no nodes."""
    place = {e["id"]: {"lat": e["lat"], "lon": e["lon"]} for e in elements(answer, "node")}
    ways = {
        way["id"]: {**way, "geometry": [place.get(ref) for ref in way["nodes"]]}
        for way in elements(answer, "way")
    }
    relations = [
        {
            **relation,
            "members": [
                {**m, "geometry": ways[m["ref"]]["geometry"]} if m["type"] == "way" else m
                for m in relation["members"]
            ],
        }
        for relation in elements(answer, "relation")
    ]
    streets = [way for way in ways.values() if "highway" in way["tags"]]
    return {"elements": [*relations, *streets]}


def elements(answer: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    """Return the elements of one kind."""
    return [element for element in answer["elements"] if element["type"] == kind]


def test_places_may_stand_inside_the_ways(tmp_path: Path) -> None:
    """`out geom` has no nodes and so no gates, but the same streets, restrictions and zones."""
    bare = replace(TOWN, tags={k: v for k, v in TOWN.tags.items() if not k.startswith("n")})
    network = from_answer(tmp_path, with_geometry(as_answer(bare)))
    assert replace(network, name="town").digest == from_file(tmp_path, bare).digest


def test_elements_may_come_twice_and_in_parts(tmp_path: Path) -> None:
    """Bodies first and bare skeletons later, or the parts of a large place: each counts once."""
    answer = as_answer(TOWN)
    bare = [{k: v for k, v in e.items() if k != "tags"} for e in answer["elements"]]
    for parts in ([*answer["elements"], *bare], [*bare, *answer["elements"]]):
        network = from_answer(tmp_path, {"elements": parts})
        assert replace(network, name="town").digest == from_file(tmp_path).digest


def test_a_place_in_two_parts_is_asked_twice(tmp_path: Path) -> None:
    """Answers for the parts of an area are put together; what both hold is there once."""
    answer = as_answer(TOWN)
    area = shapely.union(AREA, shapely.box(8.0, 51.0, 8.1, 51.1))
    part = {"elements": [e for e in answer["elements"] if e["id"] != 12]}
    assert from_place(answer, part, area=area).digest == clipped(from_file(tmp_path), area).digest


def test_the_query_asks_for_what_the_reader_takes() -> None:
    """Streets inside and those that touch them, their restrictions, the zones around."""
    (query,) = queries_for(AREA)
    assert 'way["highway"]["area"!="yes"](poly:"50.9800000 7.0195000 51.0200000 7.0195000' in query
    assert "way(bn.corners)" in query
    assert '["highway"~"^(bridleway|footway|path)$"][~"^(bicycle|motor_vehicle|vehicle)$"' in query
    assert 'rel(bw.streets)[~"^restriction(:|$)"~"."]' in query
    assert 'rel["boundary"="low_emission_zone"](49.98' in query
    assert query.endswith("out;")
    assert "[out:json]" not in query


def test_a_large_place_is_asked_in_parts() -> None:
    """No query asks for more than osmnx would, and together the parts are the place."""
    area = shapely.box(6.0, 50.0, 7.3, 50.4)
    queries = queries_for(area)
    assert len(queries) == 4
    rings = [query.split('poly:"')[1].split('"')[0].split() for query in queries]
    parts = [
        shapely.Polygon(
            [(float(lon), float(lat)) for lat, lon in zip(r[::2], r[1::2], strict=True)]
        )
        for r in rings
    ]
    assert shapely.union_all(parts).equals(area)
    assert all(part.bounds[2] - part.bounds[0] <= MAX_SIDE_DEG for part in parts)


def refuse(_: str) -> Any:
    """Stand for a server that cannot be reached."""
    raise ConnectionError("no route to host")


def unknown(_: str) -> Any:
    """Stand for a server that does not know the place."""
    raise ValueError("Nominatim geocoder returned 0 results")


def pointless(_: str) -> Any:
    """Stand for a place that is only a point."""
    raise TypeError("Nominatim did not geocode query to a geometry of type (Multi)Polygon")


def timed_out(_: str) -> dict[str, Any]:
    """Stand for a query that took too long: Overpass then answers with half of it."""
    remark = 'runtime error: Query timed out in "query" at line 1 after 180 seconds.'
    return {**as_answer(TOWN), "remark": remark}


@pytest.mark.parametrize(
    ("outline", "ask", "said"),
    [
        (refuse, timed_out, "no route to host"),
        (unknown, timed_out, "0 results"),
        (pointless, timed_out, "geometry of type"),
        (lambda _: shapely.Point(7, 51), timed_out, "no area"),
        (lambda _: AREA, refuse, "no route to host"),
        (lambda _: AREA, timed_out, "timed out"),
    ],
)
def test_a_place_that_cannot_be_had_is_refused(
    outline: Callable[[str], BaseGeometry], ask: Callable[[str], dict[str, Any]], said: str
) -> None:
    """No connection, no such place, no area, an unfinished answer: G105 with what was said."""
    with pytest.raises(SourceUnreadable, match=f"G105 Nowhere: .*{said}"):
        read_place("Nowhere", outline=outline, ask=ask)


def test_a_place_without_streets_is_refused() -> None:
    """An empty answer is no network."""
    with pytest.raises(SourceUnreadable, match="G104"):
        from_place({"elements": []})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "G103"),
        ('{"elements": [', "G103"),
        ("[]", "G102"),
        ('{"type": "FeatureCollection", "features": []}', "G102"),
        ('{"elements": []}', "G104"),
        ('{"elements": [1, null, {"type": "way"}, {"type": "way", "id": 1}]}', "G104"),
        ('{"elements": [], "remark": "runtime error: out of memory"}', "G103"),
        ('{"elements": [{"type": "way", "id": 1, "tags": ["highway"]}]}', "G103"),
        ('{"elements": [{"type": "relation", "id": 1, "members": [7]}]}', "G103"),
    ],
)
def test_a_saved_answer_without_streets_is_refused(tmp_path: Path, content: str, code: str) -> None:
    """Cut off, another kind of JSON, unfinished or empty: each has its code."""
    path = tmp_path / "saved.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceUnreadable, match=code):
        read_osm(path)


def test_odd_elements_are_passed_over(tmp_path: Path) -> None:
    """Nodes that are missing, nowhere or without tags cost themselves, not the answer."""
    answer = as_answer(TOWN)
    odd: list[dict[str, Any]] = [
        {"type": "node", "id": 900, "tags": None},
        {"type": "way", "id": 901, "nodes": [1, 900, 902, 2], "tags": {"highway": "service"}},
        {"type": "way", "id": 903, "nodes": [1], "tags": {"highway": "service"}},
        {"type": "way", "id": 904, "nodes": None, "tags": {"highway": "service"}},
        {"type": "relation", "id": 905, "members": None, "tags": {"type": "restriction"}},
        {"type": "relation", "id": 906, "members": [{}], "tags": {"type": "restriction"}},
    ]
    network = from_answer(tmp_path, {"elements": [*answer["elements"], *odd]})
    assert set(network.way_id.tolist()) == {10, 11, 12, 13, 14}
    assert [r.relation_id for r in network.restrictions][-2:] == [905, 906]


def test_osmnx_still_has_the_functions_we_borrow() -> None:
    """Two private functions send our query; a new osmnx without them must be noticed here."""
    from osmnx import _overpass

    assert list(inspect.signature(_overpass._overpass_request).parameters) == ["data"]
    assert _overpass._make_overpass_settings().startswith("[out:json]")


@pytest.mark.city_data
def test_an_answer_about_other_things_has_no_streets(shared_dir: Path) -> None:
    """A real saved answer with containers only is read and refused."""
    with pytest.raises(SourceUnreadable, match="G104"):
        read_osm(shared_dir / "osm" / "essen_recycling_2017.overpass.json")
