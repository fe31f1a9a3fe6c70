"""How the routing model is laid out, as far as it can be seen from outside."""

from __future__ import annotations

from dispatch.planning.model_nodes import nodes_of
from dispatch.planning.ortools_engine import search
from dispatch.planning.problem import job_visit, reload_visit
from dispatch.planning.reload_copies import copies_of
from dispatch.planning.solution import Budget
from tests.helpers.builders import a_facility, a_job, a_problem, a_shift


def test_one_bad_route_does_not_spoil_a_start() -> None:
    """Of a start that breaks a rule on one shift the other routes are kept."""
    problem = a_problem(jobs=[a_job(2), a_job(4)], shifts=[a_shift(), a_shift(end_s=5000)])
    only_start = Budget(time_limit_s=20, solution_limit=1)
    found = search(problem, budget=only_start, start=((job_visit(0),), (job_visit(1),)))
    assert found.orders[0][:1] == (job_visit(0),)


def test_a_facility_has_a_copy_per_trip() -> None:
    """25 units in loads of 10 are three trips."""
    problem = a_problem(
        jobs=[a_job(1, loads=(5,))] * 5,
        shifts=[a_shift(capacities=(10,))],
        facilities=[a_facility(2, 0)],
    )
    assert copies_of(problem, (0,)) == [3]


def test_a_start_with_more_reloads_has_its_copies() -> None:
    """A warm start is never cut because the model has too few copies."""
    problem = a_problem(
        jobs=[a_job(1, loads=(5,))],
        shifts=[a_shift(capacities=(10,))],
        facilities=[a_facility(2, 0)],
    )
    start = [[reload_visit(0), job_visit(0), reload_visit(0)]]
    assert copies_of(problem, (0,), start) == [2]


def test_a_facility_nobody_needs_has_no_copy() -> None:
    """The model stays small: no node without use."""
    problem = a_problem(
        jobs=[a_job(1, loads=(0,))],
        shifts=[a_shift(capacities=(10,))],
        facilities=[a_facility(2, 0), a_facility(3)],
    )
    assert copies_of(problem, (0,)) == [0, 0]


def test_jobs_that_fit_no_shift_are_no_nodes() -> None:
    """What nobody can do does not burden the search."""
    problem = a_problem(jobs=[a_job(1), a_job(1, skills=frozenset({3}))])
    nodes = nodes_of(problem, (0,), seed=0, start=None)
    assert [node.visit for node in nodes] == [None, job_visit(0)]


def test_what_the_engine_counts_includes_the_jobs_it_never_saw() -> None:
    """Its objective is the whole cost sheet."""
    problem = a_problem(jobs=[a_job(1, skills=frozenset({3}))])
    found = search(problem, budget=Budget(time_limit_s=1))
    assert (found.orders, found.cost_ueur) == (((),), problem.jobs[0].leave_price_ueur)
