"""What waits in quarantine is tried again once its cause is mended."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from dispatch.domain.errors import NotFound, Unavailable
from dispatch.domain.signal import QuarantineEntry
from dispatch.service.ingest import IngestResult, take_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.domain.ids import PayloadId
    from dispatch.store.engine import Store
    from dispatch.store.repository import Transaction

BATCH_PAYLOADS = 50
"""So many payloads are one transaction; a file of a season has several megabytes."""
PART = 500
MOST_PARTS = 10
"""Entries looked through for one page: so many times so many."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are meant: those with this code and of this device, "" for all.

    An entry is of a device if its subject names it, or else its payload does. With `ids` only
    those are meant, if they fit the rest.
    """

    code: str = ""
    device: str = ""
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayResult:
    """What a replay did: `resolved` entries are done with, `open` ones of its payloads remain.

    `left` payloads were not tried, for want of time.
    """

    taken: IngestResult
    resolved: int
    open: int
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of the entries that are meant; `after` leads to the next page, None at the end."""

    entries: tuple[QuarantineEntry, ...]
    after: tuple[datetime, str] | None


def page(
    wanted: Wanted,
    *,
    store: Store,
    resolved: bool,
    limit: int,
    after: tuple[datetime, str] | None = None,
) -> Page:
    """Return the next entries that are meant, newest first, in a few short transactions.

    At most some thousand entries are looked through at a time: a page may hold fewer than `limit`,
    even none, and still lead on.
    """
    found: list[QuarantineEntry] = []
    for _ in range(MOST_PARTS):
        with store.read() as tx:
            part = tx.quarantine(resolved=resolved, after=after, limit=PART)
            for entry in _fitting(wanted, part, tx):
                found.append(entry)
                if len(found) == limit:
                    return Page(entries=tuple(found), after=_place(entry))
        if len(part) < PART:
            return Page(entries=tuple(found), after=None)
        after = _place(part[-1])
    return Page(entries=tuple(found), after=after)


def _place(entry: QuarantineEntry) -> tuple[datetime, str]:
    return entry.received_at, entry.id


def waiting(wanted: Wanted, *, store: Store, resolved: bool = False) -> list[QuarantineEntry]:
    """Return the entries that are meant, newest first; `resolved` ones stay for audit only."""
    with store.read() as tx:
        return _meant(wanted, tx, resolved=resolved)


def replay(wanted: Wanted, *, store: Store, now: datetime, most: int | None = None) -> ReplayResult:
    """Return what became of the payloads of the entries that are meant, decoded again.

    What is usable now is stored as if it had just come in, once however often it is replayed.
    Entries whose reason is gone are resolved at `now`; the others stay with their reason, and
    new reasons are added. At most `most` payloads are tried, the oldest first.
    """
    with store.read() as tx:
        entries = _meant(wanted, tx, resolved=False)
    # In the order of receipt, as grading looks at what came before.
    payloads = list(dict.fromkeys(entry.payload_id for entry in reversed(entries)))
    tried = payloads[:most]
    total = ReplayResult(taken=IngestResult(), resolved=0, open=0)
    for start in range(0, len(tried), BATCH_PAYLOADS):
        done = _replay_together(tried[start : start + BATCH_PAYLOADS], store, now)
        total = ReplayResult(
            taken=total.taken + done.taken,
            resolved=total.resolved + done.resolved,
            open=total.open + done.open,
        )
    return replace(total, left=len(payloads) - len(tried))


def _replay_together(payload_ids: Sequence[PayloadId], store: Store, now: datetime) -> ReplayResult:
    """Replay the payloads in one transaction; one that fails is parted from the others."""
    try:
        with store.begin() as tx:
            return _replayed(payload_ids, tx, now)
    except Unavailable:
        raise
    except Exception as error:  # one of them is to blame: the others are not kept from it
        if len(payload_ids) == 1:
            logger.exception("payload %s stays in quarantine", payload_ids[0])
            return ReplayResult(taken=IngestResult(payloads=1), resolved=0, open=1)
        logger.warning("%d payloads in two parts, for together: %s", len(payload_ids), error)
        middle = len(payload_ids) // 2
        first = _replay_together(payload_ids[:middle], store, now)
        second = _replay_together(payload_ids[middle:], store, now)
        return ReplayResult(
            taken=first.taken + second.taken,
            resolved=first.resolved + second.resolved,
            open=first.open + second.open,
        )


def _meant(wanted: Wanted, tx: Transaction, *, resolved: bool) -> list[QuarantineEntry]:
    if wanted.ids is None:
        return _fitting(wanted, tx.quarantine(resolved=resolved, limit=None), tx)
    named = tx.quarantine_entries(wanted.ids)
    fitting = [entry for entry in named if (entry.resolved_at is not None) == resolved]
    return _fitting(wanted, fitting, tx)


def _fitting(
    wanted: Wanted, entries: Iterable[QuarantineEntry], tx: Transaction
) -> list[QuarantineEntry]:
    found = [entry for entry in entries if wanted.code in ("", entry.issue.code)]
    if not wanted.device:
        return found
    bodies: dict[PayloadId, bool] = {}
    return [entry for entry in found if _is_of(wanted.device, entry, tx, bodies)]


def _is_of(
    device: str, entry: QuarantineEntry, tx: Transaction, bodies: dict[PayloadId, bool]
) -> bool:
    """Tell whether an entry is about a device; capitals do not count."""
    if entry.issue.code.startswith("I2"):
        # Its subject is the device, whoever else is in the payload.
        return entry.issue.subject.casefold() == device.casefold()
    if entry.payload_id not in bodies:
        try:
            body = tx.payload(entry.payload_id).body.lower()
        except NotFound:  # erased in the meantime: nobody can tell any more
            body = b""
        bodies[entry.payload_id] = device.lower().encode() in body
    return bodies[entry.payload_id]


def _replayed(payload_ids: Sequence[PayloadId], tx: Transaction, now: datetime) -> ReplayResult:
    before = {
        entry.id
        for payload_id in payload_ids
        for entry in tx.quarantine(payload_id=payload_id, limit=None)
    }
    taken = take_in([tx.payload(payload_id) for payload_id in payload_ids], tx)
    still = {entry.id for entry in taken.entries}
    tx.resolve_quarantine(sorted(before - still), at=now)
    return ReplayResult(taken=taken.result, resolved=len(before - still), open=len(still))
