"""Plans changed by hand: a draft is opened, edited, undone, looked at, and thrown away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from dispatch.domain.draft import Draft, DraftEdit, DraftInputs, DraftStatus, EditStatus
from dispatch.domain.edit import EditKind
from dispatch.domain.errors import Conflict, InvalidInput, Issue
from dispatch.domain.ids import DraftId, JobId, PlanId, digest
from dispatch.domain.job import JobStatus
from dispatch.service import draft_issues as issues
from dispatch.service.draft_memory import DraftMemory
from dispatch.service.plan_inputs import inputs_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dispatch.domain.access import Actor
    from dispatch.domain.audit import Detail
    from dispatch.domain.edit import Edit
    from dispatch.domain.job import Job
    from dispatch.service.open_draft import DraftView, Effect, OpenDraft
    from dispatch.store import Store, Transaction
    from graphs.provider import MatrixProvider

MOST_EDITS = 2000
"""Changes that a draft may have, undone ones included."""


class DraftMoved(Conflict):
    """Somebody else has changed the draft meanwhile; `now` is how it is."""

    def __init__(self, issue: Issue, now: DraftView) -> None:
        super().__init__(issue)
        self.now = now


class Drafts:
    """All drafts of a service; what was built of them stays in memory, what counts is stored.

    A change is made for a version of the draft and stored only if the draft is still at it, so two
    dispatchers, in one service or in two, never overwrite each other. `rush` are the streets in the
    rush hours.
    """

    def __init__(
        self, store: Store, *, streets: MatrixProvider, rush: MatrixProvider | None = None
    ) -> None:
        self.store = store
        self.streets = streets
        self.memory = DraftMemory(store, streets=streets, rush=rush)

    def open(self, plan_id: PlanId, *, actor: Actor, now: datetime) -> DraftView:
        """Return a new draft of a plan, from now on in its day.

        Raises NotFound (DB204) for an unknown plan, InvalidInput (C613) where nobody works on its
        day any more.
        """
        with self.store.read() as tx:
            plan = tx.plan(plan_id)
            actor.must_reach(plan.organisation)
            inputs = inputs_of(tx, plan, now)
        if not inputs.shifts:
            raise InvalidInput(issues.nobody_works(plan_id))
        draft = Draft(
            id=DraftId("not stored yet"),
            plan_id=plan_id,
            day=plan.day,
            organisation=plan.organisation,
            opened_at=now,
            opened_by=actor.id,
            inputs=_digest_of(inputs),
        )
        opened = self.memory.built(draft, plan, inputs)
        with self.store.begin() as tx:
            tx.take_turn(f"drafts of {plan_id}")
            made = (plan_id, actor.id, now.isoformat(), str(tx.drafts_of(plan_id)))
            opened.draft = replace(draft, id=DraftId(digest("draft", *made)[:16]))
            tx.add_draft(opened.draft, inputs)
            note_draft(tx, "draft.opened", opened.draft, actor, now)
        self.memory.keep(opened)
        return opened.view()

    def look(self, draft_id: DraftId, *, actor: Actor) -> DraftView:
        """Return the draft as it is stored; raises NotFound (DB240) and NotAllowed (Z302)."""
        draft = self.head(draft_id, actor)
        with self.memory.turn(draft_id):
            return self.memory.present(draft).view()

    def edit(
        self,
        draft_id: DraftId,
        edits: Sequence[Edit],
        *,
        version: int,
        actor: Actor,
        now: datetime,
    ) -> tuple[DraftView, Effect]:
        """Return the draft after these edits, which are stored, and what they do together.

        Raises DraftMoved (C611) where the draft is not at that version, Conflict (C612) where it is
        closed, InvalidInput where one of them is none of this plan's (C601 to C609); then none of
        them is made.
        """
        draft = self.head(draft_id, actor)
        with self.memory.turn(draft_id):
            opened, inputs = self._knowing(self.at(draft, version), edits)
            fixed = opened.fixed_at(now)
            made, effect = opened.tried(edits, fixed)
            first = max((edit.number for edit in opened.edits), default=0) + 1
            if first + len(edits) > MOST_EDITS:
                raise InvalidInput(issues.too_many(draft_id))
            stored = [
                DraftEdit(number=number, edit=edit, made_at=now, made_by=actor.id, fixed=fixed)
                for number, edit in enumerate(edits, first)
            ]
            undone = [e.number for e in opened.edits if e.status is EditStatus.UNDONE]
            marked = dict.fromkeys(undone, EditStatus.DROPPED)
            by = _By(actor, now, "draft.edited")
            after = self._store(opened, by, edits=stored, marked=marked, inputs=inputs)
            opened.push(after, stored, made, effect.after)
            self.memory.keep(opened)
            return opened.view(), effect

    def preview(
        self, draft_id: DraftId, edits: Sequence[Edit], *, actor: Actor, now: datetime
    ) -> tuple[DraftView, Effect]:
        """Return the draft, and what the edits would do together; nothing is stored."""
        draft = self.head(draft_id, actor)
        with self.memory.turn(draft_id):
            opened, _ = self._knowing(self.memory.present(draft), edits)
            _, effect = opened.tried(edits, opened.fixed_at(now))
            return opened.view(), effect

    def undo(
        self, draft_id: DraftId, *, version: int, actor: Actor, now: datetime
    ) -> tuple[DraftView, Effect]:
        """Return the draft without its last change; raises Conflict (C610) if there is none."""
        return self._mark(draft_id, version, _By(actor, now, "draft.undone"), back=True)

    def redo(
        self, draft_id: DraftId, *, version: int, actor: Actor, now: datetime
    ) -> tuple[DraftView, Effect]:
        """Return the draft with the change again that was undone last; Conflict (C610) if none."""
        return self._mark(draft_id, version, _By(actor, now, "draft.redone"), back=False)

    def discard(self, draft_id: DraftId, *, version: int, actor: Actor, now: datetime) -> None:
        """Throw the draft away; its changes stay stored, for who asks what became of them."""
        draft = self.head(draft_id, actor)
        with self.memory.turn(draft_id):
            opened = self.at(draft, version)
            by = _By(actor, now, "draft.discarded")
            self._store(opened, by, status=DraftStatus.DISCARDED)
            self.memory.forget(draft_id)

    def head(self, draft_id: DraftId, actor: Actor) -> Draft:
        """Return the stored draft, which must be within the actor's reach."""
        with self.store.read() as tx:
            draft = tx.draft(draft_id)
        actor.must_reach(draft.organisation)
        return draft

    def at(self, draft: Draft, version: int) -> OpenDraft:
        """Return the open draft at that version; raises DraftMoved (C611), Conflict (C612)."""
        opened = self.memory.present(draft)
        # Not the draft given: what is in memory may have been read a moment later.
        if opened.draft.status is not DraftStatus.OPEN:
            raise Conflict(issues.closed(opened.draft))
        if opened.draft.version != version:
            raise DraftMoved(issues.moved(opened.draft, version), opened.view())
        return opened

    def lost_race(self, draft: Draft) -> Conflict:
        """Return the error for a change of a version that is not the last one any more."""
        with self.store.read() as tx:
            present = tx.draft(draft.id)
        if present.status is not DraftStatus.OPEN:
            return Conflict(issues.closed(present))
        view = self.memory.present(present).view()
        return DraftMoved(issues.moved(present, draft.version), view)

    def _mark(
        self, draft_id: DraftId, version: int, by: _By, *, back: bool
    ) -> tuple[DraftView, Effect]:
        draft = self.head(draft_id, by.actor)
        present = EditStatus.DONE if back else EditStatus.UNDONE
        with self.memory.turn(draft_id):
            opened = self.at(draft, version)
            numbers = [edit.number for edit in opened.edits if edit.status is present]
            if not numbers:
                raise Conflict(issues.nothing_to(draft_id, "undo" if back else "do again"))
            number = numbers[-1] if back else numbers[0]
            mark = EditStatus.UNDONE if back else EditStatus.DONE
            before = opened.view()
            after = self._store(opened, by, marked={number: mark})
            edits = [replace(e, status=mark) if e.number == number else e for e in opened.edits]
            opened.take(after, edits)
            effect = opened.effect_of(opened.sketch, before.sketch, before.verdict)
            return opened.view(), effect

    def _knowing(
        self, opened: OpenDraft, edits: Sequence[Edit]
    ) -> tuple[OpenDraft, DraftInputs | None]:
        """Return the draft with the jobs that are to be added although it does not have them.

        They have come in since; then it is built again, and its new inputs come too.
        """
        known = {job.id for job in opened.inputs.jobs}
        wanted = [edit.job_id for edit in edits if edit.kind in (EditKind.ADD, EditKind.PIN)]
        new = [job_id for job_id in wanted if job_id is not None and job_id not in known]
        if not new:
            return opened, None
        jobs = self._jobs(opened.draft, new)
        inputs = replace(opened.inputs, jobs=(*opened.inputs.jobs, *jobs))
        draft = replace(opened.draft, inputs=_digest_of(inputs))
        again = self.memory.built(draft, opened.plan, inputs)
        again.take(draft, opened.edits)
        return again, inputs

    def _jobs(self, draft: Draft, job_ids: Sequence[JobId]) -> list[Job]:
        with self.store.read() as tx:
            jobs = [tx.job(job_id) for job_id in dict.fromkeys(job_ids)]
        for job in jobs:
            elsewhere = job.organisation not in (None, draft.organisation)
            if elsewhere or job.status in (JobStatus.DONE, JobStatus.CANCELLED):
                raise InvalidInput(issues.not_to_do(job))
        return jobs

    def _store(
        self,
        opened: OpenDraft,
        by: _By,
        *,
        edits: Sequence[DraftEdit] = (),
        marked: Mapping[int, EditStatus] | None = None,
        inputs: DraftInputs | None = None,
        status: DraftStatus = DraftStatus.OPEN,
    ) -> Draft:
        """Return the draft at its next version; raises DraftMoved if this one is not the last."""
        draft = opened.draft
        with self.store.begin() as tx:
            stored = tx.change_draft(draft, edits=edits, marked=marked, status=status)
            if stored and inputs is not None:
                tx.replace_draft_inputs(draft.id, inputs)
            if stored:
                changes = ", ".join(edit.edit.kind for edit in edits)
                note_draft(tx, by.action, draft, by.actor, by.now, changes=changes)
        if not stored:
            raise self.lost_race(draft)
        return replace(draft, version=draft.version + 1, status=status)


class _By(NamedTuple):
    """Who does what when: for the book of changes."""

    actor: Actor
    now: datetime
    action: str


def note_draft(
    tx: Transaction, action: str, draft: Draft, actor: Actor, now: datetime, **details: Detail
) -> None:
    """Write down what was done to a draft, and from which version on."""
    told: dict[str, Detail] = {
        "day": draft.day.isoformat(),
        "plan": draft.plan_id,
        "version": draft.version,
    }
    whose = draft.organisation
    tx.note(actor, action, f"draft/{draft.id}", {**told, **details}, at=now, organisation=whose)


def _digest_of(inputs: DraftInputs) -> str:
    """Return what tells the inputs from others of the same draft: they only ever get more jobs."""
    return digest(*(job.id for job in inputs.jobs))
