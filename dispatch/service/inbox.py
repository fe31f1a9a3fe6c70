"""Many senders, one writer: what comes in at the same time is stored with one commit."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import perf_counter
from typing import TYPE_CHECKING

from dispatch.domain.errors import DispatchError, Issue, Unavailable
from dispatch.domain.signal import Payload, QuarantineEntry, Signal
from dispatch.service.ingest import IngestResult, take_in
from dispatch.service.kept_apart import entry_of, own_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from dispatch.domain.ids import PayloadId
    from dispatch.service.ingest import Taken
    from dispatch.store import Store

logger = logging.getLogger(__name__)

MOST_JOINED = 500
"""Payloads of one commit: the first of them waits no longer than the others take."""
MOST_BYTES = 8_000_000
LINGER_S = 0.002
"""So long the first waits for company, if the commit before had some; alone it does not wait."""
MOST_WAITING = 20_000
"""Payloads that may wait in memory; whoever comes then is told to come again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of the payloads that one sender handed over together: they are stored."""

    result: IngestResult
    entries: tuple[QuarantineEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class _Letter:
    payloads: tuple[Payload, ...]
    receipt: Future[Receipt]


class Inbox:
    """Takes payloads in for many senders at a time; each is answered after its own commit.

    Without `start` every sender does its own writing. Started, one thread writes for all of them
    what has come in while it wrote before, so that a commit costs little when many come, and
    nobody waits for others when few do. What a database refuses, or this program fails on, is
    kept in quarantine by itself (S203) and harms none of those it was joined with.
    """

    def __init__(
        self,
        store: Store,
        *,
        on_news: Callable[[], None] = lambda: None,
        on_stored: Callable[[Sequence[Signal]], None] = lambda _: None,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._store = store
        self._on_news = on_news
        self._on_stored = on_stored
        self._most_waiting = most_waiting
        self._letters: SimpleQueue[_Letter | None] = SimpleQueue()
        self._waiting = 0
        self._company = False
        self._lock = Lock()
        self._thread: Thread | None = None

    name = "inbox"

    def fault(self) -> str | None:
        """Return what is wrong with it: that its writer has ended."""
        alive = self._thread is not None and self._thread.is_alive()
        return None if alive else "its writer does not run"

    @property
    def waiting(self) -> int:
        """How many payloads wait to be stored."""
        return self._waiting

    def start(self) -> None:
        """Begin to write for all."""
        self._thread = Thread(target=self._run, name="inbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Store what waits, then end."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._letters.put(None)
            thread.join()
            for letter in iter(self._late, None):
                self._deliver([letter])

    def _late(self) -> _Letter | None:
        """Return a letter that was put after the end was told."""
        try:
            return self._letters.get_nowait()
        except Empty:
            return None

    def submit(self, payloads: Iterable[Payload]) -> Future[Receipt]:
        """Return what will be the receipt, once the payloads are committed, all of them together.

        It fails with Unavailable when the database takes nothing now (then nothing was stored).
        Raises Unavailable S211 when too many wait already.
        """
        letter = _Letter(tuple(payloads), Future())
        # A sender that hangs up cannot cancel what is being stored.
        letter.receipt.set_running_or_notify_cancel()
        if self._thread is None:
            self._deliver([letter])
            return letter.receipt
        with self._lock:
            if self._waiting >= self._most_waiting:
                raise _too_many(self._waiting)
            self._waiting += len(letter.payloads)
        self._letters.put(letter)
        return letter.receipt

    def _run(self) -> None:
        going_on = True
        while going_on:
            letters, going_on = self._joined()
            self._deliver(letters)
            with self._lock:
                self._waiting -= sum(len(letter.payloads) for letter in letters)

    def _joined(self) -> tuple[list[_Letter], bool]:
        """Return what has come in, at least one letter, and whether more may come."""
        letters: list[_Letter] = []
        count = size = 0
        letter = self._letters.get()
        until = perf_counter() + (LINGER_S if self._company else 0)
        while letter is not None:
            letters.append(letter)
            count += len(letter.payloads)
            size += sum(len(payload.body) for payload in letter.payloads)
            if count >= MOST_JOINED or size >= MOST_BYTES:
                break
            try:
                letter = self._letters.get(timeout=max(0.0, until - perf_counter()))
            except Empty:
                break
        self._company = len(letters) > 1
        return letters, letter is not None

    def _deliver(self, letters: Sequence[_Letter]) -> None:
        """Store the letters and answer each; nothing that happens here ends the writer."""
        once = {p.id: p for letter in letters for p in reversed(letter.payloads)}
        try:
            receipts = self._stored(list(once.values()))
        except Exception as error:  # the loop goes on; whoever sent it is told
            logger.error("%d payloads could not be stored: %s", len(once), error)
            for letter in letters:
                letter.receipt.set_exception(_refusal(error))
            return
        answered: set[PayloadId] = set()
        for letter in letters:
            told = [_for_sender(p.id, receipts, answered) for p in letter.payloads]
            entries = tuple(entry for receipt in told for entry in receipt.entries)
            result = sum((receipt.result for receipt in told), IngestResult())
            letter.receipt.set_result(Receipt(result=result, entries=entries))

    def _stored(self, payloads: Sequence[Payload]) -> dict[PayloadId, Receipt]:
        """Return a receipt for each payload; those that cannot be stored together are parted."""
        try:
            with self._store.begin() as tx:
                taken = take_in(payloads, tx)
        except Unavailable:
            raise
        except Exception as error:  # one of them is to blame: it is found and kept by itself
            if len(payloads) == 1:
                return {payloads[0].id: self._kept_unread(payloads[0], error)}
            middle = len(payloads) // 2
            return self._stored(payloads[:middle]) | self._stored(payloads[middle:])
        self._on_stored(taken.signals)
        if taken.signals or taken.result.notices:
            self._on_news()
        return _receipts(payloads, taken)

    def _kept_unread(self, payload: Payload, error: Exception) -> Receipt:
        """Return the receipt of a payload that is stored as received, with the reason (S203)."""
        entry = entry_of(payload, own_fault(payload, error))
        with self._store.begin() as tx:
            tx.add_payloads([payload])
            tx.add_quarantine([entry])
        logger.error("payload %s is kept unread", payload.id, exc_info=error)
        return Receipt(result=IngestResult(payloads=1, quarantined=1), entries=(entry,))


def _receipts(payloads: Sequence[Payload], taken: Taken) -> dict[PayloadId, Receipt]:
    entries: dict[PayloadId, list[QuarantineEntry]] = {}
    for entry in taken.entries:
        entries.setdefault(entry.payload_id, []).append(entry)
    results = taken.by_payload()
    return {
        payload.id: Receipt(
            result=results.get(payload.id, IngestResult(payloads=1)),
            entries=tuple(entries.get(payload.id, ())),
        )
        for payload in payloads
    }


def _for_sender(
    payload: PayloadId, receipts: Mapping[PayloadId, Receipt], answered: set[PayloadId]
) -> Receipt:
    """Return the receipt; who sent the same bytes as somebody before brought nothing new."""
    receipt = receipts[payload]
    if payload not in answered:
        answered.add(payload)
        return receipt
    result = receipt.result
    known = replace(result, stored=0, notices=0, duplicates=result.duplicates + result.stored)
    return replace(receipt, result=known)


def _refusal(error: Exception) -> DispatchError:
    if isinstance(error, DispatchError):
        return error
    return Unavailable(
        Issue(
            code="S212",
            subject="inbox",
            cause=f"nothing can be stored now ({type(error).__name__})",
            action="Send it again later; look at the log of the service",
        )
    )


def _too_many(waiting: int) -> Unavailable:
    return Unavailable(
        Issue(
            code="S211",
            subject="inbox",
            cause=f"{waiting} payloads wait to be stored already",
            action="Send it again in a few seconds",
        )
    )
