"""Places along streets."""

from __future__ import annotations

import numpy as np
import pytest

from graphs.errors import NetworkInvalid
from graphs.sampling import StreetPoint, nearest_street_point, sample_on_streets
from graphs.standin import standin_network
from graphs.street_matrix import StreetMatrix
from tests.helpers.networks import TEN_METRES_PER_SECOND, Street, at, drawn, line_of_streets

TOWN = standin_network([at(0), at(4), at(4, 4), at(0, 4)], centres=[], nodes=600)


def test_places_lie_beside_streets_that_all_crews_reach() -> None:
    """A few metres from the centre line, reachable by van and lorry, each with a street name."""
    places = sample_on_streets(TOWN, count=80, seed=4, min_gap_m=30)
    points = [(place.lat, place.lon) for place in places]
    assert all(place.street_name for place in places)
    for profile in ("van", "truck26"):
        assert StreetMatrix(TOWN, max_snap_m=12).snap_report(points, profile) == ()
    xy = TOWN.view.to_xy(*np.array(points).T)
    gap = np.hypot(*(xy[:, None] - xy).transpose(2, 0, 1))
    assert gap[~np.eye(80, dtype=bool)].min() >= 29.9


def test_the_same_seed_gives_the_same_places() -> None:
    """Worlds can be seeded again."""
    first = sample_on_streets(TOWN, count=5, seed=1)
    assert sample_on_streets(TOWN, count=5, seed=1) == first
    assert sample_on_streets(TOWN, count=5, seed=2) != first
    assert sample_on_streets(TOWN, count=0, seed=1) == ()


def test_only_the_streets_asked_for() -> None:
    """Road classes narrow the choice; closed and unnamed streets are never chosen."""
    tags = [
        {**TEN_METRES_PER_SECOND, "name": "Nur hier"},
        {**TEN_METRES_PER_SECOND, "highway": "primary"},
        {**TEN_METRES_PER_SECOND, "maxweight": "3.5"},
        {"highway": "residential"},
    ]
    nodes = [(0, 0), (1, 0), (2, 0), (3, 0), (1, 1)]
    streets = [Street(0, 1, tags[0]), Street(1, 2, tags[1]), Street(2, 3, tags[2])]
    network = drawn(nodes, [*streets, Street(1, 4, tags[3])])
    places = sample_on_streets(network, count=20, seed=1, highways=("residential",))
    assert {place.street_name for place in places} == {"Nur hier"}


def test_full_streets_are_reported() -> None:
    """Wishes that do not fit give a code instead of fewer places."""
    with pytest.raises(NetworkInvalid, match=r"G220 .* of 50 places"):
        sample_on_streets(line_of_streets(), count=50, seed=1, min_gap_m=500)
    with pytest.raises(NetworkInvalid, match="room for 0 of 1"):
        sample_on_streets(line_of_streets(), count=1, seed=1, highways=("primary",))


def test_the_nearest_street_is_found_from_afar() -> None:
    """A pond in the woods still has an access point with a name."""
    found = nearest_street_point(line_of_streets(), *at(1.5, 3))
    assert found == StreetPoint(*(pytest.approx(x, abs=1e-6) for x in at(1.5)), "Gerade Straße")
