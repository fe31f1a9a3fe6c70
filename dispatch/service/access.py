"""Tokens: issued once, recognised with each request, revoked."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from dispatch.domain.access import Actor, Role
from dispatch.domain.account import Grant, Token
from dispatch.domain.audit import machine
from dispatch.domain.errors import InvalidInput, Issue, NotRecognised
from dispatch.domain.ids import ActorId, TokenId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from dispatch.store import Transaction

    RandomBytes = Callable[[int], bytes]
    """Makes so many bytes that nobody can guess."""

SECRET_BYTES = 32
"""256 random bits: nobody guesses them, so a fast digest is enough (see the README)."""
TOKEN_MARK = "bd_"  # noqa: S105  # a mark, not a secret: scanners for leaked secrets know it by
USE_NOTED_EVERY = timedelta(minutes=5)
"""How exact the last use is: a tablet asks each few seconds, and each note is a write."""


def secret_digest(secret: str) -> str:
    """Return what the database keeps of a random secret."""
    return sha256(secret.encode()).hexdigest()


def new_secret(random_bytes: RandomBytes, mark: str = "") -> str:
    """Return a new secret of 43 letters after its mark."""
    letters = urlsafe_b64encode(random_bytes(SECRET_BYTES)).rstrip(b"=").decode()
    return mark + letters


def issue_token(
    tx: Transaction, grant: Grant, *, by: Actor, now: datetime, random_bytes: RandomBytes
) -> tuple[str, TokenId]:
    """Return a new token's secret, which is kept nowhere, and the token's id.

    Raises InvalidInput for a grant that binds its role to nothing or is over already.
    """
    if faults := list(_faults(grant, now)):
        raise InvalidInput(*faults)
    secret = new_secret(random_bytes, TOKEN_MARK)
    token = Token(
        id=TokenId(random_bytes(8).hex()), grant=grant, created_at=now, created_by=ActorId(by.id)
    )
    tx.add_token(token, secret_digest(secret))
    details = {"name": grant.name, "role": grant.role.value}
    tx.note(
        by,
        "token.issued",
        f"token/{token.id}",
        details | {"expires_at": grant.expires_at.isoformat()},
        at=now,
        organisation=grant.organisation,
    )
    return secret, token.id


def recognise(tx: Transaction, secret: str, now: datetime) -> Actor:
    """Return who shows this token; raises NotRecognised for one unknown (Z102) or over (Z103)."""
    return token_shown(tx, secret, now).actor


def token_shown(tx: Transaction, secret: str, now: datetime) -> Token:
    """Return the token with this secret; raises NotRecognised as `recognise` does."""
    token = tx.token_of(secret_digest(secret))
    if token is None:
        raise NotRecognised(
            Issue(
                code="Z102",
                subject="token",
                cause="nobody knows this token",
                action="Check that it was copied whole, or ask an administrator for a new one",
            )
        )
    if not token.works(now):
        raise NotRecognised(
            Issue(
                code="Z103",
                subject=f"token {token.grant.name}",
                cause="it was revoked" if token.revoked_at else "it has expired",
                action="Ask an administrator for a new one; a tablet is paired again",
            )
        )
    return token


def use_is_news(token: Token, now: datetime) -> bool:
    """Tell whether this use of the token should be noted."""
    return token.used_at is None or now - token.used_at >= USE_NOTED_EVERY


def revoke_token(
    tx: Transaction, token_id: TokenId, now: datetime, *, by: Actor | None = None
) -> None:
    """Let the token open nothing from now on; again is nothing. Raises NotFound.

    Written down as done by `by`, or by the service itself.
    """
    token = tx.token(token_id)
    if token.revoked_at is not None:
        return
    tx.end_token(token_id, now)
    tx.note(
        by or machine("access"),
        "token.revoked",
        f"token/{token_id}",
        {"name": token.grant.name},
        at=now,
        organisation=token.grant.organisation,
    )


def _faults(grant: Grant, now: datetime) -> Iterator[Issue]:
    if not grant.name.strip():
        yield _misfit("name", "a token without a name cannot be told from others")
    if grant.expires_at <= now:
        yield _misfit("expires_at", "the token would be over before its first use")
    if grant.role is Role.CREW and (grant.crew_id is None or grant.organisation is None):
        yield _misfit("crew_id", "a crew's device needs its crew and that crew's organisation")
    if grant.role is not Role.CREW and grant.crew_id is not None:
        yield _misfit("crew_id", f"the role {grant.role} belongs to no crew")
    if grant.role is Role.DISPATCHER and grant.organisation is None:
        yield _misfit("organisation", "a dispatcher needs an organisation")
    if grant.role is Role.ADMIN and grant.organisation is not None:
        yield _misfit("organisation", "an administrator is of no single organisation")
    if grant.role is not Role.SOURCE and grant.formats is not None:
        yield _misfit("formats", f"the role {grant.role} sends no payloads")


def _misfit(subject: str, cause: str) -> Issue:
    return Issue(
        code="Z201", subject=subject, cause=cause, action="Correct what the token is to allow"
    )
