"""From open jobs to the published plan of a day."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import InvalidInput, Issue, PlanningFailed
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import SiteId
from dispatch.domain.job import Dimension, JobKind, Load, Organisation, TimeWindow
from dispatch.domain.plan import StopKind
from dispatch.planning.solution import Budget
from dispatch.service.plan_day import PlanRequest, plan_day
from dispatch.service.plan_together import plan_together, requests_of_all
from dispatch.service.workers import InProcess
from graphs.provider import CrowFlies, MatrixProvider
from graphs.street_matrix import StreetMatrix
from scenarios.crews import CREW_TYPES, make_fleet
from scenarios.places import BOCHUM
from scenarios.streets import stand_in
from tests.helpers.databases import fresh_store
from tests.helpers.towns import NOW, TODAY, a_town
from tests.helpers.work import a_job, save, served, three_jobs

if TYPE_CHECKING:
    from dispatch.domain.fleet import Fleet
    from dispatch.domain.plan import Plan
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution
    from dispatch.store import Store

SUNDAY = date(2026, 7, 19)
BUDGET = Budget(time_limit_s=10, solution_limit=20)
WATER_L = Dimension.WATER_L
USB, PARKS = Organisation.USB, Organisation.PARKS


def planned(
    store: Store,
    *,
    organisation: Organisation = PARKS,
    day: date = TODAY,
    now: datetime = NOW,
    streets: MatrixProvider | None = None,
) -> Plan:
    """Return the plan after a small, exactly repeatable search."""
    request = PlanRequest(day=day, organisation=organisation, now=now, budget=BUDGET)
    return plan_day(request, store=store, streets=streets or CrowFlies(), solver=InProcess())


def test_every_job_is_served_or_explained(town: Store) -> None:
    """A job nobody can do is left with a reason that says so; the others are on routes."""
    giant = a_job("riese", kind=JobKind.WATER, loads=(Load(dimension=WATER_L, amount=99_000),))
    save(town, a_job("teich", kind=JobKind.AERATE, required=True), giant)
    plan = planned(town)
    assert served(plan) == {"teich"}
    assert [(left.job_id, left.code) for left in plan.unassigned] == [("riese", "no_capacity")]
    assert plan.violations == ()


def test_a_plan_says_what_would_get_a_job_in(town: Store) -> None:
    """The published plan that is stored has the remedy, for a crew of the day."""
    giant = a_job("riese", kind=JobKind.WATER, loads=(Load(dimension=WATER_L, amount=99_000),))
    save(town, a_job("teich", kind=JobKind.AERATE, required=True), giant)
    plan = planned(town)
    with town.read() as tx:
        (left,) = tx.current_plan(TODAY, PARKS).unassigned
        shifts = {shift.id for shift in tx.fleet().shifts_on(TODAY)}
    assert (left,) == plan.unassigned
    assert left.sought
    assert left.remedies[0].shift_id in shifts
    assert {change.kind for change in left.remedies[0].changes} == {"capacity"}


def test_required_work_is_on_a_route_of_a_crew_that_can_do_it(town: Store) -> None:
    """Tanker, crane lorry and aerator each get what only they can do; the checker is silent."""
    save(town, *three_jobs())
    requests = requests_of_all(TODAY, now=NOW, budget=BUDGET)
    plans = plan_together(requests, store=town, streets=CrowFlies(), solver=InProcess())
    crews = {j: route.crew_id for plan in plans for route in plan.routes for j in route.job_ids}
    assert {job: crew.split("-")[0] for job, crew in crews.items()} == {
        "glas": "glas",
        "baum": "gruen",
        "teich": "teich",
    }
    assert [(plan.unassigned, plan.violations) for plan in plans] == [((), ()), ((), ())]


def test_every_leg_is_drawn_and_joins_its_stops(town: Store) -> None:
    """Each drive has a line that begins where the stop before is and ends at its own."""
    save(town, *three_jobs())
    plan = planned(town)
    for route in plan.routes:
        for before, stop in pairwise(route.stops):
            assert stop.leg is not None
            assert stop.leg.geometry
            assert stop.leg.geometry[0] == before.location
            assert stop.leg.geometry[-1] == stop.location
        assert route.stops[0].kind is StopKind.START
        assert route.stops[0].leg is None


def test_revisions_count_up_and_the_newest_counts(town: Store) -> None:
    """Planning again makes revision 2 of that day, puts it in force and keeps revision 1."""
    save(town, *three_jobs())
    first, second = planned(town), planned(town, now=NOW + timedelta(minutes=5))
    assert (first.revision, second.revision) == (1, 2)
    assert first.id != second.id
    with town.read() as tx:
        assert tx.current_plan(TODAY, PARKS) == second
        assert tx.plan(first.id) == first
    evening = NOW + timedelta(hours=18)
    assert planned(town, day=date(2026, 7, 16), now=evening).revision == 1


def test_two_plans_of_the_same_moment_are_two_revisions(town: Store) -> None:
    """Asked twice within one second, both are kept and the later one counts."""
    save(town, *three_jobs())
    first, second = planned(town), planned(town)
    assert (first.revision, second.revision) == (1, 2)
    assert first.id != second.id


def test_the_plan_says_what_its_times_rest_on(town: Store) -> None:
    """Straight lines are named and marked: nobody may take them for streets."""
    save(town, *three_jobs())
    plan = planned(town)
    assert (plan.streets.stand_in, plan.created_at) == (True, NOW)
    assert "straight lines" in plan.streets.name
    assert plan.solver == "PyVRP, strings rebuilt, OR-Tools"


def test_the_bill_is_what_the_crews_cost(town: Store) -> None:
    """One glass crew at work pays its hours, kilometres and vehicle, and nothing was left."""
    save(town, a_job("glas", required=True))
    plan = planned(town, organisation=USB)
    assert [line.code for line in plan.bill if line.amount_ct]
    assert plan.cost_ct == sum(line.amount_ct for line in plan.bill) > 9_000


def test_a_day_without_shifts_is_refused() -> None:
    """On a Sunday without a Sunday crew S301 says that nobody works; nothing is stored."""
    workers = make_fleet(BOCHUM, tuple(line for line in CREW_TYPES if line.key != "teich"))
    with closing(fresh_store()) as store:
        with store.begin() as tx:
            tx.save_city(a_town(fleet=workers))
            tx.save_jobs([a_job("glas")])
        with pytest.raises(InvalidInput, match=f"S301 {SUNDAY} parks: no crew works"):
            planned(store, day=SUNDAY)
        with store.read() as tx:
            assert tx.plans() == []


def test_a_day_without_jobs_is_refused(town: Store) -> None:
    """With nothing to do S302 says how jobs are made."""
    with pytest.raises(InvalidInput, match=r"S302 2026-07-15 parks: there is no open job.*--make"):
        planned(town)


def test_jobs_made_for_another_day_are_not_planned_as_an_empty_day(town: Store) -> None:
    """S304 says that none of them can be done then; no empty plan comes into force."""
    today = TimeWindow(earliest=NOW, latest=NOW + timedelta(hours=8))
    save(town, a_job("glas", required=True, windows=(today,)))
    with pytest.raises(InvalidInput, match=r"S304 2026-07-17 usb: .*1 outside_day.*--make"):
        planned(town, organisation=USB, day=date(2026, 7, 17))
    with town.read() as tx:
        assert tx.plans() == []


def test_a_site_off_the_streets_is_left_with_that_reason(town: Store) -> None:
    """A required job far from any street is unassigned as unreachable, the rest is planned."""
    streets = StreetMatrix(stand_in(nodes=300))
    far = a_job("baum", kind=JobKind.WATER, location=LatLon(52.2, 8.5), required=True)
    near = a_job("teich", kind=JobKind.AERATE, location=LatLon(*graph_place(streets)))
    save(town, far, near, fleet=fleet_on(streets))
    plan = planned(town, streets=streets)
    assert [(left.job_id, left.code) for left in plan.unassigned] == [("baum", "unreachable")]
    assert "street" in plan.unassigned[0].text.en
    assert served(plan) == {"teich"}
    assert plan.streets.stand_in


def graph_place(streets: StreetMatrix, number: int = 0) -> tuple[float, float]:
    """Return the position of a junction that every lorry can reach."""
    graph = streets.graph("truck26")
    nodes = sorted({int(node) for node in graph.tail})
    node = nodes[len(nodes) // 2 + number]
    return float(streets.network.node_lat[node]), float(streets.network.node_lon[node])


def fleet_on(streets: StreetMatrix) -> Fleet:
    """Return the demo's fleet with all its yards and facilities at junctions."""
    fleet = make_fleet(BOCHUM)
    yard, hall = LatLon(*graph_place(streets, 5)), LatLon(*graph_place(streets, 9))
    return replace(
        fleet,
        depots=tuple(replace(depot, location=yard) for depot in fleet.depots),
        facilities=tuple(replace(place, location=hall) for place in fleet.facilities),
    )


class DeadSolver:
    """A solver whose process is gone."""

    def solve(self, problem: Problem, *, budget: Budget, start: Solution | None = None) -> Solution:
        """Raise what a broken pool becomes."""
        del problem, budget, start
        raise PlanningFailed(Issue(code="S303", subject="solver", cause="gone", action="again"))


def test_a_solver_that_dies_leaves_the_plan_in_force(town: Store) -> None:
    """Yesterday's revision still counts when the new one could not be made."""
    save(town, *three_jobs())
    first = planned(town)
    request = PlanRequest(day=TODAY, organisation=PARKS, now=NOW, budget=BUDGET)
    with pytest.raises(PlanningFailed, match="S303"):
        plan_day(request, store=town, streets=CrowFlies(), solver=DeadSolver())
    with town.read() as tx:
        assert tx.current_plan(TODAY, PARKS) == first
        assert len(tx.plans()) == 1


class Listener:
    """A solver that remembers what it was asked, and has no answer."""

    def __init__(self) -> None:
        self.asked: list[Problem] = []

    def solve(self, problem: Problem, *, budget: Budget, start: Solution | None = None) -> Solution:
        """Keep the problem; raise what a broken pool becomes."""
        self.asked.append(problem)
        return DeadSolver().solve(problem, budget=budget, start=start)


@pytest.mark.parametrize(("day", "slower"), [(TODAY, True), (date(2026, 7, 18), False)])
def test_the_solver_is_told_how_long_driving_takes_in_the_rush_hour(
    town: Store, day: date, slower: bool
) -> None:
    """On a Wednesday a leg takes twice as long at eight as at ten; on a Saturday it does not."""
    save(town, a_job("teich", kind=JobKind.AERATE))
    listener = Listener()
    with pytest.raises(PlanningFailed):
        plan_day(
            PlanRequest(day=day, organisation=PARKS, now=NOW, budget=BUDGET),
            store=town,
            streets=CrowFlies(speed_kmh=30),
            rush=CrowFlies(speed_kmh=15),
            solver=listener,
        )
    (problem,) = listener.asked
    leg = (problem.shifts[0], problem.shifts[0].start_location, problem.jobs[0].location)
    at_eight, at_ten = (problem.travel_s(*leg, hour * 3600) for hour in (8, 10))
    assert at_eight == pytest.approx(2 * at_ten if slower else at_ten, abs=1)


class NosySolver:
    """Solves here, and looks whether the database can be written meanwhile."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def solve(self, problem: Problem, *, budget: Budget, start: Solution | None = None) -> Solution:
        """Store another job while the search runs, then answer."""
        save(self._store, a_job("spaet", kind=JobKind.AERATE))
        return InProcess().solve(problem, budget=budget, start=start)


def test_the_database_is_free_while_the_solver_runs(town: Store) -> None:
    """Work that comes in during the search is stored at once, and is for the next revision."""
    save(town, a_job("glas"), a_job("baum", kind=JobKind.WATER))
    request = PlanRequest(day=TODAY, organisation=PARKS, now=NOW, budget=BUDGET)
    plan = plan_day(request, store=town, streets=CrowFlies(), solver=NosySolver(town))
    assert "spaet" not in served(plan) | {left.job_id for left in plan.unassigned}
    assert "spaet" in served(planned(town))


def test_a_job_on_todays_plan_is_not_planned_for_tomorrow_before_its_time(town: Store) -> None:
    """In the morning it is going to be done today; when its time has passed it may be planned."""
    save(town, a_job("teich", kind=JobKind.AERATE))
    planned(town)
    tomorrow = TODAY + timedelta(days=1)
    with pytest.raises(InvalidInput, match="S302 2026-07-16 parks"):
        planned(town, day=tomorrow)
    assert served(planned(town, day=tomorrow, now=NOW + timedelta(hours=18))) == {"teich"}


def test_planning_a_day_again_keeps_what_was_published(town: Store) -> None:
    """With the same work the routes stay, and no job moves to another crew for pennies."""
    trees = [
        a_job(f"baum-{n}", kind=JobKind.WATER, location=LatLon(51.48 + n / 200, 7.2), site_id=site)
        for n, site in enumerate((SiteId("glas-1"), SiteId("baum-0001"), SiteId("teich-1")))
    ]
    save(town, *trees)
    first, second = planned(town), planned(town, now=NOW + timedelta(minutes=5))
    with town.read() as tx:
        assert tx.plan_state(second.id).based_on == first.id
    assert [(route.crew_id, route.job_ids) for route in second.routes] == [
        (route.crew_id, route.job_ids) for route in first.routes
    ]
    assert second.cost_ct <= first.cost_ct
