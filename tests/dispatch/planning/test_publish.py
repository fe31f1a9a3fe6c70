"""A plan says in names and clock times what a solution says in indices."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.clock import BERLIN, at_local
from dispatch.domain.errors import Conflict
from dispatch.domain.job import Dimension, Load
from dispatch.domain.plan import Plan, StopKind, Violation
from dispatch.planning.check import check
from dispatch.planning.explain import explain
from dispatch.planning.problem import Visit, job_visit, reload_visit
from dispatch.planning.publish import bill_of, make_plan, with_geometry
from dispatch.planning.reschedule import reschedule
from dispatch.planning.solution import CostLine
from tests.helpers.city_builders import DAY, a_city_facility, a_city_job, a_header, built, hours, km

if TYPE_CHECKING:
    from dispatch.planning.build import BuiltProblem

WHITE, WATER = Dimension.WHITE_GLASS_L, Dimension.WATER_L


def planned(made: BuiltProblem, order: list[Visit], *, allow_violations: bool = False) -> Plan:
    """Return the plan with this one order, checked and explained."""
    solution = reschedule(made.problem, [order])
    return make_plan(
        made,
        solution,
        header=a_header(allow_violations=allow_violations),
        violations=check(made.problem, solution),
        unassigned=explain(made, solution),
    )


def a_plan() -> Plan:
    """Return a plan of one glass job, one watering job and an unloading between."""
    water = (Load(dimension=WATER, amount=120),)
    jobs = [a_city_job("glass", east=1), a_city_job("tree", east=3, loads=water)]
    made = built(jobs, facilities=[a_city_facility(east=2)])
    return planned(made, [job_visit(0), reload_visit(0), job_visit(1)])


def test_the_route_is_written_out_in_names_and_times() -> None:
    """Every halt has its name and aware Berlin times."""
    stops = a_plan().routes[0].stops
    assert [(s.kind.value, s.name, f"{s.arrives_at:%H:%M:%S}") for s in stops] == [
        ("start", "Depot", "06:00:00"),
        ("job", "Site glass", "06:16:40"),
        ("reload", "Glass works", "06:39:20"),
        ("job", "Site tree", "07:06:00"),
        ("end", "Depot", "08:02:00"),
    ]
    assert all(stop.arrives_at.tzinfo is BERLIN for stop in stops)
    assert [stop.job_id for stop in stops] == [None, "glass", None, "tree", None]
    assert stops[2].facility_id == "f1"


def test_glass_on_board_grows_and_water_runs_down() -> None:
    """At departure: collected glass, and the water that is still left to give."""
    loads = [
        {load.dimension: load.amount for load in stop.loads} for stop in a_plan().routes[0].stops
    ]
    assert [(on[WHITE], on[WATER]) for on in loads] == [
        (0, 500),
        (1000, 500),
        (0, 500),
        (0, 380),
        (0, 380),
    ]


def test_the_sums_of_a_route_add_up() -> None:
    """Driving, work and waiting fill the time from start to end."""
    route = a_plan().routes[0]
    assert (route.travel_s, route.distance_m) == (6000, 6000)
    assert (route.service_s, route.wait_s) == (2 * 360 + 600, 0)
    assert [stop.leg.distance_m for stop in route.stops if stop.leg] == [1000, 1000, 1000, 3000]
    assert route.stops[0].leg is None


def test_waiting_is_counted() -> None:
    """An early crew waits for the window; setup is done before."""
    made = built([a_city_job(windows=(hours(time(8), time(9)),))])
    route = planned(made, [job_visit(0)]).routes[0]
    assert route.stops[1].starts_at == at_local(DAY, time(8))
    assert route.wait_s == 7200 - 1000 - 60


def test_a_break_is_a_stop_of_its_own() -> None:
    """The crew reads when and where it rests; a break is no waiting and no work."""
    made = built([a_city_job(f"j{i}", service_s=8000, setup_s=0) for i in range(3)])
    route = planned(made, [job_visit(0), job_visit(1), job_visit(2)]).routes[0]
    rest = next(stop for stop in route.stops if stop.kind is StopKind.BREAK)
    assert (rest.name, rest.location) == ("Pause", km(1))
    assert (route.service_s, route.wait_s) == (24_000, 0)


def test_an_idle_shift_has_no_route() -> None:
    """The plan shows only what happens; the job left has its reason in it."""
    plan = planned(built([a_city_job(leave_price_ct=0)]), [])
    assert plan.routes == ()
    assert [left.code for left in plan.unassigned] == ["left_on_cost"]


def test_the_bill_adds_up_to_the_cent() -> None:
    """The lines in cents sum to the cost, rounded once."""
    made = built([a_city_job()])
    solution = reschedule(made.problem, [[]])
    lines = [CostLine(code=line.code, amount_ueur=16_666) for line in solution.cost_lines]
    bill = bill_of(replace(solution, cost_lines=tuple(lines)))
    assert sum(line.amount_ct for line in bill) == 13
    assert {line.amount_ct for line in bill} == {1, 2}


def test_the_bill_holds_money_only() -> None:
    """The surcharge for a required job steers the search and is paid by nobody."""
    made = built([a_city_job(required=True, leave_price_ct=1_234)])
    solution = reschedule(made.problem, [[]])
    assert solution.cost_ueur > 1_234 * 10_000
    bill = {line.code: line.amount_ct for line in bill_of(solution, left_out_ct=66)}
    assert "required_left" not in bill
    assert bill["jobs_left"] == 1_300


def test_the_bill_is_the_cost() -> None:
    """What the plan costs is what the solver minimised."""
    made = built([a_city_job()])
    plan = planned(made, [job_visit(0)])
    cost_ueur = reschedule(made.problem, [[job_visit(0)]]).cost_ueur
    assert plan.cost_ct == round(cost_ueur / 10_000)


def broken() -> BuiltProblem:
    """Return a problem whose only order misses a window."""
    return built([a_city_job(windows=(hours(time(5), time(6, 10)),))])


def test_a_plan_with_hard_violations_is_refused() -> None:
    """Nobody gets a plan that cannot be driven; the refusal names rule and job."""
    with pytest.raises(Conflict) as caught:
        planned(broken(), [job_visit(0)])
    (issue,) = caught.value.issues
    assert (issue.code, issue.subject) == ("C501", "job j1")
    assert "V201" in issue.cause


def test_a_draft_may_have_violations_and_shows_them() -> None:
    """A dispatcher sees what a hand-made route would break, with ids instead of indices."""
    plan = planned(broken(), [job_visit(0)], allow_violations=True)
    assert [(v.code, v.subject) for v in plan.violations] == [("V201", "job j1")]


def test_a_soft_violation_does_not_stop_a_plan() -> None:
    """Only hard ones do."""
    made = built([a_city_job()])
    soft = Violation(code="V999", subject="plan", amount=1, text="a wish", hard=False)
    plan = make_plan(
        made, reschedule(made.problem, [[]]), header=a_header(), violations=[soft], unassigned=()
    )
    assert plan.violations == (soft,)


def test_lines_on_the_map_are_added_to_the_legs() -> None:
    """Geometry comes from the street graph, one line per leg; too few are an error."""
    route = a_plan().routes[0]
    lines = [(km(0), km(1)), (km(1), km(2)), (km(2), km(3)), (km(3), km(0))]
    drawn = with_geometry(route, lines)
    assert [stop.leg.geometry for stop in drawn.stops if stop.leg] == lines
    assert [stop.leg.duration_s for stop in drawn.stops if stop.leg] == [1000, 1000, 1000, 3000]
    with pytest.raises(ValueError, match="shorter"):
        with_geometry(route, lines[:-1])
