"""What could not be used: found, looked into, and taken in once its cause is mended."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.api.app import create_app
from dispatch.service.ingest import ingest
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import Answer, call
from tests.helpers.databases import fresh_store
from tests.helpers.doors import ADMIN_GATE, early_morning
from tests.helpers.payloads import a_payload
from tests.helpers.towns import NIGHT, QUARTER, a_sensor, a_town, an_uplink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

STRANGER = "24E124713D21FFFF"


@pytest.fixture
def town() -> Iterator[Store]:
    """Return a town with five uplinks of a stranger and one payload that nobody can read."""
    store = fresh_store()
    with store.begin() as tx:
        tx.save_city(a_town())
    strange = [an_uplink(900, at=NIGHT - at * QUARTER, dev_eui=STRANGER) for at in range(5)]
    ingest([*strange, a_payload(b"\xff\x00 broken", format_name="ttn")], store=store)
    yield store
    store.close()


@pytest.fixture
def door(town: Store, web_dir: Path) -> FastAPI:
    """Return the town's service."""
    return create_app(
        town, street_map=STREET_MAP, web_dir=web_dir, gate=ADMIN_GATE, now=early_morning
    )


def asked(app: FastAPI, query: str = "") -> Answer:
    return call(app, "GET", f"/api/v1/quarantine{query}")


def replayed(app: FastAPI, **wanted: Any) -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    body = json.dumps(wanted).encode()
    answer = call(app, "POST", "/api/v1/quarantine/replay", body=body, headers=headers)
    assert answer.status == 200
    found: dict[str, Any] = answer.json()
    return found


def test_entries_are_found_by_code_and_device(door: FastAPI) -> None:
    """A dispatcher sees what one device is about, whoever else waits."""
    assert len(asked(door).json()) == 6
    assert len(asked(door, "?code=I101").json()) == 1
    found = asked(door, f"?device={STRANGER.lower()}").json()
    assert {entry["issue"]["code"] for entry in found} == {"I201"}
    assert len(found) == 5
    assert asked(door, "?resolved=true").json() == []


def test_pages_lead_to_all_entries_once(door: FastAPI) -> None:
    """By the Link of each page, the last of which has none."""
    seen: list[str] = []
    query = "?limit=2&code=I201"
    while query:
        answer = asked(door, query)
        seen += [entry["id"] for entry in answer.json()]
        link = answer.headers.get("link", "")
        query = link[link.find("?") : link.find(">")] if link else ""
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("after", ["1", "x-1", "-", "99999999999999999999-a", "²-a"])
def test_a_page_that_was_made_up_is_refused(door: FastAPI, after: str) -> None:
    """With a code, not with a failure."""
    answer = asked(door, f"?after={after}")
    assert answer.status == 422
    assert answer.json()["issues"][0]["code"] == "A305"


def test_the_bytes_are_shown(door: FastAPI) -> None:
    """As received, in base64, and as text where they are text."""
    (broken,) = asked(door, "?code=I101").json()
    payload = call(door, "GET", f"/api/v1/quarantine/{broken['id']}").json()["payload"]
    assert base64.b64decode(payload["body_base64"]) == b"\xff\x00 broken"
    assert payload["body_text"] is None
    strange = asked(door, "?code=I201").json()[0]
    cut = call(door, "GET", f"/api/v1/quarantine/{strange['id']}?most_bytes=20").json()["payload"]
    assert (cut["cut"], len(cut["body_text"])) == (True, 20)
    assert cut["size"] > 20


def test_an_entry_that_is_not_there(door: FastAPI) -> None:
    """It is told so."""
    answer = call(door, "GET", "/api/v1/quarantine/nothing")
    assert (answer.status, answer.json()["issues"][0]["code"]) == (404, "DB241")


def test_mended_and_tried_again(door: FastAPI, town: Store) -> None:
    """Once the device is registered all it sent is used; trying again changes nothing."""
    assert replayed(door)["open"] == 6
    device = a_sensor(STRANGER, "glas-1", model="em310-udl", part_id="glas-1-w")
    with town.begin() as tx:
        tx.save_devices([device])
    done = replayed(door, device=STRANGER)
    assert (done["payloads"], done["stored"], done["resolved"], done["open"]) == (5, 15, 5, 0)
    assert replayed(door, device=STRANGER)["payloads"] == 0
    assert len(asked(door, "?resolved=true").json()) == 5
    assert len(asked(door).json()) == 1


def test_some_are_tried_again(door: FastAPI, town: Store) -> None:
    """Those that were chosen, or the oldest so many; what is left is told."""
    with town.begin() as tx:
        tx.save_devices([a_sensor(STRANGER, "glas-1", model="em310-udl", part_id="glas-1-w")])
    ids = [entry["id"] for entry in asked(door, "?code=I201").json()]
    assert replayed(door, ids=[ids[0], "made-up"])["resolved"] == 1
    assert replayed(door, ids=[ids[0]])["payloads"] == 0
    some = replayed(door, code="I201", most=3)
    assert (some["resolved"], some["left"]) == (3, 1)
