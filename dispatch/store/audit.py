"""Who changed what: written within the change, never altered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from dispatch.domain.access import Role
from dispatch.domain.audit import AuditEntry
from dispatch.domain.ids import ActorId
from dispatch.domain.job import Organisation
from dispatch.store.audit_tables import AuditRow
from dispatch.store.session import Queries

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dispatch.domain.access import Actor
    from dispatch.domain.audit import Detail


class AuditQueries(Queries):
    """The book of changes."""

    def note(
        self,
        actor: Actor,
        action: str,
        subject: str,
        details: Mapping[str, Detail] | None = None,
        *,
        at: datetime,
        organisation: Organisation | None = None,
    ) -> None:
        """Write down a change, which is kept if and only if this transaction commits.

        `organisation` is whose things were changed, the actor's own where it is not given.
        """
        whose = organisation or actor.organisation
        self._session.add(
            AuditRow(
                at=at,
                actor_id=actor.id,
                actor_name=actor.name,
                role=actor.role.value,
                action=action,
                subject=subject,
                organisation=None if whose is None else whose.value,
                details=dict(details or {}),
            )
        )
        self._session.flush()

    def audit(
        self,
        *,
        subject: str | None = None,
        organisation: Organisation | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[AuditEntry]:
        """Return the latest changes, the newest first: of one subject, of one organisation.

        `before` is the number of the last entry of the page before.
        """
        query = select(AuditRow).order_by(col(AuditRow.number).desc())
        if subject is not None:
            query = query.where(AuditRow.subject == subject)
        if organisation is not None:
            query = query.where(AuditRow.organisation == organisation.value)
        if before is not None:
            query = query.where(col(AuditRow.number) < before)
        return [_entry(row) for row in self._session.exec(query.limit(limit))]


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        number=row.number or 0,
        at=row.at,
        actor_id=ActorId(row.actor_id),
        actor_name=row.actor_name,
        role=Role(row.role),
        action=row.action,
        subject=row.subject,
        organisation=None if row.organisation is None else Organisation(row.organisation),
        details=row.details,
    )
