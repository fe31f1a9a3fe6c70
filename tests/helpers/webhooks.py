"""Receivers of events, what they are told, and a way there that needs no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dispatch.domain.event import Event, EventKind, plan_published
from dispatch.domain.ids import WebhookId
from dispatch.domain.job import Organisation
from dispatch.domain.webhook import Webhook
from dispatch.service.webhooks.http_post import NoAnswer
from tests.helpers.plans import a_plan, at

if TYPE_CHECKING:
    from collections.abc import Mapping


def a_webhook(name: str = "hook-1", **parts: Any) -> Webhook:
    """Return a receiver of everything."""
    defaults: dict[str, Any] = {
        "id": WebhookId(name),
        "url": "https://stadt.example/hooks",
        "kinds": frozenset(EventKind),
        "organisation": None,
        "created_at": at(-100),
        "secret": "whsec_c2VjcmV0",
    }
    return Webhook(**defaults | parts)


def a_publication(
    minute: int = 0, organisation: Organisation = Organisation.USB, **parts: Any
) -> Event:
    """Return the event of a revision published so many minutes into the day."""
    return plan_published(
        a_plan(f"plan-{minute}", **parts), organisation=organisation, at=at(minute)
    )


class Mailbox:
    """A way to receivers: keeps what was posted and answers as told, the last for ever."""

    def __init__(self, *answers: int | str) -> None:
        self._answers = list(answers) or [204]
        self.posted: list[tuple[str, bytes, dict[str, str]]] = []

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the next status; raise NoAnswer for words."""
        self.posted.append((url, body, dict(headers)))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, str):
            raise NoAnswer(answer)
        return answer
