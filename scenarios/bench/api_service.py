"""The service as a process of its own, for benchmarks."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Iterator

START_S = 120
SERVE = "from dispatch.cli import app; app()"
ROOT = Path(__file__).resolve().parents[2]


class Service:
    """A running service: its port and what it has used so far."""

    def __init__(self, port: int, pid: int) -> None:
        self.port, self._pid = port, pid

    def processor_s(self) -> float:
        """Return the processor time of the process and its children (Linux)."""
        return sum(_used(pid) for pid in (self._pid, *_children(self._pid)))


@contextmanager
def serving(url: str, *, folder: Path) -> Iterator[Service]:
    """Yield `dispatch serve` on that database; its log goes to `service.log` in the folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = {
        "DISPATCH_DATABASE_URL": url,
        "DISPATCH_PORT": str(port),
        "DISPATCH_DATA_DIR": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    with (folder / "service.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  # our own
            [sys.executable, "-c", SERVE, "serve"],
            env={**os.environ, **settings},
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/readyz", process)
            yield Service(port, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + START_S
    while time.monotonic() < give_up and process.poll() is None:
        try:
            with urlopen(url, timeout=5):  # noqa: S310  # our own
                return
        except OSError:
            time.sleep(0.2)
    message = "the service is not ready; see service.log"
    raise TimeoutError(message)


def _used(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> Iterator[int]:
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in file.read_text(encoding="utf-8").split():
            yield int(child)
            yield from _children(int(child))
