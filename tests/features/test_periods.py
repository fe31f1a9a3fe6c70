"""Rush hour: a leg is driven by the matrix of the period in which it begins."""

from __future__ import annotations

from dispatch.planning.problem import Matrix, Period, matrix_of
from tests.helpers.builders import a_job, a_problem, a_shift, line, solved, written

KM = range(0, 10_000, 1000)


def _jam(*points: int) -> Matrix:
    """Return the line world at half the speed."""
    metres = [[abs(a - b) for b in points] for a in points]
    return matrix_of([[2 * m for m in row] for row in metres], metres)


def test_a_leg_that_begins_in_the_jam_takes_twice_as_long() -> None:
    """The way out begins before 1000 s, the way home after it."""
    shift = a_shift(periods=(Period(from_s=1000, matrix=1),))
    plan = solved(a_problem(jobs=[a_job(1)], shifts=[shift], matrices=[line(*KM), _jam(*KM)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1000-1060",
        "end @0 3060-3060-3060",
    ]


def test_a_leg_that_begins_a_second_earlier_does_not() -> None:
    """The period from 1061 s on does not touch a leg that begins at 1060 s."""
    shift = a_shift(periods=(Period(from_s=1061, matrix=1),))
    plan = solved(a_problem(jobs=[a_job(1)], shifts=[shift], matrices=[line(*KM), _jam(*KM)]))
    assert written(plan.routes[0])[-1] == "end @0 2060-2060-2060"


def test_the_near_job_is_done_while_the_road_is_jammed() -> None:
    """Both ways round are as far; only one leaves the long legs to the time after the jam."""
    shift = a_shift(matrix=1, periods=(Period(from_s=4000, matrix=0),))
    jobs = [a_job(4), a_job(1, service_s=3000)]
    plan = solved(a_problem(jobs=jobs, shifts=[shift], matrices=[line(*KM), _jam(*KM)]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 1 @1 2000-2000-5000",
        "job 0 @4 8000-8000-8060",
        "end @0 12060-12060-12060",
    ]
