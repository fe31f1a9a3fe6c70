"""What people told, each notice as it was last heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete
from sqlmodel import col, select

from dispatch.domain.ids import NoticeId
from dispatch.domain.notice import NoticeStatus
from dispatch.store.session import Queries, chunks
from dispatch.store.tables import NoticeRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dispatch.domain.ids import PayloadId
    from dispatch.domain.notice import Notice


class NoticeQueries(Queries):
    """Notices of citizens, offices and crews."""

    def save_notices(self, notices: Sequence[tuple[Notice, PayloadId]]) -> frozenset[NoticeId]:
        """Keep each notice with the payload that brought it; return the ids of what is news.

        A notice kept already is replaced by one that its sender changed later, or closed without
        saying when, never by an older state: answers to overlapping queries come in any order.
        """
        known = self._states([notice.id for notice, _ in notices])
        news: dict[NoticeId, dict[str, Any]] = {}
        for notice, payload_id in notices:
            changed_at = notice.updated_at or notice.requested_at
            state = (changed_at, notice.status is NoticeStatus.CLOSED)
            if notice.id in known and state <= known[notice.id]:
                continue
            known[notice.id] = state
            news[notice.id] = {
                "id": notice.id,
                "status": notice.status.value,
                "requested_at": notice.requested_at,
                "changed_at": changed_at,
                "payload_id": payload_id,
                "document": notice,
            }
        for ids in chunks(list(news)):
            self._session.connection().execute(delete(NoticeRow).where(col(NoticeRow.id).in_(ids)))
        self._insert_new(NoticeRow, list(news.values()))
        return frozenset(news)

    def notices(
        self, *, since: datetime, until: datetime, status: NoticeStatus | None = None
    ) -> list[Notice]:
        """Return the notices reported in [since, until], oldest first."""
        query = (
            select(NoticeRow)
            .where(col(NoticeRow.requested_at) >= since, col(NoticeRow.requested_at) <= until)
            .order_by(col(NoticeRow.requested_at), NoticeRow.id)
        )
        if status is not None:
            query = query.where(NoticeRow.status == status.value)
        return [row.document for row in self._session.exec(query)]

    def _states(self, notice_ids: Sequence[NoticeId]) -> dict[NoticeId, tuple[datetime, bool]]:
        """Return when each notice that is kept was last changed, and whether it is closed."""
        found: dict[NoticeId, tuple[datetime, bool]] = {}
        for ids in chunks(notice_ids):
            query = select(NoticeRow.id, NoticeRow.changed_at, NoticeRow.status)
            for known, at, status in self._session.exec(query.where(col(NoticeRow.id).in_(ids))):
                found[NoticeId(known)] = at, status == NoticeStatus.CLOSED
        return found
