"""Points to positions on segments."""

from __future__ import annotations

import math

import numpy as np
import pytest

from graphs.errors import PointsInvalid
from graphs.snap import SegmentIndex
from tests.helpers.networks import at, line_of_streets

EVERY = np.ones(3, dtype=np.bool_)


def test_a_point_lands_on_the_segment_beside_it() -> None:
    """The position is a share of the segment from its tail, not the nearest junction."""
    found = SegmentIndex(line_of_streets(), EVERY).snap([at(1.25, 0.02)], max_distance_m=50)
    assert found.segment.tolist() == [1]
    assert found.fraction[0] == pytest.approx(0.25)
    assert found.distance_m[0] == pytest.approx(20, abs=0.1)


def test_a_point_too_far_away_is_not_moved() -> None:
    """Beyond the greatest distance a point has no position."""
    found = SegmentIndex(line_of_streets(), EVERY).snap([at(1, 0.3)], max_distance_m=250)
    assert found.segment.tolist() == [-1]
    assert not found.found.any()
    assert np.isinf(found.distance_m[0])


def test_at_a_junction_the_lowest_segment_is_taken() -> None:
    """Equally near segments give the same answer every time."""
    found = SegmentIndex(line_of_streets(), EVERY).snap([at(1), at(2)], max_distance_m=50)
    assert found.segment.tolist() == [0, 1]
    assert found.fraction.tolist() == pytest.approx([1, 1])


def test_only_usable_segments_are_found() -> None:
    """A street the vehicle may not use does not catch its points."""
    usable = np.array([True, False, True])
    found = SegmentIndex(line_of_streets(), usable).snap([at(1.4, 0.01)], max_distance_m=900)
    assert found.segment.tolist() == [0]
    assert found.fraction[0] == pytest.approx(1)


@pytest.mark.parametrize("point", [(91.0, 7.0), (51.0, 181.0), (math.nan, 7.0)])
def test_what_is_no_position_on_earth_is_refused(point: tuple[float, float]) -> None:
    """Swapped or missing coordinates give a code and the index of the point."""
    with pytest.raises(PointsInvalid, match="G302 point 1"):
        SegmentIndex(line_of_streets(), EVERY).snap([at(1), point], max_distance_m=50)


def test_no_points_no_positions() -> None:
    """An empty list is a valid question."""
    assert len(SegmentIndex(line_of_streets(), EVERY).snap([], max_distance_m=50).segment) == 0
