"""Publishing, closing and discarding over HTTP, and the book of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.api.guard import EverybodyIs
from dispatch.domain.access import Role
from dispatch.domain.ids import PlanId
from dispatch.domain.job import Organisation
from dispatch.domain.plan import Violation
from tests.helpers.asgi import call
from tests.helpers.doors import an_actor
from tests.helpers.plans import a_plan

if TYPE_CHECKING:
    from fastapi import FastAPI

    from dispatch.store import Store


def add_draft(store: Store, *, hard: bool = False) -> None:
    """Store plan-2, a draft made while plan-1 is in force."""
    broken = Violation(code="V101", subject="shift x", amount=1, text="late", hard=hard)
    with store.begin() as tx:
        tx.add_plan(a_plan("plan-2", revision=2, violations=(broken,)), based_on=PlanId("plan-1"))


def test_a_draft_is_published_and_the_day_closed(app: FastAPI, store: Store) -> None:
    """The answer says where the plan stands; the plans and their list say so too."""
    add_draft(store)
    assert call(app, "GET", "/api/v1/plans/plan-2").json()["status"] == "draft"
    published = call(app, "POST", "/api/v1/plans/plan-2/publish")
    head = published.json()
    assert (published.status, head["status"], head["in_force"]) == (200, "published", True)
    heads = call(app, "GET", "/api/v1/plans").json()
    assert [(one["id"], one["status"], one["based_on"]) for one in heads] == [
        ("plan-2", "published", "plan-1"),
        ("plan-1", "replaced", None),
    ]
    assert call(app, "POST", "/api/v1/plans/plan-2/close").json()["status"] == "closed"
    again = call(app, "POST", "/api/v1/plans/plan-2/close")
    assert (again.status, again.json()["issues"][0]["code"]) == (409, "C502")


def test_a_broken_draft_is_refused_and_discarded(app: FastAPI, store: Store) -> None:
    """A hard violation is a 409 with its V-code; the draft can be thrown away."""
    add_draft(store, hard=True)
    refused = call(app, "POST", "/api/v1/plans/plan-2/publish")
    assert refused.status == 409
    assert "V101" in refused.json()["issues"][0]["cause"]
    assert call(app, "POST", "/api/v1/plans/plan-2/discard").json()["status"] == "discarded"
    assert call(app, "GET", "/api/v1/plans/plan-2").json()["status"] == "discarded"


def test_a_plan_nobody_knows(app: FastAPI) -> None:
    """It is a 404 with its code."""
    answer = call(app, "POST", "/api/v1/plans/nope/publish")
    assert (answer.status, answer.json()["issues"][0]["code"]) == (404, "DB204")


def test_changes_are_read_by_those_they_concern(app: FastAPI, store: Store) -> None:
    """A dispatcher of the parks sees nothing of USB's plan, and may not change it."""
    add_draft(store)
    call(app, "POST", "/api/v1/plans/plan-2/publish")
    (entry,) = call(app, "GET", "/api/v1/audit?subject=plan/plan-2").json()
    assert (entry["action"], entry["actor_id"], entry["organisation"]) == (
        "plan.published", "local", "usb"
    )  # fmt: skip
    app.state.gate = EverybodyIs(an_actor(Role.DISPATCHER, organisation=Organisation.PARKS))
    assert call(app, "GET", "/api/v1/audit").json() == []
    assert call(app, "POST", "/api/v1/plans/plan-2/close").status == 403
    app.state.gate = EverybodyIs(an_actor(Role.DISPATCHER))
    assert len(call(app, "GET", "/api/v1/audit?limit=1").json()) == 1
    assert call(app, "GET", f"/api/v1/audit?before={entry['number']}").json() == []
