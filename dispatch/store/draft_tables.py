"""Tables of drafts: plans that are being changed by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column
from sqlmodel import Field, SQLModel

from dispatch.domain.draft import DraftEdit, DraftInputs
from dispatch.store.columns import DomainJson, UtcDateTime


class DraftRow(SQLModel, table=True):
    """A draft; whoever changes it takes it from one version to the next."""

    __tablename__ = "draft"
    __table_args__ = (CheckConstraint("version > 0", name="versions_count_from_one"),)
    id: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.id")
    day: date = Field(index=True)
    organisation: str
    opened_at: datetime = Field(sa_type=UtcDateTime)
    opened_by: str
    inputs: str
    version: int
    status: str


class DraftInputsRow(SQLModel, table=True):
    """What a draft was made from; apart, because it is large and read once."""

    __tablename__ = "draft_inputs"
    draft_id: str = Field(foreign_key="draft.id", primary_key=True)
    document: Any = Field(sa_column=Column(DomainJson(DraftInputs), nullable=False))


class DraftEditRow(SQLModel, table=True):
    """One change by hand; undone and dropped ones stay, so that it can be told who did what."""

    __tablename__ = "draft_edit"
    draft_id: str = Field(foreign_key="draft.id", primary_key=True)
    number: int = Field(primary_key=True)
    made_by: str
    status: str
    document: Any = Field(sa_column=Column(DomainJson(DraftEdit), nullable=False))
