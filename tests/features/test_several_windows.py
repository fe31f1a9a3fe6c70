"""A job may have several windows: the route uses whichever makes the whole day cheapest."""

from __future__ import annotations

from dispatch.planning.problem import Window
from tests.helpers.builders import a_job, a_problem, a_shift, solved, written


def test_each_job_takes_the_window_that_keeps_the_way_short() -> None:
    """Both jobs miss their first window or wait for the second rather than drive back."""
    early = (Window(earliest_s=0, latest_s=1200), Window(earliest_s=6000, latest_s=7000))
    gap = (Window(earliest_s=0, latest_s=2100), Window(earliest_s=4000, latest_s=4100))
    jobs = [a_job(1, windows=early, service_s=1500), a_job(2, windows=gap)]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(end_location=3)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-2500",
        "job 1 @2 3500-4000-4060",
        "end @3 5060-5060-5060",
    ]


def test_a_start_between_two_windows_is_none() -> None:
    """Who comes in the gap between morning and afternoon waits for the afternoon."""
    twice = (Window(earliest_s=0, latest_s=2000), Window(earliest_s=9000, latest_s=9500))
    plan = solved(a_problem(jobs=[a_job(3, windows=twice)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @3 3000-9000-9060",
        "end @0 12060-12060-12060",
    ]
