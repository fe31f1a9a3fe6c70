"""Bodies of requests as bytes: never larger than the limit, whatever they say of themselves."""

import zlib
from collections.abc import AsyncIterator

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from dispatch.domain.errors import InvalidInput, Issue

GZIP = frozenset({"gzip", "x-gzip"})
_WINDOW = 31  # zlib's word for: a gzip header, whatever its window


class TooLarge(InvalidInput):
    """More bytes than are taken from anybody."""


class UnknownEncoding(InvalidInput):
    """A packing that nobody here can undo."""


async def received(request: Request) -> bytes:
    """Return the body, unpacked if it is gzip.

    Raises TooLarge (A206) as soon as there is more of it than the limit, packed or unpacked,
    UnknownEncoding (A207), and InvalidInput (A208) for gzip that is damaged.
    """
    limit: int = request.app.state.body_limit
    encoding = request.headers.get("content-encoding", "identity").strip().casefold()
    if encoding not in GZIP | {"identity", ""}:
        raise UnknownEncoding(
            Issue(
                code="A207",
                subject="Content-Encoding",
                cause=f"{encoding[:40]} is neither gzip nor identity",
                action="Send it with gzip, or as it is",
            )
        )
    body = await _whole(request.stream(), limit)
    return await run_in_threadpool(_unpacked, body, limit) if encoding in GZIP else body


async def _whole(stream: AsyncIterator[bytes], limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in stream:
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)


def _unpacked(body: bytes, limit: int) -> bytes:
    """Return what is in one or more members of gzip; a bomb is left when it passes the limit."""
    parts: list[bytes] = []
    size = 0
    rest = body
    try:
        while rest:
            member = zlib.decompressobj(_WINDOW)
            part = member.decompress(rest, limit - size + 1)
            size += len(part)
            if size > limit:
                raise _too_large(limit)
            if not member.eof:
                raise _damaged("it is cut off")
            parts.append(part)
            rest = member.unused_data
    except zlib.error as error:
        raise _damaged(str(error)) from error
    return b"".join(parts)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(
        Issue(
            code="A206",
            subject="body",
            cause=f"it has more than {limit} bytes, packed or unpacked",
            action="Send it in several parts, or have DISPATCH_BODY_LIMIT_MB raised",
        )
    )


def _damaged(cause: str) -> InvalidInput:
    return InvalidInput(
        Issue(code="A208", subject="body", cause=f"no gzip: {cause}", action="Pack it again")
    )
