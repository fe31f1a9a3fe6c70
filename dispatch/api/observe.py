"""One line in the log and one count in the metrics for each request."""

from __future__ import annotations

import logging
import re
from time import perf_counter
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from dispatch.api.metrics import Metrics

logger = logging.getLogger("dispatch.requests")

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""Of those who call us; anything else would write what it likes into our log."""
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked for every few seconds by machines: counted, and logged only when something is wrong."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Observed:
    """ASGI middleware that says who asked for what, how it ended and how long it took.

    The route is its template (`/api/v1/plans/{plan_id}`), so that neither ids nor what stands in
    the query (a token, a place) come into the log or make a label of their own.
    """

    def __init__(
        self, app: ASGIApp, *, metrics: Metrics, random_bytes: Callable[[int], bytes]
    ) -> None:
        self._app, self._metrics, self._random_bytes = app, metrics, random_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, mark its answer with the request's id, and tell of it afterwards."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen: dict[str, Any] = {"status": 500, "stream": False}
        request_id = self._request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                seen["status"] = message["status"]
                seen["stream"] = headers.get("content-type", "").startswith("text/event-stream")
            await send(message)

        self._metrics.request_begins()
        started = perf_counter()
        try:
            await self._app(scope, receive, send_marked)
        finally:
            self._tell(scope, seen, perf_counter() - started)

    def _request_id(self, scope: Scope) -> str:
        given = Headers(scope=scope).get("x-request-id", "")
        return given if REQUEST_ID.fullmatch(given) else self._random_bytes(8).hex()

    def _tell(self, scope: Scope, seen: dict[str, Any], seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        route, status = _route(scope, seen["status"]), seen["status"]
        self._metrics.request_ended(
            method=method,
            route=route,
            status=status,
            seconds=None if seen["stream"] else seconds,
        )
        level = logging.ERROR if status >= 500 else logging.INFO
        if route in QUIET and status < 400:
            level = logging.DEBUG
        fields = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "actor": scope["state"].get("actor_id", "-"),
            "request": scope["state"]["request_id"],
        }
        logger.log(
            level,
            "%(method)s %(route)s %(status)d %(ms).1f ms actor=%(actor)s request=%(request)s",
            fields,
            extra={"fields": fields},
        )


def _route(scope: Scope, status: int) -> str:
    """Return the template of the path; what no endpoint answers is a file of the page, or none."""
    template: str | None = getattr(scope.get("route"), "path", None)
    if template:
        return template
    return "(none)" if status == 404 else "(page)"
