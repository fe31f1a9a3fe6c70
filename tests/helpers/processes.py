"""The service as a process of its own, which tests may kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

from tests.helpers.brokers import free_port, until

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
START = "from dispatch.cli import app; app()"


class ServiceProcess:
    """`dispatch serve` over a database, started, killed without mercy, and started again."""

    def __init__(self, database_url: str, *, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self._folder = folder
        self._settings: Mapping[str, str] = {
            "DISPATCH_DATABASE_URL": database_url,
            "DISPATCH_DATA_DIR": str(folder),
            "DISPATCH_PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
            **{f"DISPATCH_{name.upper()}": value for name, value in settings.items()},
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self._folder / "service.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", START, "serve"],
                env={**os.environ, **self._settings},
                stdout=log,
                stderr=log,
            )
        until(self._answers, seconds=60)

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Let it end as an operator does."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=30)
            self._process = None

    def log(self) -> str:
        """Return what it has said so far."""
        return (self._folder / "service.log").read_text(encoding="utf-8")

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(self.log())
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
