"""Messages per second over HTTP: the service beside a bare route that inserts one row.

Both are processes of their own; senders are threads of this one, each with its connection kept
open. On a machine that does other things too, compare the processor time of a request.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING

from dispatch.domain.access import Actor, Role
from dispatch.domain.account import Grant
from dispatch.domain.ids import ActorId
from dispatch.domain.site import SiteKind
from dispatch.service.access import issue_token
from dispatch.store import open_store
from scenarios.bench.sheet import Sheet
from scenarios.streets import stand_in
from scenarios.world import WorldSettings, make_city

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = date(2026, 7, 15)
START_S = 60
SERVE = "from dispatch.cli import app; app()"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run showed; times in seconds, sorted."""

    label: str
    requests: int
    seconds: float
    times: Sequence[float]
    processor_s: float
    refused: int

    def row(self) -> tuple[str, ...]:
        """Return the run as cells of a table."""
        return (
            self.label,
            f"{self.requests / self.seconds:.0f}",
            f"{1000 * self.times[len(self.times) // 2]:.1f}",
            f"{1000 * self.times[len(self.times) * 99 // 100]:.1f}",
            f"{1000 * self.processor_s / self.requests:.2f}",
            str(self.refused),
        )


def run(*, folder: Path, messages: int, senders: int, url: str = "", bare_url: str = "") -> Sheet:
    """Return messages per second of service and bare route; SQLite in `folder` without URLs."""
    url = url or f"sqlite:///{folder}/service.sqlite"
    bare_url = bare_url or f"sqlite:///{folder}/bare.sqlite"
    token, bodies = _prepared(url, messages)
    found = [
        _measured("bare route, one row", bare_url, "/messages", bodies, senders, folder=folder),
        _measured(
            "ingest, one message a request",
            url,
            "/api/v1/ingest/chirpstack",
            bodies,
            senders,
            folder=folder,
            token=token,
        ),
    ]
    bare, ours = (one.processor_s / one.requests for one in found)
    return Sheet(
        title=f"{messages} messages from {senders} senders",
        columns=("what", "per s", "median ms", "p99 ms", "processor ms each", "refused"),
        rows=tuple(one.row() for one in found),
        goals=((f"processor time against a bare route: {ours / bare:.1f} times", None),),
    )


def _prepared(url: str, messages: int) -> tuple[str, list[bytes]]:
    """Return a source's token, and messages of the containers of a city that is registered."""
    city = make_city(stand_in(), WorldSettings(today=DAY))
    now = datetime.now(UTC)
    admin = Actor(id=ActorId("bench"), name="bench", role=Role.ADMIN)
    grant = Grant(name="bench", role=Role.SOURCE, expires_at=now + timedelta(days=1))
    store = open_store(url)
    with store.begin() as tx:
        tx.save_city(city)
        token, _ = issue_token(tx, grant, by=admin, now=now, random_bytes=token_bytes)
    store.close()
    glass = {site.id for site in city.sites if site.kind is SiteKind.GLASS}
    devices = [device for device in city.devices if device.site_id in glass]
    return token, [
        _message(devices[number % len(devices)].id, now, number) for number in range(messages)
    ]


def _message(device_id: str, now: datetime, number: int) -> bytes:
    at = now - timedelta(seconds=10 * number)
    body = {
        "deduplicationId": f"{number} {now.isoformat()}",
        "time": at.isoformat(),
        "deviceInfo": {
            "applicationId": "bench",
            "deviceProfileName": "em310-udl",
            "devEui": device_id,
        },
        "object": {"distance": 900 + number % 7, "position": "normal", "battery": 88},
    }
    return json.dumps(body).encode()


def _measured(
    label: str,
    url: str,
    path: str,
    bodies: Sequence[bytes],
    senders: int,
    *,
    folder: Path,
    token: str = "",
) -> Measured:
    with _serving(url, bare=not token, folder=folder) as (process, port):
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        head += f"Authorization: Bearer {token}\r\n" if token else ""
        warm = min(len(bodies) // 20, 100)
        _send(port, head, bodies[:warm])
        used, begun = _processor_s(process.pid), time.perf_counter()
        with ThreadPoolExecutor(senders) as pool:
            parts = [bodies[warm + at :: senders] for at in range(senders)]
            answers = list(pool.map(lambda part: _send(port, head, part), parts))
        seconds = time.perf_counter() - begun
        used = _processor_s(process.pid) - used
    times = sorted(one for part, _ in answers for one in part)
    refused = sum(count for _, count in answers)
    return Measured(label, len(times), seconds, times, used, refused)


@contextmanager
def _serving(
    url: str, *, bare: bool, folder: Path
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = (
        ["-m", "scenarios.bench.bare_route", url, str(port)] if bare else ["-c", SERVE, "serve"]
    )
    settings = {
        "DISPATCH_DATABASE_URL": url,
        "DISPATCH_PORT": str(port),
        "DISPATCH_DATA_DIR": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    with (folder / "service.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603  # our own
            [sys.executable, *command], env={**os.environ, **settings}, stdout=log, stderr=log
        )
    try:
        _wait_for(port)
        yield process, port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int) -> None:
    give_up = time.monotonic() + START_S
    while time.monotonic() < give_up:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    message = "the service does not listen"
    raise TimeoutError(message)


def _send(port: int, head: str, bodies: Sequence[bytes]) -> tuple[list[float], int]:
    """Return how long each answer took, and how many were no 200."""
    times: list[float] = []
    refused = 0
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answers = link.makefile("rb")
        for body in bodies:
            request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
            begun = time.perf_counter()
            link.sendall(request)
            status = answers.readline()
            size = 0
            while (line := answers.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    size = int(value)
            answers.read(size)
            times.append(time.perf_counter() - begun)
            refused += b" 200 " not in status
    return times, refused


def _processor_s(pid: int) -> float:
    """Return the processor time a process has used, all its threads together (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
