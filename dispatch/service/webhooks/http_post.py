"""The real way out: one POST to an address that was checked, no redirects, no waiting for ever."""

from __future__ import annotations

import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from typing import TYPE_CHECKING, Protocol

from dispatch.service.webhooks.addresses import Network, Target, allowed_address, target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

STEP_S = 10.0
"""How long one step of the connection may take ..."""
WHOLE_S = 30.0
"""... and all of it: a receiver that sends a letter every nine seconds would keep us for hours."""


class NoAnswer(Exception):  # says what happened
    """The receiver could not be reached, or did not answer in time."""


class Post(Protocol):
    """Anything that brings bytes to a receiver."""

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status of its answer; raises NoAnswer, or InvalidInput for a wrong URL."""


def addresses_of(host: str, port: int) -> Sequence[str]:
    """Return the addresses the name service knows for a host; none for an unknown name."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return ()
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class HttpPost:
    """Posts to URLs; `networks` are those not public ones that may be reached."""

    def __init__(
        self,
        *,
        networks: Iterable[Network] = (),
        step_s: float = STEP_S,
        whole_s: float = WHOLE_S,
    ) -> None:
        self._networks = tuple(networks)
        self._step_s, self._whole_s = step_s, whole_s
        self._tls = ssl.create_default_context()

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status of the receiver's answer; its body is not read.

        The name is looked up once, and what was checked is what is connected to.
        """
        target = target_of(url)
        address = allowed_address(target, resolve=addresses_of, networks=self._networks)
        try:
            return self._posted(target, address, body, headers)
        except (OSError, HTTPException) as error:
            raise NoAnswer(_told(error)) from error

    def _posted(self, target: Target, address: str, body: bytes, headers: Mapping[str, str]) -> int:
        plain = socket.create_connection((address, target.port), timeout=self._step_s)
        watch = Timer(self._whole_s, _hang_up, [plain])
        watch.daemon = True
        watch.start()
        connection = self._connection(target)
        try:
            connection.sock = (
                self._tls.wrap_socket(plain, server_hostname=target.host) if target.tls else plain
            )
            connection.request("POST", target.path, body, dict(headers))
            return connection.getresponse().status
        finally:
            watch.cancel()
            connection.close()
            plain.close()

    def _connection(self, target: Target) -> HTTPConnection:
        if target.tls:
            return HTTPSConnection(target.host, target.port, context=self._tls)
        return HTTPConnection(target.host, target.port)


def _hang_up(plain: socket.socket) -> None:
    try:
        plain.shutdown(socket.SHUT_RDWR)
    except OSError:
        plain.close()


def _told(error: Exception) -> str:
    """Return what went wrong without anything the receiver sent: that is nobody's to read here."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLError):
        return f"no secure connection ({error.reason or 'TLS'})"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "the connection broke"
