"""Schemas of webhooks and of what became of telling them."""

from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from dispatch.domain.event import EventKind
from dispatch.domain.job import Organisation
from dispatch.domain.webhook import Delivery, DeliveryStatus, Webhook
from dispatch.service.webhooks.subscriptions import WebhookWish


class WebhookIn(BaseModel):
    """Who is to be told of what; without an organisation of all."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(min_length=8, max_length=2000)]
    kinds: Annotated[list[EventKind], Field(min_length=1, max_length=10)]
    organisation: Organisation | None = None

    def to_domain(self) -> WebhookWish:
        """Return the wish."""
        return WebhookWish(
            url=self.url, kinds=frozenset(self.kinds), organisation=self.organisation
        )


class WebhookOut(BaseModel):
    """A receiver, without its secret."""

    id: str
    url: str
    kinds: list[EventKind]
    organisation: Organisation | None
    created_at: AwareDatetime

    @classmethod
    def from_domain(cls, webhook: Webhook) -> Self:
        """Return the receiver."""
        return cls(
            id=webhook.id,
            url=webhook.url,
            kinds=sorted(webhook.kinds),
            organisation=webhook.organisation,
            created_at=webhook.created_at,
        )


class NewWebhookOut(WebhookOut):
    """A receiver with its new secret: it is shown this once."""

    secret: str

    @classmethod
    def from_domain(cls, webhook: Webhook) -> Self:
        """Return the receiver and its secret."""
        return cls(**dict(WebhookOut.from_domain(webhook)), secret=webhook.secret)


class DeliveryOut(BaseModel):
    """One event for one receiver; `answer` is what it said last, `due_at` when it is tried next."""

    id: int
    event_id: str
    kind: EventKind
    subject: str
    happened_at: AwareDatetime
    status: DeliveryStatus
    attempts: int
    due_at: AwareDatetime
    answer: str
    settled_at: AwareDatetime | None

    @classmethod
    def from_domain(cls, delivery: Delivery) -> Self:
        """Return the delivery."""
        event = delivery.event
        return cls(
            id=delivery.id,
            event_id=event.id,
            kind=event.kind,
            subject=event.subject,
            happened_at=event.at,
            status=delivery.status,
            attempts=delivery.attempts,
            due_at=delivery.due_at,
            answer=delivery.answer,
            settled_at=delivery.settled_at,
        )
