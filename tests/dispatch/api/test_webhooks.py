"""Administrators say who is told of what, and see what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dispatch.api.app import create_app
from dispatch.api.operations import Operations
from dispatch.domain.event import plan_published
from dispatch.domain.ids import WebhookId
from dispatch.domain.job import Organisation
from dispatch.domain.webhook import Attempt, DeliveryStatus
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import Answer, call
from tests.helpers.doors import ADMIN_GATE, early_morning
from tests.helpers.plans import a_plan

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

HOOKS = "/api/v1/webhooks"
WISH = {"url": "https://stadt.example/hooks", "kinds": ["plan.published"], "organisation": "usb"}


@pytest.fixture
def app(store: Store, web_dir: Path) -> FastAPI:
    """Return the service with random numbers that everybody knows."""
    operations = Operations(random_bytes=bytes)
    return create_app(
        store,
        street_map=STREET_MAP,
        web_dir=web_dir,
        gate=ADMIN_GATE,
        now=early_morning,
        operations=operations,
    )


def post(app: FastAPI, path: str, body: Any = None) -> Answer:
    """Return the answer to a JSON body."""
    return call(app, "POST", path, json=body)


def test_the_secret_is_shown_once(app: FastAPI) -> None:
    """It is in the answer to the subscription and to a change, and nowhere else."""
    made = post(app, HOOKS, WISH)
    assert made.status == 201
    hook = made.json()
    assert hook.pop("secret") == "whsec_" + "A" * 43 + "="
    assert call(app, "GET", HOOKS).json() == [hook]
    assert call(app, "GET", f"{HOOKS}/{hook['id']}").json() == hook
    assert post(app, f"{HOOKS}/{hook['id']}/secret").json()["secret"].startswith("whsec_")


def test_a_wish_that_cannot_be_is_refused_with_its_code(app: FastAPI) -> None:
    """No address, a password in it, another scheme, or a kind that is only sent by itself."""
    for url in ("https://", "ftp://stadt.example/x", "https://max:geheim@stadt.example/"):
        answer = post(app, HOOKS, WISH | {"url": url})
        assert (answer.status, answer.json()["issues"][0]["code"]) == (422, "S601")
        assert b"geheim" not in answer.body
    for kinds, code in ((["ping"], "S605"), ([], "A101"), (["plan.drawn"], "A101")):
        answer = post(app, HOOKS, WISH | {"kinds": kinds})
        assert (answer.status, answer.json()["issues"][0]["code"]) == (422, code)


def test_what_was_announced_is_listed_and_can_be_tried_again(app: FastAPI, store: Store) -> None:
    """A delivery that was given up is pending again when somebody says so."""
    hook_id = post(app, HOOKS, WISH).json()["id"]
    now = early_morning()
    with store.begin() as tx:
        tx.announce(plan_published(a_plan(), organisation=Organisation.USB, at=now))
        (claimed,) = tx.claim_deliveries(
            WebhookId(hook_id), now=now, until=now, lease="me", limit=9
        )
        dead = Attempt(status=DeliveryStatus.DEAD, at=now, due_at=now, answer="HTTP 500")
        tx.settle_delivery(claimed.id, dead, lease="me")
    (listed,) = call(app, "GET", f"{HOOKS}/{hook_id}/deliveries?status=dead").json()
    assert (listed["answer"], listed["attempts"]) == ("HTTP 500", 1)
    again = post(app, f"{HOOKS}/{hook_id}/deliveries/{claimed.id}/retry")
    assert (again.status, again.json()["status"]) == (202, "pending")
    assert post(app, f"{HOOKS}/{hook_id}/deliveries/{claimed.id}/retry").status == 404


def test_a_receiver_is_tried_out_and_removed(app: FastAPI) -> None:
    """A ping waits in its list as everything else does; afterwards nobody knows the receiver."""
    hook_id = post(app, HOOKS, WISH).json()["id"]
    assert post(app, f"{HOOKS}/{hook_id}/ping").json()["kind"] == "ping"
    assert call(app, "DELETE", f"{HOOKS}/{hook_id}").status == 204
    assert call(app, "GET", f"{HOOKS}/{hook_id}").json()["issues"][0]["code"] == "DB220"
    assert post(app, f"{HOOKS}/{hook_id}/ping").status == 404
