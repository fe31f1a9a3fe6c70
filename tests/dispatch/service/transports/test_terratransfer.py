"""The pond loggers' web service, asked again and again: a false one on this machine."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from random import Random
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dispatch.service.inbox import Inbox
from dispatch.service.transports.terratransfer import (
    TerraTransferApi,
    TerraTransferPoll,
    days_to_ask,
)
from dispatch.service.transports.web import NoAnswer, fetch
from tests.helpers.towns import LOGGER, NOW, QUARTER, a_poll

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.store import Store

KEY = "geheimer-schluessel"


def an_answer(*oxygen: float, end: datetime = NOW) -> bytes:
    """Return what the service says of the last quarters of an hour."""
    body = json.loads(a_poll(*oxygen, start=end - len(oxygen) * QUARTER).body)
    return json.dumps(body["answer"]).encode()


class FalseService:
    """Answers as it is told, and writes down what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[dict[str, str]] = []
        self.url = ""

    def answer(self, query: str) -> tuple[int, bytes]:
        """Return status and body."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        self.asked.append(asked)
        if asked.get("APIKEY") != KEY:
            return 403, b"wrong key"
        return self.answers.get(asked["LOGGER"], (404, b""))


@contextmanager
def serving(service: FalseService) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = service.answer(urlsplit(self.path).query)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_port}/api?v=2"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def service() -> Iterator[FalseService]:
    """Yield a false service that answers."""
    found = FalseService()
    with serving(found):
        yield found


def a_poll_of(
    service: FalseService, town: Store, *loggers: str, key: str = KEY
) -> TerraTransferPoll:
    return TerraTransferPoll(
        TerraTransferApi(url=service.url, key=key, loggers=loggers or (LOGGER,)),
        fetch=partial(fetch, most_bytes=100_000),
        store=town,
        inbox=Inbox(town),
        now=lambda: NOW,
        random=Random(44),  # noqa: S311
    )


def values(store: Store) -> list[float]:
    with store.read() as tx:
        found = tx.signals_of_site("teich-1", since=NOW - timedelta(days=9), until=NOW)  # type: ignore[arg-type]
    return [signal.value for signal in found]


def test_answers_overlap_and_nothing_is_missed(service: FalseService, town: Store) -> None:
    """What an earlier answer brought is known; the first question goes far back, later ones not."""
    poll = a_poll_of(service, town)
    service.answers[LOGGER] = 200, an_answer(8.0, 8.1, 8.2, end=NOW - QUARTER)
    assert poll.poll() == 1
    service.answers[LOGGER] = 200, an_answer(8.1, 8.2, 8.3)
    assert poll.poll() == 1
    assert values(town) == [8.0, 8.1, 8.2, 8.3]
    assert [asked["DAYS"] for asked in service.asked] == ["31", "1"]


@pytest.mark.parametrize(("hours", "days"), [(0, 1), (17, 1), (19, 2), (30, 2), (900, 31)])
def test_after_a_silence_all_of_it_is_asked_for(hours: int, days: int) -> None:
    """With some hours more, for clocks that are late; at most a month."""
    assert days_to_ask(NOW - timedelta(hours=hours), NOW) == days


def test_a_logger_that_fails_is_left_out_for_longer_and_longer(
    service: FalseService, town: Store
) -> None:
    """The others are asked each time, and it comes back when it answers again."""
    service.answers["900356"] = 200, an_answer(7.0)
    poll = a_poll_of(service, town, LOGGER, "900356")
    for _ in range(40):
        poll.poll()
    asked = [one["LOGGER"] for one in service.asked]
    assert asked.count("900356") == 40
    assert 4 <= asked.count(LOGGER) <= 8
    service.answers[LOGGER] = 200, an_answer(8.0)
    for _ in range(17):
        poll.poll()
    assert values(town) == [8.0]


@pytest.mark.parametrize(
    ("status", "body"), [(500, b""), (200, b"x" * 200_000)], ids=["broken", "endless"]
)
def test_the_key_is_never_logged(
    service: FalseService,
    town: Store,
    caplog: pytest.LogCaptureFixture,
    status: int,
    body: bytes,
) -> None:
    """Neither the address nor the key stands in a log, whatever goes wrong."""
    service.answers[LOGGER] = status, body
    with caplog.at_level(logging.DEBUG):
        assert a_poll_of(service, town).poll() == 0
    assert "S232" in caplog.text
    assert KEY not in caplog.text
    assert KEY not in repr(TerraTransferApi(url=service.url, key=KEY, loggers=()))


def test_a_wrong_key_is_told(
    service: FalseService, town: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """An operator has to do something: it is another code than a service that is down."""
    assert a_poll_of(service, town, key="alt").poll() == 0
    assert "S231" in caplog.text


def test_a_page_instead_of_values_is_kept(service: FalseService, town: Store) -> None:
    """What is no answer waits in quarantine as it came."""
    service.answers[LOGGER] = 200, b"<html>Wartung</html>"
    assert a_poll_of(service, town).poll() == 1
    with town.read() as tx:
        assert len(tx.quarantine()) == 1


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://127.0.0.1:1/"])
def test_other_addresses_are_not_asked(url: str) -> None:
    """Files of this machine are no web service; nor is a door at which nobody is."""
    with pytest.raises(NoAnswer):
        fetch(url, most_bytes=10)
