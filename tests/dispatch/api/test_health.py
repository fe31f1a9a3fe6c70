"""Whether the service lives and can work, and its figures for those who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.api.app import create_app
from dispatch.api.guard import EverybodyIs
from dispatch.api.operations import Check, Operations
from dispatch.domain.access import Role
from tests.dispatch.api.conftest import STREET_MAP
from tests.dispatch.api.test_errors import failing_app
from tests.helpers.asgi import call
from tests.helpers.doors import an_actor, early_morning

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store


def app_with(store: Store, web_dir: Path, *, token: str = "", **checks: Check) -> FastAPI:
    """Return the service with these checks and this token for its metrics."""
    return create_app(
        store,
        street_map=STREET_MAP,
        web_dir=web_dir,
        gate=EverybodyIs(an_actor(Role.READER)),
        now=early_morning,
        operations=Operations(checks=checks, metrics_token=token, random_bytes=bytes),
    )


def test_alive_is_not_ready(web_dir: Path) -> None:
    """Without its database the service lives and must not be restarted, but gets no work."""
    app = failing_app(OSError("no database"), web_dir)
    assert call(app, "GET", "/healthz").status == 200
    answer = call(app, "GET", "/readyz")
    (issue,) = answer.json()["issues"]
    assert (answer.status, issue["code"], issue["subject"]) == (503, "A601", "database")
    assert b"no database" not in answer.body


def test_each_part_that_is_away_is_named(store: Store, web_dir: Path) -> None:
    """All checks are asked, not only up to the first fault."""
    well = call(app_with(store, web_dir, planner=lambda: None), "GET", "/readyz")
    assert well.json() == {"status": "ready", "checks": ["database", "planner"]}
    app = app_with(store, web_dir, planner=lambda: "it ended", mqtt=lambda: "not connected")
    told = call(app, "GET", "/readyz").json()["issues"]
    assert {(i["subject"], i["cause"]) for i in told} == {
        ("planner", "it ended"),
        ("mqtt", "not connected"),
    }


def test_figures_of_requests_have_no_ids_in_them(store: Store, web_dir: Path) -> None:
    """Requests are counted by template and status; what nobody answers is one label."""
    app = app_with(store, web_dir)
    for path in ("/api/v1/plans/plan-1", "/api/v1/plans/none", "/nothing-7", "/index.html"):
        call(app, "GET", path)
    text = call(app, "GET", "/metrics").body.decode()
    count = 'dispatch_http_requests_total{method="GET",route="'
    assert f'{count}/api/v1/plans/{{plan_id}}",status="200"}} 1.0' in text
    assert f'{count}/api/v1/plans/{{plan_id}}",status="404"}} 1.0' in text
    assert f'{count}(none)",status="404"}} 1.0' in text
    assert f'{count}(page)",status="200"}} 1.0' in text
    assert "nothing-7" not in text
    assert "plan-1" not in text


def test_figures_of_work_come_from_the_database(store: Store, web_dir: Path) -> None:
    """Jobs by kind, what waits in quarantine and in the outbox, the last payload per format."""
    text = call(app_with(store, web_dir), "GET", "/metrics").body.decode()
    for line in (
        "dispatch_quarantine_open 1.0",
        'dispatch_jobs_open{kind="bait"} 1.0',
        'dispatch_jobs_open{kind="aerate"} 0.0',
        'dispatch_runs{status="failed"} 0.0',
        'dispatch_webhook_deliveries{status="pending"} 0.0',
        'dispatch_last_payload_timestamp_seconds{format="ttn"} 1.7927844e+09',
    ):
        assert line in text


def test_figures_are_for_this_machine_or_who_shows_the_token(store: Store, web_dir: Path) -> None:
    """A proxy on the same machine asks for somebody else: its headers give it away."""
    app = app_with(store, web_dir, token="sesam")  # noqa: S106  # a token for this test
    proxied = {"x-forwarded-for": "203.0.113.7"}
    refused = call(app, "GET", "/metrics", headers=proxied)
    assert (refused.status, refused.json()["issues"][0]["code"]) == (403, "A602")
    wrong = proxied | {"authorization": "Bearer simsalabim"}
    assert call(app, "GET", "/metrics", headers=wrong).status == 403
    right = proxied | {"authorization": "Bearer sesam"}
    assert call(app, "GET", "/metrics", headers=right).status == 200
    assert call(app_with(store, web_dir), "GET", "/metrics", headers=right).status == 403
