"""A service that is killed while thousands of messages come in: none is lost, none is there twice.

`DISPATCH_TEST_MESSAGES` makes it fewer than 20,000 where a machine is slow.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from secrets import token_bytes
from threading import Lock
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.access import Actor, Role
from dispatch.domain.account import Grant
from dispatch.domain.ids import ActorId
from dispatch.domain.signal import payload_of
from dispatch.service.access import issue_token
from dispatch.store import Store, open_store
from tests.helpers.brokers import Mosquitto, sender, sent, until
from tests.helpers.databases import postgresql_url
from tests.helpers.processes import ServiceProcess
from tests.helpers.towns import LID_SENSOR, NIGHT, a_town, an_uplink

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

pytestmark = pytest.mark.services

MESSAGES = int(os.environ.get("DISPATCH_TEST_MESSAGES", "20000"))
SIGNALS_OF_EACH = 3
SENDERS = 8
PATIENCE_S = 300
"""For machines that do other things too; alone the tests take half a minute each."""
KILLS = 2
TOPIC = "v3/glas@bochum/devices/eui/up"


def messages() -> list[bytes]:
    """Return as many uplinks, one a minute back in time, all different."""
    return [
        an_uplink(900, at=NIGHT - timedelta(minutes=at), dev_eui=LID_SENSOR).body
        for at in range(MESSAGES)
    ]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a database that outlives the service."""
    on_server = request.param == "postgresql"
    return postgresql_url() if on_server else f"sqlite:///{tmp_path}/town.sqlite"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Return the database of the service, looked at from outside."""
    store = open_store(url)
    with store.begin() as tx:
        tx.save_city(a_town())
    yield store
    store.close()


def a_token(store: Store) -> str:
    """Return the secret of a source."""
    now = datetime.now(UTC)
    admin = Actor(id=ActorId("test"), name="test", role=Role.ADMIN)
    grant = Grant(name="gateway", role=Role.SOURCE, expires_at=now + timedelta(hours=1))
    with store.begin() as tx:
        secret, _ = issue_token(tx, grant, by=admin, now=now, random_bytes=token_bytes)
    return secret


def names(bodies: Sequence[bytes]) -> set[str]:
    return {payload_of(body, format_name="ttn", received_at=NIGHT).id for body in bodies}


def stored(store: Store) -> int:
    with store.read() as tx:
        return tx.count_payloads()


def missing(store: Store, ids: set[str]) -> set[str]:
    with store.read() as tx:
        return ids - tx.first_receipts(sorted(ids)).keys()  # type: ignore[arg-type]


def assert_each_is_there_once(store: Store, bodies: Sequence[bytes]) -> None:
    assert missing(store, names(bodies)) == set()
    with store.read() as tx:
        assert tx.count_payloads() == len(bodies)
        assert sum(tx.count_signals().values()) == SIGNALS_OF_EACH * len(bodies)
        assert tx.count_quarantine() == 0


class Gateway:
    """Sends its messages one after the other, each until it is answered."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._headers = {"Authorization": f"Bearer {token}"}
        self._lock = Lock()
        self.acknowledged: set[bytes] = set()
        self.refused: list[int] = []

    def send(self, bodies: Sequence[bytes]) -> None:
        """Send them all, however often the service goes away."""
        connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        for body in bodies:
            while not self._sent(connection, body):
                connection.close()
                time.sleep(0.05)
        connection.close()

    def _sent(self, connection: HTTPConnection, body: bytes) -> bool:
        try:
            connection.request("POST", "/api/v1/ingest/ttn", body=body, headers=self._headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return False
        with self._lock:
            if answer.status == 200:
                self.acknowledged.add(body)
                return True
            self.refused.append(answer.status)
            return False


def test_killed_while_gateways_send(tmp_path: Path, url: str, store: Store) -> None:
    """What was answered is in the database, at the moment of the kill and after all is sent."""
    bodies = messages()
    service = ServiceProcess(url, folder=tmp_path)
    service.start()
    gateway = Gateway(service.port, a_token(store))
    with ThreadPoolExecutor(SENDERS) as pool:
        running = [pool.submit(gateway.send, bodies[at::SENDERS]) for at in range(SENDERS)]
        for turn in range(1, KILLS + 1):
            enough = turn * MESSAGES // (KILLS + 1)
            until(lambda enough=enough: len(gateway.acknowledged) >= enough, seconds=PATIENCE_S)
            service.kill()
            assert missing(store, names(list(gateway.acknowledged))) == set()
            service.start()
        for one in running:
            one.result(timeout=PATIENCE_S)
    service.stop()
    assert gateway.refused == []
    assert_each_is_there_once(store, bodies)


def test_killed_while_a_broker_sends(tmp_path: Path, url: str, store: Store) -> None:
    """What was not stored is sent again by the broker: in the end each message is there once."""
    bodies = messages()
    broker = Mosquitto(tmp_path / "broker")
    broker.start()
    service = ServiceProcess(
        url, folder=tmp_path, mqtt_host="127.0.0.1", mqtt_port=str(broker.port)
    )
    service.start()
    with sender(broker.port) as client:
        # The broker keeps nothing for a session that it does not know yet.
        until(lambda: bool(sent(client, TOPIC, bodies[0]) or stored(store)))
        for body in bodies[1:]:
            client.publish(TOPIC, body, qos=1)
        for turn in range(1, KILLS + 1):
            enough = turn * MESSAGES // (KILLS + 1)
            until(lambda enough=enough: stored(store) >= enough, seconds=PATIENCE_S)
            service.kill()
            service.start()
        until(lambda: stored(store) >= MESSAGES, seconds=PATIENCE_S)
    service.stop()
    broker.stop()
    assert_each_is_there_once(store, bodies)
