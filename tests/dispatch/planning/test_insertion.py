"""Adding one job to a plan."""

from __future__ import annotations

from dispatch.planning.desk import Desk
from dispatch.planning.insertion import cheapest_fit, near_misses
from dispatch.planning.problem import Window, job_visit, reload_visit
from dispatch.planning.timing import timetable
from tests.helpers.builders import EUR, a_facility, a_job, a_problem, a_shift
from tests.helpers.desks import filled

HOUR = 3600


def test_the_place_on_the_way_is_the_cheapest() -> None:
    """Between two stops on the way costs only the service."""
    problem = a_problem(jobs=[a_job(1), a_job(3), a_job(2)])
    fit = cheapest_fit(problem, [(job_visit(0), job_visit(1))], 2, below_ueur=EUR)
    assert fit is not None
    assert (fit.extra_ueur, fit.visits) == (60, (job_visit(0), job_visit(2), job_visit(1)))


def test_a_reload_is_put_in_with_the_job() -> None:
    """A job that fits only after unloading brings the unloading along."""
    problem = a_problem(
        jobs=[a_job(1, loads=(10,)), a_job(3, loads=(10,))],
        shifts=[a_shift(capacities=(10,))],
        facilities=[a_facility(2, 0)],
    )
    fit = cheapest_fit(problem, [(job_visit(0),)], 1, below_ueur=EUR)
    assert fit is not None
    assert len(fit.visits) == 3
    assert fit.visits[1] == reload_visit(0)


def test_a_room_to_rest_is_put_in_with_the_job() -> None:
    """A crew that may rest only in a room goes there if the job makes its day longer than 6 h."""
    shift = a_shift(end_location=4, end_s=8 * HOUR, rest_places=frozenset({0}))
    jobs = [a_job(1, service_s=3 * HOUR), a_job(3, service_s=3 * HOUR)]
    problem = a_problem(jobs=jobs, shifts=[shift], facilities=[a_facility(2)])
    fit = cheapest_fit(problem, [(job_visit(0),)], 1, below_ueur=EUR)
    assert fit is not None
    assert fit.visits == (job_visit(0), reload_visit(0), job_visit(1))


def test_the_break_is_priced_where_lateness_is_least() -> None:
    """The job in the middle is due soon: the break comes after it, and costs nothing."""
    soon = a_job(2, service_s=HOUR, due_s=9300, late_ueur_per_s=100)
    jobs = [a_job(1, service_s=2 * HOUR), soon, a_job(3, service_s=4 * HOUR)]
    problem = a_problem(jobs=jobs, shifts=[a_shift(end_s=10 * HOUR)])
    order = tuple(job_visit(job) for job in range(3))
    table = timetable(problem, 0, order)
    assert [rest.gap for rest in table.rests] == [2]
    assert Desk(problem, [order]).cost_ueur == table.cost_ueur


def test_a_fit_dearer_than_the_limit_is_none() -> None:
    """The limit is exclusive: at its own price a job may as well be left."""
    problem = a_problem(jobs=[a_job(1)])
    assert cheapest_fit(problem, [()], 0, below_ueur=4060) is None
    assert cheapest_fit(problem, [()], 0, below_ueur=4061) is not None


def test_all_jobs_that_pay_are_added() -> None:
    """Adding one job may make the next one pay: the rounds go on until nothing more does."""
    far = a_job(8, leave_price_ueur=40_000)
    on_the_way = a_job(7, leave_price_ueur=30_000)
    too_dear_alone = a_job(8, leave_price_ueur=2000)
    problem = a_problem(jobs=[too_dear_alone, on_the_way, far])
    (order,) = filled(problem, [()])
    assert {visit.index for visit in order} == {0, 1, 2}


def test_the_nearest_miss_is_found() -> None:
    """Of all places the one that lacks the fewest seconds is reported."""
    narrow = (Window(earliest_s=0, latest_s=950),)
    soon = a_job(2, windows=(Window(earliest_s=0, latest_s=2000),))
    problem = a_problem(jobs=[soon, a_job(1, windows=narrow)], shifts=[a_shift(start_s=0)] * 2)
    # Alone it can be reached at 1000 s at the earliest, and so it is ruled out everywhere.
    assert near_misses(problem, [(job_visit(0),), ()], 1) == []
    wide = (Window(earliest_s=0, latest_s=1050),)
    problem = a_problem(jobs=[soon, a_job(1, windows=wide)], shifts=[a_shift(start_s=0)])
    misses = near_misses(problem, [(job_visit(0),)], 1)
    assert min(miss.lacking_s for miss in misses) == 60
