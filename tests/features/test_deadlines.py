"""Deadlines: a soft one has a price per minute late, a hard one is a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dispatch.planning.problem import Window
from tests.helpers.builders import DAY_S, EUR, a_job, a_problem, a_shift, solved, written

if TYPE_CHECKING:
    from dispatch.planning.problem import Problem

NEAR_FIRST = [
    "start @0 0-0-0",
    "job 1 @1 1000-1000-1600",
    "job 0 @3 3600-3600-3660",
    "end @4 4660-4660-4660",
]
URGENT_FIRST = [
    "start @0 0-0-0",
    "job 0 @3 3000-3000-3060",
    "job 1 @1 5060-5060-5660",
    "end @4 8660-8660-8660",
]


def _urgent(late_ueur_per_s: int, **parts: Any) -> Problem:
    """Return an emergency at kilometre 3, due at 3000 s, and a job of ten minutes on the way.

    Going to the emergency first costs 4 km and 4000 s more, 8000 ueur; going there last makes it
    600 s late.
    """
    urgent = a_job(3, due_s=3000, late_ueur_per_s=late_ueur_per_s, **parts)
    jobs = [urgent, a_job(1, service_s=600)]
    return a_problem(jobs=jobs, shifts=[a_shift(end_location=4)])


def test_cheap_lateness_is_accepted() -> None:
    """600 s at 13 ueur are less than the way back; the bill shows them."""
    plan = solved(_urgent(13))
    assert written(plan.routes[0]) == NEAR_FIRST
    assert {line.code: line.amount_ueur for line in plan.cost_lines}["lateness"] == 7800


def test_dear_lateness_turns_the_order_round() -> None:
    """At 14 ueur a second the emergency comes first and nothing is late."""
    plan = solved(_urgent(14))
    assert written(plan.routes[0]) == URGENT_FIRST
    assert {line.code: line.amount_ueur for line in plan.cost_lines}["lateness"] == 0


def test_a_soft_deadline_never_costs_the_job() -> None:
    """However late it is, a job that is still worth its price is done."""
    late = a_job(3, due_s=0, late_ueur_per_s=1000, leave_price_ueur=4 * EUR)
    plan = solved(a_problem(jobs=[late]))
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 0 @3 3000-3000-3060",
        "end @0 6060-6060-6060",
    ]


def test_lateness_dearer_than_the_job_leaves_it() -> None:
    """Where being late costs more than not coming, nobody comes."""
    late = a_job(3, due_s=0, late_ueur_per_s=1000, leave_price_ueur=3 * EUR)
    assert solved(a_problem(jobs=[late])).unassigned == (0,)


def test_a_hard_deadline_is_kept_at_any_price() -> None:
    """The last second of the window is 3000: the emergency comes first without any rate."""
    plan = solved(_urgent(0, windows=(Window(earliest_s=0, latest_s=3000),)))
    assert written(plan.routes[0]) == URGENT_FIRST


def test_a_missed_hard_deadline_leaves_the_job() -> None:
    """What cannot begin by 2999 s is not done at all; the other job is."""
    plan = solved(_urgent(0, windows=(Window(earliest_s=0, latest_s=2999),)))
    assert plan.unassigned == (0,)
    assert written(plan.routes[0]) == [
        "start @0 0-0-0",
        "job 1 @1 1000-1000-1600",
        "end @4 4600-4600-4600",
    ]


def test_a_deadline_with_a_window_waits_for_the_window() -> None:
    """A site that opens after the due time is served when it opens, and its lateness is paid."""
    shut = a_job(
        1, windows=(Window(earliest_s=5000, latest_s=DAY_S),), due_s=4000, late_ueur_per_s=2
    )
    plan = solved(a_problem(jobs=[shut]))
    assert written(plan.routes[0])[1] == "job 0 @1 1000-5000-5060"
    assert {line.code: line.amount_ueur for line in plan.cost_lines}["lateness"] == 2000
