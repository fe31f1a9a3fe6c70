"""Service starts inside one of the windows; a crew that is early waits."""

from __future__ import annotations

from dispatch.planning.problem import Window
from tests.helpers.builders import a_job, a_problem, solved, written


def test_the_crew_waits_for_a_window_to_open() -> None:
    """An early crew waits in front of the site; waiting is free, lateness impossible."""
    late = a_job(1, windows=(Window(earliest_s=4000, latest_s=4100),))
    plan = solved(a_problem(jobs=[late]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-4000-4060",
        "end @0 5060-5060-5060",
    ]


def test_the_second_window_is_used_when_the_first_cannot_be_met() -> None:
    """Of several windows any one will do; the gap between them stays closed."""
    split = (Window(earliest_s=0, latest_s=500), Window(earliest_s=3000, latest_s=9000))
    plan = solved(a_problem(jobs=[a_job(1, windows=split)]))
    assert written(plan.routes[0])[1] == "job 0 @1 1000-3000-3060"


def test_windows_force_the_order() -> None:
    """The near job waits until the far one, whose window closes first, is done."""
    far = a_job(3, windows=(Window(earliest_s=0, latest_s=3000),))
    near = a_job(1)
    plan = solved(a_problem(jobs=[near, far]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 1 @3 3000-3000-3060",
        "job 0 @1 5060-5060-5120",
        "end @0 6120-6120-6120",
    ]


def test_a_window_met_to_the_second_is_met() -> None:
    """Both ends of a window are inclusive."""
    exact = a_job(1, windows=(Window(earliest_s=1000, latest_s=1000),))
    assert solved(a_problem(jobs=[exact])).unassigned == ()


def test_a_window_missed_by_a_second_is_missed() -> None:
    """Nothing is rounded in favour of the plan."""
    missed = a_job(1, windows=(Window(earliest_s=0, latest_s=999),))
    assert solved(a_problem(jobs=[missed])).unassigned == (0,)
