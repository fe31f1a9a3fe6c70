"""Telling what waits in the outbox: claimed, signed, posted, and tried again when it fails."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from dispatch import __version__
from dispatch.domain.errors import InvalidInput, NotFound
from dispatch.domain.webhook import Attempt, Delivery, DeliveryStatus, Webhook
from dispatch.service.webhooks.http_post import NoAnswer, Post
from dispatch.service.webhooks.message import cloud_event, signed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from dispatch.domain.ids import WebhookId
    from dispatch.store import Store

logger = logging.getLogger(__name__)

AT_ONCE = 4
"""How many deliveries of a receiver are claimed together."""
LEASE = timedelta(minutes=5)
"""Longer than these can take: a receiver is waited for 30 s at most."""
GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRule:
    """How often and when a receiver is tried that fails.

    After the n-th try it is waited `first` times `factor` to the n-1, `longest` at most. With
    these figures the twelfth and last try is a day and a half after the first.
    """

    attempts: int = 12
    first: timedelta = timedelta(seconds=30)
    factor: float = 4.0
    longest: timedelta = timedelta(hours=6)

    def next_try(self, tries: int, at: datetime) -> datetime | None:
        """Return when to try again after so many tries; None when it is given up."""
        if tries >= self.attempts:
            return None
        wait_s = self.first.total_seconds() * self.factor ** min(tries - 1, 30)
        return at + min(timedelta(seconds=wait_s), self.longest)


class Sender:
    """Tells receivers what waits for them. One per process; several processes share the work."""

    def __init__(
        self,
        store: Store,
        post: Post,
        *,
        now: Callable[[], datetime],
        source: str,
        lease: str,
        rule: RetryRule | None = None,
    ) -> None:
        """Take `source` for the CloudEvents' source; `lease` is a name no other process has."""
        self._store, self._post, self._now = store, post, now
        self._source, self._lease = source, lease
        self._rule = rule or RetryRule()

    def waiting(self) -> list[WebhookId]:
        """Return the receivers for whom something may be due."""
        with self._store.read() as tx:
            return tx.webhooks_to_tell(now=self._now())

    def tell(self, webhook_id: WebhookId) -> int:
        """Tell a receiver what is due; return how many deliveries were tried."""
        now = self._now()
        try:
            with self._store.begin() as tx:
                webhook = tx.webhook(webhook_id)
                claimed = tx.claim_deliveries(
                    webhook_id, now=now, until=now + LEASE, lease=self._lease, limit=AT_ONCE
                )
        except NotFound:
            return 0
        for delivery in claimed:
            attempt = self._tried(webhook, delivery)
            with self._store.begin() as tx:
                tx.settle_delivery(delivery.id, attempt, lease=self._lease)
        return len(claimed)

    def _tried(self, webhook: Webhook, delivery: Delivery) -> Attempt:
        answer, status = self._answer(webhook, delivery)
        at = self._now()
        tries = delivery.attempts + 1
        again = None if status == GONE else self._rule.next_try(tries, at)
        if status is not None and 200 <= status < 300:
            outcome = DeliveryStatus.DELIVERED
        else:
            outcome = DeliveryStatus.DEAD if again is None else DeliveryStatus.PENDING
        level = logging.WARNING if outcome is DeliveryStatus.DEAD else logging.INFO
        logger.log(
            level,
            "webhook %s event %s try %d: %s, %s",
            webhook.id,
            delivery.event.id,
            tries,
            answer,
            outcome,
        )
        return Attempt(status=outcome, at=at, due_at=again or at, answer=answer)

    def _answer(self, webhook: Webhook, delivery: Delivery) -> tuple[str, int | None]:
        body = cloud_event(delivery.event, source=self._source)
        headers = {
            "content-type": "application/cloudevents+json; charset=utf-8",
            "user-agent": f"bochum-dispatch/{__version__}",
            **signed(body, event_id=delivery.event.id, secret=webhook.secret, at=self._now()),
        }
        try:
            status = self._post(webhook.url, body, headers)
        except NoAnswer as error:
            return str(error), None
        except InvalidInput as error:
            return f"{error.issues[0].code} {error.issues[0].cause}", None
        told = f"HTTP {status}"
        return (f"{told}, redirects are not followed" if 300 <= status < 400 else told), status
