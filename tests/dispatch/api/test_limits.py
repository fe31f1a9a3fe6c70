"""No request brings more than the service takes, and none is told less than it should be."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from starlette.responses import Response

from dispatch.api.errors import install_error_handlers
from dispatch.api.limits import JSON_LIMIT, BodyLimit
from tests.helpers.asgi import Answer, answer_of, call

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Message

LOGIN = "/api/v1/session"


def in_pieces(app: Any, path: str, pieces: list[bytes], content_type: str) -> tuple[Answer, int]:
    """Return the answer to a body that comes in pieces unannounced, and how many were read."""
    sent: list[Message] = []
    left = list(pieces)

    async def receive() -> Message:
        piece = left.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"content-type", content_type.encode()), (b"transfer-encoding", b"chunked")],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
    asyncio.run(app(scope, receive, send))
    return answer_of(sent), len(pieces) - len(left)


def test_a_body_announced_too_large_is_not_read(app: FastAPI) -> None:
    """413 with its code, before anything else."""
    answer = call(app, "POST", LOGIN, headers={"Content-Length": str(10**9)}, body=b"{}")
    assert (answer.status, answer.json()["issues"][0]["code"]) == (413, "A204")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "content-security-policy" in answer.headers


def test_a_body_in_pieces_is_read_up_to_the_limit_only(app: FastAPI) -> None:
    """Who says nothing of its size gets no further than who does."""
    piece = b" " * 100_000
    answer, read = in_pieces(app, LOGIN, [piece] * 50, "application/json")
    assert (answer.status, answer.json()["issues"][0]["code"]) == (413, "A204")
    assert read == JSON_LIMIT // 100_000 + 1


def test_a_body_within_the_limit_goes_through(app: FastAPI) -> None:
    """A wrong login of 900 kB is a wrong login."""
    body = json.dumps({"login": "x", "password": "y"}).encode() + b" " * 900_000
    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    assert call(app, "POST", LOGIN, headers=headers, body=body).status == 401


@pytest.mark.parametrize(("path", "status"), [("/api/v1/ingest/ttn", 200), ("/api/v1/x", 413)])
def test_payloads_have_a_limit_of_their_own(path: str, status: int) -> None:
    """Those of sources are larger than our own JSON, and still limited."""
    bare = FastAPI()

    async def read(request: Request) -> Response:
        return Response(str(len(await request.body())))

    bare.add_route("/{rest:path}", read, methods=["POST"])
    install_error_handlers(bare)
    limited = BodyLimit(bare, limit=3_000_000)
    body = [b"x" * 1_000_000, b"x" * 500_000]
    assert in_pieces(limited, path, body, "application/json")[0].status == status
    assert in_pieces(limited, path, body * 3, "application/json")[0].status == 413
