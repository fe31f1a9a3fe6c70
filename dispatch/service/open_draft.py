"""A draft in memory: what it is based on, and how it looks after each change that counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.domain.clock import seconds_between
from dispatch.domain.draft import Draft, DraftEdit, EditStatus
from dispatch.domain.errors import Conflict, Issue
from dispatch.domain.ids import ShiftId
from dispatch.domain.plan import BillLine, Route, Violation
from dispatch.planning.edit import apply
from dispatch.planning.effect import Verdict, routes_of, touched, verdict_on
from dispatch.planning.fit import allowed
from dispatch.planning.sketch import Basis, Sketch, sketch_of
from dispatch.service.known_lines import KnownLines
from dispatch.service.plan_inputs import built_from, done_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dispatch.domain.draft import DraftInputs
    from dispatch.domain.edit import Edit
    from dispatch.domain.plan import Plan
    from dispatch.service.travel import Travel


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change does: routes that are another, the bill before and after, and what is broken.

    `idle` are shifts that have no route any more. `caused` and `cured` are the violations that are
    there now and were not before, and the other way round.
    """

    routes: tuple[Route, ...]
    idle: tuple[ShiftId, ...]
    before: Verdict
    after: Verdict

    @property
    def caused(self) -> tuple[Violation, ...]:
        """What is broken now and was not before."""
        old = frozenset(self.before.violations)
        return tuple(v for v in self.after.violations if v not in old)

    @property
    def cured(self) -> tuple[Violation, ...]:
        """What was broken before and is not now."""
        new = frozenset(self.after.violations)
        return tuple(v for v in self.before.violations if v not in new)

    @property
    def changed_lines(self) -> tuple[tuple[BillLine, int], ...]:
        """The lines of the bill that are another now, and by how many cents."""
        old = {line.code: line.amount_ct for line in self.before.bill}
        lines = ((line, line.amount_ct - old.get(line.code, 0)) for line in self.after.bill)
        return tuple((line, more_ct) for line, more_ct in lines if more_ct)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft at one version: its changes, how it looks, and what it costs and breaks."""

    draft: Draft
    edits: tuple[DraftEdit, ...]
    basis: Basis
    sketch: Sketch
    verdict: Verdict

    @property
    def routes(self) -> tuple[Route, ...]:
        """All routes of the day, those behind included; without lines on the map."""
        return routes_of(self.basis, self.sketch, set(range(len(self.sketch.routes))))


class OpenDraft:
    """The sketches of a draft, one after each change that counts, and what the last comes to.

    The first sketch is the plan that the draft is based on. It is one thread's at a time.
    """

    def __init__(self, draft: Draft, plan: Plan, inputs: DraftInputs, travel: Travel) -> None:
        self.draft = draft
        self.plan = plan
        self.inputs = inputs
        self.travel = travel
        built = built_from(inputs, plan, travel)
        profiles = {shift.id: shift.vehicle.profile for shift in inputs.shifts}
        self.lines = KnownLines((r for r in plan.routes if r.shift_id in profiles), profiles)
        opened_s = seconds_between(built.starts_at, draft.opened_at)
        self.basis, first = sketch_of(plan, built, opened_s, done_of(inputs, built))
        self.edits: list[DraftEdit] = []
        self._counting: list[int] = []
        self._sketches = [first]
        self._verdicts: dict[int, Verdict] = {}
        # Made now, and not while somebody waits for an edit.
        allowed(self.basis.cut.problem)

    @property
    def sketch(self) -> Sketch:
        """The draft as it is now."""
        return self._sketches[-1]

    @property
    def verdict(self) -> Verdict:
        """What the draft costs and breaks now."""
        depth = len(self._sketches)
        if depth not in self._verdicts:
            self._verdicts[depth] = verdict_on(self.basis, self.sketch)
        return self._verdicts[depth]

    def take(self, draft: Draft, edits: Sequence[DraftEdit]) -> None:
        """Come to the stored state: change what differs from it, and nothing else."""
        counting = [edit for edit in edits if edit.status is EditStatus.DONE]
        wanted = [edit.number for edit in counting]
        common = 0
        while self._counting[common : common + 1] == wanted[common : common + 1] != []:
            common += 1
        del self._counting[common:], self._sketches[common + 1 :]
        for depth in [depth for depth in self._verdicts if depth > common + 1]:
            del self._verdicts[depth]
        for edit in counting[common:]:
            fixed = edit.fixed or None
            self._sketches.append(apply(edit.edit, self.basis, self.sketch, fixed=fixed))
            self._counting.append(edit.number)
        self.draft, self.edits = draft, list(edits)

    def tried(self, edits: Sequence[Edit], fixed: Sequence[int]) -> tuple[list[Sketch], Effect]:
        """Return the sketch after each edit and what all of them do; the draft stays as it is."""
        made: list[Sketch] = []
        for edit in edits:
            made.append(apply(edit, self.basis, made[-1] if made else self.sketch, fixed=fixed))
        return made, self.effect_of(made[-1], self.sketch, self.verdict)

    def effect_of(self, after: Sketch, before: Sketch, verdict: Verdict) -> Effect:
        """Return what leads from one sketch to the other."""
        shifts = touched(before, after)
        routes = routes_of(self.basis, after, shifts)
        busy = {route.shift_id for route in routes}
        names = [self.basis.built.shifts[shift].id for shift in sorted(shifts)]
        return Effect(
            routes=routes,
            idle=tuple(name for name in names if name not in busy),
            before=verdict,
            after=verdict_on(self.basis, after),
        )

    def push(
        self, draft: Draft, edits: Sequence[DraftEdit], made: Sequence[Sketch], after: Verdict
    ) -> None:
        """Keep edits that have been stored, with the sketches that were tried."""
        kept = [
            replace(edit, status=EditStatus.DROPPED) if edit.status is EditStatus.UNDONE else edit
            for edit in self.edits
        ]
        self._counting.extend(edit.number for edit in edits)
        self._sketches.extend(made)
        self._verdicts[len(self._sketches)] = after
        self.draft, self.edits = draft, [*kept, *edits]

    def fixed_at(self, now: datetime) -> tuple[int, ...]:
        """Return how many visits ahead of each shift are begun or driven to by then.

        That is told by the plan that crews have, which is the one that the draft is based on.
        """
        now_s = seconds_between(self.basis.built.starts_at, now)
        counts = []
        for route in self._sketches[0].routes:
            begun = 0
            for before, stop in zip(route.stops, route.stops[1:], strict=False):
                if before.departure_s > now_s:
                    break
                begun += stop.index >= 0
            counts.append(begun)
        return tuple(counts)

    def must_keep_begun(self, now: datetime) -> None:
        """Raise Conflict (C607) if a crew has begun what is elsewhere in the draft."""
        before = self._sketches[0]
        for shift, begun in enumerate(self.fixed_at(now)):
            if self.sketch.orders[shift][:begun] != before.orders[shift][:begun]:
                raise Conflict(
                    Issue(
                        code="C607",
                        subject=f"shift {self.basis.built.shifts[shift].id}",
                        cause="the crew has begun meanwhile what the draft has changed",
                        action="Undo that change, or open the plan again and change it there",
                    )
                )

    def view(self) -> DraftView:
        """Return how the draft is now, as a value that stays."""
        return DraftView(
            draft=self.draft,
            edits=tuple(self.edits),
            basis=self.basis,
            sketch=self.sketch,
            verdict=self.verdict,
        )
