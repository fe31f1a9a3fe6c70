"""The planner in a process of its own: making jobs and building problems takes seconds of Python.

In the service's process those seconds would be taken from everybody who asks meanwhile. All that
the two share is the database, as two services do.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from dispatch.cli.planning import clock_of, planner_of
from dispatch.cli.serving import running
from dispatch.cli.shared import opened, spare_the_collector, streets_of
from dispatch.logs import set_up_logs

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from dispatch.settings import Settings

log = logging.getLogger(__name__)

AGAIN_S = 5.0
"""A process that ended by itself is started again after so long."""
STOP = "stop"
GONE = 1


class PlannerProcess:
    """A part of the service that keeps the process of the planner running."""

    name = "planner"

    def __init__(self, settings: Settings, url: str, *, by_the_clock: bool) -> None:
        self._settings, self._url, self._by_the_clock = settings, url, by_the_clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="planner", daemon=True)
        self._process: SpawnProcess | None = None

    def fault(self) -> str | None:
        """Return what is wrong with it: that nobody carries out runs."""
        alive = self._process is not None and self._process.is_alive()
        return None if alive else "the planner's process does not run"

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Let the planner give back its run, and return when the process has ended."""
        self._stopping.set()
        self._thread.join()

    def _keep(self) -> None:
        context = multiprocessing.get_context("spawn")
        while not self._stopping.is_set():
            ours, theirs = context.Pipe()
            # It starts searches in processes of its own, which a daemon may not.
            process = context.Process(
                target=carry_out_runs,
                args=(self._settings, self._url, theirs),
                kwargs={"by_the_clock": self._by_the_clock},
                name="planner",
                daemon=False,
            )
            process.start()
            self._process = process
            theirs.close()
            while process.is_alive() and not self._stopping.wait(0.2):
                pass
            if self._stopping.is_set():
                with suppress(OSError):  # it may have ended at this moment
                    ours.send(STOP)
            process.join()
            ours.close()
            if not self._stopping.is_set():
                log.error("the planner's process ended (%s); it is started again", process.exitcode)
                self._stopping.wait(AGAIN_S)


def carry_out_runs(
    settings: Settings, url: str, service: Connection, *, by_the_clock: bool
) -> None:
    """Carry out planning runs until the service says that it ends.

    A service that is gone without a word was killed: so is this process then, as it might be in
    the midst of anything, and the lease of its run ends.
    """
    # Ctrl-C on a terminal reaches this process too; the service decides when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_up_logs(settings.log_format, settings.log_level)
    spare_the_collector()
    with opened(url) as store:
        parts = [planner_of(settings, store, streets_of(settings))]
        if by_the_clock:
            parts += clock_of(settings, store)
        with running(parts):
            try:
                service.recv()
            except EOFError:
                os._exit(GONE)
