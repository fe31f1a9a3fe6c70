"""The network a scenario names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphs.errors import GraphError
from scenarios.definition import Streets
from scenarios.streets import stand_in, streets_of

if TYPE_CHECKING:
    from pathlib import Path

OSM = """<?xml version="1.0"?>
<osm version="0.6">
  <node id="1" lat="51.480" lon="7.210"/>
  <node id="2" lat="51.481" lon="7.211"/>
  <node id="3" lat="51.600" lon="7.400"/>
  <node id="4" lat="51.601" lon="7.401"/>
  <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
  <way id="11"><nd ref="3"/><nd ref="4"/><tag k="highway" v="residential"/></way>
</osm>
"""


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Return a shared folder with one extract of two streets far apart."""
    (tmp_path / "town.osm").write_text(OSM, encoding="utf-8")
    return tmp_path


def test_a_stand_in_is_the_same_each_time_and_says_what_it_is() -> None:
    """Its streets are a function of the size asked for, and it is marked as invented."""
    first, second = streets_of(Streets(nodes=600), shared=None), stand_in(600)
    assert first.digest == second.digest
    assert first.stand_in
    assert 480 <= first.nodes <= 720


def test_an_extract_is_read_from_the_shared_folder(shared: Path) -> None:
    """Real streets, all of them without a clip."""
    network = streets_of(Streets(source="extract", extract="town.osm"), shared=shared)
    assert (network.segments, network.stand_in) == (2, False)


def test_a_clip_keeps_what_lies_inside(shared: Path) -> None:
    """West, south, east, north: the street outside is gone."""
    clip = (7.20, 51.47, 7.22, 51.49)
    wanted = Streets(source="extract", extract="town.osm", clip=clip)
    assert streets_of(wanted, shared=shared).way_id.tolist() == [10]


def test_a_clip_around_nothing_is_told(shared: Path) -> None:
    """An empty network is refused with a code, not planned on."""
    wanted = Streets(source="extract", extract="town.osm", clip=(1, 1, 2, 2))
    with pytest.raises(GraphError, match=r"G\d{3}"):
        streets_of(wanted, shared=shared)
