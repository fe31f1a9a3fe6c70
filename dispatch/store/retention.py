"""What is not kept for ever: each question deletes some of it, the oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, or_, tuple_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from dispatch.domain.notice import NoticeStatus
from dispatch.store.access_tables import TokenRow
from dispatch.store.audit_tables import AuditRow
from dispatch.store.draft_tables import DraftEditRow, DraftInputsRow, DraftRow
from dispatch.store.run_tables import RunEventRow, RunRow
from dispatch.store.session import Queries
from dispatch.store.tables import NoticeRow, PayloadRow, QuarantineRow

if TYPE_CHECKING:
    from datetime import datetime


class RetentionQueries(Queries):
    """Deletions by age. Each returns how many it found, at most `limit`."""

    def erase_payloads(self, *, before: datetime, now: datetime, limit: int) -> int:
        """Empty payloads received before a moment, and drop what was said of them in quarantine.

        Their rows stay: signals refer to them, and the same bytes sent again are known.
        """
        query = (
            select(PayloadRow.id)
            .where(col(PayloadRow.received_at) < before, col(PayloadRow.erased_at).is_(None))
            .order_by(col(PayloadRow.received_at), PayloadRow.id)
            .limit(limit)
        )
        found = list(self._session.exec(query))
        connection = self._session.connection()
        connection.execute(delete(QuarantineRow).where(col(QuarantineRow.payload_id).in_(found)))
        connection.execute(
            update(PayloadRow).where(col(PayloadRow.id).in_(found)).values(body=b"", erased_at=now)
        )
        return len(found)

    def delete_notices(self, *, before: datetime, limit: int) -> int:
        """Delete closed notices that their sender has not changed since a moment."""
        query = (
            select(NoticeRow.id)
            .where(
                NoticeRow.status == NoticeStatus.CLOSED.value,
                col(NoticeRow.changed_at) < before,
            )
            .order_by(col(NoticeRow.changed_at), NoticeRow.id)
            .limit(limit)
        )
        found = list(self._session.exec(query))
        self._session.connection().execute(delete(NoticeRow).where(col(NoticeRow.id).in_(found)))
        return len(found)

    def delete_audit(self, *, before: datetime, limit: int) -> int:
        """Delete what was written down of changes before a moment."""
        query = select(AuditRow.number).where(col(AuditRow.at) < before).order_by(col(AuditRow.at))
        found = list(self._session.exec(query.limit(limit)))
        self._session.connection().execute(delete(AuditRow).where(col(AuditRow.number).in_(found)))
        return len(found)

    def delete_tokens(self, *, before: datetime, limit: int) -> int:
        """Delete tokens that expired or were revoked before a moment."""
        ended = or_(col(TokenRow.expires_at) < before, col(TokenRow.revoked_at) < before)
        query = select(TokenRow.id).where(ended).order_by(TokenRow.id).limit(limit)
        found = list(self._session.exec(query))
        self._session.connection().execute(delete(TokenRow).where(col(TokenRow.id).in_(found)))
        return len(found)

    def delete_drafts(self, *, before: datetime, limit: int) -> int:
        """Delete drafts, finished or not, whose day was over and which were opened before a moment.

        With what they were made from and all their changes; the plans made of them stay.
        """
        query = (
            select(DraftRow.id)
            .where(col(DraftRow.day) < before.date(), col(DraftRow.opened_at) < before)
            .order_by(col(DraftRow.day), DraftRow.id)
            .limit(limit)
        )
        found = list(self._session.exec(query))
        connection = self._session.connection()
        connection.execute(delete(DraftEditRow).where(col(DraftEditRow.draft_id).in_(found)))
        connection.execute(delete(DraftInputsRow).where(col(DraftInputsRow.draft_id).in_(found)))
        connection.execute(delete(DraftRow).where(col(DraftRow.id).in_(found)))
        return len(found)

    def delete_run_events(self, *, before: datetime, limit: int) -> int:
        """Delete the steps of runs that ended before a moment, but for the last step of each.

        That one says how the run ended: whoever follows a run waits for it.
        """
        row, later = RunEventRow, aliased(RunEventRow)
        query = (
            select(row.run_id, row.number)
            .join(RunRow, col(RunRow.id) == col(row.run_id))
            .where(
                col(RunRow.ended_at) < before,
                exists().where(
                    col(later.run_id) == col(row.run_id), col(later.number) > col(row.number)
                ),
            )
            .order_by(col(RunRow.ended_at), row.run_id, col(row.number))
            .limit(limit)
        )
        found = [tuple(key) for key in self._session.exec(query)]
        key = tuple_(col(row.run_id), col(row.number))
        self._session.connection().execute(delete(row).where(key.in_(found)))
        return len(found)
