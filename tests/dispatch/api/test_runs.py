"""Planning runs over HTTP, and their steps as server-sent events."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.api.guard import EverybodyIs
from dispatch.api.run_events import HEARTBEAT, told
from dispatch.domain.access import Role
from dispatch.domain.ids import RunId
from dispatch.domain.job import Organisation
from dispatch.domain.run import RunPhase
from tests.helpers.asgi import call
from tests.helpers.doors import NOW, an_actor

if TYPE_CHECKING:
    from fastapi import FastAPI

    from dispatch.store import Store

ORDER = {"day": "2026-10-24", "organisation": "usb", "seconds": 30}


def asked(app: FastAPI, **parts: Any) -> str:
    """Return the id of a run that was asked for."""
    answer = call(app, "POST", "/api/v1/runs", json=ORDER | parts)
    assert answer.status == 202
    run_id: str = answer.json()["id"]
    return run_id


def test_a_run_is_asked_for_and_looked_at(app: FastAPI) -> None:
    """202 comes with the run's id; the run tells what was asked for and what it told last."""
    run_id = asked(app, crews=["glas"], publish=True)
    run = call(app, "GET", f"/api/v1/runs/{run_id}").json()
    assert (run["status"], run["attempts"], run["plan_id"], run["issues"]) == (
        "queued", 0, None, []
    )  # fmt: skip
    assert (run["day"], run["organisation"], run["crews"]) == ("2026-10-24", "usb", ["glas"])
    assert (run["scope"], run["publish"], run["make_jobs"]) == ("everything", True, True)
    assert (run["latest"]["phase"], run["requested_by"]) == ("waiting", "Local administrator")
    assert [one["id"] for one in call(app, "GET", "/api/v1/runs").json()] == [run_id]


def test_a_second_request_names_the_first(app: FastAPI) -> None:
    """409 carries the id of the run that is planning that day."""
    run_id = asked(app)
    refused = call(app, "POST", "/api/v1/runs", json=ORDER)
    (issue,) = refused.json()["issues"]
    assert (refused.status, issue["code"], issue["subject"]) == (409, "S324", f"run {run_id}")


@pytest.mark.parametrize(
    ("order", "subject"),
    [
        ({"organisation": "usb"}, "body day"),
        (ORDER | {"day": "24.10.2026"}, "body day"),
        (ORDER | {"organisation": "post"}, "body organisation"),
        (ORDER | {"seconds": 0}, "body seconds"),
        (ORDER | {"seconds": 1e9}, "1e+09 seconds"),
        (ORDER | {"scope": "all"}, "body scope"),
        (ORDER | {"crews": []}, "body crews"),
        (ORDER | {"crews": ["grün"]}, "crew grün"),
        (ORDER | {"second": 5}, "body second"),
        (ORDER | {"day": "2026-07-14"}, "day 2026-07-14"),
    ],
)
def test_an_order_that_cannot_be_used(app: FastAPI, order: dict[str, Any], subject: str) -> None:
    """It is a coded 422 that names the field, and nothing is queued."""
    answer = call(app, "POST", "/api/v1/runs", json=order)
    assert answer.status == 422
    assert answer.json()["issues"][0]["subject"] == subject
    assert call(app, "GET", "/api/v1/runs").json() == []


def test_a_run_is_cancelled(app: FastAPI) -> None:
    """A waiting one at once; one that is over is a 409; one nobody knows a 404."""
    run_id = asked(app)
    assert call(app, "POST", f"/api/v1/runs/{run_id}/cancel").json()["status"] == "cancelled"
    assert call(app, "POST", f"/api/v1/runs/{run_id}/cancel").status == 409
    assert call(app, "POST", "/api/v1/runs/nope/cancel").status == 404
    assert call(app, "GET", "/api/v1/runs/nope").status == 404
    assert call(app, "GET", "/api/v1/runs/nope/events").status == 404


def test_another_organisations_runs_are_not_shown(app: FastAPI) -> None:
    """A dispatcher of the parks neither sees nor follows nor cancels USB's run."""
    run_id = asked(app)
    app.state.gate = EverybodyIs(an_actor(Role.DISPATCHER, organisation=Organisation.PARKS))
    assert call(app, "GET", "/api/v1/runs").json() == []
    for method, path in (("GET", ""), ("GET", "/events"), ("POST", "/cancel")):
        assert call(app, method, f"/api/v1/runs/{run_id}{path}").status == 403
    assert call(app, "POST", "/api/v1/runs", json=ORDER).status == 403


def steps(body: bytes) -> list[tuple[int, dict[str, Any]]]:
    """Return number and data of each event, as a browser reads them."""
    events = [part.splitlines() for part in body.decode().split("\n\n") if "data: " in part]
    return [
        (int(number.removeprefix("id: ")), json.loads(data.removeprefix("data: ")))
        for number, _, data in events
    ]


def test_the_steps_of_a_run_that_is_over_are_told_to_the_end(app: FastAPI) -> None:
    """All of them, or those after the one that was heard last; then the answer ends."""
    run_id = asked(app)
    call(app, "POST", f"/api/v1/runs/{run_id}/cancel")
    answer = call(app, "GET", f"/api/v1/runs/{run_id}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert [(n, step["phase"]) for n, step in steps(answer.body)] == [
        (1, "waiting"),
        (2, "cancelled"),
    ]
    late = call(app, "GET", f"/api/v1/runs/{run_id}/events", headers={"Last-Event-ID": "1"})
    assert [number for number, _ in steps(late.body)] == [2]
    wrong = call(app, "GET", f"/api/v1/runs/{run_id}/events", headers={"Last-Event-ID": "x"})
    assert wrong.status == 422


def test_steps_are_told_as_they_come(app: FastAPI, store: Store) -> None:
    """Whoever follows a run hears of each better plan, and a heartbeat while nothing happens."""
    run_id = RunId(asked(app))
    pauses = 0

    async def pause(seconds: float) -> None:
        nonlocal pauses
        pauses += 1
        if pauses * seconds == 20:
            with store.begin() as tx:
                tx.add_run_event(run_id, RunPhase.SEARCHING, at=NOW, cost_ct=900, unserved=2)
        if pauses * seconds == 25:
            with store.begin() as tx:
                tx.add_run_event(run_id, RunPhase.DONE, at=NOW, cost_ct=800, unserved=0)

    async def follow() -> list[bytes]:
        return [part async for part in told(store, run_id, after=0, pause=pause)]

    parts = asyncio.run(follow())
    assert parts.count(HEARTBEAT) == 1
    assert [(step["phase"], step["unserved"]) for _, step in steps(b"".join(parts))] == [
        ("waiting", None),
        ("searching", 2),
        ("done", 0),
    ]
