"""Parts in the background of the service."""

from __future__ import annotations

import asyncio
import socket

import pytest

from dispatch.cli.demo import listening
from dispatch.cli.serving import running
from dispatch.settings import load_settings


class Told:
    """A part that writes down what it is told, and may fail."""

    def __init__(self, name: str, book: list[str], *, fails: str = "") -> None:
        self.name, self.book, self.fails = name, book, fails

    def start(self) -> None:
        """Write it down."""
        self._do("start")

    def stop(self) -> None:
        """Write it down."""
        self._do("stop")

    def _do(self, what: str) -> None:
        self.book.append(f"{what} {self.name}")
        if self.fails == what:
            raise OSError(self.name)


def test_parts_start_in_order_and_stop_in_reverse() -> None:
    """A transport never hands on to a writer that has stopped."""
    book: list[str] = []
    with running([Told("writer", book), Told("mqtt", book)]):
        book.append("serve")
    assert book == ["start writer", "start mqtt", "serve", "stop mqtt", "stop writer"]


def test_a_part_that_cannot_start_stops_those_before_it() -> None:
    """A wrong setting leaves no thread behind, and is told."""
    book: list[str] = []
    with (
        pytest.raises(OSError, match="mqtt"),
        running([Told("writer", book), Told("mqtt", book, fails="start")]),
    ):
        book.append("serve")
    assert book == ["start writer", "start mqtt", "stop writer"]


def test_a_part_that_cannot_stop_keeps_no_other_from_it() -> None:
    """What was received is stored even when a connection breaks while it is closed."""
    book: list[str] = []
    with (
        pytest.raises(OSError, match="mqtt"),
        running([Told("writer", book), Told("mqtt", book, fails="stop")]),
    ):
        pass
    assert book[-1] == "stop writer"


def test_answers_do_not_wait_for_more_to_send() -> None:
    """What is accepted at the door sends at once, or an answer to a POST comes 40 ms late."""

    async def delays() -> bool:
        answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def accepted(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            peer = writer.get_extra_info("socket")
            answered.set_result(peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listening(load_settings(port=0)) as door:
            server = await asyncio.start_server(accepted, sock=door)
            async with server:
                _, writer = await asyncio.open_connection(*door.getsockname())
                at_once = await answered
                writer.close()
                await writer.wait_closed()
        return not at_once

    assert not asyncio.run(delays())
