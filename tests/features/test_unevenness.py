"""Fairness: seconds by which the longest day exceeds the shortest have a price."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.planning.problem import Window
from tests.helpers.builders import a_job, a_problem, a_shift, solved, written

if TYPE_CHECKING:
    from dispatch.planning.problem import Problem


def _two_crews(uneven_ueur_per_s: int) -> Problem:
    """Return a crew with little and one with much to do, and a job nearer to the second.

    It costs 4000 ueur more if the first does it; the days then differ by 4200 s, not by 8200 s.
    """
    jobs = [
        a_job(1, service_s=600, shifts=frozenset({0})),
        a_job(8, service_s=3600, shifts=frozenset({1})),
        a_job(5, service_s=1200),
    ]
    shifts = [a_shift(end_location=2), a_shift(start_location=9, end_location=7)]
    return a_problem(jobs=jobs, shifts=shifts, uneven_ueur_per_s=uneven_ueur_per_s)


def test_without_a_price_the_nearer_crew_does_the_job() -> None:
    """Only driving counts: the second crew works four times as long as the first."""
    plan = solved(_two_crews(0))
    assert [written(route) for route in plan.routes] == [
        ["start @0 0-0-0", "job 0 @1 1000-1000-1600", "end @2 2600-2600-2600"],
        [
            "start @9 0-0-0",
            "job 1 @8 1000-1000-4600",
            "job 2 @5 7600-7600-8800",
            "end @7 10800-10800-10800",
        ],
    ]


def test_a_price_on_unevenness_shares_the_work() -> None:
    """At 2 ueur a second 4000 s less are worth more than the longer way; 4200 s are paid."""
    plan = solved(_two_crews(2))
    assert [written(route) for route in plan.routes] == [
        [
            "start @0 0-0-0",
            "job 0 @1 1000-1000-1600",
            "job 2 @5 5600-5600-6800",
            "end @2 9800-9800-9800",
        ],
        ["start @9 0-0-0", "job 1 @8 1000-1000-4600", "end @7 5600-5600-5600"],
    ]
    assert {line.code: line.amount_ueur for line in plan.cost_lines}["unevenness"] == 8400


def test_a_job_that_evens_more_than_it_costs_is_done() -> None:
    """Ten minutes cost 600 ueur for a job worth 500, and make the shorter day longer by as much.

    A second of unevenness costs 10 ueur, so the plan is 6000 - 600 + 500 ueur cheaper with it.
    """
    first = (Window(earliest_s=0, latest_s=1000),)
    jobs = [
        a_job(1, service_s=3000, shifts=frozenset({0})),
        a_job(1, service_s=600, shifts=frozenset({1}), windows=first),
        a_job(1, service_s=600, shifts=frozenset({1}), leave_price_ueur=500),
    ]
    plan = solved(a_problem(jobs=jobs, shifts=[a_shift()] * 2, uneven_ueur_per_s=10))
    assert [written(route) for route in plan.routes] == [
        ["start @0 0-0-0", "job 0 @1 1000-1000-4000", "end @0 5000-5000-5000"],
        [
            "start @0 0-0-0",
            "job 1 @1 1000-1000-1600",
            "job 2 @1 1600-1600-2200",
            "end @0 3200-3200-3200",
        ],
    ]
    assert (plan.unassigned, plan.cost_ueur) == ((), 5000 + 3200 + 4000 + 18_000)
