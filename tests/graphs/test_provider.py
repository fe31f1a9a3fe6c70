"""Where travel times come from."""

from __future__ import annotations

import numpy as np
import pytest

from graphs.errors import PointsInvalid
from graphs.path import PathLeg
from graphs.provider import Cached, CrowFlies, MatrixProvider, StreetSourceInfo
from graphs.snap import SnapCode, UnreachablePoint
from graphs.street_matrix import StreetMatrix
from tests.helpers.networks import TEN_METRES_PER_SECOND, Street, at, drawn, line_of_streets

PROVIDERS = [StreetMatrix(line_of_streets()), CrowFlies(), Cached(CrowFlies())]


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: type(p).__name__)
def test_all_providers_keep_the_same_promise(provider: MatrixProvider) -> None:
    """Matrix, legs and report have the same shapes and figures, whatever is behind."""
    points = [at(0.5), at(1), at(2.5)]
    matrix = provider.matrix(points, profile="van")
    legs = provider.legs(points, profile="van")
    assert matrix.duration_s.shape == (3, 3)
    assert [(leg.duration_s, leg.distance_m) for leg in legs] == [
        (matrix.duration_s[i, i + 1], matrix.distance_m[i, i + 1]) for i in range(2)
    ]
    assert provider.snap_report(points, "van") == ()
    assert provider.source.stand_in


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda p: type(p).__name__)
def test_an_unknown_profile_is_refused(provider: MatrixProvider) -> None:
    """A misspelt vehicle class lists the known ones."""
    with pytest.raises(PointsInvalid, match=r"G301 .*truck26"):
        provider.matrix([at(0)], profile="lorry")


@pytest.mark.parametrize("count", [2, 9])
def test_a_faulty_point_is_named_by_its_number(count: int) -> None:
    """However few points there are, and whether they are tuples or lists."""
    streets = StreetMatrix(line_of_streets())
    with pytest.raises(PointsInvalid, match=f"G302 point {count - 1} "):
        streets.matrix([*[at(0)] * (count - 1), (200.0, 7.0)], profile="van")
    rows = np.array([at(0)] * count)
    assert streets.matrix(rows, profile="van").reachable.all()  # type: ignore[arg-type]


def test_points_without_street_say_why() -> None:
    """Too far from any street, only a closed street near, or only an island."""
    network = drawn(
        [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (0, 2), (0.5, 2)],
        [
            Street(0, 1),
            Street(1, 2),
            Street(3, 4, {**TEN_METRES_PER_SECOND, "hgv": "no"}),
            Street(5, 6),
        ],
    )
    points = [at(0.5), at(0.5, 5), at(0.5, 1.02), at(0.25, 2)]
    assert StreetMatrix(network).snap_report(points, "truck18") == (
        UnreachablePoint(index=1, code=SnapCode.TOO_FAR, distance_m=3002.3),
        UnreachablePoint(index=2, code=SnapCode.NO_ACCESS, distance_m=20.0),
        UnreachablePoint(index=3, code=SnapCode.ISLAND, distance_m=0.0),
    )


def test_streets_say_where_they_are_from() -> None:
    """The source is the network's own name and attribution."""
    assert StreetMatrix(line_of_streets()).source == StreetSourceInfo(
        name="drawn", stand_in=True, attribution="drawn by hand"
    )


def test_the_crow_flies_at_its_speed() -> None:
    """One thousand metres with a detour of a half at 36 km/h take 150 seconds."""
    crow = CrowFlies(speed_kmh=36, detour_factor=1.5)
    a, b = (51.48, 7.21), (51.48 + 1000 / 111195.08, 7.21)
    matrix = crow.matrix([a, b, a], profile="van")
    assert matrix.duration_s.tolist() == [[0, 150, 0], [150, 0, 150], [0, 150, 0]]
    assert matrix.distance_m.tolist() == [[0, 1500, 0], [1500, 0, 1500], [0, 1500, 0]]
    assert crow.legs([a, b], profile="van") == (
        PathLeg(duration_s=150, distance_m=1500, geometry=(a, b), street_names=()),
    )
    assert "straight lines" in crow.source.name


class Counting(CrowFlies):
    """Counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def matrix(self, points, *, profile):  # type: ignore[no-untyped-def]  # as in CrowFlies
        """Count and answer."""
        self.asked += 1
        return super().matrix(points, profile=profile)


def test_the_same_question_is_answered_from_memory() -> None:
    """Points and profile make the question; the oldest answer is dropped when full."""
    behind = Counting()
    cached = Cached(behind, max_entries=2)
    first = cached.matrix([at(0), at(1)], profile="van")
    assert cached.matrix([at(0), at(1)], profile="van") is first
    assert behind.asked == 1
    cached.matrix([at(1), at(0)], profile="van")
    cached.matrix([at(0), at(1)], profile="truck26")
    assert behind.asked == 3
    cached.matrix([at(0), at(1)], profile="van")
    assert behind.asked == 4
