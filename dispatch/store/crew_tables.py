"""Tables of what crews send, and of which jobs were given to whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from dispatch.domain.errors import Issue
from dispatch.domain.pairing import Pairing
from dispatch.domain.report import StopReport
from dispatch.domain.road import CrewPosition
from dispatch.store.columns import DomainJson, UtcDateTime


class ReportRow(SQLModel, table=True):
    """What a crew told; `told` is a digest of what was sent under the id."""

    __tablename__ = "report"
    __table_args__: ClassVar[Any] = (Index("report_by_crew", "crew_id", "day"),)
    id: str = Field(primary_key=True)
    crew_id: str = Field(foreign_key="crew.id")
    day: date = Field(index=True)
    kind: str
    job_id: str | None = Field(default=None, foreign_key="job.id", index=True)
    undoes: str | None = Field(default=None, index=True)
    received_at: datetime = Field(sa_type=UtcDateTime, index=True)
    told: str
    document: Any = Field(sa_column=Column(DomainJson(StopReport), nullable=False))


class RefusedReportRow(SQLModel, table=True):
    """What was sent as a report and could not be taken, each once; kept for audit."""

    __tablename__ = "refused_report"
    id: str = Field(primary_key=True)
    received_at: datetime = Field(sa_type=UtcDateTime, index=True)
    crew_id: str
    reported_by: str
    issue: Any = Field(sa_column=Column(DomainJson(Issue), nullable=False))
    body: str


class RouteJobRow(SQLModel, table=True):
    """Which jobs the routes of a revision serve: asked for without reading routes."""

    __tablename__ = "route_job"
    __table_args__: ClassVar[Any] = (
        Index("route_job_by_job", "job_id"),
        Index("route_job_by_crew", "crew_id", "day"),
    )
    plan_id: str = Field(foreign_key="plan.id", primary_key=True)
    shift_id: str = Field(primary_key=True)
    job_id: str = Field(primary_key=True)
    crew_id: str
    day: date


class PairingRow(SQLModel, table=True):
    """A code that makes a device a crew's; only its digest is kept, only one claim succeeds."""

    __tablename__ = "pairing"
    id: str = Field(primary_key=True)
    code: str = Field(unique=True)
    crew_id: str = Field(foreign_key="crew.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    document: Any = Field(sa_column=Column(DomainJson(Pairing), nullable=False))


class FailedClaimRow(SQLModel, table=True):
    """That somebody at an address (kept as a digest) tried a code that opens nothing."""

    __tablename__ = "failed_claim"
    __table_args__: ClassVar[Any] = (Index("failed_claim_by_address", "address", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    address: str
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class CrewPositionRow(SQLModel, table=True):
    """Where a crew on duty was last; nobody needs to know where it was before."""

    __tablename__ = "crew_position"
    crew_id: str = Field(foreign_key="crew.id", primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    document: Any = Field(sa_column=Column(DomainJson(CrewPosition), nullable=False))


class PhotoRow(SQLModel, table=True):
    """A picture that a crew took, without anything that the camera wrote into it."""

    __tablename__ = "photo"
    id: str = Field(primary_key=True)
    crew_id: str = Field(foreign_key="crew.id")
    organisation: str
    received_at: datetime = Field(sa_type=UtcDateTime, index=True)
    media_type: str
    width: int
    height: int
    sent: str
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
