"""A Mosquitto of the test's own, and somebody who sends through it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

OPEN_TO_ALL = ("allow_anonymous true",)
MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(fulfilled: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for something that other processes bring about; fail when they do not."""
    give_up = time.monotonic() + seconds
    while not fulfilled():
        if time.monotonic() > give_up:
            pytest.fail(f"not within {seconds} s")
        time.sleep(0.02)


class Mosquitto:
    """A broker that keeps sessions and any number of messages, also while it is down."""

    def __init__(
        self, folder: Path, *, settings: Sequence[str] = ("allow_anonymous true",)
    ) -> None:
        if shutil.which(MOSQUITTO) is None:
            pytest.fail("Mosquitto is missing: install the Debian package mosquitto")
        self.port = free_port()
        folder.mkdir(exist_ok=True)
        self._config = folder / "mosquitto.conf"
        lines = [
            f"listener {self.port} 127.0.0.1",
            "user root",
            "persistence true",
            f"persistence_location {folder}/",
            "max_queued_messages 0",
            "log_dest none",
            *settings,
        ]
        self._config.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = subprocess.Popen([MOSQUITTO, "-c", str(self._config)])
        until(self._listens)

    def stop(self) -> None:
        """Let it end, with its sessions saved."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)
            self._process = None

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def sender(port: int, **login: Any) -> Iterator[Client]:
    """Yield a client that is connected and sends in the background."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.max_queued_messages_set(0)
    if login:
        client.username_pw_set(login["user"], login["password"])
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def sent(client: Client, topic: str, *bodies: bytes) -> None:
    """Send the bodies with QoS 1 and wait until the broker has them."""
    told = [client.publish(topic, body, qos=1) for body in bodies]
    for one in told:
        one.wait_for_publish(timeout=30)
        assert one.is_published()
