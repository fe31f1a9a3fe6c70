"""Visits that are bound: a locked beginning, an order, nothing in between, one shift."""

from __future__ import annotations

from dispatch.planning.problem import Order, Relation, Window, job_visit, reload_visit
from tests.helpers.builders import a_facility, a_job, a_problem, a_shift, solved, written


def test_a_locked_beginning_stays_whatever_it_costs() -> None:
    """Far, near and then the new job: the way there and back is longer, but it is settled."""
    locked = Relation(
        order=Order.STRICT, shift=0, visits=(job_visit(0), job_visit(1)), from_start=True
    )
    jobs = [a_job(3), a_job(1), a_job(2)]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(end_location=4)], relations=(locked,)))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @3 3000-3000-3060",
        "job 1 @1 5060-5060-5120",
        "job 2 @2 6120-6120-6180",
        "end @4 8180-8180-8180",
    ]


def test_a_locked_beginning_may_hold_a_facility() -> None:
    """The tip is part of what is settled, also where the vehicle is not full."""
    visits = (job_visit(0), reload_visit(0), job_visit(1))
    locked = Relation(order=Order.STRICT, shift=0, visits=visits, from_start=True)
    problem = a_problem(
        jobs=[a_job(1, loads=(2,)), a_job(3, loads=(2,))],
        shifts=[a_shift(end_location=4, capacities=(10,))],
        facilities=[a_facility(2, 0)],
        relations=(locked,),
    )
    assert written(solved(problem).routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-1060",
        "reload 0 @2 2060-2060-2120",
        "job 1 @3 3120-3120-3180",
        "end @4 4180-4180-4180",
    ]


JOBS = (
    a_job(3, windows=(Window(earliest_s=0, latest_s=3000),)),
    a_job(1),
    a_job(2, windows=(Window(earliest_s=4060, latest_s=4200),)),
)


def test_a_sequence_lets_others_in_between() -> None:
    """Far before near, and the third job on the way between them."""
    bond = Relation(order=Order.SEQUENCE, shift=0, visits=(job_visit(0), job_visit(1)))
    plan = solved(a_problem(jobs=JOBS, shifts=[a_shift(end_location=5)], relations=(bond,)))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @3 3000-3000-3060",
        "job 2 @2 4060-4060-4120",
        "job 1 @1 5120-5120-5180",
        "end @5 9180-9180-9180",
    ]


def test_a_strict_relation_lets_nobody_in_between() -> None:
    """The third job fits only between the two, so it is left."""
    bond = Relation(order=Order.STRICT, shift=0, visits=(job_visit(0), job_visit(1)))
    plan = solved(a_problem(jobs=JOBS, shifts=[a_shift(end_location=5)], relations=(bond,)))
    assert plan.unassigned == (2,)
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @3 3000-3000-3060",
        "job 1 @1 5060-5060-5120",
        "end @5 9120-9120-9120",
    ]


def test_a_relation_in_any_order_binds_to_the_shift_only() -> None:
    """The shift from the far end does both, in the order that is shortest for it."""
    bond = Relation(order=Order.ANY, shift=1, visits=(job_visit(0), job_visit(1)))
    shifts = [a_shift(end_location=0), a_shift(start_location=9, end_location=0)]
    jobs = [a_job(1), a_job(2), a_job(3)]
    plan = solved(a_problem(jobs=jobs[:2], shifts=shifts, relations=(bond,)))
    assert [written(route) for route in plan.routes] == [
        [],
        [
            "start @9 0-0-0",
            "job 1 @2 7000-7000-7060",
            "job 0 @1 8060-8060-8120",
            "end @0 9120-9120-9120",
        ],
    ]
