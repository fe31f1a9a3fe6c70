"""Tables of those who may come in. No secret is in them, only digests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column
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
