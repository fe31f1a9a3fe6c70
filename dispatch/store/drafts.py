"""Drafts and their changes: a change counts only on the version that it was made for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, update
from sqlmodel import col, select

from dispatch.domain.draft import Draft, DraftEdit, DraftInputs, DraftStatus, EditStatus
from dispatch.domain.ids import ActorId, DraftId, PlanId
from dispatch.domain.job import Organisation
from dispatch.store.draft_tables import DraftEditRow, DraftInputsRow, DraftRow
from dispatch.store.session import Queries, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class DraftQueries(Queries):
    """What is being changed by hand."""

    def add_draft(self, draft: Draft, inputs: DraftInputs) -> None:
        """Store a new draft with what it is made from."""
        self._session.add(
            DraftRow(
                id=draft.id,
                plan_id=draft.plan_id,
                day=draft.day,
                organisation=draft.organisation.value,
                opened_at=draft.opened_at,
                opened_by=draft.opened_by,
                inputs=draft.inputs,
                version=draft.version,
                status=draft.status.value,
            )
        )
        self._session.flush()
        self._session.add(DraftInputsRow(draft_id=draft.id, document=inputs))
        self._session.flush()

    def draft(self, draft_id: DraftId) -> Draft:
        """Return the draft; raises NotFound (DB240)."""
        query = select(DraftRow).where(DraftRow.id == draft_id)
        row = self._session.exec(query.execution_options(populate_existing=True)).first()
        if row is None:
            raise unknown("DB240", f"draft {draft_id}")
        return _draft(row)

    def drafts(self, *, organisation: Organisation | None = None, limit: int = 100) -> list[Draft]:
        """Return the open drafts, of one organisation or all, the latest day and moment first."""
        query = select(DraftRow).where(DraftRow.status == DraftStatus.OPEN.value)
        if organisation is not None:
            query = query.where(DraftRow.organisation == organisation.value)
        query = query.order_by(
            col(DraftRow.day).desc(), col(DraftRow.opened_at).desc(), DraftRow.id
        )
        return [_draft(row) for row in self._session.exec(query.limit(limit))]

    def drafts_of(self, plan_id: PlanId) -> int:
        """Return how many drafts of the plan there ever were."""
        query = select(func.count()).select_from(DraftRow).where(DraftRow.plan_id == plan_id)
        return int(self._session.exec(query).one())

    def draft_inputs(self, draft_id: DraftId) -> DraftInputs:
        """Return what the draft is made from; raises NotFound (DB240)."""
        query = select(DraftInputsRow.document).where(DraftInputsRow.draft_id == draft_id)
        document = self._session.exec(query).first()
        if document is None:
            raise unknown("DB240", f"draft {draft_id}")
        inputs: DraftInputs = document
        return inputs

    def draft_edits(self, draft_id: DraftId) -> list[DraftEdit]:
        """Return all changes of the draft in the order in which they were made."""
        query = select(DraftEditRow).where(DraftEditRow.draft_id == draft_id)
        query = query.order_by(col(DraftEditRow.number))
        rows = self._session.exec(query.execution_options(populate_existing=True))
        return [replace(row.document, status=EditStatus(row.status)) for row in rows]

    def change_draft(
        self,
        draft: Draft,
        *,
        edits: Sequence[DraftEdit] = (),
        marked: Mapping[int, EditStatus] | None = None,
        status: DraftStatus = DraftStatus.OPEN,
    ) -> bool:
        """Take the draft from its version to the next; False if it is not at that version any more.

        `edits` are added, `marked` ones get that status. Two services that try it at once never
        both succeed.
        """
        table = DraftRow
        taken = self._session.connection().execute(
            update(table)
            .where(
                col(table.id) == draft.id,
                col(table.version) == draft.version,
                col(table.status) == DraftStatus.OPEN.value,
            )
            .values(version=draft.version + 1, status=status.value, inputs=draft.inputs)
        )
        if taken.rowcount != 1:
            return False
        for number, mark in (marked or {}).items():
            row = DraftEditRow
            self._session.connection().execute(
                update(row)
                .where(col(row.draft_id) == draft.id, col(row.number) == number)
                .values(status=mark.value)
            )
        for edit in edits:
            self._session.add(
                DraftEditRow(
                    draft_id=draft.id,
                    number=edit.number,
                    made_by=edit.made_by,
                    status=edit.status.value,
                    document=edit,
                )
            )
        self._session.flush()
        return True

    def replace_draft_inputs(self, draft_id: DraftId, inputs: DraftInputs) -> None:
        """Store what the draft is made from anew: a job has come in that it is to have."""
        self._put(DraftInputsRow, [{"draft_id": draft_id, "document": inputs}])


def _draft(row: DraftRow) -> Draft:
    return Draft(
        id=DraftId(row.id),
        plan_id=PlanId(row.plan_id),
        day=row.day,
        organisation=Organisation(row.organisation),
        opened_at=row.opened_at,
        opened_by=ActorId(row.opened_by),
        inputs=row.inputs,
        version=row.version,
        status=DraftStatus(row.status),
    )
