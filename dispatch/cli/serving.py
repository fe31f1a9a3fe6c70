"""What runs beside the API in one service: parts that are started and stopped with it."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Part(Protocol):
    """Something that works in the background of the service."""

    def start(self) -> None:
        """Begin; returns at once."""

    def stop(self) -> None:
        """Finish what was begun, take up nothing new, and return when done."""


@contextmanager
def ending_in_order() -> Iterator[None]:
    """Let SIGTERM end the program as an exit does, so that what was begun is brought to its end.

    The server sends itself the signal that it was ended by once more when it has shut down; left
    as it is, that would end the process before its parts are stopped.
    """
    before = signal.signal(signal.SIGTERM, _exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _exit(number: int, _frame: object) -> None:
    del number
    raise SystemExit(0)


@contextmanager
def running(parts: Sequence[Part]) -> Iterator[None]:
    """Start the parts in their order, and stop those that were started in reverse, come what may.

    What others rest upon stands first: a writer before the transports that hand on to it.
    """
    begun: list[Part] = []
    try:
        for part in parts:
            part.start()
            begun.append(part)
        yield
    finally:
        _stop(begun)


def _stop(begun: list[Part]) -> None:
    while begun:
        try:
            begun.pop().stop()
        finally:
            # One that fails to stop keeps none of the others from it.
            _stop(begun)
