"""Tables of webhooks: who is told, and the outbox of what is still to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from dispatch.domain.event import Event
from dispatch.domain.webhook import Webhook
from dispatch.store.columns import DomainJson, UtcDateTime

PENDING = text("status = 'pending'")


class WebhookRow(SQLModel, table=True):
    """A receiver of events."""

    __tablename__ = "webhook"
    id: str = Field(primary_key=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    document: Any = Field(sa_column=Column(DomainJson(Webhook), nullable=False))


class WebhookDeliveryRow(SQLModel, table=True):
    """One event for one receiver; rows of a subject are told in the order of their ids.

    `lease` marks who is telling it just now; after `leased_until` anybody may.
    """

    __tablename__ = "webhook_delivery"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("webhook_id", "event_id", name="one_delivery_per_webhook_and_event"),
        Index(
            "webhook_delivery_pending",
            "webhook_id",
            "subject",
            "id",
            sqlite_where=PENDING,
            postgresql_where=PENDING,
        ),
        Index("webhook_delivery_settled", "settled_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    webhook_id: str = Field(foreign_key="webhook.id")
    event_id: str
    subject: str
    status: str
    attempts: int = 0
    due_at: datetime = Field(sa_type=UtcDateTime)
    lease: str = ""
    leased_until: datetime | None = Field(sa_type=UtcDateTime, nullable=True, default=None)
    answer: str = ""
    settled_at: datetime | None = Field(sa_type=UtcDateTime, nullable=True, default=None)
    document: Any = Field(sa_column=Column(DomainJson(Event), nullable=False))
