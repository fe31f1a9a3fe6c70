"""No request brings more than the service takes."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dispatch.api.errors import refusal

BODY_LIMIT = 20_000_000
"""More than any photo of a tablet or file of a logger."""
JSON_LIMIT = 1_000_000
"""Our own JSON is small, and the framework reads it before it is known who sends it."""
READ_LATER = "/api/v1/ingest"
"""Below here bodies are read once the sender is known, with a limit of their own."""
TOO_LARGE = 413


class BodyLimit:
    """ASGI middleware that refuses a body over the limit (A204), announced or not.

    One that is announced is refused before a byte of it is read; of one that comes in pieces no
    more is read than the limit.
    """

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        limit = self._limit_for(scope["path"], headers.get("content-type", ""))
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            await refusal(TOO_LARGE, scope["path"])(scope, receive, send)
            return
        came = 0

        async def receive_counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > limit:
                # Whoever reads the body lets it through to the handler of errors.
                raise HTTPException(TOO_LARGE)
            return message

        await self._app(scope, receive_counted, send)

    def _limit_for(self, path: str, content_type: str) -> int:
        is_ours = "json" in content_type and not path.startswith(READ_LATER)
        return min(JSON_LIMIT, self._limit) if is_ours else self._limit
