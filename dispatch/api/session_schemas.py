"""Schemas of logging in, accounts and tokens."""

from datetime import date
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from dispatch.api.values import WrittenDate, WrittenMoment
from dispatch.domain.access import Actor, Role
from dispatch.domain.account import Account, Token
from dispatch.domain.job import Organisation

ShortText = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
PasswordText = Annotated[
    str, Field(min_length=1, max_length=1000, json_schema_extra={"format": "password"})
]


class _In(BaseModel):
    """What a client sends; a field nobody knows is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid")


class LoginIn(_In):
    """A login name and its password."""

    login: ShortText
    password: PasswordText


class PasswordIn(_In):
    """The present password and the one to have from now on."""

    present: PasswordText
    new: PasswordText


class ActorOut(BaseModel):
    """Who calls and what that one may reach; null means: not bound.

    `change_password` is true while nothing else can be done than setting a password of one's own.
    """

    id: str
    name: str
    role: Role
    organisation: Organisation | None
    crew_id: str | None
    first_day: date | None
    last_day: date | None
    change_password: bool = False

    @classmethod
    def from_domain(cls, actor: Actor, *, change_password: bool = False) -> Self:
        """Return who it is."""
        return cls(
            id=actor.id,
            name=actor.name,
            role=actor.role,
            organisation=actor.organisation,
            crew_id=actor.crew_id,
            first_day=actor.first_day,
            last_day=actor.last_day,
            change_password=change_password,
        )


class WaysOut(BaseModel):
    """How one can log in: with a password, and where `provider` names one, through it.

    `locked` is true while there is no administrator yet.
    """

    provider: str | None
    locked: bool


class LoggedOutOut(BaseModel):
    """That the session is over; `continue_at` is where the identity provider logs out too."""

    continue_at: str | None


class AccountIn(_In):
    """An account to be made; without a password it gets one that must be changed at once."""

    login: ShortText
    name: ShortText
    role: Role
    organisation: Organisation | None = None
    password: PasswordText | None = None


class AccountPatch(_In):
    """What shall be otherwise; what is left out stays, a null organisation takes it away.

    `reset_password` gives the account a new one and logs it out everywhere.
    """

    name: ShortText | None = None
    role: Role | None = None
    organisation: Organisation | None = None
    active: bool | None = None
    reset_password: bool = False


class AccountOut(BaseModel):
    """A person who may log in; `provider` is true for one who does so elsewhere."""

    id: str
    login: str
    name: str
    role: Role
    organisation: Organisation | None
    active: bool
    provider: bool
    change_password: bool
    created_at: AwareDatetime

    @classmethod
    def from_domain(cls, account: Account) -> Self:
        """Return the account, without anything secret."""
        return cls(
            id=account.id,
            login=account.login,
            name=account.name,
            role=account.role,
            organisation=account.organisation,
            active=account.active,
            provider=bool(account.subject),
            change_password=account.temporary,
            created_at=account.created_at,
        )


class AccountMadeOut(AccountOut):
    """The account with its new password, told this once; null where it was not made here."""

    password: str | None = None


class TokenIn(_In):
    """What a token is to allow; without an end it lives a year.

    For a source `name` is the name of the source, and `formats` are those it may send (null: all).
    """

    name: ShortText
    role: Role
    organisation: Organisation | None = None
    crew_id: ShortText | None = None
    first_day: WrittenDate | None = None
    last_day: WrittenDate | None = None
    formats: Annotated[list[ShortText], Field(min_length=1, max_length=50)] | None = None
    expires_at: WrittenMoment | None = None


class TokenOut(BaseModel):
    """A token without its secret; `used_at` is exact to a few minutes."""

    id: str
    name: str
    role: Role
    organisation: Organisation | None
    crew_id: str | None
    first_day: date | None
    last_day: date | None
    formats: list[str] | None
    created_at: AwareDatetime
    created_by: str
    expires_at: AwareDatetime
    revoked_at: AwareDatetime | None
    used_at: AwareDatetime | None

    @classmethod
    def from_domain(cls, token: Token) -> Self:
        """Return the token."""
        grant = token.grant
        return cls(
            id=token.id,
            name=grant.name,
            role=grant.role,
            organisation=grant.organisation,
            crew_id=grant.crew_id,
            first_day=grant.first_day,
            last_day=grant.last_day,
            formats=None if grant.formats is None else sorted(grant.formats),
            created_at=token.created_at,
            created_by=token.created_by,
            expires_at=grant.expires_at,
            revoked_at=token.revoked_at,
            used_at=token.used_at,
        )


class TokenMadeOut(TokenOut):
    """The token with its secret, told this once."""

    secret: str
