"""Who waits for whom at a place with a limit, and that no relation is broken for it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.plan import StopKind
from dispatch.planning.check import check
from dispatch.planning.desk import Desk
from dispatch.planning.problem import (
    Order,
    Problem,
    Relation,
    Visit,
    Window,
    job_visit,
    reload_visit,
)
from dispatch.planning.replan import Scope, replan
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import Budget
from dispatch.planning.solve import solve
from dispatch.planning.turns import in_turns, turns_of, without_queues
from dispatch.planning.underway import called_off, underway_problem
from scenarios.bench.days import a_day
from tests.helpers.builders import a_facility, a_job, a_problem, a_shift, written

if TYPE_CHECKING:
    from dispatch.planning.solution import Solution

BUDGET = Budget(time_limit_s=20, solution_limit=10)
IN_A_HURRY = [
    "start @9 1040-1040-1040",
    "job 2 @6 4040-4040-4100",
    "reload 0 @5 5100-5100-6300",
    "job 3 @4 7300-7300-7360",
    "end @0 11360-11360-11360",
]
WITH_TIME = [
    "start @0 0-0-0",
    "job 0 @4 4000-4000-4060",
    "reload 0 @5 5060-6300-7500",
    "job 1 @6 8500-8500-8560",
    "end @9 11560-11560-11560",
]

BOTH_FULL = (
    (job_visit(0), reload_visit(0), job_visit(1)),
    (job_visit(2), reload_visit(0), job_visit(3)),
)


def one_in_a_hurry() -> Problem:
    """Return two lorries at a tip for one: the second to come must be at 4 km by 7300 s."""
    east, west = frozenset({0}), frozenset({1})
    jobs = [
        a_job(4, loads=(10,), shifts=east, windows=(Window(earliest_s=0, latest_s=4000),)),
        a_job(6, loads=(10,), shifts=east),
        a_job(6, loads=(10,), shifts=west, windows=(Window(earliest_s=0, latest_s=4040),)),
        a_job(4, loads=(10,), shifts=west, windows=(Window(earliest_s=0, latest_s=7300),)),
    ]
    shifts = [
        a_shift(start_location=0, end_location=9, capacities=(10,)),
        a_shift(start_location=9, end_location=0, start_s=1040, capacities=(10,)),
    ]
    tip = a_facility(5, 0, service_s=1200, at_once=1)
    return a_problem(jobs=jobs, shifts=shifts, facilities=[tip])


def in_agreement() -> Solution:
    """Return the plan in which the lorry that has time lets the other pass at the tip."""
    return in_turns(one_in_a_hurry(), BOTH_FULL, {0: [(0, 6300, 7500)], 1: [(0, 5100, 6300)]})


def test_who_is_in_a_hurry_goes_first() -> None:
    """The lorry that has time comes 40 s before the other, and lets it pass."""
    problem, plan = one_in_a_hurry(), in_agreement()
    assert check(problem, plan) == ()
    assert [written(route) for route in plan.routes] == [WITH_TIME, IN_A_HURRY]
    first_come = check(problem, reschedule(problem, BOTH_FULL))
    assert {found.code for found in first_come} == {"V201"}


def test_a_start_in_turns_is_not_taken_for_a_broken_one() -> None:
    """Improving a plan whose turns are not first come, first served returns nothing dearer."""
    problem = one_in_a_hurry()
    plan = in_agreement()
    again = solve(problem, budget=replace(BUDGET, solution_limit=1), start=plan)
    assert again == plan


@pytest.mark.parametrize("scope", Scope)
def test_planning_again_keeps_the_turns(scope: Scope) -> None:
    """At 2000 s both are on the road; who was to let the other pass still does."""
    problem = one_in_a_hurry()
    cut = underway_problem(problem, in_agreement(), 2000)
    assert cut.turns == {0: ((0, 6300, 7500),), 1: ((0, 5100, 6300),)}
    found = replan(cut.problem, cut.orders, scope=scope, budget=BUDGET, turns=cut.turns)
    assert check(cut.problem, found) == ()
    assert [written(route) for route in cut.whole(found)] == [WITH_TIME, IN_A_HURRY]


def test_turns_behind_and_of_crews_called_off_are_over() -> None:
    """At 4500 s both drive to the tip or wait there: that is fixed, and no turn is ahead."""
    problem = one_in_a_hurry()
    assert underway_problem(problem, in_agreement(), 4500).turns == {}
    cut = underway_problem(problem, in_agreement(), 2000)
    assert called_off(cut, {0}).turns == {1: ((0, 5100, 6300),)}


def test_without_turns_or_limits_first_come_is_first_served() -> None:
    """Turns that nobody has change nothing."""
    problem = one_in_a_hurry()
    assert in_turns(problem, BOTH_FULL, {}) == reschedule(problem, BOTH_FULL)
    free = replace(problem, facilities=(replace(problem.facilities[0], at_once=None),))
    assert turns_of(free, reschedule(free, BOTH_FULL)) == {}


def test_what_a_queue_makes_late_goes() -> None:
    """Served after the other, the second lorry cannot be in time for its last job."""
    problem = one_in_a_hurry()
    plan = without_queues(problem, BOTH_FULL)
    assert check(problem, plan) == ()
    assert plan.unassigned == (3,)


def test_who_is_bound_to_come_has_the_first_turn() -> None:
    """Where the last job must follow the reload at once, the other lorry waits; nothing goes."""
    problem = one_in_a_hurry()
    relation = Relation(order=Order.STRICT, shift=1, visits=BOTH_FULL[1][1:])
    plan = without_queues(replace(problem, relations=(relation,)), BOTH_FULL)
    assert check(problem, plan) == ()
    assert [written(route) for route in plan.routes] == [WITH_TIME, IN_A_HURRY]


@pytest.mark.parametrize("seed", range(1, 7))
def test_no_queue_ever_breaks_a_relation(seed: int) -> None:
    """On random days all tips serve one at a time all of a sudden: what is left keeps all rules.

    A third of each route is bound: in order, or next to each other.
    """
    free = a_day(seed, jobs=40, shifts=6)
    desk = Desk(free, [() for _ in free.shifts])
    desk.fill()
    bonds = tuple(
        Relation(
            order=Order.STRICT if (shift + seed) % 2 else Order.SEQUENCE,
            shift=shift,
            visits=_jobs_in_a_row(order),
        )
        for shift, order in enumerate(desk.orders)
        if _jobs_in_a_row(order)
    )
    tips = tuple(
        replace(place, at_once=1, service_s=2 * place.service_s) for place in free.facilities
    )
    problem = replace(free, facilities=tips, relations=bonds)
    plan = without_queues(problem, desk.orders)
    codes = {found.code for found in check(problem, plan)}
    assert "V505" not in codes
    assert "V603" not in codes


def _jobs_in_a_row(order: tuple[Visit, ...]) -> tuple[Visit, ...]:
    """Return the last two jobs of the route that follow each other; none if there are none."""
    pairs = [pair for pair in pairwise(order) if all(visit.kind is StopKind.JOB for visit in pair)]
    return pairs[-1] if pairs else ()
