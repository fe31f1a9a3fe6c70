"""Each profile has its own travel times, and those of the rush hour if they are given."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import numpy as np
import pytest

from dispatch.domain.clock import at_local
from dispatch.domain.errors import InvalidInput
from dispatch.planning.build import BuiltProblem, build_problem
from dispatch.planning.problem import Period
from dispatch.planning.travel_tables import HourlyMatrix
from graphs.matrix import TravelMatrix
from tests.helpers.city_builders import DAY, a_city_job, a_city_shift, km, line_matrix

AUTUMN = date(2026, 10, 25)
MORNING_AND_EVENING = ((time(7), time(9)), (time(15), time(18)))
PLACES = (km(0), km(1))


def slower(matrix: TravelMatrix) -> TravelMatrix:
    """Return the same roads at half the speed."""
    return replace(matrix, duration_s=matrix.duration_s * 2)


def hourly(usual: TravelMatrix | None = None, rush: TravelMatrix | None = None) -> HourlyMatrix:
    """Return the line's travel times, twice as long in the morning and in the afternoon."""
    usual = line_matrix(PLACES) if usual is None else usual
    return HourlyMatrix(
        usual=usual,
        rush=slower(usual) if rush is None else rush,
        rush_hours=MORNING_AND_EVENING,
    )


def built_with(day: date = DAY, **matrices: TravelMatrix | HourlyMatrix) -> BuiltProblem:
    """Return the problem of one job and a truck's shift with these matrices."""
    shift = a_city_shift(starts_at=at_local(day, time(6)), ends_at=at_local(day, time(14)))
    return build_problem([a_city_job()], [shift], [], matrices=matrices, day=day)


@pytest.mark.parametrize(
    ("clock", "drive_s"), [(6, 1000), (7, 2000), (8, 2000), (9, 1000), (16, 2000), (18, 1000)]
)
def test_the_hour_of_departure_decides(clock: int, drive_s: int) -> None:
    """A kilometre takes twice as long for whoever leaves between 7 and 9 or 15 and 18 o'clock."""
    problem = built_with(truck=hourly()).problem
    assert problem.travel_s(problem.shifts[0], 0, 1, clock * 3600) == drive_s


def test_rush_hours_follow_the_clock_on_the_wall() -> None:
    """On the day with 25 hours seven o'clock is the end of the eighth hour."""
    (shift,) = built_with(AUTUMN, truck=hourly()).problem.shifts
    assert shift.periods[:2] == (
        Period(from_s=8 * 3600, matrix=1),
        Period(from_s=10 * 3600, matrix=0),
    )


def test_only_profiles_with_a_rush_hour_have_periods() -> None:
    """The lorry is slowed down, a bicycle is not."""
    truck, bicycle = a_city_shift("s1"), a_city_shift("s2")
    bicycle = replace(bicycle, vehicle=replace(bicycle.vehicle, profile="bicycle"))
    matrices = {"truck": hourly(), "bicycle": line_matrix(PLACES)}
    made = build_problem([a_city_job()], [truck, bicycle], [], matrices=matrices, day=DAY)
    assert [(s.matrix, len(s.periods)) for s in made.problem.shifts] == [(1, 4), (0, 0)]
    assert len(made.problem.matrices) == 3


def test_a_rush_hour_over_other_places_is_refused() -> None:
    """It is checked as the usual times are."""
    with pytest.raises(InvalidInput, match=r"P403 .*shape \(1, 1\)"):
        built_with(truck=hourly(rush=line_matrix([km(0)])))


def test_a_rush_hour_without_a_road_of_other_hours_is_refused() -> None:
    """Slow traffic closes no road: such matrices are not of the same day."""
    cut = np.eye(2, dtype=np.bool_)
    no_road = np.where(cut, 0, -1).astype(np.int32)
    island = TravelMatrix(duration_s=no_road, distance_m=no_road.copy(), reachable=cut)
    with pytest.raises(InvalidInput, match=r"P403 .*lacks roads in the rush hour"):
        built_with(truck=hourly(rush=island))
