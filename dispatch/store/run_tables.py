"""The tables of planning runs and of what they tell on their way."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from dispatch.domain.access import Actor
from dispatch.domain.errors import Issue
from dispatch.domain.run import RunOrder
from dispatch.store.columns import DomainJson, UtcDateTime

UNFINISHED = text("status IN ('queued', 'running')")


class RunRow(SQLModel, table=True):
    """One planning run; a planner holds it until `lease_until` and renews that while it works."""

    __tablename__ = "run"
    __table_args__: ClassVar[Any] = (
        Index(
            "one_unfinished_run_per_day_and_organisation",
            "day",
            "organisation",
            unique=True,
            sqlite_where=UNFINISHED,
            postgresql_where=UNFINISHED,
        ),
        Index("run_by_status", "status", "requested_at"),
    )
    id: str = Field(primary_key=True)
    day: date
    organisation: str
    status: str
    requested_at: datetime = Field(sa_type=UtcDateTime, index=True)
    attempts: int = 0
    cancel_wanted: bool = False
    planner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime, nullable=True)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime, nullable=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime, nullable=True)
    plan_id: str | None = Field(default=None, foreign_key="plan.id")
    order: Any = Field(sa_column=Column("asked", DomainJson(RunOrder), nullable=False))
    actor: Any = Field(sa_column=Column(DomainJson(Actor), nullable=False))
    issues: Any = Field(sa_column=Column(DomainJson(tuple[Issue, ...]), nullable=False))


class RunEventRow(SQLModel, table=True):
    """One step of a run."""

    __tablename__ = "run_event"
    run_id: str = Field(foreign_key="run.id", primary_key=True)
    number: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    phase: str
    cost_ct: int | None = None
    unserved: int | None = None


class ScheduledRow(SQLModel, table=True):
    """That the run of an evening was asked for: once, whoever looks at the clock."""

    __tablename__ = "scheduled"
    name: str = Field(primary_key=True)
    evening: date = Field(primary_key=True)
    organisation: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
