"""A connection that is kept open, and how long each answer on it took."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Book:
    """What was measured: seconds of each answer by kind of request, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    examples: dict[str, str] = field(default_factory=dict)

    def note(self, kind: str, seconds: float, reply: Reply, good: Collection[int]) -> None:
        """Keep how long it took, and the first answer of its kind that is none of the good."""
        self.seconds[kind].append(seconds)
        if reply.status not in good:
            self.faults[kind] += 1
            told = reply.body[:300].decode("utf-8", "replace")
            self.examples.setdefault(kind, f"{reply.status} {told}")

    def p(self, kind: str, share: float) -> float:
        """Return the seconds within which that share of the answers came."""
        times = sorted(self.seconds[kind])
        return times[min(int(len(times) * share), len(times) - 1)]


class Link:
    """One client: a connection to the service on this machine with the client's token."""

    def __init__(self, port: int, token: str, book: Book) -> None:
        self._port, self._token, self._book = port, token, book
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self,
        kind: str | Callable[[Reply], str],
        method: str,
        path: str,
        *,
        body: bytes = b"",
        tag: str = "",
        good: Collection[int] = (200,),
    ) -> Reply:
        """Return the answer, its time noted under that kind, or the one the answer shows.

        A connection that broke is a fault.
        """
        head = [
            f"{method} {path} HTTP/1.1",
            "Host: localhost",
            f"Authorization: Bearer {self._token}",
            f"Content-Length: {len(body)}",
        ]
        head += ["Content-Type: application/json"] if body else []
        head += [f"If-None-Match: {tag}"] if tag else []
        begun = time.perf_counter()
        reply = await self._asked("\r\n".join([*head, "", ""]).encode() + body)
        took_s = time.perf_counter() - begun
        self._book.note(kind if isinstance(kind, str) else kind(reply), took_s, reply, good)
        return reply

    async def _asked(self, request: bytes) -> Reply:
        """Return the answer; on a connection the service has closed meanwhile, ask once more."""
        for again in (self._streams is not None, False):
            try:
                return await self._exchange(request)
            except (OSError, EOFError) as error:
                await self.close()
                if not again:
                    return Reply(0, {}, repr(error).encode())
        raise AssertionError

    async def _exchange(self, request: bytes) -> Reply:
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self._port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        size = int(headers.get("content-length", 0))
        body = await reader.readexactly(size) if size else b""
        return Reply(int(head[0].split()[1]), headers, body)

    async def close(self) -> None:
        """Hang up."""
        streams, self._streams = self._streams, None
        if streams is not None:
            streams[1].close()
            with suppress(OSError):
                await streams[1].wait_closed()
