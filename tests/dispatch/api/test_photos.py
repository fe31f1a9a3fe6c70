"""Photos and positions over HTTP."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from dispatch.api.app import create_app
from dispatch.api.guard import EverybodyIs
from dispatch.domain.access import Actor, Role
from dispatch.domain.ids import CrewId
from dispatch.service.crews.positions import PositionRules
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import Answer, call
from tests.helpers.doors import an_actor
from tests.helpers.plans import at
from tests.helpers.tablets import HandClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

    Makes = Callable[..., FastAPI]

TABLET = an_actor(Role.CREW, crew_id=CrewId("glas"))
PHOTO = "/api/v1/photos/00000000-0000-0000-0000-0000000000aa"
POSITIONS = "/api/v1/positions"


@pytest.fixture
def app_of(store: Store, web_dir: Path) -> Makes:
    """Return what makes the service as an actor finds it, in the afternoon of the planned day."""

    def made(actor: Actor, **parts: Any) -> FastAPI:
        parts |= {"gate": EverybodyIs(actor), "now": HandClock(at(600))}
        return create_app(store, street_map=STREET_MAP, web_dir=web_dir, **parts)

    return made


def a_picture(colour: str = "red") -> bytes:
    """Return a small PNG."""
    out = BytesIO()
    Image.new("RGB", (8, 6), colour).save(out, format="PNG")
    return out.getvalue()


def put(app: FastAPI, body: bytes, path: str = PHOTO) -> Answer:
    """Return the answer to a photo."""
    return call(app, "PUT", path, headers={"content-type": "image/png"}, body=body)


def code(answer: Answer) -> tuple[int, str]:
    """Return an error's status and code."""
    return answer.status, answer.json()["issues"][0]["code"]


def test_a_photo_is_kept_once(app_of: Makes) -> None:
    """Sent again it is the same photo; the office and the crew see it as it was made anew."""
    tablet = app_of(TABLET)
    assert put(tablet, a_picture()).json()["new"] is True
    assert put(tablet, a_picture()).json()["new"] is False
    for actor in (TABLET, an_actor(Role.DISPATCHER), an_actor(Role.READER)):
        answer = call(app_of(actor), "GET", PHOTO)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
        assert Image.open(BytesIO(answer.body)).size == (8, 6)
    tag = answer.headers["etag"]
    assert call(tablet, "GET", PHOTO, headers={"If-None-Match": tag}).status == 304


def test_another_photo_under_the_same_id(app_of: Makes) -> None:
    """An id stands for one picture of one crew."""
    assert put(app_of(TABLET), a_picture()).status == 200
    assert code(put(app_of(TABLET), a_picture("blue"))) == (409, "S743")
    other = an_actor(Role.CREW, crew_id=CrewId("grün"), organisation="parks")
    assert code(put(app_of(other), a_picture())) == (409, "S743")


def test_others_do_not_see_it(app_of: Makes) -> None:
    """Neither another organisation nor another crew; one that is not there is 404."""
    put(app_of(TABLET), a_picture())
    parks = an_actor(Role.DISPATCHER, organisation="parks")
    assert code(call(app_of(parks), "GET", PHOTO)) == (403, "Z302")
    rot = an_actor(Role.CREW, crew_id=CrewId("rot"))
    assert code(call(app_of(rot), "GET", PHOTO)) == (403, "Z303")
    assert code(call(app_of(parks), "GET", PHOTO[:-1] + "b")) == (404, "DB231")


def test_what_is_no_photo(app_of: Makes) -> None:
    """No picture, no bytes or no id: each is told, nothing is kept."""
    tablet = app_of(TABLET)
    assert code(put(tablet, b"<html>")) == (422, "S741")
    assert put(tablet, b"").status == 422
    assert put(tablet, a_picture(), "/api/v1/photos/mine").status == 422
    assert call(tablet, "GET", PHOTO).status == 404


def told(app: FastAPI, *places: dict[str, Any]) -> Answer:
    """Return the answer to positions sent now."""
    body = json.dumps({"sent_at": at(600).isoformat(), "positions": places}).encode()
    return call(app, "POST", POSITIONS, headers={"content-type": "application/json"}, body=body)


def test_positions_are_off_unless_switched_on(app_of: Makes) -> None:
    """By default the service refuses to know where a crew is."""
    place = {"at": at(20).isoformat(), "location": [7.2, 51.48]}
    assert code(told(app_of(TABLET), place)) == (403, "S731")
    tablet = app_of(TABLET, position_rules=PositionRules(on=True))
    assert told(tablet, place).json() == {"on_duty": 1}
    (shown,) = call(app_of(an_actor(Role.DISPATCHER)), "GET", POSITIONS).json()
    assert (shown["crew_id"], shown["location"]) == ("glas", [7.2, 51.48])
    assert shown["accuracy_m"] is None


@pytest.mark.parametrize(
    "place",
    [
        {"at": at(20).isoformat(), "location": [7.2, 91]},
        {"at": at(20).isoformat(), "location": [7.2]},
        {"at": at(20).isoformat(), "location": [7.2, 51], "accuracy_m": -1},
        {"location": [7.2, 51]},
    ],
)
def test_places_that_are_none(app_of: Makes, place: dict[str, Any]) -> None:
    """A place beyond the pole is a mistake of the tablet."""
    tablet = app_of(TABLET, position_rules=PositionRules(on=True))
    assert told(tablet, place).status == 422
