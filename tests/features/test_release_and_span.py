"""Goods that are not there yet, and days that may begin later but not last longer."""

from __future__ import annotations

from dispatch.planning.check import check
from dispatch.planning.problem import Window, job_visit, reload_visit
from dispatch.planning.reschedule import reschedule
from tests.helpers.builders import a_facility, a_job, a_problem, a_shift, solved, written


def test_the_first_trip_waits_for_what_it_carries() -> None:
    """Work begins when everything of the first trip lies ready; the job itself may be last."""
    problem = a_problem(jobs=[a_job(1), a_job(2, release_s=5000)])
    plan = reschedule(problem, [[job_visit(0), job_visit(1)]])
    assert check(problem, plan) == ()
    assert written(plan.routes[0]) == [
        "start @0 5000-5000-5000",
        "job 0 @1 6000-6000-6060",
        "job 1 @2 7060-7060-7120",
        "end @0 9120-9120-9120",
    ]


def test_a_later_trip_waits_at_the_facility() -> None:
    """The vehicle leaves the facility when the next trip's goods are there, not before."""
    problem = a_problem(
        jobs=[a_job(1, loads=(1,)), a_job(1, loads=(1,), release_s=9000)],
        shifts=[a_shift(capacities=(1,))],
        facilities=[a_facility(0, 0)],
    )
    plan = reschedule(problem, [[job_visit(0), reload_visit(0), job_visit(1)]])
    assert check(problem, plan) == ()
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-1060",
        "reload 0 @0 2060-8940-9000",
        "job 1 @1 10000-10000-10060",
        "end @0 11060-11060-11060",
    ]


def test_a_limited_span_begins_as_late_as_it_can() -> None:
    """Waiting before the first window is spent at home, where the span is limited."""
    late = a_job(1, windows=(Window(earliest_s=9000, latest_s=9900),))
    problem = a_problem(jobs=[late], shifts=[a_shift(max_span_s=2060)])
    plan = solved(problem)
    assert written(plan.routes[0]) == [
        "start @0 8000-8000-8000",
        "job 0 @1 9000-9000-9060",
        "end @0 10060-10060-10060",
    ]


def test_a_span_that_is_too_short_is_found() -> None:
    """Two windows far apart need a longer day than the span allows, by the seconds named."""
    jobs = [
        a_job(1, windows=(Window(earliest_s=1000, latest_s=1500),)),
        a_job(1, windows=(Window(earliest_s=9000, latest_s=9900),)),
    ]
    problem = a_problem(jobs=jobs, shifts=[a_shift(max_span_s=8000)])
    plan = reschedule(problem, [[job_visit(0), job_visit(1)]])
    assert [(v.code, v.amount) for v in check(problem, plan)] == [("V304", 1560)]
    assert len(solved(problem).unassigned) == 1
