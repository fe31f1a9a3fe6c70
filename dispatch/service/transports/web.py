"""Asking a web service: an address in, bytes out, or a failure that names no secret."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

TIMEOUT_S = 30


class NoAnswer(Exception):
    """The service did not answer as it should; `status` is 0 where it did not answer at all."""

    def __init__(self, reason: str, *, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


def fetch(url: str, *, most_bytes: int) -> bytes:
    """Return what is at an address of http or https; raises NoAnswer, which never quotes it."""
    if urlsplit(url).scheme not in ("http", "https"):
        message = "the address is none of http or https"
        raise NoAnswer(message)
    request = Request(url, headers={"Accept": "application/json"})  # noqa: S310  # checked above
    try:
        with urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310  # checked above
            body: bytes = answer.read(most_bytes + 1)
    except HTTPError as error:
        error.close()
        raise NoAnswer(f"status {error.code}", status=error.code) from None
    except (OSError, ValueError) as error:
        # Some of these quote the address, which holds the key.
        raise NoAnswer(type(error).__name__) from None
    if len(body) > most_bytes:
        message = f"more than {most_bytes} bytes"
        raise NoAnswer(message)
    return body
