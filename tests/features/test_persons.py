"""Work for two: a crew of one drives past it, whatever is nearer."""

from __future__ import annotations

from tests.helpers.builders import a_job, a_problem, a_shift, solved, written


def test_a_job_for_two_goes_to_the_crew_of_two() -> None:
    """The single driver next door does the small job, the crew of two comes for the big one."""
    alone = a_shift(start_location=3, end_location=3)
    two = a_shift(persons=2)
    jobs = [a_job(2, persons=2), a_job(4)]
    plan = solved(a_problem(jobs=jobs, shifts=[alone, two]))
    assert [written(route) for route in plan.routes] == [
        ["start @3 0-0-0", "job 1 @4 1000-1000-1060", "end @3 2060-2060-2060"],
        ["start @0 0-0-0", "job 0 @2 2000-2000-2060", "end @0 4060-4060-4060"],
    ]


def test_a_job_for_three_is_left_to_nobody() -> None:
    """Two crews on one job are no crew of three: even a required job is left."""
    plan = solved(a_problem(jobs=[a_job(1, persons=3, required=True)], shifts=[a_shift()] * 3))
    assert ([written(route) for route in plan.routes], plan.unassigned) == ([[], [], []], (0,))
