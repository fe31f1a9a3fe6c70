"""Parking and securing once per place: one setup, several services."""

from __future__ import annotations

from tests.helpers.builders import a_job, a_problem, solved, written


def test_setup_is_spent_once_per_place() -> None:
    """Three containers at one site: 300 s of setup before the first, none before the others."""
    plan = solved(a_problem(jobs=[a_job(1, setup_s=300)] * 3))
    times = [line.split()[-1] for line in written(plan.routes[0])]
    assert times == [
        "0-0-0",
        "1000-1300-1360",
        "1360-1360-1420",
        "1420-1420-1480",
        "2480-2480-2480",
    ]


def test_coming_back_to_a_place_needs_setup_again() -> None:
    """A visit in between moves the vehicle, so the setup is due again."""
    plan = solved(a_problem(jobs=[a_job(1, setup_s=300), a_job(2, setup_s=300)]))
    assert plan.routes[0].stops[-1].arrival_s == 2 * 2000 + 2 * 360
