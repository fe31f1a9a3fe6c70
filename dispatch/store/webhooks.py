"""Webhooks and their outbox: what happened is kept with the change that made it, told later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from dispatch.domain.ids import WebhookId
from dispatch.domain.webhook import Delivery, DeliveryStatus, Webhook
from dispatch.store.session import Queries, unknown
from dispatch.store.webhook_tables import WebhookDeliveryRow, WebhookRow

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.domain.event import Event
    from dispatch.domain.webhook import Attempt

ROW = WebhookDeliveryRow


class WebhookQueries(Queries):
    """Who is told of events, and what is still to be told."""

    def announce(self, *events: Event, to: WebhookId | None = None) -> int:
        """Keep the events for every receiver that wants them; return how many deliveries.

        They are told if and only if this transaction commits. An event that was announced before
        changes nothing. With `to`, that receiver alone is told, whatever it wants.
        """
        webhooks = self.webhooks()
        rows = [
            {
                "webhook_id": webhook.id,
                "event_id": event.id,
                "subject": event.subject,
                "status": DeliveryStatus.PENDING.value,
                "attempts": 0,
                "due_at": event.at,
                "lease": "",
                "answer": "",
                "document": event,
            }
            for event in events
            for webhook in webhooks
            if (webhook.wants(event) if to is None else webhook.id == to)
        ]
        self._insert_new(ROW, rows)
        return len(rows)

    def save_webhook(self, webhook: Webhook) -> None:
        """Keep or replace a receiver."""
        row = {"id": webhook.id, "created_at": webhook.created_at, "document": webhook}
        self._put(WebhookRow, [row])

    def webhooks(self) -> list[Webhook]:
        """Return all receivers, the oldest first."""
        query = select(WebhookRow.document).order_by(col(WebhookRow.created_at), WebhookRow.id)
        return list(self._session.exec(query))

    def webhook(self, webhook_id: WebhookId) -> Webhook:
        """Return the receiver; raises NotFound (DB220)."""
        row = self._session.get(WebhookRow, webhook_id, populate_existing=True)
        if row is None:
            raise unknown("DB220", f"webhook {webhook_id}")
        webhook: Webhook = row.document
        return webhook

    def remove_webhook(self, webhook_id: WebhookId) -> None:
        """Forget the receiver with all it was or was to be told; raises NotFound (DB220)."""
        self.webhook(webhook_id)
        connection = self._session.connection()
        connection.execute(delete(ROW).where(col(ROW.webhook_id) == webhook_id))
        connection.execute(delete(WebhookRow).where(col(WebhookRow.id) == webhook_id))
        self._session.expire_all()

    def webhooks_to_tell(self, *, now: datetime) -> list[WebhookId]:
        """Return the receivers for whom something may be due, without reserving it."""
        query = (
            select(ROW.webhook_id)
            .where(ROW.status == DeliveryStatus.PENDING, col(ROW.due_at) <= now)
            .distinct()
            .order_by(ROW.webhook_id)
        )
        return [WebhookId(name) for name in self._session.exec(query)]

    def claim_deliveries(
        self, webhook_id: WebhookId, *, now: datetime, until: datetime, lease: str, limit: int
    ) -> list[Delivery]:
        """Return what the receiver is to be told now, reserved under `lease` until that moment.

        Of each subject only the first that is pending: the next waits for it. Two processes never
        get the same one, for claiming is a turn they take.
        """
        self.take_turn(f"webhook {webhook_id}")
        earlier = aliased(ROW)
        blocked = exists().where(
            col(earlier.webhook_id) == ROW.webhook_id,
            col(earlier.subject) == ROW.subject,
            col(earlier.status) == DeliveryStatus.PENDING,
            col(earlier.id) < col(ROW.id),
        )
        query = (
            select(ROW)
            .where(
                ROW.webhook_id == webhook_id,
                ROW.status == DeliveryStatus.PENDING,
                col(ROW.due_at) <= now,
                col(ROW.leased_until).is_(None) | (col(ROW.leased_until) <= now),
                ~blocked,
            )
            .order_by(col(ROW.id))
            .limit(limit)
        )
        rows = list(self._session.exec(query))
        for row in rows:
            row.lease, row.leased_until = lease, until
        self._session.flush()
        return [_delivery(row) for row in rows]

    def settle_delivery(self, delivery_id: int, attempt: Attempt, *, lease: str) -> bool:
        """Keep how a try ended; False when the lease ran out and another has taken it over."""
        changed = self._session.connection().execute(
            update(ROW)
            .where(
                col(ROW.id) == delivery_id,
                col(ROW.lease) == lease,
                col(ROW.status) == DeliveryStatus.PENDING,
            )
            .values(
                status=attempt.status.value,
                attempts=ROW.attempts + 1,
                due_at=attempt.due_at,
                answer=attempt.answer,
                settled_at=None if attempt.status is DeliveryStatus.PENDING else attempt.at,
                lease="",
                leased_until=None,
            )
        )
        return bool(changed.rowcount)

    def deliveries_of(
        self, webhook_id: WebhookId, *, status: DeliveryStatus | None = None, limit: int = 100
    ) -> list[Delivery]:
        """Return what the receiver was told or is to be told, the newest first."""
        query = select(ROW).where(ROW.webhook_id == webhook_id).order_by(col(ROW.id).desc())
        if status is not None:
            query = query.where(ROW.status == status)
        return [_delivery(row) for row in self._session.exec(query.limit(limit))]

    def retry_delivery(self, webhook_id: WebhookId, delivery_id: int, *, at: datetime) -> Delivery:
        """Let a dead delivery be tried again from that moment; raises NotFound (DB221)."""
        row = self._session.get(ROW, delivery_id, populate_existing=True)
        if row is None or row.webhook_id != webhook_id or row.status != DeliveryStatus.DEAD:
            raise unknown("DB221", f"dead delivery {delivery_id} of webhook {webhook_id}")
        row.status, row.attempts = DeliveryStatus.PENDING.value, 0
        row.due_at, row.settled_at = at, None
        self._session.flush()
        return _delivery(row)

    def count_deliveries(self) -> dict[DeliveryStatus, int]:
        """Return how many deliveries wait and how many were given up."""
        query = (
            select(ROW.status, func.count())
            .where(col(ROW.status) != DeliveryStatus.DELIVERED)
            .group_by(ROW.status)
        )
        found = {DeliveryStatus(status): count for status, count in self._session.exec(query)}
        return {DeliveryStatus.PENDING: 0, DeliveryStatus.DEAD: 0} | found

    def forget_deliveries(self, *, before: datetime) -> int:
        """Remove what was delivered or given up before a moment; return how many."""
        old = delete(ROW).where(col(ROW.settled_at) < before)
        return int(self._session.connection().execute(old).rowcount)


def _delivery(row: WebhookDeliveryRow) -> Delivery:
    return Delivery(
        id=row.id or 0,
        webhook_id=WebhookId(row.webhook_id),
        event=row.document,
        status=DeliveryStatus(row.status),
        attempts=row.attempts,
        due_at=row.due_at,
        answer=row.answer,
        settled_at=row.settled_at,
    )
