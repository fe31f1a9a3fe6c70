"""The travel matrix as a value."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from graphs.errors import PointsInvalid
from graphs.matrix import TravelMatrix


def parts(**changed: list[list[int]]) -> TravelMatrix:
    """Return a valid 2 x 2 matrix, with some parts replaced."""
    duration_s = np.array(changed.get("duration_s", [[0, 5], [7, 0]]), dtype=np.int32)
    distance_m = np.array(changed.get("distance_m", [[0, 50], [70, 0]]), dtype=np.int32)
    reachable = np.array(changed.get("reachable", [[1, 1], [1, 1]]), dtype=np.bool_)
    return TravelMatrix(duration_s=duration_s, distance_m=distance_m, reachable=reachable)


def test_an_asymmetric_matrix_is_fine_and_read_only() -> None:
    """There and back may differ; nobody can change the figures afterwards."""
    matrix = parts()
    assert len(matrix) == 2
    with pytest.raises(ValueError, match="read-only"):
        matrix.duration_s[0, 1] = 1


@pytest.mark.parametrize(
    "broken",
    [
        {"duration_s": [[0, 5, 5], [7, 0, 5]]},
        {"duration_s": [[1, 5], [7, 0]]},
        {"distance_m": [[0, -2], [70, 0]]},
        {"reachable": [[1, 0], [1, 1]]},
        {"reachable": [[0, 1], [1, 1]]},
    ],
)
def test_a_contradiction_is_refused(broken: dict[str, list[list[int]]]) -> None:
    """Not square, a diagonal that is not zero, negatives, an unreachable cell with a figure."""
    with pytest.raises(PointsInvalid, match="G303"):
        parts(**broken)


def test_unreachable_cells_hold_minus_one() -> None:
    """A missing way is marked and never a large number."""
    matrix = parts(
        duration_s=[[0, -1], [7, 0]], distance_m=[[0, -1], [70, 0]], reachable=[[1, 0], [1, 1]]
    )
    assert not matrix.reachable[0, 1]


def test_wide_integers_are_refused() -> None:
    """The type is part of the contract with the solver."""
    wide = np.zeros((1, 1), dtype=np.int64)
    with pytest.raises(PointsInvalid, match="32-bit"):
        TravelMatrix(duration_s=wide, distance_m=wide, reachable=np.ones((1, 1), dtype=np.bool_))  # type: ignore[arg-type]  # the point of the test


def test_a_matrix_travels_to_another_process() -> None:
    """It can be pickled with its content."""
    again = pickle.loads(pickle.dumps(parts()))  # noqa: S301  # our own bytes
    assert again.duration_s.tolist() == [[0, 5], [7, 0]]
