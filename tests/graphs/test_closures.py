"""What is different today: closed streets, slow areas, the hour of departure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphs.closures import ORDINARY, DayConditions, SlowArea, closed_segments, inside
from graphs.errors import PointsInvalid
from graphs.periods import PERIODS
from graphs.snap import SnapCode
from graphs.standin import standin_network
from graphs.street_matrix import StreetMatrix
from tests.helpers.networks import TEN_METRES_PER_SECOND, Street, at, drawn, line_of_streets

if TYPE_CHECKING:
    from graphs.closures import Ring
    from graphs.network import StreetNetwork

MAIN = {**TEN_METRES_PER_SECOND, "highway": "primary"}
SHORT, LONG = 2, 3
"""Ways of the square: the short way between its ends and the way round."""


def square() -> StreetNetwork:
    """Return 0 - 1 = 2 - 3 with a main road of 1 km and a side road of 2 km from 1 to 2.

    Junctions with three arms cost half a second each.
    """
    nodes = [(0, 0), (1, 0), (2, 0), (3, 0), (1, 1), (2, 1)]
    streets = [
        Street(0, 1, length_m=1000),
        Street(1, 2, MAIN, 1000),
        Street(1, 4, length_m=500, way=LONG),
        Street(4, 5, length_m=1000, way=LONG),
        Street(5, 2, length_m=500, way=LONG),
        Street(2, 3, length_m=1000),
    ]
    return drawn(nodes, streets)


def box(west: float, south: float, east: float, north: float) -> Ring:
    """Return the corners of an area on the drawing board."""
    return at(west, south), at(east, south), at(east, north), at(west, north)


ENDS = [at(0), at(3)]


def seconds(streets: StreetMatrix, points: list[tuple[float, float]] | None = None) -> int:
    """Return the time from the first point to the last one."""
    return int(streets.matrix(points or ENDS, profile="van").duration_s[0, -1])


def test_an_ordinary_day_has_the_streets_own_times() -> None:
    """The main road: three kilometres and two junctions straight on."""
    streets = StreetMatrix(square())
    assert seconds(streets) == seconds(streets.on(ORDINARY)) == 301
    assert streets.today == ORDINARY


@pytest.mark.parametrize(
    "today",
    [
        DayConditions(closed_ways=frozenset({SHORT})),
        DayConditions(closed_segments=frozenset({1})),
        DayConditions(closed_areas=(box(1.4, -0.1, 1.6, 0.1),)),
    ],
    ids=["way", "piece", "area"],
)
def test_a_closed_street_makes_a_detour(today: DayConditions) -> None:
    """Two kilometres instead of one, with a left and a right turn at each end."""
    streets = StreetMatrix(square())
    closed = streets.on(today)
    matrix = closed.matrix(ENDS, profile="van")
    assert matrix.distance_m.tolist() == [[0, 4000], [4000, 0]]
    assert matrix.duration_s[0, 1] > 400
    (leg,) = closed.legs(ENDS, profile="van")
    assert (leg.duration_s, leg.distance_m) == (matrix.duration_s[0, 1], 4000)


def test_a_way_is_closed_over_its_whole_length() -> None:
    """One closed piece of the other road would do for the detour, but all are closed."""
    network = square()
    closed = closed_segments(network, DayConditions(closed_ways=frozenset({LONG})))
    assert closed.tolist() == [False, False, True, True, True, False]


def test_without_a_detour_there_is_no_way() -> None:
    """Unreachable is -1, as anywhere else, and a leg is an error with a code."""
    streets = StreetMatrix(line_of_streets()).on(DayConditions(closed_ways=frozenset({2})))
    matrix = streets.matrix([at(0.5), at(2.5), at(0.25)], profile="van")
    assert matrix.duration_s.tolist() == [[0, -1, 25], [-1, 0, -1], [25, -1, 0]]
    assert matrix.distance_m.tolist() == [[0, -1, 250], [-1, 0, -1], [250, -1, 0]]
    with pytest.raises(PointsInvalid, match="G305 points 0 and 1"):
        streets.legs([at(0.5), at(2.5)], profile="van")


def test_a_point_on_a_closed_street_is_reported() -> None:
    """It is not moved to the next street: whoever works there cannot be reached today."""
    streets = StreetMatrix(line_of_streets()).on(DayConditions(closed_ways=frozenset({2})))
    points = [at(0.5), at(1.5), at(2.5), at(1.5, 9)]
    report = streets.snap_report(points, "van")
    assert [(lost.index, lost.code) for lost in report] == [
        (1, SnapCode.CLOSED_TODAY),
        (3, SnapCode.TOO_FAR),
    ]
    matrix = streets.matrix(points, profile="van")
    assert matrix.reachable.sum(axis=0).tolist() == [1, 1, 1, 1]
    with pytest.raises(PointsInvalid, match="G305 point 1"):
        streets.legs(points[:2], profile="van")


def test_a_slow_area_costs_its_factor() -> None:
    """The street whose middle lies inside takes so much longer, the others do not."""
    slow = SlowArea(corners=box(1.4, -0.1, 1.6, 0.1), factor=2.5)
    streets = StreetMatrix(square()).on(DayConditions(slow_areas=(slow,)))
    assert seconds(streets, [at(1.2), at(1.8)]) == 150
    assert seconds(streets, [at(0.2), at(0.8)]) == 60


def test_a_very_slow_area_is_driven_round() -> None:
    """Slowness is a price, not a closure."""
    slow = SlowArea(corners=box(1.4, -0.1, 1.6, 0.1), factor=100)
    matrix = StreetMatrix(square()).on(DayConditions(slow_areas=(slow,))).matrix
    assert matrix(ENDS, profile="van").distance_m[0, 1] == 4000
    assert matrix([at(1.5), at(0)], profile="van").reachable.all()


def test_slow_areas_that_overlap_both_count() -> None:
    """Roadworks during a fair."""
    slow = SlowArea(corners=box(1.4, -0.1, 1.6, 0.1), factor=2)
    streets = StreetMatrix(square()).on(DayConditions(slow_areas=(slow, slow)))
    assert seconds(streets, [at(1.25), at(1.5)]) == 100


def test_weeks_on_the_road_are_counted_right() -> None:
    """Milliseconds of a month do not fit into 32 bits, its seconds do."""
    network = drawn([(0, 0), (1, 0), (2, 0)], [Street(i, i + 1, length_m=20_000) for i in (0, 1)])
    slow = SlowArea(corners=box(-1, -1, 3, 1), factor=1000)
    streets = StreetMatrix(network).on(DayConditions(slow_areas=(slow,)))
    matrix = streets.matrix([at(0), at(2), at(1, 9)], profile="van")
    assert matrix.duration_s.tolist() == [[0, 4_000_000, -1], [4_000_000, 0, -1], [-1, -1, 0]]
    assert matrix.distance_m[0].tolist() == [0, 40_000, -1]
    assert streets.legs([at(0), at(2)], profile="van")[0].duration_s == 4_000_000


def test_slowness_without_end_is_no_way_and_harms_no_other_street() -> None:
    """Three areas of a factor of 1000 over each other: beyond 64 bits costs would be negative."""
    slow = SlowArea(corners=box(1.4, -0.1, 1.6, 0.1), factor=1000)
    streets = StreetMatrix(square()).on(DayConditions(slow_areas=(slow,) * 3))
    table = streets.matrix([*ENDS, at(1.5)], profile="van")
    assert table.distance_m[0].tolist() == [0, 4000, -1]


@pytest.mark.parametrize("period", sorted(PERIODS))
def test_the_hour_of_departure_counts_by_road_class(period: str) -> None:
    """Main roads take longer, side streets never."""
    streets = StreetMatrix(square()).on(DayConditions(period=period))
    factor = PERIODS[period].get("primary", 1.0)
    assert seconds(streets, [at(1.0), at(2.0)]) == pytest.approx(100 * factor, abs=1)
    assert seconds(streets, [at(0.2), at(0.8)]) == 60


def test_several_conditions_count_together() -> None:
    """A closure, roadworks and the rush hour on one day."""
    slow = SlowArea(corners=box(0.4, -0.1, 0.6, 0.1), factor=2)
    today = DayConditions(closed_ways=frozenset({LONG}), slow_areas=(slow,), period="peak")
    matrix = StreetMatrix(square()).on(today).matrix([*ENDS, at(1.5, 1)], profile="van")
    assert matrix.duration_s[0, 1] == pytest.approx(200 + 100 * 1.35 + 100, abs=2)
    assert matrix.duration_s[0, 2] == -1


def test_the_ordinary_streets_stay_as_they_are() -> None:
    """Conditions belong to the value they were given to, and are not added up."""
    streets = StreetMatrix(square())
    before = streets.matrix(ENDS, profile="van")
    closed = streets.on(DayConditions(closed_ways=frozenset({SHORT})))
    closed_seconds = seconds(closed)
    assert seconds(closed.on(ORDINARY)) == seconds(streets) == before.duration_s[0, 1]
    other = closed.on(DayConditions(closed_ways=frozenset({LONG})))
    assert seconds(other) == before.duration_s[0, 1]
    assert seconds(closed) == closed_seconds


TOWN = standin_network([at(0), at(4), at(4, 4), at(0, 4)], centres=[], nodes=400, seed=7)
SPREAD = [at(0.4 + i % 4, 0.4 + (3 * i % 7) / 2) for i in range(12)]


@pytest.mark.parametrize("count", [3, 12])
def test_a_remembered_answer_equals_a_fresh_one(count: int) -> None:
    """Few points and many, on closed days and ordinary ones, in any order of asking."""
    points = SPREAD[:count]
    today = DayConditions(
        closed_ways=frozenset(TOWN.way_id[10:40].tolist()),
        slow_areas=(SlowArea(corners=box(1, 1, 3, 3), factor=1.7),),
        period="peak",
    )
    streets = StreetMatrix(TOWN)
    for one in (streets, streets.on(today), streets, streets.on(today)):
        fresh = StreetMatrix(TOWN).on(one.today)
        for _ in range(2):
            asked = one.matrix(points, profile="truck26")
            expected = fresh.matrix(points, profile="truck26")
            assert asked.duration_s.tolist() == expected.duration_s.tolist()
            assert asked.distance_m.tolist() == expected.distance_m.tolist()
            assert one.snap_report(points, "truck26") == fresh.snap_report(points, "truck26")


@pytest.mark.parametrize(
    ("today", "subject"),
    [
        (DayConditions(closed_ways=frozenset({1, 77, 78})), "way 77, way 78"),
        (DayConditions(closed_segments=frozenset({-1, 6})), "piece -1, piece 6"),
    ],
)
def test_a_street_that_is_not_there_cannot_be_closed(today: DayConditions, subject: str) -> None:
    """A typing error would leave the street open; all of them are named."""
    with pytest.raises(PointsInvalid) as caught:
        StreetMatrix(square()).on(today)
    assert (caught.value.code, caught.value.subject) == ("G308", subject)


@pytest.mark.parametrize("number", [2**63, -(2**70)])
def test_a_number_that_no_street_can_have_is_refused(number: int) -> None:
    """Whether of a way or of a piece."""
    with pytest.raises(PointsInvalid, match=f"G307 street {number}"):
        DayConditions(closed_ways=frozenset({number}))
    with pytest.raises(PointsInvalid, match=f"G307 street {number}"):
        DayConditions(closed_segments=frozenset({number}))


AREA = box(0, 0, 1, 1)


@pytest.mark.parametrize("factor", [0.0, -1.0, 0.001, 1001.0, float("nan"), float("inf")])
def test_a_factor_must_be_a_sensible_number(factor: float) -> None:
    """Nothing takes no time at all, and a closure is not written as a huge factor."""
    with pytest.raises(PointsInvalid, match="G307 factor"):
        DayConditions(slow_areas=(SlowArea(corners=AREA, factor=factor),))


@pytest.mark.parametrize("corners", [(), AREA[:1], AREA[:2]])
def test_an_area_has_three_corners(corners: Ring) -> None:
    """Slow or closed."""
    with pytest.raises(PointsInvalid, match="G307 area"):
        DayConditions(closed_areas=(corners,))
    with pytest.raises(PointsInvalid, match="G307 area"):
        DayConditions(slow_areas=(SlowArea(corners=corners, factor=2),))


def test_corners_are_places_on_earth() -> None:
    """The same code as for any point."""
    with pytest.raises(PointsInvalid, match="G302"):
        DayConditions(closed_areas=((*AREA[:2], (95.0, 7.0)),))


def test_an_unknown_period_is_refused_at_once() -> None:
    """Not when the first matrix is asked for."""
    with pytest.raises(PointsInvalid, match="G307 period 'noon'"):
        DayConditions(period="noon")


def test_a_street_is_inside_if_its_middle_is() -> None:
    """A street that only pokes into an area is not in it."""
    assert inside(square(), box(0.6, -0.2, 1.7, 0.2)).tolist() == [
        False, True, False, False, False, False,
    ]  # fmt: skip


def test_a_point_at_a_junction_uses_the_street_that_is_open() -> None:
    """Where two streets touch a point and one is closed, the other one leads there."""
    streets = StreetMatrix(square())
    today = streets.on(DayConditions(closed_segments=frozenset({0})))
    assert today.snap_report([at(1)], "van") == ()
    matrix = today.matrix([at(1), at(2.5)], profile="van")
    assert matrix.reachable.all()
    assert today.snap_report([at(0.99)], "van")[0].code is SnapCode.CLOSED_TODAY
