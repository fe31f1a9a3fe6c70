"""Times of a given order."""

from __future__ import annotations

import time

from dispatch.planning.problem import Window, job_visit
from dispatch.planning.reschedule import reschedule
from dispatch.planning.timing import timetable
from tests.helpers.builders import a_job, a_problem, a_shift

HOUR = 3600


def test_a_break_goes_where_it_makes_nobody_late() -> None:
    """The break moves behind a window that it would otherwise cost."""
    soon = a_job(1, windows=(Window(earliest_s=0, latest_s=4 * HOUR),))
    problem = a_problem(
        jobs=[a_job(1, service_s=3 * HOUR + 1800), soon, a_job(1, service_s=2 * HOUR + 1800)],
        shifts=[a_shift(end_s=8 * HOUR)],
    )
    plan = reschedule(problem, [[job_visit(0), job_visit(1), job_visit(2)]])
    kinds = [stop.kind.value for stop in plan.routes[0].stops]
    assert kinds == ["start", "job", "job", "break", "job", "end"]


def test_no_break_at_the_very_start_or_end() -> None:
    """A break before any work or after all of it is none, so this order cannot be lawful."""
    problem = a_problem(jobs=[a_job(0, service_s=7 * HOUR)], shifts=[a_shift(end_s=9 * HOUR)])
    table = timetable(problem, 0, (job_visit(0),))
    assert (table.rests, table.law_excess_s, table.kept) == ((), HOUR + 1800, False)


def test_lateness_is_measured_and_not_hidden() -> None:
    """A window missed and a shift overrun both count; the order itself is kept."""
    late = a_job(1, windows=(Window(earliest_s=0, latest_s=900),))
    problem = a_problem(jobs=[late], shifts=[a_shift(end_s=2000)])
    table = timetable(problem, 0, (job_visit(0),))
    assert table.late_s == 100 + 60


def test_sixty_stops_are_timed_in_milliseconds() -> None:
    """Editing by hand needs new times at once: all breaks are tried on 60 stops."""
    jobs = [a_job(1 + i % 9, service_s=300) for i in range(60)]
    problem = a_problem(jobs=jobs, shifts=[a_shift(end_s=10 * HOUR)])
    order = [[job_visit(i) for i in range(60)]]
    reschedule(problem, order)
    begun = time.process_time()
    reschedule(problem, order)
    assert time.process_time() - begun < 0.02
