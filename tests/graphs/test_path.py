"""Legs in detail."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.errors import PointsInvalid
from graphs.path import PathLeg
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


def near(place: tuple[float, float]) -> object:
    """Return a place for comparison, to a few centimetres."""
    return pytest.approx(place, abs=5e-7)


def test_a_leg_along_named_streets() -> None:
    """Names come in driving order, each once in a row; the shape runs from position to position."""
    names = [{**TEN_METRES_PER_SECOND, "name": name} for name in ("A-Straße", "A-Straße", "B-Weg")]
    network = drawn(
        [(0, 0), (1, 0), (2, 0), (2, 1)],
        [Street(0, 1, names[0], 1000), Street(1, 2, names[1], 1000), Street(3, 2, names[2], 1000)],
    )
    (leg,) = StreetMatrix(network).legs([at(0.5, 0.01), at(2.01, 0.5)], profile="van")
    assert (leg.duration_s, leg.distance_m) == (200, 2000)
    assert leg.street_names == ("A-Straße", "B-Weg")
    assert [near(place) for place in leg.geometry] == [at(0.5), at(1), at(2), at(2, 0.5)]


def test_a_leg_within_one_street() -> None:
    """Driving against the drawing direction turns the shape round."""
    (leg,) = StreetMatrix(line_of_streets()).legs([at(0.75), at(0.25)], profile="van")
    assert (leg.duration_s, leg.distance_m) == (50, 500)
    assert [near(place) for place in leg.geometry] == [at(0.75), at(0.25)]
    assert leg.street_names == ("Gerade Straße",)


def test_back_along_a_one_way_street_goes_round() -> None:
    """The leg shows the way that the matrix has counted."""
    (leg,) = StreetMatrix(one_way_square()).legs([at(0.75), at(0.25)], profile="van")
    assert (leg.duration_s, leg.distance_m) == (350, 3500)
    corners = [at(0.75), at(1), at(1, 1), at(0, 1), at(0), at(0.25)]
    assert [near(place) for place in leg.geometry] == corners


def test_no_drive_has_a_shape_of_two_equal_places() -> None:
    """A leg of nothing is still a valid line."""
    (leg,) = StreetMatrix(line_of_streets()).legs([at(0.5), at(0.5)], profile="van")
    place = leg.geometry[0]
    assert leg == PathLeg(duration_s=0, distance_m=0, geometry=(place, place), street_names=())


def test_fewer_than_two_points_have_no_legs() -> None:
    """A route without a drive is fine."""
    assert StreetMatrix(line_of_streets()).legs([at(0.5)], profile="van") == ()
    assert StreetMatrix(line_of_streets()).legs([], profile="van") == ()


def test_a_leg_to_nowhere_is_refused() -> None:
    """A route through a point without street names the point."""
    with pytest.raises(PointsInvalid, match="G305 point 1"):
        StreetMatrix(line_of_streets()).legs([at(0), at(0, 9)], profile="van")


CITY = StreetMatrix(
    standin_network([at(0), at(4), at(4, 4), at(0, 4)], centres=[], nodes=400, seed=7)
)


@given(st.lists(st.tuples(st.floats(0.5, 3.5), st.floats(0.5, 3.5)), min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_legs_equal_the_matrix(places: list[tuple[float, float]]) -> None:
    """Every leg has the matrix cell's figures, and its shape is as long as it says."""
    points = [at(*place) for place in places]
    points = [p for i, p in enumerate(points) if i not in lost(points)]
    matrix = CITY.matrix(points, profile="van")
    for i, leg in enumerate(CITY.legs(points, profile="van")):
        assert leg.duration_s == matrix.duration_s[i, i + 1]
        assert leg.distance_m == matrix.distance_m[i, i + 1]
        assert length_m(leg) == pytest.approx(leg.distance_m, abs=3 + 0.01 * leg.distance_m)


def lost(points: list[tuple[float, float]]) -> set[int]:
    """Return the indices of points out of reach."""
    return {entry.index for entry in CITY.snap_report(points, "van")}


def length_m(leg: PathLeg) -> float:
    """Return the length of a leg's shape."""
    xy = CITY.network.view.to_xy(*np.array(leg.geometry).T)
    return float(np.hypot(*np.diff(xy, axis=0).T).sum())
