"""Setting up who is told: what administrators do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.domain.errors import Conflict, InvalidInput, Issue
from dispatch.domain.event import EventKind, ping
from dispatch.domain.ids import WebhookId
from dispatch.domain.job import Organisation
from dispatch.domain.webhook import Delivery, Webhook
from dispatch.service.webhooks.addresses import target_of
from dispatch.service.webhooks.message import new_secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from dispatch.store import Transaction

MOST_WEBHOOKS = 50
TELLABLE = frozenset(EventKind) - {EventKind.PING}


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookWish:
    """Who wants to be told of what."""

    url: str
    kinds: frozenset[EventKind]
    organisation: Organisation | None


def subscribe(
    tx: Transaction, wish: WebhookWish, *, now: datetime, random_bytes: Callable[[int], bytes]
) -> Webhook:
    """Return the new receiver with its secret, which is shown this once.

    Raises InvalidInput for a URL that cannot be (S601) or no kind of event (S605), Conflict when
    there are too many receivers (S606).
    """
    target_of(wish.url)
    if not wish.kinds or not wish.kinds <= TELLABLE:
        raise InvalidInput(
            Issue(
                code="S605",
                subject="kinds",
                cause="no kind of event that can be subscribed to",
                action=f"Give some of {', '.join(sorted(TELLABLE))}",
            )
        )
    tx.take_turn("webhooks")
    if len(tx.webhooks()) >= MOST_WEBHOOKS:
        raise Conflict(
            Issue(
                code="S606",
                subject="webhooks",
                cause=f"there are {MOST_WEBHOOKS} already",
                action="Remove one that nobody needs",
            )
        )
    webhook = Webhook(
        id=WebhookId(random_bytes(8).hex()),
        url=wish.url,
        kinds=wish.kinds,
        organisation=wish.organisation,
        created_at=now,
        secret=new_secret(random_bytes),
    )
    tx.save_webhook(webhook)
    return webhook


def renew_secret(
    tx: Transaction, webhook_id: WebhookId, *, random_bytes: Callable[[int], bytes]
) -> Webhook:
    """Return the receiver with a new secret; what is told from now on is signed with it."""
    webhook = replace(tx.webhook(webhook_id), secret=new_secret(random_bytes))
    tx.save_webhook(webhook)
    return webhook


def try_out(tx: Transaction, webhook_id: WebhookId, *, now: datetime) -> Delivery:
    """Return the delivery of a ping that the receiver will get as it gets everything else."""
    tx.webhook(webhook_id)
    tx.announce(ping(webhook_id, at=now), to=webhook_id)
    return tx.deliveries_of(webhook_id, limit=1)[0]
