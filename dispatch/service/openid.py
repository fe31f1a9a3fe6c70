"""What goes to and fro in a login with OpenID Connect, and how its failures are told."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from dispatch.domain.errors import Issue, NotRecognised, Unavailable


class Fetch(Protocol):
    """Asks a web service; a form is posted."""

    def __call__(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """Return status and body; raises OSError when there is no answer. Follows no redirect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """As whom we are registered at the provider; `claim` is where groups stand (with dots)."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    claim: str = "groups"
    scope: str = "openid profile email"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A login that was begun: what the browser keeps until the provider sends it back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comeback:
    """What the browser brings back from the provider."""

    code: str
    state: str
    error: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who that is, as the provider has signed it; `hint` is the signed text itself."""

    subject: str
    name: str
    groups: frozenset[str]
    hint: str


def challenge_of(verifier: str) -> str:
    """Return what is told of the verifier before it is shown (RFC 7636, S256)."""
    return letters(sha256(verifier.encode()).digest())


def groups_in(claims: Mapping[str, Any], path: str) -> frozenset[str] | None:
    """Return the groups at a path such as `realm_access.roles`; None where there is nothing."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return frozenset({found})
    if isinstance(found, list):
        return frozenset(one for one in found if isinstance(one, str))
    return None


def letters(raw: bytes) -> str:
    """Return the bytes as letters that need no escape in an address."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def refused(code: str, cause: str) -> NotRecognised:
    """Return that the login did not succeed."""
    return NotRecognised(
        Issue(
            code=code,
            subject="identity provider",
            cause=cause,
            action="Begin the login again; if it stays, show this to an administrator",
        )
    )


def away(cause: str) -> Unavailable:
    """Return that the provider cannot be asked."""
    return Unavailable(
        Issue(
            code="Z402",
            subject="identity provider",
            cause=cause,
            action="Try again later, or log in with a password of this service",
        )
    )
