"""Editing a plan by hand over the API: at once, never lost, and never another's."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.api.app import create_app
from dispatch.api.guard import EverybodyIs
from dispatch.domain.access import Role
from dispatch.domain.job import Dimension, Load, Organisation
from dispatch.service.edit_plan import Drafts
from graphs.provider import CrowFlies
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import Answer, call
from tests.helpers.databases import fresh_store
from tests.helpers.doors import an_actor, early_morning
from tests.helpers.handmade import MADE_AT, TODAY, a_glass_day, a_glass_job

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.domain.access import Actor
    from dispatch.domain.plan import Plan
    from dispatch.store import Store


class Desk:
    """A dispatcher at work on one service."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.draft = ""
        self.version = 0

    def open(self, plan: Plan) -> Any:
        """Open the plan for editing."""
        return self._told(call(self.app, "POST", f"/api/v1/plans/{plan.id}/edit"))

    def look(self) -> Any:
        """Return the draft as it is."""
        return self._told(call(self.app, "GET", f"/api/v1/drafts/{self.draft}"))

    def send(self, action: str, *edits: dict[str, Any], version: int | None = None) -> Answer:
        """Send edits, or another change, for the version at hand."""
        tag = {"If-Match": f'"{self.version if version is None else version}"'}
        path = f"/api/v1/drafts/{self.draft}/{action}"
        body = {"edits": list(edits)} if edits else None
        answer = call(self.app, "POST", path, headers=tag, json=body)
        if answer.status == 200 and action != "preview":
            self.version = answer.json()["draft"]["version"]
        return answer

    def _told(self, answer: Answer) -> Any:
        assert answer.status in (200, 201), answer.body
        told = answer.json()
        self.draft, self.version = told["id"], told["version"]
        assert answer.headers["etag"] == f'"{self.version}"'
        return told


@pytest.fixture
def day() -> Iterator[tuple[Store, Plan]]:
    """Return a database with a published plan: two glass crews with three jobs each, one left."""
    with closing(fresh_store()) as store:
        yield store, a_glass_day(store)


def service(
    store: Store, web_dir: Path, *, actor: Actor | None = None, now: datetime = MADE_AT
) -> FastAPI:
    """Return a service over that database, asked by somebody of USB the evening before."""
    return create_app(
        store,
        street_map=STREET_MAP,
        web_dir=web_dir,
        gate=EverybodyIs(actor or an_actor(Role.DISPATCHER)),
        now=lambda: now,
        drafts=Drafts(store, streets=CrowFlies()),
    )


def jobs_of(told: Any, shift: str) -> list[str]:
    """Return the jobs of a shift in their order, in a draft or an effect."""
    routes = {route["shift_id"]: route for route in told["routes"]}
    return [stop["job_id"] for stop in routes[shift]["stops"] if stop["job_id"]]


A, B = f"glas-a@{TODAY}", f"glas-b@{TODAY}"


def test_a_move_tells_at_once_what_it_does(day: tuple[Store, Plan], web_dir: Path) -> None:
    """Both routes with their times, the bill before and after, and nothing is published."""
    store, plan = day
    desk = Desk(service(store, web_dir))
    opened = desk.open(plan)
    assert (opened["plan_id"], opened["version"], opened["status"]) == (plan.id, 1, "open")
    assert opened["cost_ct"] == plan.cost_ct
    told = desk.send(
        "edits", {"kind": "move", "job_id": "g-1", "shift_id": B, "position": 0}
    ).json()
    effect = told["effect"]
    assert told["draft"]["version"] == 2
    assert jobs_of(effect, A) == ["g-0", "g-2"]
    assert jobs_of(effect, B)[0] == "g-1"
    assert effect["cost_ct"] == plan.cost_ct + effect["more_ct"]
    assert sum(line["more_ct"] for line in effect["bill_changes"]) == effect["more_ct"] != 0
    assert desk.look()["cost_ct"] == effect["cost_ct"]
    with store.read() as tx:
        assert tx.current_plan(plan.day, plan.organisation) == plan


def test_undo_and_redo_walk_along_the_list_of_changes(
    day: tuple[Store, Plan], web_dir: Path
) -> None:
    """Back is as before, again is as after; a new change makes an end of what was undone."""
    store, plan = day
    desk = Desk(service(store, web_dir))
    before = desk.open(plan)
    desk.send("edits", {"kind": "exclude", "job_id": "g-0"})
    after = desk.look()
    back = desk.send("undo").json()["effect"]
    assert jobs_of(back, A) == ["g-0", "g-1", "g-2"]
    undone = desk.look()
    assert undone["routes"] == before["routes"]
    assert [edit["status"] for edit in undone["edits"]] == ["undone"]
    desk.send("redo")
    assert desk.look()["routes"] == after["routes"]
    desk.send("undo")
    desk.send("edits", {"kind": "lock", "job_id": "g-1"})
    assert [edit["status"] for edit in desk.look()["edits"]] == ["dropped", "done"]
    refused = desk.send("redo")
    assert (refused.status, refused.json()["issues"][0]["code"]) == (409, "C610")


def test_the_second_of_two_dispatchers_is_told_and_nothing_is_lost(
    day: tuple[Store, Plan], web_dir: Path
) -> None:
    """On two services over one database: 409 with the draft as it is now, and then it works."""
    store, plan = day
    one, two = Desk(service(store, web_dir)), Desk(service(store, web_dir))
    one.open(plan)
    two.draft = one.draft
    two.look()
    one.send("edits", {"kind": "exclude", "job_id": "g-0"})
    late = two.send("edits", {"kind": "exclude", "job_id": "g-4"})
    told = late.json()
    assert (late.status, told["issues"][0]["code"]) == (409, "C611")
    assert told["draft"]["excluded_job_ids"] == ["g-0"]
    assert late.headers["etag"] == '"2"'
    two.version = told["draft"]["version"]
    assert two.send("edits", {"kind": "exclude", "job_id": "g-4"}).status == 200
    assert one.look()["excluded_job_ids"] == ["g-0", "g-4"]
    assert one.look() == two.look()


def test_a_service_that_was_started_again_has_the_same_draft(
    day: tuple[Store, Plan], web_dir: Path
) -> None:
    """Nothing of it is only in memory: built anew, it is the same to the second and the cent."""
    store, plan = day
    desk = Desk(service(store, web_dir))
    desk.open(plan)
    desk.send("edits", {"kind": "move", "job_id": "g-1", "shift_id": B})
    desk.send(
        "edits", {"kind": "pin", "job_id": "g-1", "shift_id": B}, {"kind": "lock", "job_id": "g-2"}
    )
    desk.send("edits", {"kind": "exclude", "job_id": "g-5"})
    desk.send("undo")
    before = desk.look()
    again = Desk(service(store, web_dir))
    again.draft = desk.draft
    assert again.look() == before
    assert again.send("redo").status == 200


def test_a_preview_changes_nothing(day: tuple[Store, Plan], web_dir: Path) -> None:
    """What it would cost to insert the job that was left; asked twice the answer is the same."""
    store, plan = day
    desk = Desk(service(store, web_dir))
    before = desk.open(plan)
    told = [desk.send("preview", {"kind": "add", "job_id": "g-6"}) for _ in range(2)]
    assert told[0].status == 200
    assert told[0].json() == told[1].json()
    assert told[0].json()["left_job_ids"] == []
    assert desk.look() == before


def test_all_changes_of_a_request_are_made_or_none(day: tuple[Store, Plan], web_dir: Path) -> None:
    """The second one is nonsense, so the first is not made either; the code says what it was."""
    store, plan = day
    desk = Desk(service(store, web_dir))
    before = desk.open(plan)
    answer = desk.send(
        "edits", {"kind": "exclude", "job_id": "g-0"}, {"kind": "exclude", "job_id": "nobody"}
    )
    assert (answer.status, answer.json()["issues"][0]["code"]) == (422, "C601")
    assert desk.look() == before


@pytest.mark.parametrize(
    "edit",
    [
        {"kind": "move", "job_id": "g-0"},
        {"kind": "fly", "job_id": "g-0"},
        {"kind": "lock", "job_id": "g-0", "position": 1},
        {"kind": "add", "job_id": "g-6", "shift_id": A, "position": -1},
        {"kind": "reorder", "shift_id": A, "visits": [{}]},
        {"kind": "lock", "job_id": "g-0", "colour": "red"},
    ],
)
def test_a_change_that_is_none_is_refused(
    day: tuple[Store, Plan], web_dir: Path, edit: dict[str, Any]
) -> None:
    """What its kind lacks, cannot use or does not know is a fault of the request."""
    store, plan = day
    desk = Desk(service(store, web_dir))
    desk.open(plan)
    assert desk.send("edits", edit).json()["issues"][0]["code"] == "A101"


def test_a_change_needs_the_version_it_is_made_for(day: tuple[Store, Plan], web_dir: Path) -> None:
    """Without If-Match nobody could tell a lost edit from a good one."""
    store, plan = day
    desk = Desk(service(store, web_dir))
    desk.open(plan)
    path = f"/api/v1/drafts/{desk.draft}/undo"
    assert call(desk.app, "POST", path).json()["issues"][0]["code"] == "A102"
    assert call(desk.app, "POST", path, headers={"If-Match": "*"}).status == 422


def test_a_job_that_came_in_since_can_be_added(day: tuple[Store, Plan], web_dir: Path) -> None:
    """The emergency of the morning is not in the draft of the night; adding it brings it in."""
    store, plan = day
    desk = Desk(service(store, web_dir))
    desk.open(plan)
    desk.send("edits", {"kind": "exclude", "job_id": "g-0"})
    with store.begin() as tx:
        tx.save_jobs([a_glass_job(7)])
    told = desk.send("edits", {"kind": "add", "job_id": "g-7", "shift_id": A})
    assert told.status == 200
    assert "g-7" in jobs_of(told.json()["effect"], A)
    other = Desk(service(store, web_dir))
    other.draft = desk.draft
    assert other.look() == desk.look()
    assert desk.look()["excluded_job_ids"] == ["g-0"]
    assert desk.send("edits", {"kind": "add", "job_id": "nobody"}).status == 404


def test_a_draft_becomes_a_revision_with_what_it_breaks(
    day: tuple[Store, Plan], web_dir: Path
) -> None:
    """It is stored with its violations and lines; the draft takes no more changes."""
    store, plan = day
    desk = Desk(service(store, web_dir))
    desk.open(plan)
    desk.send(
        "edits",
        *({"kind": "move", "job_id": f"g-{n}", "shift_id": B, "position": n} for n in range(3)),
    )
    answer = call(
        desk.app,
        "POST",
        f"/api/v1/drafts/{desk.draft}/plan",
        headers={"If-Match": f'"{desk.version}"'},
    )
    made = answer.json()
    assert (answer.status, made["revision"]) == (201, plan.revision + 1)
    assert "V401" in {broken["code"] for broken in made["violations"]}
    assert [route["shift_id"] for route in made["routes"]] == [B]
    with store.read() as tx:
        stored = tx.plan(made["id"])
        assert tx.current_plan(plan.day, plan.organisation) == plan
    assert all(stop.leg is None or stop.leg.geometry for stop in stored.routes[0].stops)
    refused = desk.send("undo")
    assert (refused.status, refused.json()["issues"][0]["code"]) == (409, "C612")
    blocked = call(desk.app, "POST", f"/api/v1/plans/{made['id']}/publish")
    assert (blocked.status, blocked.json()["issues"][0]["code"]) == (409, "C501")
    changes = call(desk.app, "GET", f"/api/v1/plans/{made['id']}/changes").json()
    assert changes["since_plan_id"] == plan.id
    assert [change["job_id"] for change in changes["moved"]] == ["g-0", "g-1", "g-2"]
    assert changes["more_ct"] == made["cost_ct"] - plan.cost_ct


def test_a_sound_draft_can_be_published(day: tuple[Store, Plan], web_dir: Path) -> None:
    """Editing ends with the plan in force; who did what is written down."""
    store, plan = day
    desk = Desk(service(store, web_dir))
    desk.open(plan)
    desk.send("edits", {"kind": "add", "job_id": "g-6"})
    tag = {"If-Match": f'"{desk.version}"'}
    made = call(desk.app, "POST", f"/api/v1/drafts/{desk.draft}/plan", headers=tag).json()
    assert call(desk.app, "POST", f"/api/v1/plans/{made['id']}/publish").status == 200
    with store.read() as tx:
        assert tx.current_plan(plan.day, plan.organisation).id == made["id"]
        told = [entry.action for entry in tx.audit()]
    assert told == [
        "plan.published",
        "draft.finished",
        "draft.edited",
        "draft.opened",
        "plan.published",
    ]


def test_what_would_get_a_left_job_in_is_told_on_demand(
    day: tuple[Store, Plan], web_dir: Path
) -> None:
    """For a job that somebody took out and for one that never fitted; not for one on a route."""
    store, plan = day
    desk = Desk(service(store, web_dir))
    desk.open(plan)
    giant = a_glass_job(8, loads=(Load(dimension=Dimension.WHITE_GLASS_L, amount=99_000),))
    with store.begin() as tx:
        tx.save_jobs([giant])
    desk.open(plan)
    path = f"/api/v1/drafts/{desk.draft}"
    told = call(desk.app, "GET", f"{path}/jobs/g-8/remedies").json()
    assert (told["code"], told["sought"]) == ("no_capacity", True)
    assert told["remedies"][0]["changes"][0]["kind"] == "capacity"
    left = {
        one["job_id"]: one["code"] for one in call(desk.app, "GET", f"{path}/unassigned").json()
    }
    assert left == {"g-6": "fits", "g-8": "no_capacity"}
    assert call(desk.app, "GET", f"{path}/jobs/g-1/remedies").status == 404
    of_plan = call(desk.app, "GET", f"/api/v1/plans/{plan.id}/jobs/g-6/remedies").json()
    assert (of_plan["job_id"], of_plan["code"]) == ("g-6", "fits")
    assert call(desk.app, "GET", f"/api/v1/plans/{plan.id}/jobs/g-1/remedies").status == 404


def test_what_the_crews_have_begun_is_frozen(day: tuple[Store, Plan], web_dir: Path) -> None:
    """At half past six the first job is done: it stays, and nothing goes before it."""
    store, plan = day
    desk = Desk(service(store, web_dir, now=early_morning()))
    opened = desk.open(plan)
    assert jobs_of(opened, A) == ["g-0", "g-1", "g-2"]
    refused = desk.send("edits", {"kind": "exclude", "job_id": "g-0"})
    assert (refused.status, refused.json()["issues"][0]["code"]) == (422, "C607")
    first = {"kind": "add", "job_id": "g-6", "shift_id": A, "position": 0}
    assert desk.send("edits", first).json()["issues"][0]["code"] == "C607"


def test_a_dispatcher_edits_the_plans_of_the_own_organisation(
    day: tuple[Store, Plan], web_dir: Path
) -> None:
    """Parks reach neither USB's plan nor its draft, and do not see it in their list."""
    store, plan = day
    usb = Desk(service(store, web_dir))
    usb.open(plan)
    parks = an_actor(Role.DISPATCHER, organisation=Organisation.PARKS)
    app = service(store, web_dir, actor=parks)
    for method, path in (
        ("POST", f"/api/v1/plans/{plan.id}/edit"),
        ("GET", f"/api/v1/drafts/{usb.draft}"),
        ("GET", f"/api/v1/drafts/{usb.draft}/geometry"),
        ("GET", f"/api/v1/plans/{plan.id}/jobs/g-6/remedies"),
    ):
        answer = call(app, method, path)
        assert (answer.status, answer.json()["issues"][0]["code"]) == (403, "Z302"), path
    assert call(app, "GET", "/api/v1/drafts").json() == []
    assert [one["id"] for one in call(usb.app, "GET", "/api/v1/drafts").json()] == [usb.draft]


def test_a_draft_that_is_thrown_away_is_gone_from_the_list(
    day: tuple[Store, Plan], web_dir: Path
) -> None:
    """And takes no change any more; unknown ones are 404."""
    store, plan = day
    desk = Desk(service(store, web_dir))
    desk.open(plan)
    path = f"/api/v1/drafts/{desk.draft}"
    lines = call(desk.app, "GET", f"{path}/geometry").json()
    assert len(lines["features"]) > 2
    assert call(desk.app, "DELETE", path, headers={"If-Match": '"1"'}).status == 204
    assert call(desk.app, "GET", "/api/v1/drafts").json() == []
    assert desk.send("undo").json()["issues"][0]["code"] == "C612"
    assert call(desk.app, "GET", "/api/v1/drafts/nobody").json()["issues"][0]["code"] == "DB240"
