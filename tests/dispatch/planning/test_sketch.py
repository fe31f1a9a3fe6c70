"""A published plan turned into something that can be edited is still the same plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.ids import FacilityId, JobId
from dispatch.domain.job import Dimension, Load
from dispatch.planning.check import check
from dispatch.planning.desk import Desk
from dispatch.planning.effect import plan_of_sketch, verdict_on
from dispatch.planning.explain import explain
from dispatch.planning.problem import job_visit, reload_visit
from dispatch.planning.publish import make_plan
from dispatch.planning.reschedule import reschedule
from dispatch.planning.sketch import bonds_of, sketch_of
from dispatch.planning.turns import plan_of
from tests.helpers.city_builders import a_city_facility, a_city_job, a_city_shift, a_header
from tests.helpers.city_builders import built as built_of

if TYPE_CHECKING:
    from dispatch.domain.plan import Plan
    from dispatch.planning.build import BuiltProblem
    from dispatch.planning.solution import Solution

AT_SIX = 6 * 3600


def glass_day(jobs: int, shifts: int, *, at_once: int | None) -> BuiltProblem:
    """Return jobs of a third of a load each, and one place to unload for everybody."""
    work = [
        a_city_job(
            f"j{n}",
            east=(7 * n) % 19 + 1,
            leave_price_ct=50_000,
            loads=(Load(dimension=WHITE, amount=900 + 100 * (n % 5)),),
        )
        for n in range(jobs)
    ]
    crews = [a_city_shift(f"s{n}") for n in range(shifts)]
    return built_of(work, crews, [a_city_facility(at_once=at_once)])


WHITE = Dimension.WHITE_GLASS_L


def searched(built: BuiltProblem) -> Solution:
    """Return a good plan of the day, with breaks, unloading and turns."""
    desk = Desk(built.problem, [() for _ in built.shifts])
    desk.fill()
    desk.rebuild(seconds=60, seed=1, steps=600)
    return plan_of(built.problem, desk)


def published(built: BuiltProblem, solution: Solution) -> Plan:
    """Return the solution as a plan."""
    return make_plan(
        built,
        solution,
        header=a_header(),
        violations=check(built.problem, solution),
        unassigned=explain(built, solution, seconds=0),
    )


@pytest.mark.parametrize("at_once", [None, 1, 2])
@pytest.mark.parametrize(("jobs", "shifts"), [(9, 2), (24, 3), (40, 4)])
def test_a_published_plan_read_back_has_the_same_times_and_the_same_bill(
    jobs: int, shifts: int, at_once: int | None
) -> None:
    """Names to numbers and back again, all timed anew: not a second and not a cent is another."""
    built = glass_day(jobs, shifts, at_once=at_once)
    plan = published(built, searched(built))
    assert any(stop.facility_id for route in plan.routes for stop in route.stops)
    basis, sketch = sketch_of(plan, built, AT_SIX - 1)
    again = plan_of_sketch(basis, sketch, a_header(), before=plan)
    assert again.routes == plan.routes
    assert again.bill == plan.bill
    assert (again.unassigned, again.violations) == (plan.unassigned, ())
    assert verdict_on(basis, sketch).bill == plan.bill
    assert basis.lost == ()


def test_a_plan_cut_in_its_day_is_the_same_plan_too() -> None:
    """Whenever it is opened, what is done keeps its times and the rest comes out as it was."""
    built = glass_day(24, 3, at_once=1)
    plan = published(built, searched(built))
    for hour in (7, 9, 11, 13):
        basis, sketch = sketch_of(plan, built, hour * 3600)
        assert any(basis.behind(shift) for shift in range(3))
        again = plan_of_sketch(basis, sketch, a_header(), before=plan)
        assert again.routes == plan.routes
        assert again.bill == plan.bill
        assert again.violations == ()


def test_what_is_fixed_by_hand_is_part_of_the_plan() -> None:
    """Pins, locks and jobs taken out are read back from a plan as they were written into it."""
    built = built_of([a_city_job(f"j{n}", east=n + 1) for n in range(4)])
    solution = reschedule(built.problem, [[job_visit(n) for n in range(3)]])
    morning = published(built, solution)
    basis, sketch = sketch_of(morning, built, 0)
    one, two, three = (visit.index for visit in sketch.orders[0])
    fixed = replace(
        sketch, pinned={one: 0}, locked=frozenset({two, three}), excluded=frozenset(sketch.left)
    )
    plan = plan_of_sketch(basis, fixed, a_header(), before=morning)
    assert [u.code for u in plan.unassigned] == ["excluded"]
    _, again = sketch_of(plan, built, 0)
    assert (again.pinned, again.locked, again.excluded) == (
        fixed.pinned,
        fixed.locked,
        fixed.excluded,
    )
    assert [(bond.order, len(bond.visits)) for bond in bonds_of(again)] == [
        ("sequence", 2),
        ("any", 1),
    ]


def test_what_the_city_has_no_more_is_told() -> None:
    """A job that was cancelled, a closed facility and a crew that left: their stops are gone."""
    jobs = [a_city_job(f"j{n}", east=n + 1) for n in range(3)]
    built = built_of(jobs, [a_city_shift("s0"), a_city_shift("s1")], [a_city_facility()])
    orders = [[job_visit(0)], [job_visit(1), reload_visit(0), job_visit(2)]]
    plan = published(built, reschedule(built.problem, orders))
    place = replace(built.facilities[0], id=FacilityId("f2"))
    later = built_of(built.jobs[:2], built.shifts[1:], [place])
    basis, sketch = sketch_of(plan, later, 0)
    assert basis.lost == ("shift s0", "facility f1", "job j2")
    (route,) = plan_of_sketch(basis, sketch, a_header(), before=plan).routes
    assert route.job_ids == (JobId("j1"),)
    assert [basis.rest.jobs[job].id for job in sketch.left] == [JobId("j0")]


def test_a_job_that_came_later_is_left_in_the_sketch() -> None:
    """The plan of the morning does not know it; the day does."""
    built = built_of([a_city_job("j1")])
    plan = published(built, reschedule(built.problem, [[job_visit(0)]]))
    later = built_of([a_city_job("j1"), a_city_job("j2", east=2)])
    basis, sketch = sketch_of(plan, later, 0)
    assert [basis.rest.jobs[job].id for job in sketch.left] == [JobId("j2")]
