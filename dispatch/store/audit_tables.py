"""The table of who changed what."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, Integer
from sqlmodel import Field, SQLModel

from dispatch.domain.audit import Detail
from dispatch.store.columns import DomainJson, UtcDateTime


class AuditRow(SQLModel, table=True):
    """One change; rows are only ever added."""

    __tablename__ = "audit"
    __table_args__: ClassVar[Any] = (
        Index("audit_by_subject", "subject", "number"),
        Index("audit_by_organisation", "organisation", "number"),
    )
    number: int | None = Field(
        default=None, sa_column=Column(Integer, primary_key=True, autoincrement=True)
    )
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor_id: str
    actor_name: str
    role: str
    action: str
    subject: str
    organisation: str | None = None
    details: Any = Field(sa_column=Column(DomainJson(dict[str, Detail]), nullable=False))
