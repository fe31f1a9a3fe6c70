"""Calendars' feeds: a secret in their URL, which opens that one feed and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.domain.access import Role
from dispatch.domain.account import Grant, Token
from dispatch.domain.ids import CrewId, TokenId
from dispatch.service.access import new_secret, secret_digest, token_shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.domain.access import Actor
    from dispatch.store import Transaction

LASTS = timedelta(days=400)
"""Somebody subscribes once and forgets about it; after a year it is asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed that was opened: the secret of its URL, told this once, and the token to revoke."""

    secret: str
    token_id: TokenId
    expires_at: datetime


def open_feed(
    tx: Transaction,
    crew_id: CrewId,
    *,
    by: Actor,
    now: datetime,
    random_bytes: Callable[[int], bytes],
) -> Feed:
    """Return a new feed of the crew's calendar.

    Calendar programs cannot log in, and URLs are written into logs and passed on. So the token is
    kept under a digest of crew and secret together: shown in a header, or for another crew, the
    secret is unknown. Raises NotFound for an unknown crew, NotAllowed for another organisation's.
    """
    crew = tx.crew(crew_id)
    by.must_reach(crew.organisation)
    secret = new_secret(random_bytes)
    token = Token(
        id=TokenId(random_bytes(8).hex()),
        grant=Grant(
            name=f"calendar of {crew.name}",
            role=Role.READER,
            expires_at=now + LASTS,
            organisation=crew.organisation,
        ),
        created_at=now,
        created_by=by.id,
    )
    tx.add_token(token, secret_digest(_bound(crew_id, secret)))
    return Feed(secret=secret, token_id=token.id, expires_at=token.grant.expires_at)


def feed_shown(tx: Transaction, crew_id: str, secret: str, now: datetime) -> Token:
    """Return the token of the crew's feed; raises NotRecognised for any other secret."""
    return token_shown(tx, _bound(crew_id, secret), now)


def _bound(crew_id: str, secret: str) -> str:
    return f"calendar {crew_id} {secret}"
