"""MQTT: messages of a broker, acknowledged when they are stored and not before."""

from __future__ import annotations

import logging
import select
import socket
import ssl
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from paho.mqtt.client import Client, MQTTv5, MQTTv311, topic_matches_sub
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from dispatch.domain.errors import Unavailable
from dispatch.domain.signal import Payload, payload_of
from dispatch.service.envelopes import with_topic
from dispatch.service.inbox import Receipt
from dispatch.service.transports.patience import pause_s

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random
    from typing import Any

    from paho.mqtt.client import MQTTMessage

    from dispatch.service.inbox import Inbox

logger = logging.getLogger(__name__)

KEEPALIVE_S = 60
MOST_PAUSE_S = 60.0
MOST_IN_HAND = 1_000
"""Messages that wait for their commit; nothing more is read from the broker meanwhile."""
STORE_PAUSE_S = 2.0
"""Before what could not be stored is tried again; the broker waits so long too."""
STOP_TURNS = 40
UNKNOWN_TOPIC = "mqtt"
"""The format of messages that nobody asked for: no decoder has it, so they are kept (I117)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic filter, as `v3/+/devices/+/up`, and the format of what comes there."""

    filter: str
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Where to connect, as whom, and for what.

    The broker keeps what comes while we are away under the name `client_id`, for up to
    `session_days` with MQTT 5 and as long as it likes before. Services with the same `share` divide
    the messages among them; each needs a `client_id` of its own.
    """

    host: str
    port: int = 1883
    client_id: str = "bochum-dispatch"
    topics: tuple[Topic, ...] = ()
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    ca_file: Path | None = None
    share: str = ""
    version_5: bool = False
    session_days: int = 7
    most_bytes: int = 16_000_000

    def format_of(self, topic: str) -> str:
        """Return the format of what comes at a topic: the first filter that fits counts."""
        fitting = (t.format for t in self.topics if topic_matches_sub(t.filter, topic))
        return next(fitting, UNKNOWN_TOPIC)

    def subscriptions(self) -> list[Any]:
        """Return the filters as the broker is asked for them, all with QoS 1."""
        prefix = f"$share/{self.share}/" if self.share else ""
        names = [prefix + topic.filter for topic in self.topics]
        if self.version_5:
            return [(name, SubscribeOptions(qos=1)) for name in names]
        return [(name, 1) for name in names]


@dataclass(slots=True)
class _InHand:
    mid: int
    qos: int
    payload: Payload
    receipt: Future[Receipt] | None


class MqttTransport:
    """One connection to a broker, kept up and taken up again, in a thread of its own."""

    def __init__(
        self, broker: Broker, *, inbox: Inbox, now: Callable[[], datetime], random: Random
    ) -> None:
        self._broker = broker
        self._inbox = inbox
        self._now = now
        self._random = random
        self._in_hand: deque[_InHand] = deque()
        self._stopping = Event()
        self._thread: Thread | None = None
        self._heard, self._bell = socket.socketpair()
        self._heard.setblocking(False)
        self._bell.setblocking(False)
        self.connected = False

    name = "mqtt"

    def fault(self) -> str | None:
        """Return what is wrong with it: that no broker takes it."""
        return None if self.connected else f"no connection to the broker {self._broker.host}"

    def start(self) -> None:
        """Connect in the background, for as long as it takes."""
        self._thread = Thread(target=self._run, name="mqtt", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Acknowledge what is being stored, then part from the broker, which keeps the session."""
        self._stopping.set()
        self._ring()
        if self._thread is not None:
            self._thread.join()
        self._heard.close()
        self._bell.close()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                was_connected = self._session()
            except Exception as error:  # the loop goes on: the broker sends again what was not
                was_connected = self.connected
                logger.warning("broker %s: %s", self._broker.host, error)
            self.connected = False
            self._in_hand.clear()
            failures = 1 if was_connected else failures + 1
            pause = pause_s(failures, most_s=MOST_PAUSE_S, random=self._random)
            if not self._stopping.is_set():
                logger.warning("broker %s: connecting again in %.1f s", self._broker.host, pause)
                self._stopping.wait(pause)

    def _session(self) -> bool:
        """Stay connected until the connection ends; return whether there was one."""
        client = self._client()
        client.connect(self._broker.host, self._broker.port, KEEPALIVE_S, **self._session_kept())
        try:
            while not self._stopping.is_set() and self._turn(client, 1.0):
                pass
            for _ in range(STOP_TURNS):
                if not self._in_hand or not self._turn(client, 0.25):
                    break
            return self.connected
        finally:
            client.disconnect()

    def _turn(self, client: Client, wait_s: float) -> bool:
        """Read and write what is ready, acknowledge what is stored; tell whether it goes on."""
        link: Any = client.socket()
        if link is None:
            return False
        full = self._stopping.is_set() or len(self._in_hand) >= MOST_IN_HAND
        buffered = not full and isinstance(link, ssl.SSLSocket) and link.pending() > 0
        readers = [self._heard] if full else [self._heard, link]
        writers = [link] if client.want_write() else []
        ready, writable, _ = select.select(readers, writers, [], 0 if buffered else wait_s)
        if link in ready or buffered:
            client.loop_read()
        if writable:
            client.loop_write()
        client.loop_misc()
        if self._heard in ready:
            self._heard.recv(4096)
        self._acknowledge(client)
        return True

    def _acknowledge(self, client: Client) -> None:
        """Acknowledge what is stored, in the order of receipt, as the standard demands."""
        while self._in_hand:
            first = self._in_hand[0]
            if first.receipt is not None and not first.receipt.done():
                return
            if first.receipt is None or first.receipt.exception() is not None:
                self._stopping.wait(STORE_PAUSE_S)
                self._hand_over(first)
                return
            self._in_hand.popleft()
            if first.qos:
                client.ack(first.mid, first.qos)

    def _take(self, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        format_name = self._broker.format_of(topic)
        body = with_topic(bytes(message.payload), topic=topic, format_name=format_name)
        payload = payload_of(body, format_name=format_name, received_at=self._now())
        item = _InHand(message.mid, message.qos, payload, None)
        self._in_hand.append(item)
        self._hand_over(item)

    def _hand_over(self, item: _InHand) -> None:
        try:
            item.receipt = self._inbox.submit([item.payload])
        except Unavailable as error:
            item.receipt = None
            logger.warning("payload %s waits: %s", item.payload.id, error)
            return
        item.receipt.add_done_callback(lambda _: self._ring())

    def _ring(self) -> None:
        try:
            self._bell.send(b"!")
        except OSError:
            # It rings already, or nobody is there to hear it any more.
            return

    def _client(self) -> Client:
        broker = self._broker
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=broker.client_id,
            clean_session=None if broker.version_5 else False,
            protocol=MQTTv5 if broker.version_5 else MQTTv311,
            manual_ack=True,
        )
        if broker.user:
            client.username_pw_set(broker.user, broker.password)
        if broker.tls:
            client.tls_set(ca_certs=str(broker.ca_file) if broker.ca_file else None)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = lambda _client, _data, message: self._take(message)
        return client

    def _session_kept(self) -> dict[str, Any]:
        if not self._broker.version_5:
            return {}
        wanted: Any = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        wanted.SessionExpiryInterval = self._broker.session_days * 86_400
        wanted.ReceiveMaximum = MOST_IN_HAND
        wanted.MaximumPacketSize = self._broker.most_bytes
        return {"clean_start": False, "properties": wanted}

    def _on_connect(
        self, client: Client, _data: object, flags: Any, reason: Any, _properties: object
    ) -> None:
        if reason.is_failure:
            logger.error("S221 broker %s refuses: %s", self._broker.host, reason)
            client.disconnect()
            return
        self.connected = True
        logger.info(
            "broker %s: connected, session %s",
            self._broker.host,
            "continued" if flags.session_present else "new",
        )
        client.subscribe(self._broker.subscriptions())

    def _on_subscribe(
        self, _client: Client, _data: object, _mid: int, reasons: Any, _properties: object
    ) -> None:
        for topic, reason in zip(self._broker.topics, reasons, strict=False):
            if reason.is_failure:
                logger.error("S222 broker refuses topic %s: %s", topic.filter, reason)
