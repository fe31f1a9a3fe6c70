"""Required before optional, dear before cheap, and nothing that does not pay."""

from __future__ import annotations

from dispatch.planning.problem import Window
from tests.helpers.builders import EUR, a_job, a_problem, a_shift, solved

NOW = (Window(earliest_s=0, latest_s=1500),)


def test_a_required_job_beats_any_optional_one() -> None:
    """Where only one fits, the required job is done, whatever the other is worth."""
    jobs = [
        a_job(1, windows=NOW, service_s=600, leave_price_ueur=10_000 * EUR),
        a_job(1, windows=NOW, service_s=600, required=True, leave_price_ueur=0),
    ]
    assert solved(a_problem(jobs=jobs)).unassigned == (0,)


def test_two_required_jobs_beat_one() -> None:
    """As many required jobs as possible; their own prices only decide between equals."""
    long = a_job(1, windows=NOW, service_s=9000, required=True, leave_price_ueur=900 * EUR)
    short = a_job(1, windows=NOW, service_s=100, required=True, leave_price_ueur=0)
    shift = a_shift(end_s=2 * 3600)
    assert solved(a_problem(jobs=[long, short, short], shifts=[shift])).unassigned == (0,)


def test_of_two_optional_jobs_the_dearer_one_is_done() -> None:
    """The price of leaving a job is what it competes with."""
    jobs = [
        a_job(1, windows=NOW, service_s=600, leave_price_ueur=20 * EUR),
        a_job(1, windows=NOW, service_s=600, leave_price_ueur=30 * EUR),
    ]
    assert solved(a_problem(jobs=jobs)).unassigned == (0,)


def test_a_job_that_costs_more_than_its_price_is_left() -> None:
    """A detour of 2 x 8 km for a job worth less than the trip is not driven."""
    far = a_job(8, leave_price_ueur=32_059)
    assert solved(a_problem(jobs=[far])).unassigned == (0,)
    worth_it = a_job(8, leave_price_ueur=32_061)
    assert solved(a_problem(jobs=[worth_it])).unassigned == ()
