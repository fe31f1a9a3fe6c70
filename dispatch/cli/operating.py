"""The parts by which the service is watched, and by which it tells others."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from dispatch.api.operations import Operations
from dispatch.cli.shared import now
from dispatch.service.figures import Figure
from dispatch.service.webhooks.addresses import networks_of
from dispatch.service.webhooks.http_post import HttpPost
from dispatch.service.webhooks.part import SenderPart
from dispatch.service.webhooks.sender import RetryRule, Sender

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.api.metrics import Metrics
    from dispatch.cli.serving import Part
    from dispatch.service.inbox import Inbox
    from dispatch.settings import Settings
    from dispatch.store import Store

SOURCE = "urn:bochum-dispatch"
"""Of our CloudEvents where nobody said what the service is called outside."""


@runtime_checkable
class Watched(Protocol):
    """A part that can say whether it is well; `name` is what operators call it."""

    name: str

    def fault(self) -> str | None:
        """Return what is wrong, None if nothing is."""


def inbox_figure(inbox: Inbox) -> Figure:
    """Return how many payloads wait in memory to be stored."""
    return Figure(
        name="dispatch_inbox_waiting",
        meaning="Payloads that wait in this process to be stored",
        labels=(),
        values=(((), inbox.waiting),),
    )


def operations_of(settings: Settings, parts: Iterable[Part], metrics: Metrics) -> Operations:
    """Return how the service is run: with a check for every part that can be asked."""
    return Operations(
        metrics=metrics,
        checks={part.name: part.fault for part in parts if isinstance(part, Watched)},
        public_url=settings.public_url.rstrip("/"),
        metrics_token=settings.metrics_token.get_secret_value(),
    )


def webhook_part(settings: Settings, store: Store) -> SenderPart:
    """Return the part that tells receivers what waits in the outbox."""
    sender = Sender(
        store,
        HttpPost(networks=networks_of(settings.webhook_networks)),
        now=now,
        source=settings.public_url.rstrip("/") or SOURCE,
        lease=f"{socket.gethostname()}-{os.getpid()}-{os.urandom(4).hex()}",
        rule=RetryRule(attempts=settings.webhook_attempts),
    )
    return SenderPart(sender)
