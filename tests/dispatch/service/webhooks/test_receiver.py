"""The whole way: outbox, threads, sockets, and a receiver that fails first."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.errors import InvalidInput
from dispatch.domain.job import Organisation
from dispatch.domain.webhook import DeliveryStatus
from dispatch.service.webhooks.addresses import networks_of
from dispatch.service.webhooks.http_post import HttpPost, NoAnswer
from dispatch.service.webhooks.message import is_signed
from dispatch.service.webhooks.part import SenderPart
from dispatch.service.webhooks.sender import RetryRule, Sender
from dispatch.store import Store, open_store
from tests.helpers.databases import fresh_url
from tests.helpers.webhooks import a_publication, a_webhook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.services

LOOPBACK = networks_of("127.0.0.0/8")


class Receiver(ThreadingHTTPServer):
    """Answers each POST with the next status (the last for ever) and hands on what it got."""

    daemon_threads = True

    def __init__(self, *statuses: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.statuses = list(statuses)
        self.got: Queue[tuple[int, bytes, dict[str, str]]] = Queue()
        Thread(target=self.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Take no more calls."""
        self.shutdown()
        self.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}/in"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Receiver

    def do_POST(self) -> None:  # the name http.server looks for
        """Keep what came and answer; a status of 0 hangs up instead."""
        body = self.rfile.read(int(self.headers["content-length"]))
        statuses = self.server.statuses
        status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
        headers = {name.lower(): value for name, value in self.headers.items()}
        if status:
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
        self.server.got.put((status, body, headers))

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a database that several threads can work on at a time."""
    store = open_store(fresh_url(tmp_path))
    yield store
    store.close()


def a_part(store: Store) -> SenderPart:
    """Return the sender's part with hardly any waiting."""
    sender = Sender(
        store,
        HttpPost(networks=LOOPBACK, step_s=5, whole_s=10),
        now=lambda: datetime.now(UTC),
        source="urn:test",
        lease="me",
        rule=RetryRule(first=timedelta(milliseconds=10)),
    )
    return SenderPart(sender, poll_s=0.02)


def test_everything_arrives_in_order_though_the_receiver_fails_first(store: Store) -> None:
    """Broken connections and errors are tried again; the second revision waits for the first."""
    receiver = Receiver(0, 500, 302, 204)
    with store.begin() as tx:
        tx.save_webhook(a_webhook(url=receiver.url))
        tx.announce(*(a_publication(minute, revision=minute + 1) for minute in range(5)))
        tx.announce(a_publication(9, Organisation.PARKS))
    part = a_part(store)
    part.start()
    got = [receiver.got.get(timeout=20) for _ in range(9)]
    part.stop()
    receiver.close()
    arrived = [(body, headers) for status, body, headers in got if status == 204]
    assert len(arrived) == 6
    revisions = [body.split(b'"revision":')[1][:1] for body, _ in arrived if b"/usb/" in body]
    assert revisions == [b"1", b"2", b"3", b"4", b"5"]
    now = datetime.now(UTC)
    assert all(is_signed(head, body, secret=a_webhook().secret, now=now) for body, head in arrived)
    with store.read() as tx:
        assert {d.status for d in tx.deliveries_of(a_webhook().id)} == {DeliveryStatus.DELIVERED}


def test_two_services_tell_everything_once(store: Store) -> None:
    """Two parts on one database: forty events, forty messages."""
    receiver = Receiver(204)
    with store.begin() as tx:
        tx.save_webhook(a_webhook(url=receiver.url))
        tx.announce(*(a_publication(n, Organisation.PARKS, day=_day(n)) for n in range(40)))
    parts = [a_part(store), a_part(store)]
    for part in parts:
        part.start()
    ids = [receiver.got.get(timeout=30)[2]["webhook-id"] for _ in range(40)]
    for part in parts:
        part.stop()
    receiver.close()
    assert len(set(ids)) == 40
    assert receiver.got.empty()


def _day(number: int) -> Any:
    return datetime(2026, 1, 1, tzinfo=UTC).date() + timedelta(days=number)


def test_the_guard_stands_before_the_socket() -> None:
    """Without being named the own machine is not reached, whatever it is called."""
    receiver = Receiver(204)
    post = HttpPost()
    for url in (receiver.url, receiver.url.replace("127.0.0.1", "localhost")):
        with pytest.raises(InvalidInput, match="S602"):
            post(url, b"{}", {})
    receiver.close()
    assert receiver.got.empty()


def test_a_receiver_that_dawdles_is_hung_up_on() -> None:
    """One that answers a letter at a time keeps us no longer than the whole may take."""
    door = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{door.getsockname()[1]}/"
    post = HttpPost(networks=LOOPBACK, step_s=5, whole_s=0.2)
    with pytest.raises(NoAnswer):
        post(url, b"{}", {})
    door.close()
