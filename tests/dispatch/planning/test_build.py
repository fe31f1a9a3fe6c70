"""Domain values become integers here and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import numpy as np
import pytest

from dispatch.domain.clock import at_local
from dispatch.domain.errors import InvalidInput
from dispatch.domain.job import Dimension, Load, TimeWindow
from dispatch.planning.build import DIMENSIONS, build_problem, places_of
from dispatch.planning.problem import Window
from dispatch.planning.validate import validate
from graphs.matrix import TravelMatrix
from tests.helpers.city_builders import (
    DAY,
    a_city_facility,
    a_city_job,
    a_city_shift,
    built,
    hours,
    km,
    line_matrix,
)

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def test_every_place_occurs_once_in_a_fixed_order() -> None:
    """Depots, facilities, then jobs: the order of rows in every matrix."""
    jobs = [a_city_job("a", east=3), a_city_job("b", east=3), a_city_job("c", east=0)]
    places = places_of(jobs, [a_city_shift()], [a_city_facility(east=2)])
    assert places == (km(0), km(2), km(3))


def test_what_is_built_is_sound() -> None:
    """A problem from sound domain values passes validation."""
    made = built([a_city_job()], facilities=[a_city_facility()])
    assert validate(made.problem) == []
    assert made.left_out == ()


def test_money_becomes_exact_rates() -> None:
    """45 EUR an hour are 12 500 ueur a second, 1 EUR a kilometre 1000 ueur a metre."""
    shift = built([a_city_job()]).problem.shifts[0]
    assert (shift.crew_ueur_per_s, shift.ueur_per_m, shift.use_ueur) == (12_500, 1000, 10_000_000)


def test_loads_stand_in_the_order_of_the_dimensions() -> None:
    """Several loads of one dimension add up; what is not named is zero."""
    loads = (
        Load(dimension=Dimension.WATER_L, amount=5),
        Load(dimension=Dimension.WATER_L, amount=6),
    )
    made = built([a_city_job(loads=loads)])
    assert made.problem.jobs[0].loads == tuple(
        11 if dimension is Dimension.WATER_L else 0 for dimension in DIMENSIONS
    )


def test_a_window_is_clipped_to_the_day() -> None:
    """A window from yesterday to tomorrow means all day today."""
    window = TimeWindow(
        earliest=at_local(DAY, time(12)) - timedelta(days=1),
        latest=at_local(DAY, time(12)) + timedelta(days=1),
    )
    made = built([a_city_job(windows=(window,))])
    assert made.problem.jobs[0].windows == (Window(earliest_s=0, latest_s=86_400),)


def test_no_window_means_any_time() -> None:
    """A job without windows may be done at any hour of the day."""
    made = built([a_city_job(windows=())])
    assert made.problem.jobs[0].windows == (Window(earliest_s=0, latest_s=86_400),)


def test_parts_of_seconds_shrink_a_window() -> None:
    """Rounding goes inwards, so that no start outside the real window is ever allowed."""
    base = hours(time(8), time(9))
    window = TimeWindow(
        earliest=base.earliest + timedelta(milliseconds=1),
        latest=base.latest + timedelta(milliseconds=999),
    )
    made = built([a_city_job(windows=(window,))])
    assert made.problem.jobs[0].windows == (Window(earliest_s=28_801, latest_s=32_400),)


@pytest.mark.parametrize(
    ("day", "hours_to_six", "length_h"), [(SPRING, 5, 23), (DAY, 6, 24), (AUTUMN, 7, 25)]
)
def test_days_of_23_and_25_hours(day: date, hours_to_six: int, length_h: int) -> None:
    """Second 0 is local midnight; across a change of the clocks 06:00 lies 5 or 7 hours later."""
    shift = a_city_shift(starts_at=at_local(day, time(6)), ends_at=at_local(day, time(14, 30)))
    job = a_city_job(windows=(hours(time(8), time(9), day),))
    matrix = line_matrix(places_of([job], [shift], []))
    made = build_problem([job], [shift], [], matrices={"truck": matrix}, day=day)
    assert made.problem.shifts[0].start_s == hours_to_six * 3600
    assert made.problem.horizon_s == length_h * 3600
    assert made.problem.jobs[0].windows[0].earliest_s == (hours_to_six + 2) * 3600


def test_a_night_shift_lengthens_the_day() -> None:
    """A shift that ends after midnight stays on the day on which it starts."""
    shift = a_city_shift(
        starts_at=at_local(DAY, time(20)), ends_at=at_local(DAY + timedelta(days=1), time(4))
    )
    assert built([a_city_job()], [shift]).problem.horizon_s == 28 * 3600


@pytest.mark.parametrize(
    ("code", "jobs", "shifts"),
    [
        ("no_shift", [a_city_job()], []),
        ("outside_day", [a_city_job(windows=(hours(time(8), time(9), SPRING),))], None),
    ],
)
def test_what_cannot_be_planned_is_left_out_with_a_reason(
    code: str, jobs: list, shifts: list | None
) -> None:
    """Such a job is not part of the problem, and its reason speaks both languages."""
    made = built(jobs, shifts)
    assert [(out.job_id, out.code) for out in made.left_out] == [("j1", code)]
    assert made.problem.jobs == made.jobs == ()
    assert made.left_out[0].text.de != made.left_out[0].text.en


def test_an_island_is_left_out_and_indices_stay_right() -> None:
    """A place without road goes; the job after it keeps its own location and id."""
    jobs = [a_city_job("island", east=5), a_city_job("b", east=2)]
    matrix = line_matrix(places_of(jobs, [a_city_shift()], []))
    cut = matrix.reachable.copy()
    cut[1, :] = cut[:, 1] = False
    cut[1, 1] = True
    island = TravelMatrix(
        duration_s=np.where(cut, matrix.duration_s, -1).astype(np.int32),
        distance_m=np.where(cut, matrix.distance_m, -1).astype(np.int32),
        reachable=cut,
    )
    made = build_problem(jobs, [a_city_shift()], [], matrices={"truck": island}, day=DAY)
    assert [(out.job_id, out.code) for out in made.left_out] == [("island", "unreachable")]
    assert [job.id for job in made.jobs] == ["b"]
    assert made.places[made.problem.jobs[0].location] == km(2)


@pytest.mark.parametrize("matrices", [{}, {"truck": line_matrix([km(0)])}])
def test_a_missing_or_foreign_matrix_is_refused(matrices: dict[str, TravelMatrix]) -> None:
    """A matrix over other places would give a plan that looks right and is not."""
    with pytest.raises(InvalidInput) as caught:
        build_problem([a_city_job()], [a_city_shift()], [], matrices=matrices, day=DAY)
    assert caught.value.issues[0].code == "P403"


def test_metres_always_take_time() -> None:
    """A leg of some metres that the matrix rounds to zero seconds takes one."""
    jobs, shifts = [a_city_job()], [a_city_shift()]
    matrix = line_matrix(places_of(jobs, shifts, []))
    instant = replace(matrix, duration_s=np.zeros_like(matrix.duration_s))
    made = build_problem(jobs, shifts, [], matrices={"truck": instant}, day=DAY)
    assert made.problem.matrices[0].duration_s.tolist() == [[0, 1], [1, 0]]


def test_each_profile_has_its_own_matrix() -> None:
    """Two vehicle classes see two street networks."""
    truck, van = a_city_shift("s1"), a_city_shift("s2")
    van = replace(van, vehicle=replace(van.vehicle, profile="car"))
    made = built([a_city_job()], [truck, van])
    assert [shift.matrix for shift in made.problem.shifts] == [1, 0]
    assert len(made.problem.matrices) == 2
