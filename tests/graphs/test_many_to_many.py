"""Exact travel matrices."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graphs import many_to_many
from graphs.errors import NetworkInvalid
from graphs.many_to_many import travel_matrix
from graphs.profiles import PROFILES
from graphs.provider import StreetMatrix
from graphs.search import Searcher, pack, unpack
from graphs.snap import Snapped
from graphs.streets import compile_streets
from tests.helpers.networks import (
    TEN_METRES_PER_SECOND,
    Street,
    at,
    drawn,
    line_of_streets,
    one_way_square,
)
from tests.helpers.street_oracle import oracle_matrix

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
    """Parallel streets are alternatives; their costs are never added up."""
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
    assert matrix.duration_s.tolist() == [[0, 350], [350, 0]]
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


def test_packing_is_exact_to_the_limit() -> None:
    """Time and distance come back from one float64 unchanged."""
    time_ms, distance_dm = np.array([2**27 - 1, 0]), np.array([2**26 - 1, 1])
    back = unpack(pack(time_ms, distance_dm))
    assert back[0].tolist() == time_ms.tolist()
    assert back[1].tolist() == distance_dm.tolist()


def test_batches_do_not_change_the_answer() -> None:
    """However many sources fit into memory at once, the figures are the same."""
    network, points = one_way_square(), [at(0.25), at(0.75), at(1, 0.5)]
    graph = compile_streets(network, PROFILES["van"])
    snapped = StreetMatrix(network)._snap(points, "van")
    whole = travel_matrix(Searcher(graph), snapped)
    assert [len(rows) for rows in many_to_many._batches(np.arange(5), 2**23)] == [1, 1, 1, 1, 1]
    assert whole.duration_s.tolist() == [[0, 50, 125], [350, 0, 75], [275, 325, 0]]


@st.composite
def street_puzzles(
    draw: st.DrawFn,
) -> tuple[list[Street], list[tuple[int, float]]]:
    """Return streets over six places (loops, parallels, one-ways included) and positions."""
    place = st.integers(0, 5)
    tags = st.sampled_from(
        [
            TEN_METRES_PER_SECOND,
            ONEWAY,
            {**TEN_METRES_PER_SECOND, "oneway": "-1"},
            {**TEN_METRES_PER_SECOND, "maxspeed:forward": "30", "maxspeed": "70"},
        ]
    )
    length = st.floats(0.01, 3000)
    streets = draw(st.lists(st.builds(Street, place, place, tags, length), min_size=3, max_size=14))
    share = st.sampled_from([0.0, 0.2, 1 / 3, 0.5, 0.999, 1.0])
    spots = draw(st.lists(st.tuples(st.integers(0, len(streets) - 1), share), max_size=7))
    return streets, spots


@given(street_puzzles())
@example(
    (
        [
            Street(
                0, 0, {**TEN_METRES_PER_SECOND, "maxspeed:forward": "30", "maxspeed": "70"}, 4.0
            ),
            Street(0, 1, {**TEN_METRES_PER_SECOND}, 100.0),
            Street(1, 2, {**TEN_METRES_PER_SECOND}, 100.0),
        ],
        [(1, 0.0), (0, 0.999), (2, 0.5)],
    )
)
@settings(max_examples=150, deadline=None)
def test_equal_to_a_plain_search(
    puzzle: tuple[list[Street], list[tuple[int, float]]],
) -> None:
    """Times and distances equal networkx on a graph with real nodes where the points lie."""
    streets, spots = puzzle
    network = drawn([(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)], streets)
    try:
        graph = compile_streets(network, PROFILES["van"])
    except NetworkInvalid:
        return
    segment = np.array([s if graph.used_segment[s] else -1 for s, _ in spots], dtype=np.int64)
    snapped = Snapped(
        segment=segment,
        fraction=np.array([share for _, share in spots], dtype=np.float64),
        distance_m=np.zeros(len(spots)),
    )
    matrix = travel_matrix(Searcher(graph), snapped)
    seconds, metres = oracle_matrix(graph, snapped)
    assert matrix.duration_s.tolist() == seconds.tolist()
    assert matrix.distance_m.tolist() == metres.tolist()
