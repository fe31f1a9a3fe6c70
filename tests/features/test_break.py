"""Breaks by ArbZG paragraph 4: at stop boundaries, where they cost least."""

from __future__ import annotations

from dispatch.planning.problem import Window
from tests.helpers.builders import a_job, a_problem, a_shift, solved, written

HOUR = 3600


def test_a_long_day_has_its_half_hour() -> None:
    """More than six hours of work are interrupted by 30 minutes, near the middle of the shift."""
    jobs = [a_job(1, service_s=3 * HOUR), a_job(1, service_s=3 * HOUR)]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(end_s=8 * HOUR + 1800)]))
    lines = [line.split()[0] + " " + line.split()[-1] for line in written(plan.routes[0])]
    assert lines == [
        "start 0-0-0",
        "job 1000-1000-11800",
        "break 11800-11800-13600",
        "job 13600-13600-24400",
        "end 25400-25400-25400",
    ]


def test_a_route_that_is_home_within_six_hours_needs_no_break() -> None:
    """The law counts work, not the length of the shift on paper."""
    jobs = [a_job(1, service_s=6 * HOUR - 2000)]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(end_s=8 * HOUR + 1800)]))
    assert [stop.kind.value for stop in plan.routes[0].stops] == ["start", "job", "end"]
    assert plan.routes[0].stops[-1].arrival_s == 6 * HOUR


def test_nobody_works_more_than_six_hours_at_a_stretch() -> None:
    """One job of more than six hours cannot be interrupted, so nobody gets it."""
    plan = solved(
        a_problem(jobs=[a_job(1, service_s=6 * HOUR)], shifts=[a_shift(end_s=8 * HOUR + 1800)])
    )
    assert plan.unassigned == (0,)


def test_a_wait_holds_the_break_without_delay() -> None:
    """The break falls into the wait in front of a closed window."""
    late = a_job(2, service_s=3 * HOUR, windows=(Window(earliest_s=4 * HOUR, latest_s=4 * HOUR),))
    plan = solved(a_problem(jobs=[late], shifts=[a_shift(end_s=8 * HOUR)]))
    kinds = [stop.kind.value for stop in plan.routes[0].stops]
    assert kinds == ["start", "break", "job", "end"]
    assert plan.routes[0].stops[2].start_s == 4 * HOUR


def test_more_than_nine_hours_need_three_quarters() -> None:
    """Above nine hours of work the break is 45 minutes."""
    jobs = [a_job(1, service_s=4 * HOUR), a_job(1, service_s=5 * HOUR - 1900)]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(end_s=10 * HOUR + 45 * 60)]))
    rests = [s for s in plan.routes[0].stops if s.kind.value == "break"]
    assert [rest.departure_s - rest.start_s for rest in rests] == [45 * 60]


def test_waiting_for_the_day_to_begin_is_no_break() -> None:
    """Half an hour in front of the first gate refreshes nobody: the break comes later."""
    first = a_job(1, service_s=2 * HOUR, windows=(Window(earliest_s=2800, latest_s=3000),))
    jobs = [first, a_job(2, service_s=2 * HOUR), a_job(3, service_s=HOUR)]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(end_s=8 * HOUR + 1800)]))
    stops = plan.routes[0].stops
    rest = next(stop for stop in stops if stop.kind.value == "break")
    assert rest.start_s >= 90 * 60
    assert plan.unassigned == ()
