"""What could not be used yet, and which messages have come before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, func, or_, update
from sqlmodel import col, select

from dispatch.domain.ids import PayloadId
from dispatch.domain.signal import QuarantineEntry
from dispatch.store.session import Queries, chunks, unknown
from dispatch.store.tables import DeliveryRow, QuarantineRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

# Asked with each new signal: built once, for building costs more than asking.
_DELIVERY: Any = DeliveryRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_DELIVERIES = select(_DELIVERY.key, _DELIVERY.payload_id, _DELIVERY.at).where(
    _DELIVERY.key.in_(bindparam("keys", expanding=True))
)


class QuarantineQueries(Queries):
    """Entries with their reasons, and the keys by which senders mark their messages."""

    def add_quarantine(self, entries: Iterable[QuarantineEntry]) -> None:
        """Keep the entries; one already kept stays as it is, but is open again if it was not."""
        rows = {
            e.id: {
                "id": e.id,
                "payload_id": e.payload_id,
                "received_at": e.received_at,
                "issue": e.issue,
                "resolved_at": e.resolved_at,
            }
            for e in entries
        }
        self._insert_new(QuarantineRow, list(rows.values()))
        self._set_resolved([name for name, row in rows.items() if not row["resolved_at"]], None)

    def quarantine(
        self,
        *,
        payload_id: PayloadId | None = None,
        resolved: bool = False,
        after: tuple[datetime, str] | None = None,
        limit: int | None = 100,
    ) -> list[QuarantineEntry]:
        """Return the newest open (or resolved) entries first, or those of one payload.

        `after` is receipt and id of the last entry of the page before.
        """
        is_open = col(QuarantineRow.resolved_at).is_(None)
        query = (
            select(QuarantineRow)
            .where(~is_open if resolved else is_open)
            .order_by(col(QuarantineRow.received_at).desc(), QuarantineRow.id)
        )
        if payload_id is not None:
            query = query.where(QuarantineRow.payload_id == payload_id)
        if after is not None:
            at, name = after
            older, same = col(QuarantineRow.received_at) < at, col(QuarantineRow.received_at) == at
            query = query.where(or_(older, and_(same, col(QuarantineRow.id) > name)))
        return [_entry(row) for row in self._session.exec(query.limit(limit))]

    def quarantine_entry(self, entry_id: str) -> QuarantineEntry:
        """Return the entry; raises NotFound."""
        row = self._session.get(QuarantineRow, entry_id)
        if row is None:
            raise unknown("DB241", f"quarantine entry {entry_id}")
        return _entry(row)

    def quarantine_entries(self, entry_ids: Sequence[str]) -> list[QuarantineEntry]:
        """Return those of the entries that there are, newest first."""
        found: list[QuarantineEntry] = []
        for ids in chunks(entry_ids):
            rows = self._session.exec(select(QuarantineRow).where(col(QuarantineRow.id).in_(ids)))
            found += [_entry(row) for row in rows]
        return sorted(found, key=lambda entry: (entry.received_at, entry.id), reverse=True)

    def count_quarantine(self) -> int:
        """Return how many entries are open."""
        query = select(func.count()).select_from(QuarantineRow)
        return self._session.exec(query.where(col(QuarantineRow.resolved_at).is_(None))).one()

    def resolve_quarantine(self, entry_ids: Sequence[str], *, at: datetime) -> None:
        """Mark entries as used; they leave the list of open ones and stay for audit."""
        self._set_resolved(entry_ids, at)

    def _set_resolved(self, entry_ids: Sequence[str], at: datetime | None) -> None:
        for ids in chunks(entry_ids):
            self._session.connection().execute(
                update(QuarantineRow)
                .where(
                    col(QuarantineRow.id).in_(ids),
                    # Only what changes is written.
                    col(QuarantineRow.resolved_at).is_(None)
                    if at is not None
                    else col(QuarantineRow.resolved_at).is_not(None),
                )
                .values(resolved_at=at)
            )

    def deliveries(self, keys: Sequence[str]) -> dict[str, tuple[PayloadId, datetime]]:
        """Return by which payload, and for when, the messages with these keys came before."""
        found: dict[str, tuple[PayloadId, datetime]] = {}
        for part in chunks(keys):
            rows = self._session.connection().execute(_DELIVERIES, {"keys": part})
            for key, payload_id, at in rows:
                found[key] = PayloadId(payload_id), at
        return found

    def save_deliveries(
        self,
        deliveries: Mapping[str, tuple[PayloadId, datetime]],
        *,
        known: Mapping[str, tuple[PayloadId, datetime]],
    ) -> None:
        """Keep which payload brought which message; a key already kept is moved on.

        `known` is what `deliveries` said of these keys in this transaction.
        """
        fresh: list[dict[str, Any]] = []
        for key, (payload_id, at) in deliveries.items():
            if key not in known:
                fresh.append({"key": key, "payload_id": payload_id, "at": at})
            elif known[key] != (payload_id, at):
                self._session.connection().execute(
                    update(DeliveryRow)
                    .where(col(DeliveryRow.key) == key)
                    .values(payload_id=payload_id, at=at)
                )
        self._insert_new(DeliveryRow, fresh)


def _entry(row: QuarantineRow) -> QuarantineEntry:
    return QuarantineEntry(
        id=row.id,
        payload_id=PayloadId(row.payload_id),
        received_at=row.received_at,
        issue=row.issue,
        resolved_at=row.resolved_at,
    )
