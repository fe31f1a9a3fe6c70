"""Breaks by ArbZG in pieces, and the third quarter of an hour beyond nine hours."""

from __future__ import annotations

from dispatch.planning.problem import Window
from tests.helpers.builders import a_job, a_problem, a_shift, solved, written

HOUR = 3600


def _at(second: int) -> tuple[Window, ...]:
    return (Window(earliest_s=second, latest_s=second),)


def test_two_quarters_fill_two_waits() -> None:
    """Half an hour at once would miss a window; a quarter in each wait costs nothing."""
    jobs = [
        a_job(1, service_s=2 * HOUR),
        a_job(2, service_s=2 * HOUR, windows=_at(10_100)),
        a_job(3, service_s=HOUR, windows=_at(19_200)),
    ]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(end_s=8 * HOUR)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-8200",
        "break @2 9200-9200-10100",
        "job 1 @2 10100-10100-17300",
        "break @3 18300-18300-19200",
        "job 2 @3 19200-19200-22800",
        "end @0 25800-25800-25800",
    ]


def test_a_wait_of_less_than_a_quarter_is_no_break() -> None:
    """One second less in the second wait: its break comes after the job, or the job is left."""
    jobs = [
        a_job(1, service_s=2 * HOUR),
        a_job(2, service_s=2 * HOUR, windows=_at(10_100)),
        a_job(3, service_s=HOUR, windows=_at(19_199)),
    ]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(end_s=8 * HOUR)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-8200",
        "break @2 9200-9200-10100",
        "job 1 @2 10100-10100-17300",
        "job 2 @3 18300-19199-22799",
        "break @3 22799-22799-23699",
        "end @0 26699-26699-26699",
    ]


def test_more_than_nine_hours_need_three_quarters() -> None:
    """9 h and 100 s of work: 45 minutes, on arrival nearest to the middle of the shift."""
    jobs = [a_job(1, service_s=4 * HOUR), a_job(2, service_s=5 * HOUR - 2900)]
    shift = a_shift(end_location=3, end_s=10 * HOUR + 45 * 60)
    plan = solved(a_problem(jobs=jobs, shifts=[shift]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-15400",
        "break @2 16400-16400-19100",
        "job 1 @2 19100-19100-34200",
        "end @3 35200-35200-35200",
    ]


def test_nine_hours_to_the_second_need_half_an_hour() -> None:
    """The step lies above nine hours of work, not at it."""
    jobs = [a_job(1, service_s=4 * HOUR), a_job(2, service_s=5 * HOUR - 3000)]
    shift = a_shift(end_location=3, end_s=10 * HOUR + 45 * 60)
    plan = solved(a_problem(jobs=jobs, shifts=[shift]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-15400",
        "break @2 16400-16400-18200",
        "job 1 @2 18200-18200-33200",
        "end @3 34200-34200-34200",
    ]


def test_setup_is_not_repeated_after_a_break() -> None:
    """The lorry stood still meanwhile: the second container needs no new setup."""
    first = a_job(1, setup_s=300, service_s=3 * HOUR, windows=_at(1300))
    jobs = [first, a_job(1, setup_s=300, service_s=3 * HOUR + 60)]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift(end_s=8 * HOUR)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1300-12100",
        "break @1 12100-12100-13900",
        "job 1 @1 13900-13900-24760",
        "end @0 25760-25760-25760",
    ]
