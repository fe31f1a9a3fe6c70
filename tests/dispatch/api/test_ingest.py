"""Payloads over HTTP: stored before they are answered, once however often they are sent."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.api.app import create_app
from dispatch.api.guard import EverybodyIs
from dispatch.domain.access import Role
from dispatch.service.ingest import FORMATS
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import Answer, call
from tests.helpers.databases import fresh_store
from tests.helpers.doors import ADMIN_GATE, an_actor, early_morning
from tests.helpers.towns import a_poll, a_town, an_uplink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

LIMIT = 100_000


@pytest.fixture
def town() -> Iterator[Store]:
    """Return a town that has heard nothing yet."""
    store = fresh_store()
    with store.begin() as tx:
        tx.save_city(a_town())
    yield store
    store.close()


@pytest.fixture
def door(town: Store, web_dir: Path) -> FastAPI:
    """Return the town's service, which takes bodies of a hundred thousand bytes at most."""
    return create_app(
        town,
        street_map=STREET_MAP,
        web_dir=web_dir,
        gate=ADMIN_GATE,
        now=early_morning,
        body_limit=LIMIT,
    )


def send(app: FastAPI, body: bytes, format_name: str = "ttn", **headers: str) -> Answer:
    """Return the answer to a payload; `content_type` stands for Content-Type."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return call(app, "POST", f"/api/v1/ingest/{format_name}", body=body, headers=named)


def counts(answer: Answer) -> tuple[int, int, int]:
    found: dict[str, Any] = answer.json()
    return found["stored"], found["duplicates"], found["quarantined"]


def payloads_in(store: Store) -> int:
    with store.read() as tx:
        return tx.count_payloads()


def test_an_uplink_is_stored_when_it_is_answered(door: FastAPI, town: Store) -> None:
    """The bytes are kept as received, and their signals hang at the site."""
    body = an_uplink(900).body
    answer = send(door, body)
    assert answer.status == 200
    assert counts(answer) == (3, 0, 0)
    with town.read() as tx:
        assert [p.body for p in tx.latest_payloads("ttn", until=early_morning(), limit=9)] == [body]


def test_sent_again_it_changes_nothing(door: FastAPI, town: Store) -> None:
    """A gateway that missed the answer sends again, and is answered as before."""
    first, again = (send(door, an_uplink(900).body) for _ in range(2))
    assert (first.status, again.status) == (200, 200)
    assert counts(again) == (0, 3, 0)
    assert payloads_in(town) == 1


@pytest.mark.parametrize("format_name", FORMATS)
def test_what_cannot_be_read_is_kept_and_accepted(
    door: FastAPI, town: Store, format_name: str
) -> None:
    """Every format has its door; a sender that sends rubbish is not asked to send it for ever."""
    first = send(door, b"\xff no payload", format_name)
    again = send(door, b"\xff no payload", format_name)
    assert (first.status, again.status) == (202, 202)
    assert first.json() == again.json()
    (entry, *_) = first.json()["entries"]
    assert entry["code"].startswith("I1")
    with town.read() as tx:
        assert tx.payload(entry["payload_id"]).body == b"\xff no payload"


def test_a_stranger_waits_in_quarantine(door: FastAPI) -> None:
    """Its device is named, so that somebody can register it."""
    body = an_uplink(900).body.replace(b"24E124713D210001", b"24E124713D21FFFF")
    answer = send(door, body)
    assert answer.status == 202
    (entry,) = answer.json()["entries"]
    assert (entry["code"], entry["subject"]) == ("I201", "24E124713D21FFFF")


def test_lines_are_payloads_of_their_own(door: FastAPI, town: Store) -> None:
    """A gateway that was offline sends what it kept at once; one bad line costs only itself."""
    lines = [an_uplink(900).body, b"{broken", a_poll(8.0).body, b""]
    answer = send(door, b"\n".join(lines), content_type="application/x-ndjson; charset=utf-8")
    assert answer.status == 202
    assert answer.json()["payloads"] == 3
    assert answer.json()["quarantined"] == 2  # the poll is no uplink
    assert payloads_in(town) == 3


def an_event(name: str, oxygen: float) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "type": "de.bochum.dispatch.payload.terratransfer.v1",
        "source": "urn:teich",
        "id": name,
        "data": json.loads(a_poll(oxygen).body),
    }


def test_events_come_in_all_three_modes(door: FastAPI) -> None:
    """Structured, in a batch, and with their attributes as headers: the same event is one."""
    event = an_event("1", 8.0)
    single = send(door, json.dumps(event).encode(), "cloudevents")
    batch = [event, an_event("2", 8.0)]
    both = send(
        door,
        json.dumps(batch).encode(),
        "cloudevents",
        content_type="application/cloudevents-batch+json",
    )
    attributes = {f"ce-{name}": str(value) for name, value in event.items() if name != "data"}
    data = json.dumps(event["data"]).encode()
    binary = send(door, data, "cloudevents", content_type="application/json", **attributes)
    assert [a.status for a in (single, both, binary)] == [200, 200, 200]
    assert [counts(a) for a in (single, both, binary)] == [(1, 0, 0), (0, 2, 0), (0, 1, 0)]


def test_packed_bodies_are_unpacked(door: FastAPI) -> None:
    """Gzip saves mobile data, also in several members as `cat a.gz b.gz` makes them."""
    body = an_uplink(900).body
    packed = gzip.compress(body[:100]) + gzip.compress(body[100:])
    assert counts(send(door, packed, content_encoding="gzip")) == (3, 0, 0)
    assert counts(send(door, body)) == (0, 3, 0)


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"x" * (LIMIT + 1), {}, 413, "A204"),
        (gzip.compress(b"0" * 50_000_000), {"content_encoding": "gzip"}, 413, "A206"),
        (b"x", {"content_encoding": "br"}, 415, "A207"),
        (b"x", {"content_encoding": "gzip"}, 422, "A208"),
        (gzip.compress(b"x")[:-3], {"content_encoding": "gzip"}, 422, "A208"),
    ],
    ids=["large", "bomb", "brotli", "no gzip", "cut gzip"],
)
def test_bodies_that_are_not_taken(
    door: FastAPI, town: Store, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    """A bomb of fifty megabytes in fifty kilobytes takes no memory, and nothing of it is kept."""
    answer = send(door, body, **headers)
    assert answer.status == status
    assert [issue["code"] for issue in answer.json()["issues"]] == [code]
    assert payloads_in(town) == 0


def test_an_unknown_format_is_nowhere(door: FastAPI, town: Store) -> None:
    """The answer names those there are."""
    answer = send(door, b"{}", "morse")
    assert answer.status == 404
    (issue,) = answer.json()["issues"]
    assert issue["code"] == "S201"
    assert "chirpstack" in issue["action"]
    assert payloads_in(town) == 0


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.SOURCE, 200), (Role.DISPATCHER, 403), (Role.CREW, 403), (Role.READER, 403)],
)
def test_only_sources_send(town: Store, web_dir: Path, role: Role, status: int) -> None:
    """Nobody at a desk or on a tablet can feign a sensor."""
    gate = EverybodyIs(an_actor(role))
    app = create_app(town, street_map=STREET_MAP, web_dir=web_dir, gate=gate, now=early_morning)
    assert send(app, an_uplink(900).body).status == status


def test_a_source_sends_its_own_formats(town: Store, web_dir: Path) -> None:
    """A token that leaked from a gateway feigns no other sensors."""
    gate = EverybodyIs(an_actor(Role.SOURCE, formats=frozenset({"chirpstack"})))
    app = create_app(town, street_map=STREET_MAP, web_dir=web_dir, gate=gate, now=early_morning)
    answer = send(app, an_uplink(900).body)
    assert answer.status == 403
    assert [issue["code"] for issue in answer.json()["issues"]] == ["Z305"]
    assert payloads_in(town) == 0
