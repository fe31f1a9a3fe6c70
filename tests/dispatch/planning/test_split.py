"""A large problem is cut into parts along its routes and put together again."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.plan import StopKind
from dispatch.planning.check import check
from dispatch.planning.problem import Order, Relation, job_visit
from dispatch.planning.reschedule import reschedule
from dispatch.planning.split import joined, parts_of
from dispatch.planning.validate import validate
from tests.helpers.builders import EUR, a_job, a_problem, a_shift
from tests.helpers.days import a_day
from tests.helpers.desks import filled

if TYPE_CHECKING:
    from dispatch.planning.problem import Problem, Visit

    Orders = tuple[tuple[Visit, ...], ...]


@pytest.fixture(scope="module")
def day() -> tuple[Problem, Orders]:
    """Return a day of the city with a plan, on which some jobs are left and some shifts idle."""
    problem = a_day(3, jobs=120, shifts=10, busy=3)
    return problem, (*filled(problem, [()] * 10)[:8], (), ())


@pytest.mark.parametrize("turn", range(4))
def test_every_shift_and_every_job_is_in_one_part(day: tuple[Problem, Orders], turn: int) -> None:
    """Nothing is lost and nothing doubled; parts are sound problems of about the same size."""
    problem, orders = day
    parts = parts_of(problem, orders, count=3, turn=turn)
    assert sorted(s for part in parts for s in part.shifts) == list(range(10))
    assert sorted(j for part in parts for j in part.jobs) == list(range(120))
    assert [validate(part.problem) for part in parts] == [[]] * 3
    assert max(len(part.jobs) for part in parts) <= 60


def test_parts_put_together_are_the_whole(day: tuple[Problem, Orders]) -> None:
    """A plan cut and joined is the same plan; what the parts cost is what the whole costs."""
    problem, orders = day
    parts = parts_of(problem, orders, count=3, turn=0)
    assert tuple(joined(orders, parts, [part.orders for part in parts])) == orders
    costs = [reschedule(part.problem, part.orders).cost_ueur for part in parts]
    assert sum(costs) == reschedule(problem, orders).cost_ueur
    assert check(problem, reschedule(problem, orders)) == ()


def test_another_turn_draws_other_borders(day: tuple[Problem, Orders]) -> None:
    """Shifts that lay in different parts in one turn lie in the same part in another."""
    problem, orders = day
    cuts = [
        {part.shifts for part in parts_of(problem, orders, count=3, turn=turn)} for turn in range(4)
    ]
    pairs = [{pair for part in cut for pair in combinations(part, 2)} for cut in cuts]
    assert len(set.union(*pairs)) > max(len(some) for some in pairs)
    assert cuts[0] != cuts[1]


def test_neighbours_stay_together() -> None:
    """Of two routes in the west and two in the east, each pair is a part."""
    places = [1, 2, 1, 2, 8, 9, 8, 9]
    problem = a_problem(jobs=[a_job(x) for x in places], shifts=[a_shift()] * 4)
    orders = [[job_visit(0), job_visit(1)], [job_visit(4), job_visit(5)]]
    orders += [[job_visit(2), job_visit(3)], [job_visit(6), job_visit(7)]]
    found = {part.shifts for part in parts_of(problem, orders, count=2, turn=0)}
    assert found == {(0, 2), (1, 3)}


def test_what_names_shifts_and_jobs_names_those_of_the_part() -> None:
    """Relations, conflicts, allowed and published shifts are told in the part's own numbers."""
    jobs = [
        a_job(1),
        a_job(2, shifts=frozenset({0, 1}), published=1, move_ueur=EUR),
        a_job(8, published=0, move_ueur=EUR),
        a_job(9),
    ]
    bond = Relation(order=Order.SEQUENCE, shift=1, visits=(job_visit(2), job_visit(3)))
    problem = replace(
        a_problem(jobs=jobs, shifts=[a_shift()] * 2),
        relations=(bond,),
        conflicts=((0, 1), (2, 3)),
        uneven_ueur_per_s=1,
    )
    orders = ((job_visit(0),), (job_visit(2), job_visit(3)))
    west, east = parts_of(problem, orders, count=2, turn=0)
    assert (west.jobs, east.jobs) == ((0, 1), (2, 3))
    assert west.problem.jobs[1].shifts == frozenset({0})
    assert (west.problem.jobs[1].published, west.problem.jobs[1].move_ueur) == (-1, 0)
    assert east.problem.relations == (replace(bond, shift=0, visits=east.orders[0]),)
    assert west.problem.conflicts == east.problem.conflicts == ((0, 1),)
    assert {west.problem.uneven_ueur_per_s, east.problem.uneven_ueur_per_s} == {0}


def test_a_job_nobody_can_do_is_in_no_part() -> None:
    """It is left by the whole, whatever the parts answer."""
    problem = a_problem(
        jobs=[a_job(1), a_job(9), a_job(5, skills=frozenset({7}))], shifts=[a_shift()] * 2
    )
    parts = parts_of(problem, [[job_visit(0)], [job_visit(1)]], count=2, turn=0)
    assert [part.jobs for part in parts] == [(0,), (1,)]
    assert all(v.kind is StopKind.JOB for part in parts for order in part.orders for v in order)


def test_an_empty_plan_is_cut_too() -> None:
    """Before anything is planned, jobs go with shifts that may do them."""
    problem = a_day(5, jobs=30, shifts=4)
    parts = parts_of(problem, [()] * 4, count=2, turn=0)
    assert sorted(j for part in parts for j in part.jobs) == list(range(30))
