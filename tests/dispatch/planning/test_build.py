"""Domain values become integers here and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import numpy as np
import pytest

from dispatch.domain.clock import at_local
from dispatch.domain.errors import InvalidInput
from dispatch.domain.fleet import Depot, Shift
from dispatch.domain.ids import DepotId
from dispatch.domain.job import Dimension, Load, Organisation, TimeWindow
from dispatch.planning.build import DIMENSIONS, build_problem, places_of
from dispatch.planning.law import ARBZG, EC_561
from dispatch.planning.problem import ANYWHERE, Window
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
        ("waits", [a_city_job(waits_until=DAY + timedelta(days=1))], None),
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


def test_a_job_waits_no_longer_than_its_reason_says() -> None:
    """What was not possible yesterday is part of today's plan."""
    made = built([a_city_job(waits_until=DAY)])
    assert (len(made.jobs), made.left_out) == (1, ())


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


def test_the_vehicle_decides_the_law() -> None:
    """Driving times of EC 561/2006 bind the glass lorry, not the van; the ArbZG binds both."""
    lorry, van = a_city_shift("s1"), a_city_shift("s2")
    lorry = replace(lorry, vehicle=replace(lorry.vehicle, ec_561=True))
    rules = [shift.break_rule for shift in built([a_city_job()], [lorry, van]).problem.shifts]
    assert rules == [EC_561, ARBZG]


def test_crews_have_people_overtime_and_vehicles_a_range() -> None:
    """9 EUR an hour on top from 14:00 on are 2500 ueur a second; 180 km are metres."""
    shift = a_city_shift(overtime_from=at_local(DAY, time(14)))
    crew, vehicle = replace(shift.crew, overtime_ct=900), replace(shift.vehicle, range_km=180)
    (on,) = built([a_city_job()], [replace(shift, crew=crew, vehicle=vehicle)]).problem.shifts
    assert (on.persons, on.range_m) == (2, 180_000)
    assert (on.overtime_from_s, on.overtime_ueur_per_s) == (14 * 3600, 2_500)


def test_without_a_regular_end_no_hour_is_overtime() -> None:
    """A crew that is never paid overtime has no price for it."""
    shift = a_city_shift()
    (on,) = built(
        [a_city_job()], [replace(shift, crew=replace(shift.crew, overtime_ct=900))]
    ).problem.shifts
    assert (on.overtime_from_s, on.overtime_ueur_per_s, on.range_m) == (None, 0, None)


def test_a_facility_says_how_many_it_serves_at_once() -> None:
    """One lorry at a time, and batteries are charged meanwhile."""
    made = built([a_city_job()], facilities=[a_city_facility(at_once=1, charges=True)])
    assert (made.problem.facilities[0].at_once, made.problem.facilities[0].charges) == (1, True)
    assert validate(made.problem) == []


def test_a_shift_ends_at_another_yard_or_at_its_last_stop() -> None:
    """The other yard is a place of the problem; an open end is none."""
    north = Depot(id=DepotId("north"), name="North", location=km(4))
    shifts = [a_city_shift("s1", end_depot=north), a_city_shift("s2", open_end=True)]
    jobs = [a_city_job()]
    assert places_of(jobs, shifts, []) == (km(0), km(4), km(1))
    made = built(jobs, shifts)
    ends = [(shift.start_location, shift.end_location) for shift in made.problem.shifts]
    assert ends == [(0, 1), (0, ANYWHERE)]
    assert made.left_out == ()


def test_an_emergency_is_late_from_when_it_could_be_helped() -> None:
    """Gasping since last night: every second after the first window opens costs, none before."""
    parts = {"due": at_local(DAY, time()) - timedelta(hours=2), "late_ct_per_h": 3600}
    windows = (hours(time(5), time(10)),)
    (job,) = built([a_city_job(windows=windows, **parts)]).problem.jobs
    assert (job.due_s, job.late_ueur_per_s) == (5 * 3600, 10_000)
    parts["due"] = at_local(DAY, time(7))
    (job,) = built([a_city_job(windows=windows, **parts)]).problem.jobs
    assert job.due_s == 7 * 3600


@pytest.mark.parametrize(("clock", "price"), [(time(8), 0), (time(10), 3600), (time(23), 3600)])
def test_harm_without_a_price_or_after_the_last_window_is_no_lateness(
    clock: time, price: int
) -> None:
    """Nothing can be late that has to begin before it is due."""
    job = a_city_job(
        windows=(hours(time(5), time(10)),), due=at_local(DAY, clock), late_ct_per_h=price
    )
    (wanted,) = built([job]).problem.jobs
    assert (wanted.due_s, wanted.late_ueur_per_s) == (None, 0)


def test_a_job_for_two_needs_two() -> None:
    """The gas test at a manhole takes a second person."""
    assert built([a_city_job(persons=2)]).problem.jobs[0].persons == 2


def parks_shift(name: str) -> Shift:
    """Return a shift like all others, of the parks' own crew."""
    shift = a_city_shift(name)
    return replace(shift, crew=replace(shift.crew, organisation=Organisation.PARKS))


def test_each_organisation_does_its_own_jobs() -> None:
    """A job of the parks is theirs although the others have the skill; most jobs are anyone's."""
    shifts = [a_city_shift("s1"), parks_shift("s2"), parks_shift("s3")]
    jobs = [a_city_job("a", organisation=Organisation.PARKS), a_city_job("b")]
    made = built(jobs, shifts)
    assert [job.shifts for job in made.problem.jobs] == [frozenset({1, 2}), None]


def test_with_one_organisation_at_work_nothing_is_restricted() -> None:
    """Solvers need not look at what holds for every shift."""
    made = built([a_city_job(organisation=Organisation.USB)], [a_city_shift()])
    assert made.problem.jobs[0].shifts is None


def test_a_job_whose_organisation_does_not_work_is_left_out() -> None:
    """On a day off of the parks their jobs wait, and the reason names them."""
    made = built([a_city_job(organisation=Organisation.PARKS)], [a_city_shift()])
    assert [(out.job_id, out.code) for out in made.left_out] == [("j1", "no_crew")]
    assert "Technischer Betrieb" in made.left_out[0].text.de
