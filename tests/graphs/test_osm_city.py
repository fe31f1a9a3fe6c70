"""Real extracts serve all profiles, the disk and osmnx's convention alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphs.files import GraphFiles
from graphs.interchange import from_multidigraph, to_multidigraph
from graphs.osm import read_osm
from graphs.profiles import PROFILES
from graphs.sampling import sample_on_streets
from graphs.street_matrix import StreetMatrix

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.city_data


@pytest.mark.parametrize(
    ("extract", "segments"),
    [("heidelberg_ors.osm.pbf", 25_000), ("dortmund_centre_fhdo.osm.gz", 6_000)],
)
def test_real_cities_are_read_compiled_and_routed(
    shared_dir: Path, tmp_path: Path, extract: str, segments: int
) -> None:
    """A real extract is compiled for every profile, routed, stored and loaded."""
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


def test_a_real_city_survives_the_round_trip_through_osmnx(shared_dir: Path) -> None:
    """Exported and imported again, a real city is the same network."""
    network = read_osm(shared_dir / "osm" / "dortmund_centre_fhdo.osm.gz")
    assert from_multidigraph(to_multidigraph(network)).digest == network.digest
