"""Asking web services: httpx is imported here only."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

TIMEOUT_S = 10.0
MOST_BYTES = 1_000_000
"""Of an identity provider's answer; keys and tokens are a few thousand."""


class WebClient:
    """Fetches over HTTP: certificates checked, no redirect followed, no answer without end."""

    def __init__(self) -> None:
        self._client = httpx.Client(timeout=TIMEOUT_S, follow_redirects=False)

    def __call__(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Return status and body of a GET, or of a POST of the form; raises OSError."""
        method = "GET" if form is None else "POST"
        asked = {"Accept": "application/json", **(headers or {})}
        try:
            with self._client.stream(method, url, data=form, headers=asked) as answer:
                body = b""
                for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MOST_BYTES:
                        message = f"more than {MOST_BYTES} bytes"
                        raise OSError(message)
                return answer.status_code, body
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # Without the address: what is in it is nobody's business.
            raise ConnectionError(type(error).__name__) from None
