"""Any map reads the same from a file and from an answer of Overpass."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.errors import SourceUnreadable
from graphs.osm import read_osm
from tests.helpers.osm_data import RESIDENTIAL, Map, as_answer, as_xml

NODES = range(1, 9)
MISSING = 99

tags = st.sampled_from(
    [
        RESIDENTIAL,
        {"highway": "footway"},
        {"highway": "footway", "bicycle": "yes"},
        {"highway": "service", "area": "yes"},
        {"highway": "primary", "oneway": "-1", "name": "Ring", "maxspeed:conditional": "30 @ wet"},
        {"boundary": "low_emission_zone"},
        {"barrier": "gate"},
        {"highway": "give_way", "direction": "forward"},
        {"type": "restriction", "restriction:hgv:conditional": "no_left_turn @ (Mo-Fr)"},
        {"type": "boundary", "boundary": "low_emission_zone", "name": "Zone"},
        {},
    ]
)
places = st.tuples(st.integers(509_000_000, 510_000_000), st.integers(70_000_000, 72_000_000))
refs = st.sampled_from([*NODES, MISSING])
roles = st.sampled_from(["from", "via", "to", "outer", "inner", ""])
members = st.tuples(st.sampled_from("nwr"), st.integers(1, 12), roles)


@st.composite
def maps(draw: st.DrawFn) -> Map:
    """Return a map of eight nodes, some ways over them and some relations, all oddly tagged."""
    ways = draw(st.lists(st.lists(refs, max_size=7), min_size=1, max_size=6))
    relations = draw(st.lists(st.lists(members, max_size=5), max_size=3))
    keys = [f"{kind}{i}" for kind in "nwr" for i in NODES]
    return Map(
        nodes={
            i: (lat / 1e7, lon / 1e7)
            for i, (lat, lon) in zip(NODES, draw(st.tuples(*[places] * 8)), strict=True)
        },
        ways=dict(enumerate(ways, start=1)),
        relations=dict(enumerate(relations, start=1)),
        tags=draw(st.dictionaries(st.sampled_from(keys), tags, max_size=12)),
    )


def outcome(folder: Path, name: str, content: str) -> str:
    """Return the digest of what is read, or the code of the error."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    try:
        return read_osm(path).digest
    except SourceUnreadable as error:
        return error.code


@given(maps())
@settings(max_examples=150)
def test_file_and_answer_agree(drawn: Map) -> None:
    """Missing nodes, odd tags, loops and broken relations included: the same bits or G104."""
    with tempfile.TemporaryDirectory() as folder:
        file = outcome(Path(folder), "map.osm", as_xml(drawn))
        answer = outcome(Path(folder), "map.json", json.dumps(as_answer(drawn)))
    assert file == answer
    assert file == "G104" or not file.startswith("G")
