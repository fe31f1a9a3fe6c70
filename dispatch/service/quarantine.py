"""What waits in quarantine is tried again once its cause is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.service.ingest import IngestResult, take_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dispatch.domain.ids import PayloadId
    from dispatch.domain.signal import QuarantineEntry
    from dispatch.store.engine import Store
    from dispatch.store.repository import Transaction

BATCH_PAYLOADS = 50
"""So many payloads are one transaction; a file of a season has several megabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries are meant: those with this code and of this device, "" for all.

    An entry is of a device if its subject names it, or else its payload does.
    """

    code: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayResult:
    """What a replay did: `resolved` entries are done with, `open` ones of its payloads remain."""

    taken: IngestResult
    resolved: int
    open: int


def waiting(wanted: Wanted, *, store: Store, resolved: bool = False) -> list[QuarantineEntry]:
    """Return the entries that are meant, newest first; `resolved` ones stay for audit only."""
    with store.read() as tx:
        return _meant(wanted, tx, resolved=resolved)


def replay(wanted: Wanted, *, store: Store, now: datetime) -> ReplayResult:
    """Return what became of the payloads of the entries that are meant, decoded again.

    What is usable now is stored as if it had just come in, once however often it is replayed.
    Entries whose reason is gone are resolved at `now`; the others stay with their reason, and
    new reasons are added.
    """
    with store.read() as tx:
        entries = _meant(wanted, tx, resolved=False)
    # In the order of receipt, as grading looks at what came before.
    payloads = list(dict.fromkeys(entry.payload_id for entry in reversed(entries)))
    total = ReplayResult(taken=IngestResult(), resolved=0, open=0)
    for start in range(0, len(payloads), BATCH_PAYLOADS):
        with store.begin() as tx:
            done = _replayed(payloads[start : start + BATCH_PAYLOADS], tx, now)
        total = ReplayResult(
            taken=total.taken + done.taken,
            resolved=total.resolved + done.resolved,
            open=total.open + done.open,
        )
    return total


def _meant(wanted: Wanted, tx: Transaction, *, resolved: bool) -> list[QuarantineEntry]:
    found = [
        entry
        for entry in tx.quarantine(resolved=resolved, limit=None)
        if wanted.code in ("", entry.issue.code)
    ]
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
        body = tx.payload(entry.payload_id).body.lower()
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
