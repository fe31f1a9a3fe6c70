"""Many senders, one writer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.errors import Issue, Unavailable
from dispatch.service.inbox import Inbox
from tests.helpers.payloads import a_payload
from tests.helpers.towns import NIGHT, QUARTER, a_poll, an_uplink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.signal import Payload
    from dispatch.store import Store
    from dispatch.store.repository import Transaction

POISON = b'{"\x00": 1}'


class Guarded:
    """A store that counts commits, refuses a poisonous payload, and may be out of order."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.commits = 0
        self.down = False

    @contextmanager
    def begin(self) -> Iterator[Any]:
        """Yield a transaction of the real store."""
        if self.down:
            raise Unavailable(Issue(code="DB105", subject="db", cause="gone", action="wait"))
        with self._store.begin() as tx:
            yield _Wary(tx)
        self.commits += 1


class _Wary:
    """A transaction whose database cannot store signals of the payload with the poison."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._poisoned = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def add_payloads(self, payloads: list[Payload]) -> None:
        """Store them."""
        self._poisoned = any(payload.body == POISON for payload in payloads)
        self._tx.add_payloads(payloads)

    def add_signals(self, signals: list[Any]) -> frozenset[Any]:
        """Store them, or fail as a database does."""
        if self._poisoned:
            message = "a string cannot contain NUL"
            raise ValueError(message)
        return self._tx.add_signals(signals)


def polls(count: int) -> list[Payload]:
    return [a_poll(8.0, start=NIGHT - at * QUARTER) for at in range(count)]


@pytest.fixture
def guarded(town: Store) -> Guarded:
    """Return the town's store with a guard before it."""
    return Guarded(town)


def started(guarded: Any) -> Inbox:
    inbox = Inbox(guarded)
    inbox.start()
    return inbox


def test_what_comes_in_together_is_one_commit(guarded: Guarded, town: Store) -> None:
    """A hundred messages that wait cost one commit, and each sender has its own receipt."""
    inbox = Inbox(guarded)  # type: ignore[arg-type]  # a guard is as good as its store
    letters = [[payload] for payload in polls(100)]
    with town.begin():  # nobody can write
        inbox.start()
        receipts = [inbox.submit(letter) for letter in letters]
    results = [receipt.result(timeout=60).result for receipt in receipts]
    inbox.stop()
    assert {(r.payloads, r.stored, r.duplicates, r.quarantined) for r in results} == {(1, 1, 0, 0)}
    assert guarded.commits <= 2
    with town.read() as tx:
        assert tx.count_payloads() == 100


def test_the_same_message_at_the_same_time_is_one(guarded: Guarded, town: Store) -> None:
    """Whoever was first, one of them brought something new and the others did not."""
    inbox = Inbox(guarded)  # type: ignore[arg-type]
    with town.begin():
        inbox.start()
        receipts = [inbox.submit([a_poll(8.0)]) for _ in range(5)]
    results = [receipt.result(timeout=60).result for receipt in receipts]
    inbox.stop()
    assert sorted((r.stored, r.duplicates) for r in results) == [(0, 1)] * 4 + [(1, 0)]


def test_a_poisonous_message_harms_no_other(guarded: Guarded, town: Store) -> None:
    """What the database itself refuses is kept unread, and those beside it are stored."""
    inbox = Inbox(guarded)  # type: ignore[arg-type]
    poison = a_payload(POISON, format_name="ttn")
    mixed = [*polls(20), poison, an_uplink(900)]
    with town.begin():
        inbox.start()
        receipts = [inbox.submit([payload]) for payload in mixed]
    results = [receipt.result(timeout=60) for receipt in receipts]
    inbox.stop()
    assert [r.result.quarantined for r in results] == [0] * 20 + [1, 0]
    assert [entry.issue.code for entry in results[20].entries] == ["S203"]
    with town.read() as tx:
        assert tx.payload(poison.id).body == POISON
        assert len(tx.quarantine(limit=None)) == 1
    again = Inbox(guarded).submit([poison]).result(timeout=60)  # type: ignore[arg-type]
    assert again.entries == results[20].entries


def test_several_of_one_sender_are_answered_together(guarded: Guarded) -> None:
    """A poisonous line does not lose its neighbours either."""
    poison = a_payload(POISON, format_name="ttn")
    inbox = Inbox(guarded)  # type: ignore[arg-type]
    receipt = inbox.submit([*polls(3), poison]).result(timeout=60)
    assert (receipt.result.payloads, receipt.result.stored) == (4, 3)
    assert [entry.issue.code for entry in receipt.entries] == ["S203"]


def test_without_a_database_senders_are_told(guarded: Guarded, town: Store) -> None:
    """Nobody is told that something is stored which is not; the writer goes on afterwards."""
    inbox = started(guarded)
    guarded.down = True
    with pytest.raises(Unavailable):
        inbox.submit([a_poll(8.0)]).result(timeout=60)
    guarded.down = False
    assert inbox.submit([a_poll(8.0)]).result(timeout=60).result.stored == 1
    inbox.stop()
    with town.read() as tx:
        assert tx.count_payloads() == 1


def test_too_many_that_wait_are_sent_away(guarded: Guarded, town: Store) -> None:
    """Memory is bounded: a sender comes again rather than the service dying."""
    inbox = Inbox(guarded, most_waiting=10)  # type: ignore[arg-type]
    inbox.start()
    with town.begin():
        kept = [inbox.submit([payload]) for payload in polls(10)]
        with pytest.raises(Unavailable) as refused:
            inbox.submit([a_poll(7.0)])
    assert refused.value.issues[0].code == "S211"
    assert all(receipt.result(timeout=60).result.payloads == 1 for receipt in kept)
    assert inbox.submit([a_poll(7.0)]).result(timeout=60).result.payloads == 1
    inbox.stop()


def test_stopping_stores_what_waits(guarded: Guarded, town: Store) -> None:
    """A service that is shut down answers everybody it took something from."""
    inbox = started(guarded)
    with ThreadPoolExecutor(4) as senders:
        receipts = list(senders.map(lambda payload: inbox.submit([payload]), polls(200)))
        inbox.stop()
    assert all(receipt.done() for receipt in receipts)
    with town.read() as tx:
        assert tx.count_payloads() == 200
