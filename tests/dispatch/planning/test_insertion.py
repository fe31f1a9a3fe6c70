"""Adding one job to a plan."""

from __future__ import annotations

from dispatch.planning.fill import with_jobs_that_pay
from dispatch.planning.insertion import attempts, cheapest_fit, least_lacking
from dispatch.planning.problem import Window, job_visit, reload_visit
from tests.helpers.builders import EUR, a_facility, a_job, a_problem, a_shift


def test_every_place_is_tried_cheapest_first() -> None:
    """Between two stops on the way costs only the service."""
    problem = a_problem(jobs=[a_job(1), a_job(3), a_job(2)])
    tried = attempts(problem, [(job_visit(0), job_visit(1))], 2)
    assert len(tried) == 3
    assert tried[0].extra_ueur == 60


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
    (order,) = with_jobs_that_pay(problem, [()])
    assert {visit.index for visit in order} == {0, 1, 2}


def test_the_nearest_miss_is_found() -> None:
    """Of all places the one that lacks the fewest seconds is reported."""
    narrow = (Window(earliest_s=0, latest_s=950),)
    problem = a_problem(jobs=[a_job(2), a_job(1)], shifts=[a_shift(), a_shift()])
    tried = attempts(problem, [(job_visit(0),), ()], 1)
    late = a_problem(jobs=[a_job(2), a_job(1, windows=narrow)], shifts=problem.shifts)
    assert least_lacking(late, tried) == (50, 0)
