"""Small forms of what went wrong on random days, each on the line world."""

from __future__ import annotations

from dispatch.planning.check import check
from dispatch.planning.problem import Order, Relation, Underway, Window, job_visit
from dispatch.planning.repair import repaired
from dispatch.planning.reschedule import reschedule
from tests.helpers.builders import a_job, a_problem, a_shift, solved, written


def test_jobs_bound_in_any_order_may_be_left() -> None:
    """Two jobs belong to a shift that can carry only one of them: the dearer one stays."""
    bond = Relation(order=Order.ANY, shift=0, visits=(job_visit(0), job_visit(1)))
    problem = a_problem(
        jobs=[a_job(1, loads=(2,)), a_job(2, loads=(2,), leave_price_ueur=50_000_000)],
        shifts=[a_shift(capacities=(3,))],
        relations=(bond,),
    )
    assert repaired(problem, [(job_visit(0), job_visit(1))]) == [(job_visit(0),)]
    assert solved(problem).unassigned == (1,)


def test_what_is_released_after_its_window_is_left() -> None:
    """A job that no trip can bring in time is left, the other is done."""
    morning = (Window(earliest_s=0, latest_s=3600),)
    problem = a_problem(jobs=[a_job(1, windows=morning, release_s=7200), a_job(2)])
    assert solved(problem).unassigned == (0,)


def test_a_locked_job_stays_and_its_foe_leaves_the_route() -> None:
    """The locked job comes to the route of a dearer job with which it may not share one."""
    locked = Relation(order=Order.STRICT, shift=0, visits=(job_visit(0),), from_start=True)
    problem = a_problem(
        jobs=[a_job(1), a_job(2, leave_price_ueur=900_000_000)],
        shifts=[a_shift(), a_shift()],
        relations=(locked,),
        conflicts=((0, 1),),
    )
    orders = repaired(problem, [(job_visit(1),), (job_visit(0),)])
    assert orders == [(job_visit(0),), ()]
    assert check(problem, reschedule(problem, orders)) == ()


def test_a_shift_underway_waits_where_it_is_for_what_is_released() -> None:
    """It is at its place from its start on, and leaves when the job's things are ready."""
    behind = Underway(began_s=0, loads=(), rest_end_s=0)
    problem = a_problem(
        jobs=[a_job(2, release_s=7200)],
        shifts=[a_shift(start_location=1, start_s=3600, underway=behind)],
    )
    plan = solved(problem)
    assert written(plan.routes[0]) == [
        "start @1 3600-3600-7200",
        "job 0 @2 8200-8200-8260",
        "end @0 10260-10260-10260",
    ]
