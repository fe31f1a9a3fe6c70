"""Who fails is tried again, later and later, and given up in the end; nobody is told twice."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.ids import PlanId, WebhookId
from dispatch.domain.webhook import Delivery, DeliveryStatus
from dispatch.service.webhooks.message import is_signed
from dispatch.service.webhooks.sender import RetryRule, Sender
from tests.helpers.databases import fresh_store
from tests.helpers.plans import at
from tests.helpers.webhooks import Mailbox, a_publication, a_webhook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.event import Event
    from dispatch.store import Store

HOOK = WebhookId("hook-1")
HOUR = timedelta(hours=1)


class Clock:
    """A clock that stands until it is put forward."""

    def __init__(self) -> None:
        self.now = at(0)

    def __call__(self) -> datetime:
        """Return the moment it shows."""
        return self.now


@pytest.fixture
def store() -> Iterator[Store]:
    """Return a database with one receiver of everything."""
    store = fresh_store()
    with store.begin() as tx:
        tx.save_webhook(a_webhook())
    yield store
    store.close()


def announced(store: Store, *events: Event) -> None:
    """Announce the events."""
    with store.begin() as tx:
        tx.announce(*events)


def deliveries(store: Store) -> list[Delivery]:
    """Return all deliveries, the newest first."""
    with store.read() as tx:
        return tx.deliveries_of(HOOK)


def a_sender(
    store: Store, post: Mailbox, clock: Clock, *, lease: str = "me", rule: RetryRule | None = None
) -> Sender:
    """Return the sender of one process."""
    return Sender(store, post, now=clock, source="urn:test", lease=lease, rule=rule)


def test_a_receiver_gets_a_signed_event(store: Store) -> None:
    """What it gets can be checked with its secret and is a CloudEvent by its media type."""
    post, clock = Mailbox(204), Clock()
    announced(store, a_publication(0))
    assert a_sender(store, post, clock).tell(HOOK) == 1
    ((url, body, headers),) = post.posted
    assert url == a_webhook().url
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert is_signed(headers, body, secret=a_webhook().secret, now=at(0))
    assert headers["webhook-id"] == json.loads(body)["id"]
    (delivery,) = deliveries(store)
    assert (delivery.status, delivery.answer) == (DeliveryStatus.DELIVERED, "HTTP 204")


def test_who_fails_is_tried_later_and_later_with_the_same_id(store: Store) -> None:
    """So that a receiver can tell a repetition from news."""
    post, clock = Mailbox(500, "no answer in time", 200), Clock()
    sender = a_sender(store, post, clock)
    announced(store, a_publication(0))
    waits = []
    for _ in range(2):
        sender.tell(HOOK)
        (delivery,) = deliveries(store)
        waits.append((delivery.answer, (delivery.due_at - clock.now).total_seconds()))
        assert sender.tell(HOOK) == 0
        clock.now = delivery.due_at
    sender.tell(HOOK)
    assert waits == [("HTTP 500", 30), ("no answer in time", 120)]
    assert deliveries(store)[0].status is DeliveryStatus.DELIVERED
    assert len({headers["webhook-id"] for _, _, headers in post.posted}) == 1
    assert len({headers["webhook-signature"] for _, _, headers in post.posted}) == 3


def test_who_never_answers_is_given_up(store: Store) -> None:
    """After the last try the delivery is dead, and the next of its subject gets its turn."""
    post, clock = Mailbox(503), Clock()
    sender = a_sender(store, post, clock, rule=RetryRule(attempts=3))
    announced(store, a_publication(0), a_publication(1, id=PlanId("plan-2")))
    for _ in range(3):
        sender.tell(HOOK)
        clock.now += HOUR
    newer, older = deliveries(store)
    assert (older.status, older.attempts) == (DeliveryStatus.DEAD, 3)
    assert (newer.status, newer.attempts) == (DeliveryStatus.PENDING, 0)
    assert sender.tell(HOOK) == 1


def test_the_twelfth_try_is_a_day_and_a_half_after_the_first() -> None:
    """A receiver may be away over a night and a day without losing anything."""
    rule, moment = RetryRule(), datetime(2026, 7, 15, tzinfo=UTC)
    start = moment
    for tries in range(1, 12):
        again = rule.next_try(tries, moment)
        assert again is not None
        moment = again
    assert timedelta(hours=36) < moment - start < timedelta(hours=48)
    assert rule.next_try(12, moment) is None


def test_a_receiver_that_is_gone_is_not_asked_again(store: Store) -> None:
    """410 means: for good."""
    clock = Clock()
    announced(store, a_publication(0))
    a_sender(store, Mailbox(410), clock).tell(HOOK)
    assert deliveries(store)[0].status is DeliveryStatus.DEAD


def test_redirects_are_failures_that_say_so(store: Store) -> None:
    """Following one could lead to where the guard would not have let us."""
    announced(store, a_publication(0))
    a_sender(store, Mailbox(302), Clock()).tell(HOOK)
    (delivery,) = deliveries(store)
    assert (delivery.status, delivery.answer) == (
        DeliveryStatus.PENDING,
        "HTTP 302, redirects are not followed",
    )


def test_two_services_share_the_work(store: Store) -> None:
    """Each event is told by one of them; one that died leaves its work to the other in time."""
    clock = Clock()
    announced(store, a_publication(0))
    with store.begin() as tx:
        tx.claim_deliveries(HOOK, now=at(0), until=at(5), lease="died meanwhile", limit=9)
    other = a_sender(store, post := Mailbox(), clock, lease="other")
    assert other.tell(HOOK) == 0
    clock.now = at(5)
    assert other.tell(HOOK) == 1
    assert len(post.posted) == 1


def test_a_receiver_that_was_removed_meanwhile_is_nothing(store: Store) -> None:
    """Between looking and telling somebody may remove it."""
    announced(store, a_publication(0))
    sender = a_sender(store, Mailbox(), Clock())
    assert sender.waiting() == [HOOK]
    with store.begin() as tx:
        tx.remove_webhook(HOOK)
    assert sender.tell(HOOK) == 0
