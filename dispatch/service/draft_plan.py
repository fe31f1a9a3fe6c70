"""What a draft becomes, and what can be asked of it: a plan, lines on the map, reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.domain.draft import Draft, DraftStatus
from dispatch.domain.errors import NotFound
from dispatch.domain.ids import ActorId, DraftId, PlanId
from dispatch.domain.plan import PlanStatus, StreetSource
from dispatch.planning.effect import plan_of_sketch
from dispatch.planning.explain import explain_job
from dispatch.planning.publish import PlanHeader
from dispatch.planning.sketch import solution_of
from dispatch.service import draft_issues as issues
from dispatch.service.edit_plan import note_draft
from dispatch.service.plan_day import keep_draft
from dispatch.service.plan_inputs import inputs_of

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.domain.access import Actor
    from dispatch.domain.ids import JobId
    from dispatch.domain.plan import Plan, Route, Unassigned
    from dispatch.service.edit_plan import Drafts
    from dispatch.service.open_draft import DraftView, OpenDraft
    from dispatch.store import Transaction

REMEDY_S = 2.0
"""How long it is sought what would get the jobs in that a finished draft leaves."""


def finish(drafts: Drafts, draft_id: DraftId, *, version: int, actor: Actor, now: datetime) -> Plan:
    """Return the plan that the draft has become: a new revision, in force only once published.

    It is stored whatever it breaks, with its violations. Raises DraftMoved (C611) and Conflict
    (C612, C607 where a crew has begun meanwhile what the draft has changed).
    """
    draft = drafts.head(draft_id, actor)
    with drafts.memory.turn(draft_id):
        opened = drafts.at(draft, version)
        opened.must_keep_begun(now)
        plan = _plan(drafts, opened.view(), opened.plan, now, seconds=REMEDY_S)
        routes = tuple(opened.lines.drawn(route, opened.travel) for route in plan.routes)
        with drafts.store.begin() as tx:
            tx.take_turn("jobs")
            stored = tx.change_draft(opened.draft, status=DraftStatus.FINISHED)
            if stored:
                plan = keep_draft(
                    tx, replace(plan, routes=routes), based_on=_before(tx, opened.plan)
                )
                note_draft(tx, "draft.finished", draft, actor, now, revision=plan.revision)
        if not stored:
            raise drafts.lost_race(opened.draft)
        drafts.memory.forget(draft_id)
        return plan


def drawn_routes(drafts: Drafts, draft_id: DraftId, *, actor: Actor) -> tuple[Route, ...]:
    """Return the draft's routes with a line for every drive."""
    draft = drafts.head(draft_id, actor)
    with drafts.memory.turn(draft_id):
        opened = drafts.memory.present(draft)
        routes = opened.view().routes
        return tuple(opened.lines.drawn(route, opened.travel) for route in routes)


def left_in_draft(
    drafts: Drafts, draft_id: DraftId, *, actor: Actor, now: datetime
) -> tuple[Unassigned, ...]:
    """Return why each job is left in the draft; what would get one in is asked of each alone."""
    draft = drafts.head(draft_id, actor)
    with drafts.memory.turn(draft_id):
        opened = drafts.memory.present(draft)
        return _plan(drafts, opened.view(), opened.plan, now, seconds=0).unassigned


def why_left(drafts: Drafts, draft_id: DraftId, job_id: JobId, *, actor: Actor) -> Unassigned:
    """Return why the draft leaves the job and what would get it in; NotFound (C615)."""
    draft = drafts.head(draft_id, actor)
    with drafts.memory.turn(draft_id):
        return _why(drafts.memory.present(draft), job_id)


def why_left_in_plan(
    drafts: Drafts, plan_id: PlanId, job_id: JobId, *, actor: Actor, now: datetime
) -> Unassigned:
    """Return why a plan left the job and what would get it in, sought now if it was not then."""
    with drafts.store.read() as tx:
        plan = tx.plan(plan_id)
        actor.must_reach(plan.organisation)
        told = next((left for left in plan.unassigned if left.job_id == job_id), None)
        if told is None:
            raise NotFound(issues.not_left(plan_id, job_id))
        if told.sought:
            return told
        inputs = inputs_of(tx, plan, now)
    draft = Draft(
        id=DraftId(plan_id),
        plan_id=plan_id,
        day=plan.day,
        organisation=plan.organisation,
        opened_at=now,
        opened_by=ActorId(actor.id),
        inputs="",
    )
    return _why(drafts.memory.built(draft, plan, inputs), job_id, told=told)


def _before(tx: Transaction, plan: Plan) -> Plan | None:
    """Return the plan that was in force when the draft was opened, as far as its plan tells.

    That is the plan itself, unless it was a draft and never in force.
    """
    state = tx.plan_state(plan.id)
    if state.status not in (PlanStatus.DRAFT, PlanStatus.DISCARDED):
        return plan
    return None if state.based_on is None else tx.plan(state.based_on)


def _why(opened: OpenDraft, job_id: JobId, told: Unassigned | None = None) -> Unassigned:
    rest = opened.basis.rest
    out = next((left for left in rest.left_out if left.job_id == job_id), None)
    if out is not None:
        return out
    solution = solution_of(opened.basis, opened.sketch)
    for job in solution.unassigned:
        if rest.jobs[job].id == job_id:
            return explain_job(rest, solution, job)
    if told is not None:
        return told
    raise NotFound(issues.not_left(opened.draft.id, job_id))


def _plan(drafts: Drafts, view: DraftView, base: Plan, now: datetime, *, seconds: float) -> Plan:
    source = drafts.streets.source
    header = PlanHeader(
        id=PlanId("not stored yet"),
        organisation=view.draft.organisation,
        revision=0,
        created_at=now,
        streets=StreetSource(
            name=source.name, stand_in=source.stand_in, attribution=source.attribution
        ),
        solver=BY_HAND if base.solver == BY_HAND else f"{base.solver.removesuffix(AFTER)}{AFTER}",
        solve_s=0.0,
        allow_violations=True,
    )
    return plan_of_sketch(view.basis, view.sketch, header, before=base, seconds=seconds)


BY_HAND = "by hand"
AFTER = ", changed by hand"
