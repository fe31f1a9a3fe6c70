"""The nearest streets of points."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from graphs.bochum import CENTRES, OUTLINE
from graphs.errors import PointsInvalid
from graphs.grid import SegmentGrid, grid_of
from graphs.osm import read_osm
from graphs.snap import segment_lines
from graphs.standin import standin_network
from tests.helpers.networks import at, line_of_streets
from tests.helpers.shapes import bent, distance_at_m, place, street_distances_m

if TYPE_CHECKING:
    from pathlib import Path

    from graphs.network import StreetNetwork
    from graphs.snap import Snapped
    from tests.helpers.shapes import Shape


def every(network: StreetNetwork) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return a mask of all segments."""
    return np.ones(network.segments, dtype=np.bool_)


def snapped(
    network: StreetNetwork, points: list[tuple[float, float]], max_distance_m: float = 250.0
) -> Snapped:
    """Return the nearest positions, all streets usable."""
    return grid_of(network).nearest(points, every(network), max_distance_m=max_distance_m)


def test_a_point_lands_on_the_segment_beside_it() -> None:
    """The position is a share of the segment from its tail, not the nearest junction."""
    found = snapped(line_of_streets(), [at(1.25, 0.02)], 50)
    assert found.segment.tolist() == [1]
    assert found.fraction[0] == pytest.approx(0.25)
    assert found.distance_m[0] == pytest.approx(20, abs=0.1)


def test_a_point_too_far_away_is_not_moved() -> None:
    """Beyond the greatest distance a point has no position."""
    found = snapped(line_of_streets(), [at(1, 0.3)], 250)
    assert found.segment.tolist() == [-1]
    assert not found.found.any()
    assert np.isinf(found.distance_m[0])


def test_at_a_junction_the_lowest_segment_is_taken() -> None:
    """Equally near segments give the same answer every time."""
    found = snapped(line_of_streets(), [at(1), at(2), at(1, 0.01)])
    assert found.segment.tolist() == [0, 1, 0]
    assert found.fraction.tolist() == pytest.approx([1, 1, 1])


def test_only_usable_segments_are_found() -> None:
    """A street the vehicle may not use does not catch its points."""
    usable = np.array([True, False, True])
    found = grid_of(line_of_streets()).nearest([at(1.4, 0.01)], usable, max_distance_m=900)
    assert found.segment.tolist() == [0]
    assert found.fraction[0] == pytest.approx(1)


@given(
    corner=st.tuples(st.floats(-900, 900), st.floats(-900, 900)),
    ends=st.lists(st.tuples(st.floats(100, 300), st.floats(-90, 90)), min_size=2, max_size=5),
    beyond=st.tuples(st.floats(1, 90), st.floats(-0.9, 0.9)),
)
def test_rounding_does_not_decide_at_a_junction(
    corner: tuple[float, float], ends: list[tuple[float, float]], beyond: tuple[float, float]
) -> None:
    """Beyond a junction all its streets are equally near, however they were drawn."""
    x, y = corner
    streets = [((x - west, y + north), (x, y)) for west, north in ends]
    network = bent(*(street[:: 1 - 2 * (i % 2)] for i, street in enumerate(streets)))
    found = snapped(network, [place(x + beyond[0], y + beyond[1] * beyond[0])])
    assert found.segment.tolist() == [0]


@pytest.mark.parametrize("point", [(91.0, 7.0), (51.0, 181.0), (math.nan, 7.0), (51, math.inf)])
def test_what_is_no_position_on_earth_is_refused(point: tuple[float, float]) -> None:
    """Swapped or missing coordinates give a code and the index of the point."""
    with pytest.raises(PointsInvalid, match="G302 point 1"):
        snapped(line_of_streets(), [at(1), point])


def test_no_points_no_positions() -> None:
    """An empty list is a valid question."""
    assert len(snapped(line_of_streets(), []).segment) == 0


def test_without_a_usable_street_nothing_is_found() -> None:
    """However far it looks, the search ends."""
    network = line_of_streets()
    found = grid_of(network).nearest([at(1)], ~every(network), max_distance_m=math.inf)
    assert found.segment.tolist() == [-1]


def test_a_point_on_the_other_side_of_the_earth_is_found() -> None:
    """Without a greatest distance the nearest street is found from anywhere."""
    found = snapped(line_of_streets(), [(-51.0, -172.0), (89.0, 179.0)], math.inf)
    assert found.segment.tolist() == [0, 2]


def test_streets_without_length_are_found() -> None:
    """A segment whose positions are all the same is one place; a repeated position changes none."""
    network = bent([(0, 0), (0, 0), (0, 0)], [(50, 0), (90, 0), (90, 0), (90, 90), (90, 90)])
    found = snapped(network, [place(3, 4), place(70, 5), place(95, 50)])
    assert found.segment.tolist() == [0, 1, 1]
    assert found.distance_m.tolist() == pytest.approx([5, 5, 5], abs=1e-3)
    assert found.fraction.tolist() == pytest.approx([0, 20 / 130, 90 / 130], abs=1e-4)
    assert found.side.tolist() == [0, -1, 1]


def test_a_very_long_street_is_found_along_its_length() -> None:
    """A ferry across the whole map lies in all cells it crosses, and in no others."""
    ferry = ((0.0, 0.0), (60_000.0, 40_000.0))
    yard = [((10.0 * i, -300.0), (10.0 * i + 10, -300.0)) for i in range(300)]
    network = bent(ferry, *yard)
    found = snapped(network, [place(30_000, 20_030), place(45_000, 30_000), place(45, -280)])
    assert found.segment.tolist() == [0, 0, 5]
    assert found.distance_m[0] == pytest.approx(30 * 60 / math.hypot(60, 40), rel=1e-3)
    assert len(grid_of(network).entry) < 40 * 301


CORNER = st.tuples(st.integers(-12, 12), st.integers(-12, 12)).map(lambda c: (c[0] * 10.0, c[1]))
FAR_CORNER = st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000))
SHAPE = st.lists(CORNER | FAR_CORNER, min_size=2, max_size=5).map(tuple)
POINT = CORNER | FAR_CORNER | st.tuples(st.floats(-4e5, 4e5), st.floats(-4e5, 4e5))


@given(
    shapes=st.lists(SHAPE, min_size=1, max_size=8),
    points=st.lists(POINT, min_size=1, max_size=5),
    data=st.data(),
    reach=st.sampled_from([math.inf, 250.0, 33.3]),
)
def test_it_agrees_with_a_look_at_every_street(
    shapes: list[Shape], points: list[tuple[float, float]], data: st.DataObject, reach: float
) -> None:
    """Streets, distances and positions are those of shapely; ties go to the lowest number."""
    network = bent(*shapes)
    mask = data.draw(st.lists(st.booleans(), min_size=len(shapes), max_size=len(shapes)))
    places = [place(*point) for point in points]
    found = grid_of(network).nearest(places, np.array(mask), max_distance_m=reach)
    for i, point in enumerate(places):
        gaps = np.where(mask, street_distances_m(network, point), math.inf)
        least, chosen = gaps.min(), int(found.segment[i])
        if chosen < 0:
            assert least > reach - 1e-6 or math.isinf(least)
            continue
        assert gaps[chosen] <= min(least + 2e-6, reach + 1e-6)
        assert (gaps[:chosen] > least + 0.5e-6).all()
        assert found.distance_m[i] == pytest.approx(gaps[chosen], abs=1e-6)
        apart = distance_at_m(network, chosen, found.fraction[i], point)
        assert apart == pytest.approx(gaps[chosen], abs=1e-5)


def crowd_shapes(count: int) -> list[Shape]:
    """Return many short streets in one yard."""
    corner = np.random.default_rng(3).uniform(0, 10, (count, 4)).tolist()
    return [((a, b), (c, d)) for a, b, c, d in corner]


@pytest.mark.parametrize("share", [0.4, 1.0])
def test_many_points_give_the_answers_of_each_of_them(share: float) -> None:
    """What is looked at in several parts, for memory's sake, is the same as all in one."""
    network = bent(*crowd_shapes(3000))
    rng = np.random.default_rng(4)
    usable = rng.random(network.segments) < share
    points = [place(x, y) for x, y in rng.uniform(-20, 30, (1000, 2)).tolist()]
    together = grid_of(network).nearest(points, usable, max_distance_m=30.0)
    for part in range(0, 1000, 250):
        found = grid_of(network).nearest(points[part : part + 250], usable, max_distance_m=30.0)
        assert found.segment.tolist() == together.segment[part : part + 250].tolist()
        assert found.fraction.tolist() == together.fraction[part : part + 250].tolist()


def test_a_street_at_the_edge_of_the_reach_is_found() -> None:
    """Many nearer streets that may not be used do not end the search early."""
    network = bent(*crowd_shapes(500), ((240, -5), (240, 15)))
    usable = np.arange(network.segments) == 500
    points = [place(0, 5), place(-9, 5), place(-11, 5)]
    found = grid_of(network).nearest(points, usable, max_distance_m=250.0)
    assert found.segment.tolist() == [500, 500, -1]


def test_a_few_usable_streets_in_a_large_town_are_found() -> None:
    """A mask that leaves two streets of thousands gives exactly their distances."""
    network = standin_network(OUTLINE, centres=CENTRES, nodes=8000)
    usable = np.zeros(network.segments, dtype=np.bool_)
    usable[[17, network.segments - 5]] = True
    points = [(51.48, 7.22), (51.41, 7.39), (51.53, 7.11)]
    found = grid_of(network).nearest(points, usable, max_distance_m=math.inf)
    for i, point in enumerate(points):
        gaps = np.where(usable, street_distances_m(network, point), math.inf)
        assert int(found.segment[i]) == int(gaps.argmin())
        assert found.distance_m[i] == pytest.approx(gaps.min(), abs=1e-6)


EAST = ((0.0, 0.0), (100.0, 0.0))


@pytest.mark.parametrize(
    ("point", "side"),
    [
        ((50, -8), 1),
        ((50, 8), -1),
        ((50, 0.4), 0),
        ((50, -0.6), 1),
        ((108, 0), 0),
        ((108, 2), 0),
        ((108, 8), -1),
        ((-8, -8), 1),
        ((-8, 1), 0),
    ],
)
def test_a_point_lies_right_or_left_of_the_street_as_drawn(
    point: tuple[float, float], side: int
) -> None:
    """On the line and straight on beyond its end there is no side; drawn backwards it is turned."""
    forward = snapped(bent(EAST), [place(*point)])
    backward = snapped(bent(EAST[::-1]), [place(*point)])
    assert (forward.side.tolist(), backward.side.tolist()) == ([side], [-side])
    assert backward.fraction[0] == pytest.approx(1 - forward.fraction[0], abs=1e-9)


@given(
    steps=st.lists(
        st.tuples(st.floats(1, 40), st.floats(-200, 200), st.booleans()), min_size=2, max_size=6
    ),
    x=st.floats(0, 240),
    above=st.floats(1, 60) | st.floats(-60, -1),
)
def test_a_point_keeps_its_side_at_every_bend(
    steps: list[tuple[float, float, bool]], x: float, above: float
) -> None:
    """A point above a street that always leads east lies to its left, hairpins included."""
    shape = [(0.0, 0.0)]
    for dx, y, twice in steps:
        shape += [(shape[-1][0] + dx, y)] * (1 + twice)
    line = np.array(shape)
    x = min(x, line[-1, 0])
    height = float(np.interp(x, line[:, 0], line[:, 1]))
    found = snapped(bent(shape), [place(x, height + above)])
    if found.distance_m[0] > 0.51 and 1e-9 < found.fraction[0] < 1 - 1e-9:
        assert found.side.tolist() == [-1 if above > 0 else 1]


def test_both_sides_of_a_hairpin_are_its_outer_side() -> None:
    """Beside and beyond the tip of a hairpin to the right all lies to the left of the street."""
    around = [place(-20, 102), place(1, 110), place(22, 102), place(30, 50)]
    for tip in (1, 2, 3):
        found = snapped(bent([(0, 0), *[(1, 100)] * tip, (2, 0)]), around)
        assert found.side.tolist() == [-1, -1, -1, -1]
        assert found.fraction.tolist()[:3] == pytest.approx([0.5, 0.5, 0.5], abs=1e-3)


def test_at_the_turn_of_a_street_there_and_back_there_is_no_side() -> None:
    """A street drawn to a place and the same way back has no sides beyond that place."""
    found = snapped(bent([(0, 0), (100, 0), (0, 0)]), [place(110, 0), place(110, 10)])
    assert found.side.tolist() == [0, 0]


def test_a_grid_is_the_same_from_its_arrays() -> None:
    """What was stored answers without being worked out again."""
    network = bent(EAST, [(0, 30), (50, 60), (100, 30)])
    grid = grid_of(network)
    again = SegmentGrid(network=network, **grid.arrays())
    points = [place(40, 28), place(40, 2)]
    first, second = (
        g.nearest(points, every(network), max_distance_m=math.inf) for g in (grid, again)
    )
    assert first.segment.tolist() == second.segment.tolist() == [1, 0]
    assert first.fraction.tolist() == second.fraction.tolist()


@pytest.mark.city_data
def test_a_real_city_agrees_with_shapely(shared_dir: Path) -> None:
    """2000 points all over Heidelberg have the street, position and distance shapely finds."""
    network = read_osm(shared_dir / "osm" / "heidelberg_ors.osm.pbf")
    rng = np.random.default_rng(5)
    node = rng.integers(0, network.nodes, 2000)
    scatter = rng.normal(0, 0.002, (2, 2000))
    lat, lon = network.node_lat[node] + scatter[0], network.node_lon[node] + scatter[1]
    found = snapped(network, list(zip(lat.tolist(), lon.tolist(), strict=True)), math.inf)
    lines = segment_lines(network, np.arange(network.segments))
    spots = np.asarray(shapely.points(network.view.to_xy(lat, lon)))
    (_, line), gap = shapely.STRtree(lines).query_nearest(
        spots, all_matches=False, return_distance=True
    )
    np.testing.assert_allclose(found.distance_m, gap, atol=1e-6, rtol=0)
    same = found.segment == line
    assert same.mean() > 0.8
    located = shapely.line_locate_point(lines[line], spots, normalized=True)
    length = shapely.length(lines[line])
    np.testing.assert_allclose((found.fraction * length)[same], (located * length)[same], atol=0.01)
    other = shapely.distance(lines[found.segment[~same]], spots[~same])
    np.testing.assert_allclose(other, gap[~same], atol=2e-6, rtol=0)


@pytest.mark.slow
def test_a_million_directed_edges_are_quick() -> None:
    """Made within 3 s; 1000 points within 0.1 s; one in well under 5 ms."""
    network = standin_network(OUTLINE, centres=CENTRES, nodes=395_000)
    start = time.perf_counter()
    grid = grid_of(network)
    made = time.perf_counter()
    node = np.random.default_rng(6).integers(0, network.nodes, 1000)
    lat, lon = network.node_lat[node] + 2e-4, network.node_lon[node] + 2e-4
    points = list(zip(lat.tolist(), lon.tolist(), strict=True))
    usable = every(network)
    begin = time.perf_counter()
    assert grid.nearest(points, usable, max_distance_m=250).found.all()
    many = time.perf_counter()
    grid.nearest(points[:1], usable, max_distance_m=250)
    one = time.perf_counter()
    assert made - start < 3
    assert many - begin < 0.1
    assert one - many < 0.005
