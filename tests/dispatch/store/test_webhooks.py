"""The outbox: what happened is told if and only if it happened, once, and in order."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import NotFound
from dispatch.domain.event import EventKind, job_finished, ping, plan_published
from dispatch.domain.ids import PlanId, WebhookId
from dispatch.domain.job import Organisation
from dispatch.domain.webhook import Attempt, DeliveryStatus, Webhook
from tests.helpers.plans import a_plan, a_stored_job, at
from tests.helpers.webhooks import a_publication, a_webhook

if TYPE_CHECKING:
    from dispatch.domain.webhook import Delivery
    from dispatch.store import Store

PARKS, USB = Organisation.PARKS, Organisation.USB
MINUTE = timedelta(minutes=1)


def listening(store: Store, *webhooks: Webhook) -> Store:
    """Return the store with these receivers."""
    with store.begin() as tx:
        for webhook in webhooks:
            tx.save_webhook(webhook)
    return store


def claimed(store: Store, minute: int, lease: str = "me") -> list[Delivery]:
    """Return what somebody reserves at that minute, for five minutes, for all receivers."""
    with store.begin() as tx:
        return [
            delivery
            for name in tx.webhooks_to_tell(now=at(minute))
            for delivery in tx.claim_deliveries(
                name, now=at(minute), until=at(minute + 5), lease=lease, limit=10
            )
        ]


def settle(store: Store, delivery: Delivery, status: DeliveryStatus, lease: str = "me") -> bool:
    """Keep that the try ended so at minute 10; a pending one is due at minute 20."""
    attempt = Attempt(status=status, at=at(10), due_at=at(20), answer="503")
    with store.begin() as tx:
        return tx.settle_delivery(delivery.id, attempt, lease=lease)


def test_what_did_not_happen_is_not_told(empty_store: Store) -> None:
    """A change that fails takes its announcement with it."""
    store = listening(empty_store, a_webhook())
    with suppress(RuntimeError), store.begin() as tx:
        tx.announce(a_publication())
        raise RuntimeError
    assert claimed(store, 60) == []


def test_each_receiver_is_told_of_what_it_wants(empty_store: Store) -> None:
    """Kind and organisation decide; an event of nobody's goes to those who hear of all."""
    plans = a_webhook("plans", kinds=frozenset({EventKind.PLAN_PUBLISHED}))
    parks = a_webhook("parks", organisation=PARKS)
    store = listening(empty_store, plans, parks)
    done = job_finished(a_stored_job(), organisation=PARKS, at=at(1))
    nobodys = plan_published(a_plan(), organisation=None, at=at(2))
    with store.begin() as tx:
        assert tx.announce(a_publication(0), done, nobodys) == 3
    told = {(d.webhook_id, d.event.kind, d.event.organisation) for d in claimed(store, 60)}
    assert told == {
        ("plans", EventKind.PLAN_PUBLISHED, USB),
        ("plans", EventKind.PLAN_PUBLISHED, None),
        ("parks", EventKind.JOB_FINISHED, PARKS),
    }


def test_where_nobody_listens_nothing_is_kept(empty_store: Store) -> None:
    """The outbox does not grow for nobody; who subscribes later hears of what comes then."""
    with empty_store.begin() as tx:
        assert tx.announce(a_publication()) == 0
    assert claimed(listening(empty_store, a_webhook()), 60) == []


def test_an_event_announced_twice_is_told_once(empty_store: Store) -> None:
    """A report that comes twice finishes its job once."""
    store = listening(empty_store, a_webhook())
    for _ in range(2):
        with store.begin() as tx:
            tx.announce(a_publication())
    assert len(claimed(store, 60)) == 1


def test_events_of_a_subject_are_told_in_their_order(empty_store: Store) -> None:
    """The second revision of a day waits for the first; other days and receivers do not."""
    store = listening(empty_store, a_webhook())
    first, second = a_publication(0), a_publication(1, id=PlanId("plan-2"), revision=2)
    with store.begin() as tx:
        tx.announce(first, second, a_publication(2, PARKS))
    (one, other) = claimed(store, 3)
    assert (one.event, other.event.organisation) == (first, PARKS)
    assert claimed(store, 4) == []
    assert settle(store, one, DeliveryStatus.DELIVERED)
    assert [delivery.event for delivery in claimed(store, 4)] == [second]


def test_what_is_given_up_does_not_hold_up_the_rest(empty_store: Store) -> None:
    """After a dead delivery the next of its subject is told; the dead one can be tried again."""
    store = listening(empty_store, a_webhook())
    first, second = a_publication(0), a_publication(1)
    with store.begin() as tx:
        tx.announce(first, second)
    (dead,) = claimed(store, 3)
    settle(store, dead, DeliveryStatus.DEAD)
    with store.begin() as tx:
        assert tx.count_deliveries()[DeliveryStatus.DEAD] == 1
        again = tx.retry_delivery(dead.webhook_id, dead.id, at=at(30))
        assert (again.status, again.attempts) == (DeliveryStatus.PENDING, 0)
    with pytest.raises(NotFound, match="DB221"), store.begin() as tx:
        tx.retry_delivery(dead.webhook_id, dead.id, at=at(30))


def test_two_services_do_not_both_tell(empty_store: Store) -> None:
    """What one has claimed the other does not get, until the first has been silent too long."""
    store = listening(empty_store, a_webhook())
    with store.begin() as tx:
        tx.announce(a_publication())
    (mine,) = claimed(store, 1, "one")
    assert claimed(store, 2, "other") == []
    assert [d.id for d in claimed(store, 7, "other")] == [mine.id]
    assert not settle(store, mine, DeliveryStatus.DELIVERED, lease="one")
    assert settle(store, mine, DeliveryStatus.DELIVERED, lease="other")


def test_a_failed_try_waits_for_its_time(empty_store: Store) -> None:
    """It is pending with its last answer and counted, and not claimed before it is due."""
    store = listening(empty_store, a_webhook())
    with store.begin() as tx:
        tx.announce(a_publication())
    (delivery,) = claimed(store, 1)
    settle(store, delivery, DeliveryStatus.PENDING)
    assert claimed(store, 19) == []
    (again,) = claimed(store, 20)
    assert (again.attempts, again.answer, again.settled_at) == (1, "503", None)


def test_a_receiver_that_is_removed_is_told_nothing_more(empty_store: Store) -> None:
    """Its deliveries go with it; its name is unknown then."""
    store = listening(empty_store, a_webhook())
    with store.begin() as tx:
        tx.announce(a_publication())
        tx.remove_webhook(WebhookId("hook-1"))
    assert claimed(store, 60) == []
    with pytest.raises(NotFound, match="DB220"), store.begin() as tx:
        tx.remove_webhook(WebhookId("hook-1"))


def test_a_ping_goes_to_one_receiver(empty_store: Store) -> None:
    """Whoever tries one receiver does not bother the others."""
    store = listening(empty_store, a_webhook(), a_webhook("hook-2"))
    with store.begin() as tx:
        assert tx.announce(ping(WebhookId("hook-2"), at=at(0)), to=WebhookId("hook-2")) == 1
        (delivery,) = tx.deliveries_of(WebhookId("hook-2"))
        assert tx.deliveries_of(WebhookId("hook-1")) == []
    assert delivery.event.kind is EventKind.PING


def test_what_was_told_long_ago_is_forgotten(empty_store: Store) -> None:
    """Only what is settled and old goes; what waits stays however old it is."""
    store = listening(empty_store, a_webhook())
    with store.begin() as tx:
        tx.announce(a_publication(0), a_publication(1, PARKS))
    one, _ = claimed(store, 3)
    settle(store, one, DeliveryStatus.DELIVERED)
    with store.begin() as tx:
        assert tx.forget_deliveries(before=at(10)) == 0
        assert tx.forget_deliveries(before=at(10) + MINUTE) == 1
        assert tx.count_deliveries() == {DeliveryStatus.PENDING: 1, DeliveryStatus.DEAD: 0}
