"""Who is told of events, and what became of telling them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dispatch.domain.event import Event, EventKind
from dispatch.domain.ids import WebhookId
from dispatch.domain.job import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A receiver of events of some kinds, of one organisation or (None) of all.

    `secret` signs what is sent to it; it is kept as it is, for signing needs it.
    """

    id: WebhookId
    url: str
    kinds: frozenset[EventKind]
    organisation: Organisation | None
    created_at: datetime
    secret: str = field(repr=False)

    def wants(self, event: Event) -> bool:
        """Tell whether the event is one of those it was set up for."""
        return event.kind in self.kinds and self.organisation in (None, event.organisation)


class DeliveryStatus(StrEnum):
    """Whether a receiver has been told; `DEAD` is not tried again by itself."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event for one receiver.

    `due_at` is when it is tried next, `answer` what the receiver answered last (an HTTP status or
    why there was none), `settled_at` when it was delivered or given up.
    """

    id: int
    webhook_id: WebhookId
    event: Event
    status: DeliveryStatus
    attempts: int
    due_at: datetime
    answer: str = ""
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """How one try ended, and what follows: delivered, dead, or pending until `due_at`."""

    status: DeliveryStatus
    at: datetime
    due_at: datetime
    answer: str
