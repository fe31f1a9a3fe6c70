"""Single drives, arc by arc."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphs.closures import DayConditions
from graphs.drives import FEW, Drive, shortest_drives
from graphs.errors import PointsInvalid
from graphs.packing import pack, unpack
from graphs.standin import standin_network
from graphs.street_matrix import StreetMatrix
from tests.helpers.networks import (
    TEN_METRES_PER_SECOND,
    Street,
    at,
    drawn,
    line_of_streets,
    one_way_square,
)

if TYPE_CHECKING:
    from graphs.network import StreetNetwork

ONEWAY = {**TEN_METRES_PER_SECOND, "oneway": "yes"}
Place = tuple[float, float]


def drive(streets: StreetMatrix, start: Place, end: Place, profile: str = "van") -> Drive:
    """Return the drive between two board places, checked against the matrix and arc by arc.

    Asked among few points and among many.
    """
    points = [at(*start), at(*end)]
    (few,) = streets.drives(points, profile)
    crowd = [*points, *points[:1] * FEW]
    many = streets.drives(crowd, profile)[0]
    assert_same(few, many)
    assert_adds_up(streets, few, profile)
    time_ms, distance_dm = unpack(np.array([few.cost]))
    matrix = streets.matrix(points, profile=profile)
    assert matrix.duration_s[0, 1] == -(-time_ms[0] // 1000)
    assert matrix.distance_m[0, 1] == (distance_dm[0] + 5) // 10
    return few


def assert_same(one: Drive, other: Drive) -> None:
    """Compare two drives."""
    assert one.arcs.tolist() == other.arcs.tolist()
    assert (one.first_share, one.last_share, one.cost) == (
        other.first_share, other.last_share, other.cost,
    )  # fmt: skip


def assert_adds_up(streets: StreetMatrix, found: Drive, profile: str = "van") -> None:
    """Arcs follow each other, and arcs and turns make up the cost but for rounding at the ends."""
    searcher = streets.searcher(profile)
    graph = searcher.graph
    assert (graph.head[found.arcs[:-1]] == graph.tail[found.arcs[1:]]).all()
    whole = searcher.arc_cost[found.arcs]
    time_ms, distance_dm = (part.astype(float) for part in unpack(whole))
    share = np.ones(len(whole))
    share[-1] = found.last_share
    share[0] -= found.first_share
    length = float((distance_dm * share).sum())
    spent, driven = (int(part[0]) for part in unpack(np.array([found.cost])))
    assert driven == pytest.approx(length, abs=1.01)
    turning = spent - float((time_ms * share).sum())
    assert turning >= -1.01
    assert turning <= 60_000 * (len(whole) - 1) + 1.01


def nodes_of(streets: StreetMatrix, found: Drive, profile: str = "van") -> list[int]:
    """Return the junctions that a drive passes."""
    graph = streets.graph(profile)
    return graph.head[found.arcs[:-1]].tolist()


def test_ahead_on_the_same_street() -> None:
    """One arc, from share to share, along the drawing direction."""
    found = drive(StreetMatrix(line_of_streets()), (0.25, 0), (0.75, 0))
    assert (len(found.arcs), found.cost) == (1, int(pack(np.array([50_000]), np.array([5_000]))[0]))
    assert (found.first_share, found.last_share) == pytest.approx((0.25, 0.75), abs=1e-6)


def test_behind_on_a_street_open_both_ways() -> None:
    """Against the drawing direction shares count from the other end."""
    streets = StreetMatrix(line_of_streets())
    found = drive(streets, (0.75, 0), (0.25, 0))
    assert len(found.arcs) == 1
    assert not streets.graph("van").forward[found.arcs[0]]
    assert (found.first_share, found.last_share) == pytest.approx((0.25, 0.75), abs=1e-6)


def test_behind_on_a_one_way_street_is_round_the_block() -> None:
    """The same arc first and last, all the others between."""
    streets = StreetMatrix(one_way_square())
    found = drive(streets, (0.75, 0), (0.25, 0))
    assert found.arcs[0] == found.arcs[-1]
    assert nodes_of(streets, found) == [1, 2, 3, 0]
    assert streets.legs([at(0.75), at(0.25)], profile="van")[0].distance_m == 3500


def test_the_same_place_needs_no_drive() -> None:
    """Not even on a one-way street."""
    for streets in (StreetMatrix(line_of_streets()), StreetMatrix(one_way_square())):
        found = drive(streets, (0.5, 0), (0.5, 0))
        assert (len(found.arcs), found.cost) == (1, 0)
        assert found.first_share == found.last_share


@pytest.mark.parametrize("tags", [TEN_METRES_PER_SECOND, ONEWAY])
def test_a_loop_street(tags: dict[str, str]) -> None:
    """A street that leads back to its own beginning is left and entered at one junction."""
    nodes = [(0, 0), (1, 0), (0, -1)]
    streets = [Street(0, 1, length_m=1000), Street(0, 2, length_m=1000), Street(1, 1, tags, 1000)]
    network = looped(nodes, streets)
    matrix = StreetMatrix(network)
    ahead = drive(matrix, (1.25, 0), (1.5, 0.25))
    assert len(ahead.arcs) == 1
    back = drive(matrix, (1.5, 0.25), (1.25, 0))
    assert len(back.arcs) == (2 if tags is ONEWAY else 1)
    if tags is ONEWAY:
        assert back.arcs[0] == back.arcs[1]
        assert unpack(np.array([back.cost]))[1][0] == pytest.approx(7500, abs=2)
    assert drive(matrix, (0.5, 0), (1.5, 0.25)).cost > 0


def looped(nodes: list[Place], streets: list[Street]) -> StreetNetwork:
    """Return a network whose last street runs round the square above and right of its node."""
    network = drawn(nodes, streets)
    x, y = nodes[streets[-1].tail]
    corners = [(x, y), (x + 0.5, y), (x + 0.5, y + 0.5), (x, y + 0.5), (x, y)]
    lat, lon = zip(*(at(*corner) for corner in corners), strict=True)
    offset = network.shape_offset.copy()
    offset[-1] = offset[-2] + len(corners)
    return replace(
        network,
        shape_offset=offset,
        shape_lat=np.concatenate((network.shape_lat[:-2], lat)),
        shape_lon=np.concatenate((network.shape_lon[:-2], lon)),
    )


def test_round_by_the_next_junction_if_that_is_faster() -> None:
    """On one long street a parallel fast one may be the better way."""
    slow = {**TEN_METRES_PER_SECOND, "maxspeed": "4.5"}
    network = drawn([(0, 0), (1, 0)], [Street(0, 1, slow, 1000), Street(0, 1, length_m=1500)])
    streets = StreetMatrix(network)
    assert streets.positions([at(0.02), at(0.98)], "van").segment.tolist() == [0, 0]
    found = drive(streets, (0.02, 0), (0.98, 0))
    assert streets.graph("van").segment[found.arcs].tolist() == [0, 1, 0]


def test_a_stop_on_the_other_side_is_reached_by_turning_round() -> None:
    """Both on one street, but halting in opposite directions."""
    streets = StreetMatrix(drawn([(0, 0), (1, 0)], [Street(0, 1, length_m=1000)]))
    points = [at(0.5, -0.01), at(0.25, 0.01)]
    for sides in (["right", "right"], ["left", "left"]):
        (found,) = streets.drives(points, "van", sides)
        assert len(found.arcs) == 2
        matrix = streets.matrix(points, profile="van", sides=sides)
        assert matrix.distance_m[0, 1] == (unpack(np.array([found.cost]))[1][0] + 5) // 10
    (found,) = streets.drives(points, "van", ["right", "left"])
    # The second place lies behind: round at both ends.
    assert len(found.arcs) == 3


TOWN = StreetMatrix(
    standin_network([at(0), at(4), at(4, 4), at(0, 4)], centres=[], nodes=400, seed=7)
)


@pytest.mark.parametrize("profile", ["van", "truck26", "cargo_bike"])
@pytest.mark.parametrize("rush", [False, True])
def test_few_positions_and_many_give_the_same_drives(profile: str, rush: bool) -> None:
    """Climbed one by one or swept together: arc for arc the same, and equal to the matrix."""
    day = DayConditions(closed_ways=frozenset(TOWN.network.way_id[10:30].tolist()), period="peak")
    streets = TOWN.on(day) if rush else TOWN
    rng = np.random.default_rng(4)
    points = [at(x, y) for x, y in rng.uniform(0.5, 3.5, (24, 2)).tolist()]
    # Three on one street, two of them at the same place.
    points += [points[0], (points[0][0], points[0][1] + 0.0004)]
    lost = {entry.index for entry in streets.snap_report(points, profile)}
    points = [point for index, point in enumerate(points) if index not in lost]
    matrix = streets.matrix(points, profile=profile)
    keep = [0]
    for index in range(1, len(points)):
        if matrix.reachable[keep[-1], index]:
            keep.append(index)
    assert len(keep) > 15
    chosen = [points[index] for index in keep]
    together = streets.drives(chosen, profile)
    for (start, end), many in zip(pairwise(range(len(chosen))), together, strict=True):
        (few,) = streets.drives([chosen[start], chosen[end]], profile)
        assert_same(few, many)
        assert_adds_up(streets, few, profile)
        time_ms = int(unpack(np.array([few.cost]))[0][0])
        assert matrix.duration_s[keep[start], keep[end]] == -(-time_ms // 1000)


def test_pairs_may_be_any() -> None:
    """Not only one position after the other, and the answers come in the order of the pairs."""
    searcher = TOWN.searcher("van")
    positions = TOWN.positions([at(0.6), at(2, 2), at(3, 1)], "van")
    pairs = [(2, 0), (1, 1), (0, 2), (2, 0)]
    found = shortest_drives(searcher, positions, pairs)
    for pair, one in zip(pairs, found, strict=True):
        assert_same(one, shortest_drives(searcher, positions, [pair])[0])
    assert found[1].cost == 0
    assert shortest_drives(searcher, positions, []) == []


@pytest.mark.parametrize("crowd", [0, FEW + 1])
def test_a_point_without_a_street_is_named(crowd: int) -> None:
    """Few points or many, the first faulty one is told with its number and what to do."""
    points = [at(0.5), at(0.5, 9), *[at(0.25)] * crowd]
    with pytest.raises(PointsInvalid) as caught:
        StreetMatrix(line_of_streets()).drives(points, "van")
    assert (caught.value.code, caught.value.subject) == ("G305", "point 1")
    assert "street" in caught.value.action


@pytest.mark.parametrize("crowd", [0, FEW + 1])
def test_two_points_without_a_way_are_named(crowd: int) -> None:
    """The street between them is closed today."""
    streets = StreetMatrix(line_of_streets()).on(DayConditions(closed_ways=frozenset({2})))
    points = [*[at(0.25)] * crowd, at(0.5), at(2.5)]
    with pytest.raises(PointsInvalid) as caught:
        streets.drives(points, "van")
    assert (caught.value.code, caught.value.subject) == ("G305", f"points {crowd} and {crowd + 1}")


def test_behind_on_a_one_way_street_cut_off_today() -> None:
    """Round the block is closed: an error with a code, not a drive against the traffic."""
    streets = StreetMatrix(one_way_square()).on(DayConditions(closed_ways=frozenset({3})))
    assert streets.matrix([at(0.75), at(0.25)], profile="van").duration_s.tolist() == [
        [0, -1], [50, 0],
    ]  # fmt: skip
    with pytest.raises(PointsInvalid, match="G305 points 0 and 1"):
        streets.drives([at(0.75), at(0.25)], "van")
