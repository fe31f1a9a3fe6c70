"""Calls an ASGI app without a server, a port or a client library."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from json import dumps, loads
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; names of headers are in lower case, repeated ones joined."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body read as JSON."""
        return loads(self.body)


def call(
    app: ASGIApp,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    json: object = None,
    raises: tuple[type[Exception], ...] = (),
) -> Answer:
    """Return the app's answer to a body, or to `json` as one.

    An error it raises after answering is let out unless expected.
    """
    sent: list[Message] = []
    given = dict(headers or {})
    if json is not None:
        body = dumps(json).encode()
        given = {"Content-Type": "application/json", **given}

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    with suppress(*raises):
        asyncio.run(app(_scope(method, path, given), receive, send))
    return answer_of(sent)


def answer_of(sent: list[Message]) -> Answer:
    """Return the messages of one answer put together."""
    head = next(message for message in sent if message["type"] == "http.response.start")
    headers: dict[str, str] = {}
    for raw_name, value in head["headers"]:
        name = raw_name.decode().lower()
        headers[name] = f"{headers[name]}, {value.decode()}" if name in headers else value.decode()
    return Answer(
        status=head["status"],
        headers=headers,
        body=b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body"),
    )


def _scope(method: str, path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    raw, _, query = path.partition("?")
    return {
        "type": "http",
        # From 2.4 on, files are sent without waiting for the client to hang up.
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw),
        "raw_path": raw.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
