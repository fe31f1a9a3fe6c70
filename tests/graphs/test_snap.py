"""On which side of the vehicle a stop lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphs.errors import PointsInvalid
from graphs.snap import Side, Snapped, allowed_directions, check_points, sides_of

if TYPE_CHECKING:
    from collections.abc import Sequence

RIGHT, NO_SIDE, LEFT = 1, 0, -1
ALONG, AGAINST, BOTH = [True, False], [False, True], [True, True]


def on_segments(segment: Sequence[int], side: Sequence[int]) -> Snapped:
    """Return positions in the middle of segments, ten metres away from them."""
    return Snapped(
        segment=np.array(segment, dtype=np.int64),
        fraction=np.full(len(segment), 0.5),
        distance_m=np.full(len(segment), 10.0),
        side=np.array(side, dtype=np.int8),
    )


@pytest.mark.parametrize(
    ("side", "wanted", "directions"),
    [
        (RIGHT, Side.ANY, BOTH),
        (LEFT, Side.ANY, BOTH),
        (RIGHT, Side.RIGHT, ALONG),
        (LEFT, Side.RIGHT, AGAINST),
        (RIGHT, Side.LEFT, AGAINST),
        (LEFT, Side.LEFT, ALONG),
        (NO_SIDE, Side.RIGHT, BOTH),
        (NO_SIDE, Side.LEFT, BOTH),
    ],
)
def test_a_stop_may_ask_for_its_kerb(side: int, wanted: Side, directions: list[bool]) -> None:
    """A point to the right of the street as drawn is on the right of who drives along it."""
    two_way = np.array([False])
    allowed = allowed_directions(on_segments([0], [side]), [wanted], two_way)
    assert allowed.tolist() == [directions]


def test_in_a_one_way_street_both_kerbs_will_do() -> None:
    """StVO § 12 (4): in one-way streets a vehicle may halt on the left, too."""
    one_way = np.array([True, False])
    found = on_segments([0, 0, 1], [LEFT, RIGHT, LEFT])
    allowed = allowed_directions(found, [Side.RIGHT, Side.LEFT, Side.RIGHT], one_way)
    assert allowed.tolist() == [BOTH, BOTH, AGAINST]


def test_who_asks_for_nothing_gets_both_directions() -> None:
    """Without sides every stop may be on either side."""
    found = on_segments([0, 0], [LEFT, RIGHT])
    assert allowed_directions(found, None, np.array([False])).tolist() == [BOTH, BOTH]
    assert allowed_directions(found, ["any", "right"], np.array([False])).tolist() == [BOTH, ALONG]


@pytest.mark.parametrize("sides", [["right"], ["right", "kerb"], ["right"] * 3, []])
def test_sides_that_do_not_fit_are_refused(sides: list[str]) -> None:
    """An unknown word, or not one side for each point, has a code."""
    with pytest.raises(PointsInvalid, match=r"G310 .*any, right, left"):
        allowed_directions(on_segments([0, 0], [LEFT, RIGHT]), sides, np.array([False]))


def test_a_point_without_street_has_no_side_and_harms_no_other() -> None:
    """The directions of a point that was not found mean nothing, but are there."""
    found = on_segments([-1, 0], [NO_SIDE, RIGHT])
    allowed = allowed_directions(found, [Side.RIGHT, Side.RIGHT], np.array([False]))
    assert (allowed.shape, allowed[1].tolist()) == ((2, 2), ALONG)


def test_without_a_direction_there_is_no_side() -> None:
    """A street of no length is passed on neither side."""
    gap = np.array([[3.0, 4.0], [3.0, 4.0]])
    direction = np.array([[0.0, 0.0], [1.0, 0.0]])
    assert sides_of(gap, direction, np.array([False, False])).tolist() == [NO_SIDE, LEFT]


def test_every_place_on_earth_is_a_point() -> None:
    """The poles and the date line are places, too."""
    check_points([(90, 180), (-90, -180), (0, 0)])


@pytest.mark.parametrize("point", [(90.1, 7.0), (51.0, -180.5), (float("nan"), 7.0)])
def test_what_is_no_place_on_earth_is_refused(point: tuple[float, float]) -> None:
    """The message names the point and the right order."""
    with pytest.raises(PointsInvalid, match=r"G302 point 1 .*\(lat, lon\) in this order"):
        check_points([(51, 7), point])
