"""Which jobs an organisation plans, and how several share a day."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import NothingToPlan
from dispatch.domain.ids import PlanId
from dispatch.domain.job import JobKind, Organisation, Skill
from dispatch.planning.solution import Budget
from dispatch.service.plan_together import plan_together, requests_of_all
from dispatch.service.scope import work_of
from dispatch.service.workers import InProcess
from graphs.provider import CrowFlies
from tests.helpers.databases import fresh_store
from tests.helpers.plans import a_plan, a_route
from tests.helpers.towns import NOW, TODAY, a_town
from tests.helpers.work import a_job, save, served, three_jobs

if TYPE_CHECKING:
    from dispatch.domain.plan import Plan
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution
    from dispatch.store import Store

USB, PARKS = Organisation.USB, Organisation.PARKS
SUNDAY = date(2026, 7, 19)
BUDGET = Budget(time_limit_s=10, solution_limit=20)
POND_CARE = frozenset({Skill.POND_CARE})


def jobs_of(store: Store, organisation: Organisation, day: date = TODAY) -> set[str]:
    """Return the ids of the jobs that are the organisation's to plan."""
    with store.read() as tx:
        return {job.id for job in work_of(tx, day, organisation, now=NOW).jobs}


def both_planned(store: Store, day: date = TODAY) -> tuple[Plan, ...]:
    """Return the plans of all organisations."""
    requests = requests_of_all(day, now=NOW, budget=BUDGET)
    return plan_together(requests, store=store, streets=CrowFlies(), solver=InProcess())


def test_an_organisation_plans_its_own_jobs_and_those_its_shifts_can_do(town: Store) -> None:
    """A job of nobody in particular goes to who has the skills, to both if both have."""
    mine = a_job("tor", kind=JobKind.CHECK, organisation=USB, skills=frozenset())
    both = a_job("laub", kind=JobKind.CLEAN, skills=POND_CARE)
    save(town, *three_jobs(), mine, both)
    assert jobs_of(town, USB) == {"glas", "tor", "laub"}
    assert jobs_of(town, PARKS) == {"baum", "teich", "laub"}
    with town.read() as tx:
        shifts = work_of(tx, TODAY, PARKS, now=NOW).shifts
    assert {shift.crew.organisation for shift in shifts} == {PARKS}


def test_a_job_on_the_others_plan_in_force_is_not_planned_twice(town: Store) -> None:
    """What the other organisation serves already is out; what it left may still be done."""
    both = a_job("laub", kind=JobKind.CLEAN, skills=POND_CARE)
    save(town, both)
    plan = a_plan("p", day=TODAY, organisation=PARKS, routes=(a_route(job="laub"),))
    with town.begin() as tx:
        tx.add_plan(plan)
        tx.set_current(plan)
    assert (jobs_of(town, USB), jobs_of(town, PARKS)) == (set(), {"laub"})
    left = replace(plan, id=PlanId("q"), revision=2, routes=())
    with town.begin() as tx:
        tx.add_plan(left)
        tx.set_current(left)
    assert jobs_of(town, USB) == {"laub"}


def test_a_job_nobody_can_do_is_told_by_one_organisation(town: Store) -> None:
    """On a Sunday only the ponds' crew works: it tells that no one can empty the glass."""
    save(town, a_job("glas"), a_job("loch", kind=JobKind.CHECK, skills=frozenset({Skill.AERATOR})))
    assert (jobs_of(town, USB, SUNDAY), jobs_of(town, PARKS, SUNDAY)) == (set(), {"glas", "loch"})


def test_no_job_is_on_two_plans_of_a_day(town: Store) -> None:
    """Both could do it; the one that is planned first takes it."""
    save(town, *three_jobs(), a_job("laub", kind=JobKind.CLEAN, skills=POND_CARE, required=True))
    usb, parks = both_planned(town)
    assert (usb.organisation, parks.organisation) == (USB, PARKS)
    assert not served(usb) & served(parks)
    assert served(usb) | served(parks) == {"glas", "baum", "teich", "laub"}


def test_an_organisation_with_nothing_to_do_is_no_error(town: Store) -> None:
    """With glass alone to empty there is one plan; on a Sunday the ponds' crew has one."""
    save(town, a_job("glas"))
    assert [plan.organisation for plan in both_planned(town)] == [USB]
    save(town, a_job("teich", kind=JobKind.AERATE))
    assert [plan.organisation for plan in both_planned(town, SUNDAY)] == [PARKS]


def test_when_no_organisation_has_anything_to_plan_each_says_why() -> None:
    """No crew of USB works on a Sunday, and the parks' crew has no job."""
    with closing(fresh_store()) as store:
        with store.begin() as tx:
            tx.save_city(a_town())
        with pytest.raises(NothingToPlan) as refused:
            both_planned(store, SUNDAY)
    told = [(issue.code, issue.subject) for issue in refused.value.issues]
    assert told == [("S301", f"{SUNDAY} usb"), ("S302", f"{SUNDAY} parks")]


class Clock:
    """A solver that notes how long each problem may be searched."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def solve(self, problem: Problem, *, budget: Budget, start: Solution | None = None) -> Solution:
        """Solve here, in the least time."""
        self.seconds.append(round(budget.time_limit_s, 6))
        return InProcess().solve(problem, budget=replace(budget, solution_limit=5), start=start)


def test_the_time_is_shared_by_the_number_of_jobs(town: Store) -> None:
    """One glass job and two of the parks' share nine seconds as three and six."""
    save(town, *three_jobs())
    clock = Clock()
    requests = requests_of_all(TODAY, now=NOW, budget=Budget(time_limit_s=9))
    plan_together(requests, store=town, streets=CrowFlies(), solver=clock)
    assert clock.seconds == [3.0, 6.0]
