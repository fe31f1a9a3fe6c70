"""Drafts in memory: those used last, each brought up to what is stored before it is used."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from threading import Lock, RLock
from typing import TYPE_CHECKING

from dispatch.service.open_draft import OpenDraft
from dispatch.service.travel import Travel

if TYPE_CHECKING:
    from dispatch.domain.draft import Draft, DraftInputs
    from dispatch.domain.ids import DraftId
    from dispatch.domain.plan import Plan
    from dispatch.store import Store
    from graphs.provider import MatrixProvider

KEPT = 16
"""Drafts that are kept; others are built again, to the same, when somebody asks for them."""


class DraftMemory:
    """The open drafts of one service. Who uses one takes its turn first."""

    def __init__(
        self, store: Store, *, streets: MatrixProvider, rush: MatrixProvider | None
    ) -> None:
        self._store = store
        self._streets = streets
        self._rush = rush
        self._open: OrderedDict[DraftId, OpenDraft] = OrderedDict()
        self._turns: dict[DraftId, RLock] = {}
        self._lock = Lock()

    def turn(self, draft_id: DraftId) -> RLock:
        """Return the lock that a thread holds while it uses the draft; others wait for no one."""
        with self._lock:
            return self._turns.setdefault(draft_id, RLock())

    def built(self, draft: Draft, plan: Plan, inputs: DraftInputs) -> OpenDraft:
        """Return the draft before its first change; takes as long as travel times take."""
        travel = Travel(draft.day, usual=self._streets, rush=self._rush)
        return OpenDraft(draft, plan, inputs, travel)

    def present(self, draft: Draft) -> OpenDraft:
        """Return the draft as it is stored, from memory as far as it is there."""
        with self._lock:
            opened = self._open.get(draft.id)
        if opened is None or opened.draft.inputs != draft.inputs:
            with self._store.read() as tx:
                plan, inputs = tx.plan(draft.plan_id), tx.draft_inputs(draft.id)
            # Version 0 has no changes yet; they are taken below.
            opened = self.built(replace(draft, version=0), plan, inputs)
        if opened.draft != draft:
            with self._store.read() as tx:
                # Together, so that the changes are those of just this version.
                opened.take(tx.draft(draft.id), tx.draft_edits(draft.id))
        self.keep(opened)
        return opened

    def keep(self, opened: OpenDraft) -> None:
        """Keep the draft as the last used one, and let go of the one that was not used longest."""
        with self._lock:
            self._open[opened.draft.id] = opened
            self._open.move_to_end(opened.draft.id)
            while len(self._open) > KEPT:
                gone, _ = self._open.popitem(last=False)
                self._turns.pop(gone, None)

    def forget(self, draft_id: DraftId) -> None:
        """Let go of the draft; it is built again when somebody asks for it."""
        with self._lock:
            self._open.pop(draft_id, None)
