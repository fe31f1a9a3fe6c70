"""Times of a given order."""

from __future__ import annotations

import time

from dispatch.planning.law import EC_561
from dispatch.planning.problem import Underway, Window, job_visit
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


def test_two_breaks_in_waits_bring_the_crew_home_before_a_single_one() -> None:
    """One break after the last job would do, but a quarter in each wait costs no time."""
    jobs = [
        a_job(location, service_s=2 * HOUR, windows=(Window(earliest_s=at, latest_s=at),))
        for location, at in ((1, 1000), (2, 10_100), (3, 19_200))
    ]
    problem = a_problem(jobs=jobs, shifts=[a_shift(end_location=4, end_s=9 * HOUR)])
    table = timetable(problem, 0, tuple(job_visit(job) for job in range(3)))
    assert [(rest.start_s, rest.length_s) for rest in table.rests] == [(9200, 900), (18_300, 900)]
    assert table.end_s == 19_200 + 2 * HOUR + 1000


def test_half_a_driving_break_behind_a_shift_shortens_the_next() -> None:
    """With a quarter behind it half an hour completes the break, else 45 minutes are due."""
    lengths = []
    for half in (True, False):
        behind = Underway(
            began_s=0,
            loads=(),
            rest_end_s=7200,
            rested_s=900,
            driven_s=12_600,
            driven_since_s=12_600,
            half_rest=half,
        )
        shift = a_shift(
            start_location=5, start_s=4 * HOUR, end_s=9 * HOUR, break_rule=EC_561, underway=behind
        )
        table = timetable(a_problem(jobs=[a_job(4)], shifts=[shift]), 0, (job_visit(0),))
        lengths.append([rest.length_s for rest in table.rests])
    assert lengths == [[1800], [2700]]
