"""A facility that serves one vehicle at a time: the second waits until the first is done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dispatch.planning.check import check
from dispatch.planning.replan import Scope, replan
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from dispatch.planning.underway import underway_problem
from tests.helpers.builders import a_facility, a_job, a_problem, a_shift, solved, written

if TYPE_CHECKING:
    from dispatch.planning.problem import Problem
    from dispatch.planning.underway import Cut


def _two_that_unload(at_once: int | None) -> Problem:
    """Return two lorries that come from both ends of the line to the tip at kilometre 5."""
    east, west = frozenset({0}), frozenset({1})
    jobs = [
        a_job(4, loads=(10,), shifts=east),
        a_job(6, loads=(10,), shifts=east),
        a_job(6, loads=(10,), shifts=west),
        a_job(4, loads=(10,), shifts=west),
    ]
    shifts = [
        a_shift(start_location=0, end_location=9, capacities=(10,)),
        a_shift(start_location=9, end_location=0, capacities=(10,)),
    ]
    tip = a_facility(5, 0, service_s=1200, at_once=at_once)
    return a_problem(jobs=jobs, shifts=shifts, facilities=[tip])


WEST = [
    "start @9 0-0-0",
    "job 2 @6 3000-3000-3060",
    "reload 0 @5 4060-4060-5260",
    "job 3 @4 6260-6260-6320",
    "end @0 10320-10320-10320",
]


def test_the_second_lorry_waits_at_the_tip() -> None:
    """The one that comes at 5060 s is served when the first leaves at 5260 s."""
    plan = solved(_two_that_unload(1))
    assert [written(route) for route in plan.routes] == [
        [
            "start @0 0-0-0",
            "job 0 @4 4000-4000-4060",
            "reload 0 @5 5060-5260-6460",
            "job 1 @6 7460-7460-7520",
            "end @9 10520-10520-10520",
        ],
        WEST,
    ]


def test_with_two_bays_nobody_waits() -> None:
    """The same day with room for two vehicles: both are served on arrival."""
    plan = solved(_two_that_unload(2))
    assert [written(route) for route in plan.routes] == [
        [
            "start @0 0-0-0",
            "job 0 @4 4000-4000-4060",
            "reload 0 @5 5060-5060-6260",
            "job 1 @6 7260-7260-7320",
            "end @9 10320-10320-10320",
        ],
        WEST,
    ]


def cut_at(now_s: int) -> Cut:
    """Return that day cut while the lorry from the far end drives to the tip."""
    problem = _two_that_unload(1)
    return underway_problem(problem, solved(problem), now_s)


@pytest.mark.parametrize("now_s", [3100, 4050])
def test_whoever_is_served_when_the_day_is_cut_is_waited_for(now_s: int) -> None:
    """Its service is frozen, yet the tip is taken until 5260 s: timed anew and planned again."""
    cut = cut_at(now_s)
    assert cut.problem.facilities[0].taken == ((4060, 5260),)
    budget = Budget(time_limit_s=10, solution_limit=2)
    again = replan(cut.problem, cut.orders, scope=Scope.EVERYTHING, budget=budget, turns=cut.turns)
    for rest in (reschedule(cut.problem, cut.orders), again):
        assert "reload 0 @5 5060-5260-6460" in written(rest.routes[0])
        assert check(cut.problem, rest) == ()


def test_nobody_is_waited_for_who_has_left() -> None:
    """Cut again at 5300 s, the one from the west has left and the other is served."""
    early = cut_at(4050)
    later = underway_problem(early.problem, reschedule(early.problem, early.orders), 5300)
    assert later.problem.facilities[0].taken == ((5260, 6460),)


def test_the_checker_sees_who_is_served_besides() -> None:
    """A plan that unloads while the tip is taken is one vehicle too many."""
    cut = cut_at(4050)
    free = replace(cut.problem, facilities=(replace(cut.problem.facilities[0], taken=()),))
    plan = reschedule(free, cut.orders)
    assert [v.code for v in check(free, plan)] == []
    assert [v.code for v in check(cut.problem, plan)] == ["V603"]
