"""Webhooks: receivers that are told of events, and what became of telling them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from dispatch.api.deps import Limit, NowDep, StoreDep
from dispatch.api.errors import errors
from dispatch.api.headers import no_store
from dispatch.api.operations import OperationsDep
from dispatch.api.webhook_schemas import DeliveryOut, NewWebhookOut, WebhookIn, WebhookOut
from dispatch.domain.ids import WebhookId
from dispatch.domain.webhook import DeliveryStatus
from dispatch.service.webhooks.subscriptions import renew_secret, subscribe, try_out

# Some answers have a secret in them.
router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"], dependencies=[Depends(no_store)])

Status = Annotated[DeliveryStatus | None, Query(description="Only those in this state")]
DeliveryNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("", responses=errors())
def list_webhooks(store: StoreDep) -> list[WebhookOut]:
    """Return all receivers, the oldest first."""
    with store.read() as tx:
        return [WebhookOut.from_domain(webhook) for webhook in tx.webhooks()]


@router.post("", status_code=201, responses=errors(409, 422))
def add_webhook(
    wish: WebhookIn, store: StoreDep, now: NowDep, operations: OperationsDep
) -> NewWebhookOut:
    """Tell a receiver from now on; the answer has its secret, which is never shown again."""
    with store.begin() as tx:
        webhook = subscribe(tx, wish.to_domain(), now=now, random_bytes=operations.random_bytes)
    return NewWebhookOut.from_domain(webhook)


@router.get("/{webhook_id}", responses=errors(404, 422))
def read_webhook(webhook_id: str, store: StoreDep) -> WebhookOut:
    """Return one receiver."""
    with store.read() as tx:
        return WebhookOut.from_domain(tx.webhook(WebhookId(webhook_id)))


@router.delete("/{webhook_id}", status_code=204, responses=errors(404, 422))
def remove_webhook(webhook_id: str, store: StoreDep) -> Response:
    """Tell the receiver nothing more, and forget what it was told."""
    with store.begin() as tx:
        tx.remove_webhook(WebhookId(webhook_id))
    return Response(status_code=204)


@router.post("/{webhook_id}/secret", responses=errors(404, 422))
def change_secret(webhook_id: str, store: StoreDep, operations: OperationsDep) -> NewWebhookOut:
    """Give the receiver a new secret; the old one signs nothing from now on."""
    with store.begin() as tx:
        webhook = renew_secret(tx, WebhookId(webhook_id), random_bytes=operations.random_bytes)
    return NewWebhookOut.from_domain(webhook)


@router.post("/{webhook_id}/ping", status_code=202, responses=errors(404, 422))
def ping_webhook(webhook_id: str, store: StoreDep, now: NowDep) -> DeliveryOut:
    """Send the receiver an event that says nothing; its deliveries say what it answered."""
    with store.begin() as tx:
        return DeliveryOut.from_domain(try_out(tx, WebhookId(webhook_id), now=now))


@router.get("/{webhook_id}/deliveries", responses=errors(404, 422))
def list_deliveries(
    webhook_id: str, store: StoreDep, status: Status = None, limit: Limit = 100
) -> list[DeliveryOut]:
    """Return what the receiver was told or is to be told, the newest first."""
    with store.read() as tx:
        webhook = tx.webhook(WebhookId(webhook_id))
        found = tx.deliveries_of(webhook.id, status=status, limit=limit)
    return [DeliveryOut.from_domain(delivery) for delivery in found]


@router.post(
    "/{webhook_id}/deliveries/{delivery}/retry", status_code=202, responses=errors(404, 422)
)
def retry_delivery(
    webhook_id: str, delivery: DeliveryNumber, store: StoreDep, now: NowDep
) -> DeliveryOut:
    """Try a delivery again that was given up."""
    with store.begin() as tx:
        again = tx.retry_delivery(WebhookId(webhook_id), delivery, at=now)
    return DeliveryOut.from_domain(again)
