"""A calendar subscribes with a secret in its URL, and that secret opens nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.api.app import create_app
from dispatch.api.gate import Doorkeeper
from dispatch.api.guard import EverybodyIs
from dispatch.api.operations import Operations
from dispatch.api.sign_in import SignIn
from dispatch.domain.access import Role
from dispatch.domain.job import Organisation
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import Answer, call
from tests.helpers.doors import (
    an_actor,
    counted_bytes,
    early_morning,
    quick_passwords,
)
from tests.helpers.plans import DAY

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

CALENDAR = "/api/v1/crews/glas/calendar"


@pytest.fixture
def real(store: Store, web_dir: Path) -> FastAPI:
    """Return the service whose gate looks into the database."""
    way = SignIn(passwords=quick_passwords())
    gate = Doorkeeper(store, way, early_morning)
    return create_app(
        store, street_map=STREET_MAP, web_dir=web_dir, gate=gate, now=early_morning, sign_in=way
    )


def opened(store: Store, web_dir: Path, organisation: Organisation = Organisation.USB) -> Answer:
    """Return what a dispatcher is told who opens the feed of the glass crew."""
    app = create_app(
        store,
        street_map=STREET_MAP,
        web_dir=web_dir,
        gate=EverybodyIs(an_actor(Role.DISPATCHER, organisation=organisation)),
        now=early_morning,
        operations=Operations(
            random_bytes=counted_bytes(), public_url="https://dispatch.stadt.example"
        ),
    )
    return call(app, "POST", CALENDAR)


def code(answer: Answer) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return answer.status, answer.json()["issues"][0]["code"]


def test_a_feed_is_read_without_logging_in(store: Store, web_dir: Path, real: FastAPI) -> None:
    """The URL is told once and is all a calendar needs."""
    told = opened(store, web_dir)
    assert (told.status, told.headers["cache-control"]) == (201, "no-store")
    url = told.json()["url"].removeprefix("https://dispatch.stadt.example")
    answer = call(real, "GET", url)
    assert answer.status == 200
    assert f"UID:glas.{DAY}@bochum-dispatch".encode() in answer.body
    assert code(call(real, "GET", f"{CALENDAR}.ics")) == (401, "Z101")
    assert code(call(real, "GET", f"{CALENDAR}.ics?token=falsch")) == (401, "Z102")


def test_the_secret_opens_nothing_else(store: Store, web_dir: Path, real: FastAPI) -> None:
    """Not in a header, not for another crew, not at another endpoint."""
    secret = opened(store, web_dir).json()["url"].partition("token=")[2]
    bearer = {"authorization": f"Bearer {secret}"}
    assert code(call(real, "GET", "/api/v1/plans", headers=bearer)) == (401, "Z102")
    assert code(call(real, "GET", f"{CALENDAR}.ics", headers=bearer)) == (401, "Z102")
    other = CALENDAR.replace("glas", "gr%C3%BCn")
    assert code(call(real, "GET", f"{other}.ics?token={secret}")) == (401, "Z102")
    assert code(call(real, "GET", f"/api/v1/plans?token={secret}")) == (401, "Z101")


def test_a_feed_can_be_ended(store: Store, web_dir: Path, app: FastAPI, real: FastAPI) -> None:
    """It stands in the list of tokens and is revoked like them."""
    told = opened(store, web_dir).json()
    (listed,) = call(app, "GET", "/api/v1/tokens").json()
    assert (listed["id"], listed["name"]) == (told["token_id"], "calendar of Kolonne Größ")
    assert call(app, "DELETE", f"/api/v1/tokens/{told['token_id']}").status in (200, 204)
    url = told["url"].removeprefix("https://dispatch.stadt.example")
    assert code(call(real, "GET", url)) == (401, "Z103")


def test_only_the_own_organisations_feeds_are_opened(store: Store, web_dir: Path) -> None:
    """Parks do not hand out the calendar of the glass crew."""
    assert code(opened(store, web_dir, Organisation.PARKS)) == (403, "Z302")
