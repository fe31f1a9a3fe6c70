"""Pairing over HTTP: a QR code at the desk, a token on the tablet."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from dispatch.api.app import create_app
from dispatch.api.gate import Doorkeeper
from dispatch.api.guard import EverybodyIs
from dispatch.api.sign_in import SignIn
from dispatch.domain.access import Role
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import call
from tests.helpers.doors import an_actor, quick_passwords
from tests.helpers.plans import DAY, at
from tests.helpers.tablets import HandClock

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

PAIRINGS = "/api/v1/pairings"
ROUTE = f"/api/v1/crews/glas/route?day={DAY.isoformat()}"
WISH = {"crew_id": "glas", "first_day": DAY.isoformat(), "last_day": DAY.isoformat()}


@pytest.fixture
def desk(store: Store, web_dir: Path) -> FastAPI:
    """Return the service as a dispatcher finds it."""
    gate = EverybodyIs(an_actor(Role.DISPATCHER))
    return create_app(
        store, street_map=STREET_MAP, web_dir=web_dir, gate=gate, now=HandClock(at(0))
    )


def app_on_the_road(store: Store, web_dir: Path) -> FastAPI:
    """Return the service as the road finds it: nobody is known but by a token."""
    clock, sign_in = HandClock(at(0)), SignIn(passwords=quick_passwords())
    gate = Doorkeeper(store, sign_in, clock)
    return create_app(store, street_map=STREET_MAP, web_dir=web_dir, gate=gate, now=clock)


def test_from_the_desk_to_the_tablet(desk: FastAPI, store: Store, web_dir: Path) -> None:
    """The tablet opens the QR code's address, gives the code and fetches its route with a token."""
    offer = call(desk, "POST", PAIRINGS, json=WISH)
    assert (offer.status, offer.headers["cache-control"]) == (201, "no-store")
    code = offer.json()["code"]
    assert offer.json()["url"] == f"http://testserver/tablet/#pair={code}"
    assert ET.fromstring(offer.json()["qr_svg"]).tag.endswith("svg")  # noqa: S314  # our own
    claim = call(desk, "POST", f"{PAIRINGS}/claim", json={"code": code, "device_name": "7"})
    assert (claim.status, claim.json()["crew_name"]) == (200, "Kolonne Größ")
    (listed,) = call(desk, "GET", PAIRINGS).json()
    assert (listed["device_name"], listed["claimed_at"]) == ("7", "2026-10-24T04:00:00Z")
    assert claim.json()["token"] not in str(listed)
    road = app_on_the_road(store, web_dir)
    shown = {"Authorization": f"Bearer {claim.json()['token']}"}
    assert call(road, "GET", ROUTE, headers=shown).json()["crew_id"] == "glas"
    assert call(road, "GET", "/api/v1/jobs", headers=shown).status == 403
    ended = call(desk, "DELETE", f"{PAIRINGS}/{listed['id']}")
    assert ended.json()["revoked_at"] == "2026-10-24T04:00:00Z"
    assert call(road, "GET", ROUTE, headers=shown).status == 401


def test_a_wrong_code(desk: FastAPI) -> None:
    """401 with S722, and 429 with S723 and a time to wait after too many."""
    for _ in range(20):
        answer = call(desk, "POST", f"{PAIRINGS}/claim", json={"code": "AAAA-AAAA"})
        assert (answer.status, answer.json()["issues"][0]["code"]) == (401, "S722")
    answer = call(desk, "POST", f"{PAIRINGS}/claim", json={"code": "AAAA-AAAA"})
    assert (answer.status, answer.json()["issues"][0]["code"]) == (429, "S723")
    assert answer.headers["retry-after"] == "600"


def test_a_wish_that_cannot_be(desk: FastAPI) -> None:
    """Days that are over are refused with what to do."""
    answer = call(desk, "POST", PAIRINGS, json={**WISH, "last_day": "2026-10-23"})
    assert (answer.status, answer.json()["issues"][0]["code"]) == (422, "S721")
