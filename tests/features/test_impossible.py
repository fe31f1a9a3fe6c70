"""Days on which something cannot be done still get a plan."""

from __future__ import annotations

from dispatch.planning.problem import matrix_of
from tests.helpers.builders import a_job, a_problem, a_shift, solved, written


def test_no_shifts_leave_every_job() -> None:
    """Without shifts there is nothing to plan, and that is an answer."""
    plan = solved(a_problem(jobs=[a_job(1), a_job(2)], shifts=[]))
    assert (plan.routes, plan.unassigned) == ((), (0, 1))


def test_no_jobs_leave_every_shift_idle() -> None:
    """An idle shift has no stops and costs nothing."""
    plan = solved(a_problem(jobs=[], shifts=[a_shift(use_ueur=5)]))
    assert (plan.routes[0].stops, plan.unassigned, plan.cost_ueur) == ((), (), 0)


def test_a_place_without_road_is_left_and_the_rest_is_planned() -> None:
    """A missing road is no big number: the job is left, its neighbours are served."""
    table = [[0, 100, -1], [100, 0, -1], [-1, -1, 0]]
    problem = a_problem(
        jobs=[a_job(1), a_job(2, required=True)], matrices=[matrix_of(table, table)]
    )
    plan = solved(problem)
    assert plan.unassigned == (1,)
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 100-100-160",
        "end @0 260-260-260",
    ]


def test_a_missing_road_between_two_jobs_is_driven_around() -> None:
    """No leg without a road, even if both ends can be reached from the depot."""
    table = [[0, 100, 100], [100, 0, -1], [100, 100, 0]]
    problem = a_problem(jobs=[a_job(1), a_job(2)], matrices=[matrix_of(table, table)])
    assert [s.index for s in solved(problem).routes[0].stops[1:-1]] == [1, 0]


def test_a_shift_too_short_for_its_own_way_stays_idle() -> None:
    """A shift that cannot get from its start to its end in time is not used."""
    short = a_shift(start_location=0, end_location=9, end_s=1000)
    plan = solved(a_problem(jobs=[a_job(1)], shifts=[short, a_shift()]))
    assert [len(route.stops) for route in plan.routes] == [0, 3]
