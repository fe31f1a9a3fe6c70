"""Exact travel matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graphs.closures import DayConditions
from graphs.drives import Drive, shortest_drives
from graphs.errors import NetworkInvalid
from graphs.packing import REACHED_BELOW, pack, unpack
from graphs.positions import Positions, positions_of
from graphs.snap import Snapped
from graphs.street_matrix import StreetMatrix
from tests.helpers.networks import (
    TEN_METRES_PER_SECOND,
    Street,
    at,
    drawn,
    line_of_streets,
    one_way_square,
)
from tests.helpers.street_oracle import oracle_costs

if TYPE_CHECKING:
    from graphs.search import Searcher

ONEWAY = {**TEN_METRES_PER_SECOND, "oneway": "yes"}


def test_a_row_of_streets() -> None:
    """Points inside segments, at a junction and on the same segment have exact times."""
    points = [at(0.5), at(0.75), at(1), at(2.25)]
    matrix = StreetMatrix(line_of_streets()).matrix(points, profile="van")
    assert matrix.duration_s.tolist() == [
        [0, 25, 50, 175],
        [25, 0, 25, 150],
        [50, 25, 0, 125],
        [175, 150, 125, 0],
    ]
    assert matrix.distance_m.tolist() == [
        [0, 250, 500, 1750],
        [250, 0, 250, 1500],
        [500, 250, 0, 1250],
        [1750, 1500, 1250, 0],
    ]


def test_round_the_block_of_one_way_streets() -> None:
    """Back along a one-way street means all the way round."""
    points = [at(0.25), at(0.75), at(1, 0.5)]
    matrix = StreetMatrix(one_way_square()).matrix(points, profile="van")
    assert matrix.duration_s.tolist() == [[0, 50, 125], [350, 0, 75], [275, 325, 0]]
    assert matrix.distance_m.tolist() == [[0, 500, 1250], [3500, 0, 750], [2750, 3250, 0]]


def test_two_points_at_one_place_are_zero_apart() -> None:
    """Several containers at one stand cost no driving, on one-way streets too."""
    matrix = StreetMatrix(one_way_square()).matrix([at(0.5), at(0.5), at(0.5, 0.02)], profile="van")
    assert not matrix.duration_s.any()
    assert matrix.reachable.all()


def test_the_faster_of_two_parallel_streets_counts() -> None:
    """Parallel streets are alternatives; their costs are never added up.

    Going straight on at the two junctions with three arms costs half a second each.
    """
    slow = {**TEN_METRES_PER_SECOND, "maxspeed": "9"}
    network = drawn(
        [(0, 0), (1, 0), (2, 0), (3, 0)],
        [
            Street(0, 1, length_m=1000),
            Street(1, 2, slow, 1000),
            Street(1, 2, length_m=1500),
            Street(2, 3, length_m=1000),
        ],
    )
    matrix = StreetMatrix(network).matrix([at(0), at(3)], profile="van")
    assert matrix.duration_s.tolist() == [[0, 351], [351, 0]]
    assert matrix.distance_m.tolist() == [[0, 3500], [3500, 0]]


def test_of_equally_fast_ways_the_shorter_one_counts() -> None:
    """Time decides first, then distance."""
    slow = {**TEN_METRES_PER_SECOND, "maxspeed": "22.5"}
    network = drawn([(0, 0), (1, 0)], [Street(0, 1, length_m=1000), Street(0, 1, slow, 500)])
    matrix = StreetMatrix(network).matrix([at(0), at(1)], profile="van")
    assert matrix.duration_s[0, 1] == 100
    assert matrix.distance_m[0, 1] == 500


def test_seconds_are_rounded_up_once() -> None:
    """Two legs of 0.1 s are one second, not two."""
    network = drawn([(0, 0), (1, 0), (2, 0)], [Street(0, 1, length_m=1), Street(1, 2, length_m=1)])
    matrix = StreetMatrix(network).matrix([at(0), at(2)], profile="van")
    assert matrix.duration_s[0, 1] == 1
    assert matrix.distance_m[0, 1] == 2


def test_a_point_out_of_reach_is_marked() -> None:
    """It is unreachable from and to everything but itself; the others are unharmed."""
    matrix = StreetMatrix(line_of_streets()).matrix([at(0), at(1, 5), at(1)], profile="van")
    assert matrix.duration_s.tolist() == [[0, -1, 100], [-1, 0, -1], [100, -1, 0]]
    assert matrix.reachable.tolist() == [
        [True, False, True],
        [False, True, False],
        [True, False, True],
    ]


def test_no_points_give_an_empty_matrix() -> None:
    """An empty question has an empty answer."""
    assert StreetMatrix(line_of_streets()).matrix([], profile="van").duration_s.shape == (0, 0)


def test_packing_is_exact() -> None:
    """Time and distance come back from one whole number unchanged, for days of driving."""
    time_ms, distance_dm = np.array([2**33, 0]), np.array([2**26 - 1, 1])
    back = unpack(pack(time_ms, distance_dm))
    assert back[0].tolist() == time_ms.tolist()
    assert back[1].tolist() == distance_dm.tolist()


def test_the_same_question_has_the_same_answer() -> None:
    """A matrix from remembered labels, and one asked in another order, are the same."""
    streets, points = StreetMatrix(one_way_square()), [at(0.25), at(0.75), at(1, 0.5)]
    first = streets.matrix(points, profile="van")
    again = streets.matrix(points, profile="van")
    turned = streets.matrix(points[::-1], profile="van")
    assert again.duration_s.tolist() == first.duration_s.tolist()
    assert turned.duration_s[::-1, ::-1].tolist() == first.duration_s.tolist()


NODES = [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]

Puzzle = tuple[list[Street], list[tuple[int, float]], list[int]]


@st.composite
def street_puzzles(draw: st.DrawFn) -> Puzzle:
    """Return streets over six places, positions on them, and closed streets.

    Loops, parallels, one-ways, streets for stops only and turning on the spot are included.
    """
    place = st.integers(0, 5)
    tags = st.sampled_from(
        [
            TEN_METRES_PER_SECOND,
            TEN_METRES_PER_SECOND,
            ONEWAY,
            {**TEN_METRES_PER_SECOND, "oneway": "-1"},
            {**TEN_METRES_PER_SECOND, "maxspeed:forward": "30", "maxspeed": "70"},
            {**TEN_METRES_PER_SECOND, "motor_vehicle": "destination"},
            {**ONEWAY, "motor_vehicle": "delivery"},
        ]
    )
    length = st.floats(0.01, 3000)
    streets = draw(st.lists(st.builds(Street, place, place, tags, length), min_size=3, max_size=14))
    share = st.sampled_from([0.0, 0.2, 1 / 3, 0.5, 0.999, 1.0])
    street = st.integers(0, len(streets) - 1)
    spots = draw(st.lists(st.tuples(street, share), max_size=8))
    return streets, spots, draw(st.lists(street, max_size=2))


@given(street_puzzles(), st.sampled_from(["van", "truck26", "cargo_bike"]))
@example(
    (
        [
            Street(
                0, 0, {**TEN_METRES_PER_SECOND, "maxspeed:forward": "30", "maxspeed": "70"}, 4.0
            ),
            Street(0, 1, {**TEN_METRES_PER_SECOND}, 100.0),
            Street(1, 2, {**TEN_METRES_PER_SECOND}, 100.0),
        ],
        [(1, 0.0), (0, 0.999), (2, 0.5), (0, 0.2)],
        [],
    ),
    "van",
)
@settings(max_examples=250, deadline=None)
def test_equal_to_a_plain_search(puzzle: Puzzle, profile: str) -> None:
    """Costs are bit for bit those of Dijkstra over states, and drives add up to them."""
    streets, spots, closed = puzzle
    network = drawn(NODES, streets)
    today = DayConditions(closed_segments=frozenset(closed))
    try:
        searcher = StreetMatrix(network).on(today).searcher(profile)
    except NetworkInvalid:
        return
    graph = searcher.graph
    segment = np.array([s if graph.usable_segment[s] else -1 for s, _ in spots], dtype=np.int64)
    snapped = Snapped(
        segment=segment,
        fraction=np.array([share for _, share in spots], dtype=np.float64),
        distance_m=np.zeros(len(spots)),
    )
    both = np.ones((len(spots), 2), dtype=np.bool_)
    positions = positions_of(graph, searcher.arc_cost, snapped, both)
    prepared = searcher.prepare(positions)
    costs = prepared.column_costs().astype(np.float64)
    costs[costs >= REACHED_BELOW] = np.inf
    column = np.argsort(prepared.labels.order)
    found = prepared.found
    expected = oracle_costs(searcher, positions, found)[:, found]
    assert costs[column[:, None], column].tolist() == expected.tolist()
    for start, end in np.argwhere(np.isfinite(expected)).tolist():
        pair = positions.take(found[[start, end]])
        (drive,) = shortest_drives(searcher, pair, [(0, 1)])
        assert drive.cost == expected[start, end]
        assert drive_cost(searcher, pair, drive) == drive.cost


def drive_cost(searcher: Searcher, pair: Positions, drive: Drive) -> int:
    """Return the packed cost of a drive added up arc by arc and turn by turn."""
    graph, arcs = searcher.graph, drive.arcs.tolist()
    first, last = (int(np.flatnonzero(pair.arc[i] == arcs[-i])[0]) for i in (0, 1))
    if len(arcs) == 1:
        return int(pair.passed[1, last] - pair.passed[0, first])
    reached = {int(graph.start_state[arcs[0]]): int(pair.ahead[0, first])}
    for arc in arcs[1:]:
        onward: dict[int, int] = {}
        for state, cost in reached.items():
            for turn in range(*graph.turn_offset[[state, state + 1]].tolist()):
                to = int(graph.turn_to[turn])
                if graph.state_arc[to] == arc:
                    total = cost + int(searcher.turn_cost[turn])
                    onward[to] = min(total, onward.get(to, total))
        reached = onward
    return min(reached.values()) - int(pair.ahead[1, last])
