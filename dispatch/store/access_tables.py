"""Tables of those who may come in. No secret is in them, only digests."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from dispatch.domain.account import Token
from dispatch.store.columns import DomainJson, UtcDateTime


class TokenRow(SQLModel, table=True):
    """A token; how it ended and when it was last used change, all else never does."""

    __tablename__ = "token"
    id: str = Field(primary_key=True)
    digest: str = Field(unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    revoked_at: datetime | None = Field(sa_type=UtcDateTime, nullable=True, default=None)
    used_at: datetime | None = Field(sa_type=UtcDateTime, nullable=True, default=None)
    document: Any = Field(sa_column=Column(DomainJson(Token), nullable=False))


class AccountRow(SQLModel, table=True):
    """A person; the password only as the hash that takes long to try."""

    __tablename__ = "account"
    id: str = Field(primary_key=True)
    login: str = Field(unique=True)
    subject: str | None = Field(default=None, unique=True)
    name: str
    role: str
    organisation: str | None = None
    active: bool
    temporary: bool
    created_at: datetime = Field(sa_type=UtcDateTime)
    password_hash: str | None = None


class SessionRow(SQLModel, table=True):
    """A browser that is logged in."""

    __tablename__ = "session"
    digest: str = Field(primary_key=True)
    account_id: str = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True)
    hint: str


class LoginTryRow(SQLModel, table=True):
    """A try to log in that did not succeed (yet); account and address as digests only."""

    __tablename__ = "login_try"
    __table_args__: ClassVar[Any] = (
        Index("login_try_by_account", "account_key", "at"),
        Index("login_try_by_address", "address_key", "at"),
    )
    id: str = Field(primary_key=True)
    account_key: str
    address_key: str
    at: datetime = Field(sa_type=UtcDateTime, index=True)
