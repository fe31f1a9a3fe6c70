"""Breaks by ArbZG paragraph 4: at stop boundaries, where they cost least."""

from __future__ import annotations

from dispatch.planning.problem import Window
from tests.helpers.builders import EUR, a_job, a_problem, a_shift, solved, written

HOUR = 3600
FIRST = (Window(earliest_s=0, latest_s=3000),)
LONG_DAY = a_shift(end_s=8 * HOUR + 1800)


def test_a_long_day_has_its_half_hour() -> None:
    """More than six hours of work are interrupted by 30 minutes, near the middle of the shift.

    Paid are 23 600 s of driving and work and 2000 m, but not the break.
    """
    jobs = [a_job(1, service_s=3 * HOUR, windows=FIRST), a_job(1, service_s=3 * HOUR)]
    plan = solved(a_problem(jobs=jobs, shifts=[LONG_DAY]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-11800",
        "break @1 11800-11800-13600",
        "job 1 @1 13600-13600-24400",
        "end @0 25400-25400-25400",
    ]
    assert (plan.unassigned, plan.cost_ueur) == ((), 25_600)


def test_a_route_that_is_home_within_six_hours_needs_no_break() -> None:
    """The law counts work, not the length of the shift on paper: six hours to the second."""
    plan = solved(a_problem(jobs=[a_job(1, service_s=6 * HOUR - 2000)], shifts=[LONG_DAY]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-20600",
        "end @0 21600-21600-21600",
    ]
    assert (plan.unassigned, plan.cost_ueur) == ((), 23_600)


def test_nobody_works_more_than_six_hours_at_a_stretch() -> None:
    """One job of more than six hours cannot be interrupted, so nobody gets it."""
    plan = solved(a_problem(jobs=[a_job(1, service_s=6 * HOUR)], shifts=[LONG_DAY]))
    assert (written(plan.routes[0]), plan.unassigned) == ([], (0,))
    assert plan.cost_ueur == 100 * EUR


def test_a_wait_holds_the_break_without_delay() -> None:
    """The break falls into the wait in front of a closed window, and ends when it opens."""
    late = a_job(2, service_s=3 * HOUR, windows=(Window(earliest_s=4 * HOUR, latest_s=4 * HOUR),))
    plan = solved(a_problem(jobs=[late], shifts=[a_shift(end_s=8 * HOUR)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "break @2 2000-12600-14400",
        "job 0 @2 14400-14400-25200",
        "end @0 27200-27200-27200",
    ]
    assert (plan.unassigned, plan.cost_ueur) == ((), 18_800)


def test_more_than_nine_hours_need_three_quarters() -> None:
    """Above nine hours of work the break is 45 minutes: here 32 500 s of work, 100 s too many."""
    jobs = [a_job(1, service_s=4 * HOUR, windows=FIRST), a_job(1, service_s=5 * HOUR - 1900)]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(end_s=10 * HOUR + 45 * 60)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-15400",
        "break @1 15400-15400-18100",
        "job 1 @1 18100-18100-34200",
        "end @0 35200-35200-35200",
    ]
    assert (plan.unassigned, plan.cost_ueur) == ((), 34_500)


def test_waiting_for_the_day_to_begin_is_no_break() -> None:
    """Half an hour in front of the first gate refreshes nobody: the break comes later."""
    gate = (Window(earliest_s=2800, latest_s=3000),)
    jobs = [
        a_job(1, service_s=2 * HOUR, windows=gate),
        a_job(2, service_s=2 * HOUR, windows=(Window(earliest_s=0, latest_s=4 * HOUR),)),
        a_job(3, service_s=HOUR),
    ]
    plan = solved(a_problem(jobs=jobs, shifts=[LONG_DAY]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-2800-10000",
        "break @2 11000-11000-12800",
        "job 1 @2 12800-12800-20000",
        "job 2 @3 21000-21000-24600",
        "end @0 27600-27600-27600",
    ]
    assert (plan.unassigned, plan.cost_ueur) == ((), 30_000)
