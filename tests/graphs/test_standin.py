"""The invented city."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graphs.bochum import CENTRES, OUTLINE
from graphs.errors import NetworkInvalid
from graphs.profiles import PROFILES
from graphs.snap import segment_lines
from graphs.standin import standin_network
from graphs.standin_names import local_names, of_place
from graphs.streets import compile_streets

if TYPE_CHECKING:
    from graphs.network import StreetNetwork


@pytest.fixture(scope="module")
def city() -> StreetNetwork:
    """Return the stand-in for Bochum in its usual size."""
    return standin_network(OUTLINE, centres=CENTRES)


def test_the_same_arguments_give_the_same_city(city: StreetNetwork) -> None:
    """Runs can be repeated; another seed is another city."""
    assert standin_network(OUTLINE, centres=CENTRES).digest == city.digest
    assert standin_network(OUTLINE, centres=CENTRES, seed=2).digest != city.digest


@pytest.mark.parametrize("nodes", [800, 15_000, 40_000])
def test_the_size_comes_out_as_asked(nodes: int) -> None:
    """Within a twentieth of the nodes wanted, small or large."""
    assert standin_network(OUTLINE, centres=CENTRES, nodes=nodes).nodes == pytest.approx(
        nodes, rel=0.05
    )


def test_it_says_that_it_is_not_real(city: StreetNetwork) -> None:
    """Name, flag and attribution call it a stand-in."""
    assert (city.name, city.stand_in) == ("stand-in network", True)
    assert "not real" in city.attribution


def test_everything_can_be_reached(city: StreetNetwork) -> None:
    """One connected whole for vans in spite of one-way streets; lorries lose a few streets."""
    assert compile_streets(city, PROFILES["van"]).report.used_segments == city.segments
    heavy = compile_streets(city, PROFILES["truck26"]).report.used_segments
    assert 0.97 * city.segments < heavy < city.segments
    links = csr_array((np.ones(city.segments), (city.tail, city.head)), shape=(city.nodes,) * 2)
    assert connected_components(links, directed=False)[0] == 1


def test_it_stays_inside_the_outline(city: StreetNetwork) -> None:
    """No street leaves the service area."""
    area = shapely.Polygon([(lon, lat) for lat, lon in OUTLINE])
    assert shapely.contains_xy(area, city.shape_lon, city.shape_lat).all()


def test_streets_meet_only_at_junctions(city: StreetNetwork) -> None:
    """Drawn on paper, no two streets cross without a node."""
    lines = segment_lines(city, np.arange(city.segments))
    left, right = shapely.STRtree(lines).query(lines, predicate="crosses")
    assert len(left[left < right]) == 0


def test_it_looks_like_a_city(city: StreetNetwork) -> None:
    """Main roads are few, residential streets are many, some are one-way, names abound."""
    length = dict.fromkeys(set(city.tag_values("highway")), 0.0)
    for road, metres in zip(city.tag_values("highway"), city.length_m.tolist(), strict=True):
        length[road] += metres
    whole = sum(length.values())
    assert 0.02 < length["primary"] / whole < 0.10
    assert 0.45 < length["residential"] / whole < 0.75
    assert min(length.values()) > 0
    oneway = [value == "yes" for value in city.tag_values("oneway")]
    assert 0.03 < np.mean(oneway) < 0.15
    assert len(set(city.tag_values("name"))) > 2000
    assert "Wattenscheider Straße" in city.tag_values("name")
    degree = np.bincount(np.concatenate((city.tail, city.head)))
    assert 0.05 < np.mean(degree == 1) < 0.2
    assert np.mean(degree == 2) < 0.08


def test_centres_lie_on_main_roads(city: StreetNetwork) -> None:
    """The district centres are joined by arterials."""
    main = np.isin(city.tag_values("highway"), ("primary", "secondary", "tertiary"))
    tree = shapely.STRtree(segment_lines(city, np.flatnonzero(main)))
    lat, lon = np.array([(place.lat, place.lon) for place in CENTRES]).T
    spots = shapely.points(city.view.to_xy(lat, lon))
    _, distance = tree.query_nearest(spots, return_distance=True, all_matches=False)
    assert distance.max() < 350


@pytest.mark.parametrize(
    ("outline", "nodes"),
    [
        ([(51.4, 7.2), (51.5, 7.2)], 1000),
        ([(51.4, 7.2), (51.5, 7.3), (51.4, 7.3), (51.5, 7.2)], 1000),
        (OUTLINE, 5),
        ([(51.4, 7.2), (51.4, 7.2), (51.4, 7.2)], 1000),
    ],
)
def test_no_city_without_room(outline: list[tuple[float, float]], nodes: int) -> None:
    """A line, a bow tie, a dot and a handful of nodes are refused with a code."""
    with pytest.raises(NetworkInvalid, match="G210"):
        standin_network(outline, centres=CENTRES, nodes=nodes)


def test_a_city_needs_no_named_centres() -> None:
    """Without districts the main crossings are spread evenly."""
    assert standin_network(OUTLINE, centres=[], nodes=500).nodes > 400


def test_names_are_distinct_and_german() -> None:
    """The list has no repeats; places get their proper form."""
    assert len(local_names()) == len(set(local_names())) > 3000
    forms = [of_place(name) for name in ("Gerthe", "Linden", "Wiemelhausen")]
    assert forms == ["Gerther", "Lindener", "Wiemelhauser"]
