"""Headers every answer carries."""

from collections.abc import Mapping

from fastapi import Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS: Mapping[str, str] = {
    # Everything the page needs comes from here; data: images are its empty icon.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    # Keep a copy, but ask each time whether it is still true: a plan can change at any moment.
    "Cache-Control": "no-cache",
    # The tablet's page takes photos and, if switched on, positions; nobody else may.
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HTTPS_ONLY: Mapping[str, str] = {"Strict-Transport-Security": "max-age=31536000"}
"""For a year browsers come by HTTPS only; said where people reach us so."""


async def no_store(response: Response) -> None:
    """Let nobody keep a copy: for answers with secrets, or that depend on who asks."""
    response.headers["Cache-Control"] = "no-store"


class SecurityHeaders:
    """ASGI middleware that adds the headers an answer does not have yet."""

    def __init__(self, app: ASGIApp, *, https: bool = False) -> None:
        self._app = app
        self._headers = {**SECURITY_HEADERS, **(HTTPS_ONLY if https else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the head of its answer."""

        async def send_complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_complete)
