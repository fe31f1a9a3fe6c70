"""The life of a plan: draft, published, replaced or closed, or discarded; and its jobs' with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.access import Role
from dispatch.domain.errors import Conflict, NotAllowed
from dispatch.domain.ids import JobId, PlanId
from dispatch.domain.job import JobKind, JobStatus, Organisation
from dispatch.domain.plan import PlanStatus, Violation
from dispatch.service.publish import PlanChange, close, discard, publish
from tests.helpers.doors import an_actor
from tests.helpers.plans import a_plan, a_route
from tests.helpers.towns import NOW, TODAY
from tests.helpers.work import a_job, save

if TYPE_CHECKING:
    from dispatch.domain.access import Actor
    from dispatch.domain.plan import Plan
    from dispatch.store import Store

USB, PARKS = Organisation.USB, Organisation.PARKS
CHIEF = an_actor(Role.ADMIN)


def a_draft(store: Store, name: str, *jobs: str, based_on: str | None = None, **parts: Any) -> Plan:
    """Return a stored draft of USB with a route for each of these jobs."""
    routes = tuple(a_route(job, job=job) for job in jobs)
    fields = {"day": TODAY, "routes": routes, "unassigned": (), "violations": ()} | parts
    with store.begin() as tx:
        revision = tx.next_revision(TODAY, USB)
        plan = a_plan(name, **{"revision": revision} | fields)
        tx.add_plan(plan, based_on=None if based_on is None else PlanId(based_on))
    return plan


def change(plan: Plan | str, actor: Actor = CHIEF) -> PlanChange:
    """Return what somebody wants to be done to the plan."""
    name = plan if isinstance(plan, str) else plan.id
    return PlanChange(plan_id=PlanId(name), actor=actor, now=NOW)


def statuses(store: Store) -> dict[str, JobStatus]:
    """Return where every job stands."""
    with store.read() as tx:
        return {job.id: job.status for job in tx.jobs()}


def state(store: Store, plan: Plan) -> PlanStatus:
    """Return where the plan stands."""
    with store.read() as tx:
        return tx.plan_state(plan.id).status


@pytest.fixture
def working_town(town: Store) -> Store:
    """Return the town with two jobs."""
    save(town, a_job("glas"), a_job("baum", kind=JobKind.WATER))
    return town


def test_a_published_plan_is_in_force_and_its_jobs_are_planned(working_town: Store) -> None:
    """Until then a draft changes nothing; what it leaves stays open."""
    draft = a_draft(working_town, "a", "glas")
    with working_town.read() as tx:
        assert tx.current_plans(TODAY) == []
    assert publish(change(draft), store=working_town) == draft
    assert state(working_town, draft) is PlanStatus.PUBLISHED
    assert statuses(working_town) == {"glas": JobStatus.PLANNED, "baum": JobStatus.OPEN}
    with working_town.read() as tx:
        assert tx.current_plan(TODAY, USB) == draft


def test_the_next_revision_replaces_it_and_frees_what_it_dropped(working_town: Store) -> None:
    """Jobs only the old plan had are open again; exactly one plan is published."""
    first = publish(change(a_draft(working_town, "a", "glas")), store=working_town)
    second = publish(change(a_draft(working_town, "b", "baum", based_on="a")), store=working_town)
    assert state(working_town, first) is PlanStatus.REPLACED
    assert statuses(working_town) == {"glas": JobStatus.OPEN, "baum": JobStatus.PLANNED}
    with working_town.read() as tx:
        assert [plan.id for plan in tx.plans_in_force()] == [second.id]


def test_a_draft_of_an_older_state_is_refused(working_town: Store) -> None:
    """Two drafts are made from the same plan; the first published wins, the other says C503."""
    first, second = (a_draft(working_town, name, "glas") for name in "ab")
    publish(change(first), store=working_town)
    with pytest.raises(Conflict, match=r"C503 plan b: .*\(revision 1\)"):
        publish(change(second), store=working_town)
    assert state(working_town, second) is PlanStatus.DRAFT


def test_hard_violations_keep_a_plan_from_being_published(working_town: Store) -> None:
    """Every one is told with its V-code; soft ones do not matter."""
    hard = [Violation(code=f"V10{n}", subject="shift x", amount=1, text="late") for n in (1, 2)]
    soft = replace(hard[0], hard=False)
    broken = a_draft(working_town, "a", "glas", violations=(*hard, soft))
    with pytest.raises(Conflict) as refused:
        publish(change(broken), store=working_town)
    assert [issue.code for issue in refused.value.issues] == ["C501", "C501"]
    assert "V102" in refused.value.issues[1].cause
    assert statuses(working_town)["glas"] is JobStatus.OPEN
    publish(change(a_draft(working_town, "b", "glas", violations=(soft,))), store=working_town)


def test_a_job_that_is_over_or_on_another_plan_is_not_published_again(working_town: Store) -> None:
    """A job cancelled since the draft, and one that the parks do already, are told with C504."""
    draft = a_draft(working_town, "a", "glas", "baum")
    parks = a_draft(working_town, "p", "baum", organisation=PARKS)
    publish(change(parks), store=working_town)
    save(working_town, replace(a_job("glas"), status=JobStatus.CANCELLED))
    with pytest.raises(Conflict) as refused:
        publish(change(draft), store=working_town)
    told = [(issue.code, issue.subject, issue.cause) for issue in refused.value.issues]
    assert told == [
        ("C504", "job baum", "it is on another plan in force"),
        ("C504", "job glas", "it is cancelled meanwhile"),
    ]


def test_what_is_done_already_stays_on_a_plan_made_anew(working_town: Store) -> None:
    """A plan changed in the day keeps its finished stops, and its jobs stay done."""
    publish(change(a_draft(working_town, "a", "glas")), store=working_town)
    save(working_town, replace(a_job("glas"), status=JobStatus.DONE))
    publish(change(a_draft(working_town, "b", "glas", "baum", based_on="a")), store=working_town)
    assert statuses(working_town) == {"glas": JobStatus.DONE, "baum": JobStatus.PLANNED}


def test_closing_a_day_opens_what_nobody_reported(working_town: Store) -> None:
    """Done stays done, the rest is open again; the closed plan still is the plan of its day."""
    plan = publish(change(a_draft(working_town, "a", "glas", "baum")), store=working_town)
    save(working_town, replace(a_job("glas"), status=JobStatus.DONE))
    close(change(plan), store=working_town)
    assert statuses(working_town) == {"glas": JobStatus.DONE, "baum": JobStatus.OPEN}
    with working_town.read() as tx:
        assert tx.current_plan(TODAY, USB) == plan
    with pytest.raises(Conflict, match="C502 plan b: the plan of that day is closed"):
        publish(change(a_draft(working_town, "b", "baum", based_on="a")), store=working_town)


def test_closing_leaves_jobs_that_tomorrow_has_planned(working_town: Store) -> None:
    """What was not done today and is on tomorrow's plan stays planned."""
    today = publish(change(a_draft(working_town, "a", "glas")), store=working_town)
    tomorrow = a_draft(working_town, "b", "glas", day=TODAY + timedelta(days=1))
    evening = NOW + timedelta(days=365)  # the route of this test lies in October
    publish(replace(change(tomorrow), now=evening), store=working_town)
    close(replace(change(today), now=NOW), store=working_town)
    assert statuses(working_town)["glas"] is JobStatus.PLANNED


@pytest.mark.parametrize("use_case", [publish, discard])
def test_only_a_draft_is_published_or_discarded(working_town: Store, use_case: object) -> None:
    """A plan in force cannot be thrown away or published twice; a draft cannot be closed."""
    plan = publish(change(a_draft(working_town, "a", "glas")), store=working_town)
    with pytest.raises(Conflict, match="C502 plan a: the plan is published, not draft"):
        use_case(change(plan), store=working_town)  # type: ignore[operator]  # one of two
    with pytest.raises(Conflict, match="C502 plan b: the plan is draft, not published"):
        close(change(a_draft(working_town, "b", based_on="a")), store=working_town)


def test_a_discarded_draft_stays_stored_and_is_never_published(working_town: Store) -> None:
    """Its revision is told and cannot come into force."""
    draft = a_draft(working_town, "a", "glas")
    discard(change(draft), store=working_town)
    assert state(working_town, draft) is PlanStatus.DISCARDED
    with pytest.raises(Conflict, match="C502"):
        publish(change(draft), store=working_town)


def test_a_dispatcher_changes_only_the_own_plans(working_town: Store) -> None:
    """The parks' dispatcher cannot publish USB's plan."""
    parks = an_actor(Role.DISPATCHER, organisation=PARKS)
    with pytest.raises(NotAllowed, match="Z302"):
        publish(change(a_draft(working_town, "a", "glas"), parks), store=working_town)


def test_every_change_is_written_down(working_town: Store) -> None:
    """Who, when, what and how many jobs changed; of a change that was refused there is no word."""
    plan = a_draft(working_town, "a", "glas")
    publish(change(plan), store=working_town)
    with pytest.raises(Conflict):
        publish(change(plan), store=working_town)
    close(change(plan), store=working_town)
    with working_town.read() as tx:
        closed, published = tx.audit(subject="plan/a")
    assert (published.action, published.at, published.actor_id) == ("plan.published", NOW, CHIEF.id)
    assert published.organisation is USB
    assert published.details == {
        "day": TODAY.isoformat(), "revision": 1, "planned": 1, "freed": 0
    }  # fmt: skip
    assert (closed.action, closed.details["freed"]) == ("plan.closed", 1)


def test_a_day_without_the_job_in_the_store_is_published(working_town: Store) -> None:
    """A plan may name a job that was deleted since; it changes no job."""
    plan = a_draft(working_town, "a", "weg")
    publish(change(plan), store=working_town)
    assert JobId("weg") not in statuses(working_town)


def test_the_same_day_of_another_organisation_is_another_plan(working_town: Store) -> None:
    """Both are in force side by side."""
    publish(change(a_draft(working_town, "a", "glas")), store=working_town)
    publish(change(a_draft(working_town, "p", "baum", organisation=PARKS)), store=working_town)
    with working_town.read() as tx:
        assert [plan.id for plan in tx.current_plans(TODAY)] == ["p", "a"]
        assert tx.current_plans(date(2026, 1, 1)) == []
