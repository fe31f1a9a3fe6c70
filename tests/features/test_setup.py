"""Parking and securing once per place: one setup, several services."""

from __future__ import annotations

from dispatch.planning.problem import Window
from tests.helpers.builders import a_job, a_problem, solved, written


def _by(latest_s: int) -> tuple[Window, ...]:
    return (Window(earliest_s=0, latest_s=latest_s),)


def test_setup_is_spent_once_per_place() -> None:
    """Three containers at one site: 300 s of setup before the first, none before the others."""
    jobs = [a_job(1, setup_s=300, windows=_by(latest_s)) for latest_s in (1300, 1400, 9000)]
    plan = solved(a_problem(jobs=jobs))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1300-1360",
        "job 1 @1 1360-1360-1420",
        "job 2 @1 1420-1420-1480",
        "end @0 2480-2480-2480",
    ]
    assert (plan.unassigned, plan.cost_ueur) == ((), 2480 + 2000)


def test_coming_back_to_a_place_needs_setup_again() -> None:
    """A visit in between moves the vehicle, so the setup is due again: three, not two.

    The first container is open until 1300 s only, the second at the same place from 4000 s on, so
    that the job at 2 km lies between them.
    """
    late = (Window(earliest_s=4000, latest_s=9000),)
    jobs = [
        a_job(1, setup_s=300, windows=_by(1300)),
        a_job(2, setup_s=300, windows=_by(2660)),
        a_job(1, setup_s=300, windows=late),
    ]
    plan = solved(a_problem(jobs=jobs))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @1 1000-1300-1360",
        "job 1 @2 2360-2660-2720",
        "job 2 @1 3720-4020-4080",
        "end @0 5080-5080-5080",
    ]
    assert (plan.unassigned, plan.cost_ueur) == ((), 5080 + 4000)
