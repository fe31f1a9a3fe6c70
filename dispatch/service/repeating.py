"""Something that is done again and again, in a thread of its own."""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)


class Repeating:
    """A part of the service that takes its turn, waits, and takes it again until it is stopped.

    `turn` is given a question that tells whether it should end early. What it raises is logged.
    """

    def __init__(
        self, turn: Callable[[Callable[[], bool]], object], *, every_s: float, name: str
    ) -> None:
        self._turn = turn
        self._every_s = every_s
        self._name = name
        self._stopping = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Take the first turn now."""
        self._thread = Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the turn at hand."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn(self._stopping.is_set)
            except Exception:  # the loop goes on: the next turn may succeed
                logger.exception("%s", self._name)
            self._stopping.wait(self._every_s)
