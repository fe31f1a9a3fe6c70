"""A job goes to the crew that can do it, even if another is nearer."""

from __future__ import annotations

from tests.helpers.builders import a_job, a_problem, a_shift, solved, written


def test_a_job_goes_to_the_shift_with_its_skill() -> None:
    """Skills are hard: the far crew with the skill drives past the idle one without it."""
    near = a_shift(start_location=3, end_location=3)
    able = a_shift(skills=frozenset({7}))
    plan = solved(a_problem(jobs=[a_job(3, skills=frozenset({7}))], shifts=[near, able]))
    assert [written(route) for route in plan.routes] == [
        [],
        ["start @0 0-0-0", "job 0 @3 3000-3000-3060", "end @0 6060-6060-6060"],
    ]


def test_a_job_nobody_can_do_is_left() -> None:
    """A missing skill never leads to a plan that ignores it."""
    plan = solved(a_problem(jobs=[a_job(3, skills=frozenset({7}), required=True)]))
    assert plan.unassigned == (0,)
