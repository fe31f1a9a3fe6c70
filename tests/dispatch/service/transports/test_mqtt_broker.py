"""Messages through a real Mosquitto: each stored once, whatever happens on the way."""

from __future__ import annotations

import gc
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.errors import Issue, Unavailable
from dispatch.service.inbox import Inbox
from dispatch.service.transports.mqtt import Broker, MqttTransport, Topic
from dispatch.store import Store, open_store
from tests.helpers.brokers import Mosquitto, sender, sent, until
from tests.helpers.towns import NIGHT, QUARTER, a_poll, a_town, an_uplink

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.services

TOPICS = (
    Topic(filter="v3/+/devices/+/up", format="ttn"),
    Topic(filter="pond/+", format="terratransfer"),
)
UPLINK = "v3/glas@bochum/devices/eui/up"
POND = "pond/900541"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return a town's database in a file."""
    store = open_store(f"sqlite:///{tmp_path}/town.sqlite")
    with store.begin() as tx:
        tx.save_city(a_town())
    yield store
    store.close()


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """Yield a broker that runs."""
    broker = Mosquitto(tmp_path / "broker")
    broker.start()
    yield broker
    broker.stop()


@contextmanager
def transport(store: Any, port: int, **parts: Any) -> Iterator[MqttTransport]:
    """Yield a transport that is connected."""
    broker = Broker(**{"host": "127.0.0.1", "port": port, "topics": TOPICS} | parts)
    inbox = Inbox(store)
    inbox.start()
    dice = Random(1)  # noqa: S311
    link = MqttTransport(broker, inbox=inbox, now=lambda: datetime.now(UTC), random=dice)
    link.start()
    until(lambda: link.connected)
    try:
        yield link
    finally:
        link.stop()
        inbox.stop()


def count(store: Store) -> int:
    with store.read() as tx:
        return tx.count_payloads()


def polls(many: int) -> list[bytes]:
    return [a_poll(8.0, start=NIGHT - at * QUARTER).body for at in range(many)]


@pytest.mark.parametrize("version_5", [False, True], ids=["3.1.1", "5"])
def test_messages_are_stored(store: Store, mosquitto: Mosquitto, version_5: bool) -> None:
    """Signals of two formats by their topics."""
    with (
        transport(store, mosquitto.port, version_5=version_5),
        sender(mosquitto.port) as client,
    ):
        sent(client, UPLINK, an_uplink(900).body)
        sent(client, POND, *polls(300))
        until(lambda: count(store) == 301)
    with store.read() as tx:
        assert sum(tx.count_signals().values()) == 303


@pytest.mark.parametrize("version_5", [False, True], ids=["3.1.1", "5"])
def test_the_broker_keeps_what_comes_while_we_are_away(
    store: Store, mosquitto: Mosquitto, version_5: bool
) -> None:
    """A service that is updated misses nothing."""
    with transport(store, mosquitto.port, version_5=version_5):
        pass
    with sender(mosquitto.port) as client:
        sent(client, POND, *polls(50))
    assert count(store) == 0
    with transport(store, mosquitto.port, version_5=version_5):
        until(lambda: count(store) == 50)


class Refusing:
    """A store whose database is down as long as somebody says so."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.down = True
        self.refused = 0

    @contextmanager
    def begin(self) -> Iterator[Any]:
        """Yield a transaction, or refuse it."""
        if self.down:
            self.refused += 1
            raise Unavailable(Issue(code="DB105", subject="db", cause="down", action="wait"))
        with self._store.begin() as tx:
            yield tx


def test_nothing_is_acknowledged_that_is_not_stored(store: Store, mosquitto: Mosquitto) -> None:
    """While the database is down the broker keeps the messages; they are stored when it is back."""
    refusing = Refusing(store)
    with transport(refusing, mosquitto.port), sender(mosquitto.port) as client:
        sent(client, POND, *polls(30))
        until(lambda: refusing.refused > 0)
    assert count(store) == 0
    with transport(refusing, mosquitto.port):
        refusing.down = False
        until(lambda: count(store) == 30)


def test_a_poisonous_message_blocks_nobody(store: Store, mosquitto: Mosquitto) -> None:
    """Rubbish and messages nobody asked for any more are kept, and those behind them come in."""
    with transport(store, mosquitto.port), sender(mosquitto.port) as client:
        sent(client, UPLINK, b"\xff\x00rubbish", an_uplink(900).body)
        until(lambda: count(store) == 2)
    # The session still asks for the ponds, but the settings no longer know them.
    with (
        transport(store, mosquitto.port, topics=TOPICS[:1]),
        sender(mosquitto.port) as client,
    ):
        sent(client, POND, *polls(1))
        sent(client, UPLINK, an_uplink(901).body)
        until(lambda: count(store) == 4)
    with store.read() as tx:
        assert sorted(entry.issue.code for entry in tx.quarantine()) == ["I101", "I117"]


def test_a_broker_that_goes_is_waited_for(store: Store, mosquitto: Mosquitto) -> None:
    """After its restart the session goes on, without anybody doing anything."""
    with transport(store, mosquitto.port) as link:
        mosquitto.stop()
        until(lambda: not link.connected)
        mosquitto.start()
        until(lambda: link.connected)
        with sender(mosquitto.port) as client:
            sent(client, POND, *polls(5))
        until(lambda: count(store) == 5)


PASSWORD = "sieben Teiche"  # noqa: S105  # of a broker that lives for one test


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[Mosquitto]:
    """Yield a broker that speaks TLS only, with those who have a password."""
    key, certificate, passwords = (tmp_path / name for name in ("key.pem", "cert.pem", "passwords"))
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    made += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    said = ["mosquitto_passwd", "-b", "-c", str(passwords), "city", PASSWORD]
    subprocess.run(said, check=True, capture_output=True)
    broker = Mosquitto(
        tmp_path / "guarded",
        settings=(
            "allow_anonymous false",
            f"certfile {certificate}",
            f"keyfile {key}",
            f"password_file {passwords}",
        ),
    )
    broker.start()
    yield broker
    broker.stop()


def test_a_broker_that_asks_who_we_are(store: Store, guarded: Mosquitto, tmp_path: Path) -> None:
    """With a password over TLS, the broker known by its certificate."""
    login = {"user": "city", "password": PASSWORD, "tls": True, "ca_file": tmp_path / "cert.pem"}
    with transport(store, guarded.port, **login) as link:
        assert link.connected


# The client library leaves the socket of a failed handshake to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(
    ("change", "word"),
    [({"password": "falsch"}, "S221"), ({"ca_file": None}, "certificate"), ({"tls": False}, "")],
    ids=["wrong password", "unknown certificate", "without TLS"],
)
def test_a_broker_that_does_not_want_us(
    store: Store,
    guarded: Mosquitto,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    change: dict[str, Any],
    word: str,
) -> None:
    """The log says why, never with the password, and it is tried again later."""
    login = {"user": "city", "password": PASSWORD, "tls": True, "ca_file": tmp_path / "cert.pem"}
    broker = Broker(
        **{"host": "127.0.0.1", "port": guarded.port, "topics": TOPICS} | login | change  # type: ignore[arg-type]
    )
    link = MqttTransport(
        broker,
        inbox=Inbox(store),
        now=lambda: datetime.now(UTC),
        random=Random(1),  # noqa: S311
    )
    link.start()
    until(lambda: "connecting again" in caplog.text)
    assert not link.connected
    link.stop()
    assert word in caplog.text
    assert PASSWORD not in caplog.text
    gc.collect()


def test_two_services_share_the_work(store: Store, mosquitto: Mosquitto, tmp_path: Path) -> None:
    """Each message goes to one of them, and none is lost."""
    other = open_store(f"sqlite:///{tmp_path}/other.sqlite")
    with (
        transport(store, mosquitto.port, share="city", client_id="one"),
        transport(other, mosquitto.port, share="city", client_id="two"),
        sender(mosquitto.port) as client,
    ):
        sent(client, POND, *polls(100))
        until(lambda: count(store) + count(other) >= 100)
    assert count(store) + count(other) == 100
    assert min(count(store), count(other)) > 0
    other.close()
