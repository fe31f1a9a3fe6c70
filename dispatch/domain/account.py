"""What is known of those who may come in: tokens of machines, accounts and sessions of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dispatch.domain.access import Actor, Role
from dispatch.domain.ids import AccountId, ActorId, CrewId, TokenId
from dispatch.domain.job import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a token is to allow, to whom and until when.

    `name` is the source's name for a source, else what people call the machine or program.
    `formats` binds a source, the crew and its days (both included) a crew's device.
    """

    name: str
    role: Role
    expires_at: datetime
    organisation: Organisation | None = None
    crew_id: CrewId | None = None
    first_day: date | None = None
    last_day: date | None = None
    formats: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A grant somebody was given; the secret itself is nowhere, only its digest in the database.

    `used_at` is the last use, to within a few minutes.
    """

    id: TokenId
    grant: Grant
    created_at: datetime
    created_by: ActorId
    revoked_at: datetime | None = None
    used_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        """Return who shows this token."""
        return Actor(
            id=ActorId(f"token:{self.id}"),
            name=self.grant.name,
            role=self.grant.role,
            organisation=self.grant.organisation,
            crew_id=self.grant.crew_id,
            first_day=self.grant.first_day,
            last_day=self.grant.last_day,
            formats=self.grant.formats,
        )

    def works(self, now: datetime) -> bool:
        """Tell whether the token still opens anything."""
        return self.revoked_at is None and now < self.grant.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who may log in: with a password of ours, or through an identity provider.

    `subject` is who that is to the provider, empty for an account of ours. `login` is in lower
    case. `temporary` is a password that somebody else has seen: it opens nothing but its change.
    """

    id: AccountId
    login: str
    name: str
    role: Role
    created_at: datetime
    organisation: Organisation | None = None
    subject: str = ""
    active: bool = True
    temporary: bool = False

    @property
    def actor(self) -> Actor:
        """Return who is logged in with this account."""
        return Actor(
            id=ActorId(f"account:{self.id}"),
            name=self.name,
            role=self.role,
            organisation=self.organisation,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody logged in with one browser; known by the digest of what the browser shows.

    `seen_at` is the last request, to within a minute. `hint` tells the identity provider whom to
    log out; empty for a password of ours.
    """

    digest: str
    account_id: AccountId
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    hint: str = ""
