"""The tables. Rows never leave this package; constraints that matter are in the database too."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from dispatch.domain.errors import Issue
from dispatch.domain.fleet import Crew, Depot, Facility, ShiftPattern, Vehicle
from dispatch.domain.job import Job
from dispatch.domain.notice import Notice
from dispatch.domain.plan import Plan, Route
from dispatch.domain.signal import WateringNeed
from dispatch.domain.site import Device, Site
from dispatch.store.columns import DomainJson, UtcDateTime

NOT_ERASED = text("erased_at IS NULL")
UNFINISHED = text("status IN ('open', 'planned')")
PUBLISHED = text("status = 'published'")


def _moment(**options: Any) -> Any:
    return Field(sa_type=UtcDateTime, **options)


def _document(value_type: Any, *, nullable: bool = False, remembered: int = 0) -> Any:
    return Field(sa_column=Column(DomainJson(value_type, remembered), nullable=nullable))


class PayloadRow(SQLModel, table=True):
    """Bytes as received, until they are erased: the row stays, so that they are known again."""

    __tablename__ = "payload"
    __table_args__: ClassVar[Any] = (
        Index("payload_by_format", "format", "received_at"),
        Index(
            "payload_not_erased",
            "received_at",
            sqlite_where=NOT_ERASED,
            postgresql_where=NOT_ERASED,
        ),
    )
    id: str = Field(primary_key=True)
    format: str
    received_at: datetime = _moment()
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    erased_at: datetime | None = _moment(nullable=True, default=None)


class SignalRow(SQLModel, table=True):
    """One observation."""

    __tablename__ = "signal"
    __table_args__: ClassVar[Any] = (
        Index("signal_by_site", "site_id", "observed_at"),
        Index("signal_by_device", "device_id", "observed_at"),
    )
    id: str = Field(primary_key=True)
    source: str
    device_id: str
    kind: str
    value: float
    observed_at: datetime = _moment()
    received_at: datetime = _moment()
    payload_id: str = Field(foreign_key="payload.id")
    site_id: str | None = None
    part_id: str | None = None
    grade: str
    need: Any = _document(WateringNeed, nullable=True)


class QuarantineRow(SQLModel, table=True):
    """A payload, or a part of one, that could not be used yet."""

    __tablename__ = "quarantine"
    id: str = Field(primary_key=True)
    payload_id: str = Field(foreign_key="payload.id", index=True)
    received_at: datetime = _moment(index=True)
    issue: Any = _document(Issue)
    resolved_at: datetime | None = _moment(nullable=True, default=None)


class DeliveryRow(SQLModel, table=True):
    """Which payload brought the message that its sender marks with this key."""

    __tablename__ = "delivery"
    key: str = Field(primary_key=True)
    payload_id: str = Field(foreign_key="payload.id")
    at: datetime = _moment()


class NoticeRow(SQLModel, table=True):
    """What somebody told, as last heard; `changed_at` is when the sender last changed it."""

    __tablename__ = "notice"
    id: str = Field(primary_key=True)
    status: str
    requested_at: datetime = _moment(index=True)
    changed_at: datetime = _moment()
    payload_id: str = Field(foreign_key="payload.id")
    document: Any = _document(Notice)


class SiteRow(SQLModel, table=True):
    """A fixed place."""

    __tablename__ = "site"
    id: str = Field(primary_key=True)
    kind: str = Field(index=True)
    document: Any = _document(Site, remembered=5_000)


class DeviceRow(SQLModel, table=True):
    """A sensor in one mounting."""

    __tablename__ = "device"
    id: str = Field(primary_key=True)
    mounted_from: datetime = _moment(primary_key=True)
    site_id: str = Field(foreign_key="site.id", index=True)
    document: Any = _document(Device, remembered=5_000)


class CrewRow(SQLModel, table=True):
    """People with skills."""

    __tablename__ = "crew"
    id: str = Field(primary_key=True)
    document: Any = _document(Crew, remembered=200)


class VehicleRow(SQLModel, table=True):
    """A machine."""

    __tablename__ = "vehicle"
    id: str = Field(primary_key=True)
    document: Any = _document(Vehicle, remembered=200)


class DepotRow(SQLModel, table=True):
    """Where shifts start and end."""

    __tablename__ = "depot"
    id: str = Field(primary_key=True)
    document: Any = _document(Depot, remembered=50)


class FacilityRow(SQLModel, table=True):
    """Where loads are emptied or refilled."""

    __tablename__ = "facility"
    id: str = Field(primary_key=True)
    document: Any = _document(Facility, remembered=100)


class ShiftPatternRow(SQLModel, table=True):
    """A crew's regular working day."""

    __tablename__ = "shift_pattern"
    id: str = Field(primary_key=True)
    crew_id: str = Field(foreign_key="crew.id")
    vehicle_id: str = Field(foreign_key="vehicle.id")
    depot_id: str = Field(foreign_key="depot.id")
    document: Any = _document(ShiftPattern, remembered=500)


class JobRow(SQLModel, table=True):
    """One piece of work; at most one unfinished job per site and kind."""

    __tablename__ = "job"
    __table_args__: ClassVar[Any] = (
        Index(
            "one_unfinished_job_per_site_and_kind",
            "site_id",
            "kind",
            unique=True,
            sqlite_where=UNFINISHED,
            postgresql_where=UNFINISHED,
        ),
    )
    id: str = Field(primary_key=True)
    site_id: str = Field(foreign_key="site.id", index=True)
    organisation: str | None = None
    kind: str
    status: str = Field(index=True)
    updated_at: datetime = _moment(index=True)
    worked_at: datetime | None = _moment(index=True, nullable=True, default=None)
    document: Any = _document(Job, remembered=5_000)


class PlanRow(SQLModel, table=True):
    """One revision of an organisation's plan of a day, without its routes."""

    __tablename__ = "plan"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint(
            "day", "organisation", "revision", name="one_plan_per_day_organisation_and_revision"
        ),
        Index(
            "one_published_plan_per_day_and_organisation",
            "day",
            "organisation",
            unique=True,
            sqlite_where=PUBLISHED,
            postgresql_where=PUBLISHED,
        ),
        CheckConstraint("revision > 0", name="revisions_count_from_one"),
    )
    id: str = Field(primary_key=True)
    day: date = Field(index=True)
    organisation: str
    revision: int
    status: str = Field(index=True)
    based_on: str | None = Field(default=None, foreign_key="plan.id")
    created_at: datetime = _moment()
    document: Any = _document(Plan, remembered=20)


class RouteRow(SQLModel, table=True):
    """The route of one shift in one revision; `place` keeps the order of the plan."""

    __tablename__ = "route"
    plan_id: str = Field(foreign_key="plan.id", primary_key=True)
    shift_id: str = Field(primary_key=True)
    place: int
    crew_id: str = Field(index=True)
    document: Any = _document(Route, remembered=100)


class CurrentPlanRow(SQLModel, table=True):
    """Which revision of an organisation's plan of a day is in force."""

    __tablename__ = "current_plan"
    day: date = Field(primary_key=True)
    organisation: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.id")
