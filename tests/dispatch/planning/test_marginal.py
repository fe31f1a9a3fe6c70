"""What each planned job costs its route."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from dispatch.planning.marginal import marginal_ueur
from dispatch.planning.problem import job_visit, reload_visit
from tests.helpers.builders import EUR, a_facility, a_job, a_problem, a_shift
from tests.helpers.days import a_day
from tests.helpers.desks import filled


def test_a_job_on_the_way_costs_its_service_only() -> None:
    """The far job pays for the drive of 6 km there and back, 1 ueur a second and a metre."""
    problem = a_problem(jobs=[a_job(1), a_job(3)])
    assert marginal_ueur(problem, [(job_visit(0), job_visit(1))]) == {0: 60, 1: 60 + 2 * 4000}


def test_the_only_job_pays_for_the_whole_route() -> None:
    """Without it nobody goes out: neither the vehicle's day rate nor the unloading is due."""
    problem = a_problem(
        jobs=[a_job(2, loads=(10,))],
        shifts=[a_shift(capacities=(10,), use_ueur=5 * EUR)],
        facilities=[a_facility(1, 0)],
    )
    order = (job_visit(0), reload_visit(0))
    assert marginal_ueur(problem, [order]) == {0: 5 * EUR + 2 * 4000 + 2 * 60}


def test_setup_moves_to_the_neighbour() -> None:
    """Two jobs at one place share the setup, so neither saves it by going."""
    problem = a_problem(jobs=[a_job(1, setup_s=600), a_job(1, setup_s=600)])
    assert marginal_ueur(problem, [(job_visit(0), job_visit(1))]) == {0: 60, 1: 60}


def test_jobs_left_have_no_marginal_cost() -> None:
    """Only what is planned is asked."""
    problem = a_problem(jobs=[a_job(1), a_job(2)])
    assert set(marginal_ueur(problem, [(job_visit(1),)])) == {1}


def test_five_hundred_jobs_take_less_than_a_second() -> None:
    """A day of the city is answered while somebody looks at it."""
    day = a_day(4, jobs=500, shifts=60)
    problem = replace(day, jobs=tuple(replace(job, required=True) for job in day.jobs))
    orders = filled(problem, [() for _ in problem.shifts])
    marginal_ueur(problem, orders)
    began = perf_counter()
    costs = marginal_ueur(problem, orders)
    assert perf_counter() - began < 1.0
    assert len(costs) > 450
