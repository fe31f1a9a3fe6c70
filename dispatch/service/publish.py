"""The life of a plan: published, closed at the end of its day, or discarded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from dispatch.domain.access import Actor
from dispatch.domain.errors import Conflict, Issue
from dispatch.domain.event import plan_published
from dispatch.domain.ids import JobId, PlanId
from dispatch.domain.job import JobStatus
from dispatch.domain.plan import PlanStatus
from dispatch.planning.publish import must_be_sound
from dispatch.service.scope import planned_elsewhere

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from dispatch.domain.audit import Detail
    from dispatch.domain.plan import Plan
    from dispatch.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChange:
    """Which plan somebody wants to be published, closed or discarded, and when that is."""

    plan_id: PlanId
    actor: Actor
    now: datetime


def publish(change: PlanChange, *, store: Store) -> Plan:
    """Return the plan, which is in force from now on; its jobs are planned.

    Raises Conflict for a plan that is no draft (C502), breaks a hard rule (C501), was made before
    another one came into force (C503), or has a job that is finished or on another plan (C504).
    """
    with store.begin() as tx:
        # Everything that changes jobs takes this turn.
        tx.take_turn("jobs")
        plan = _reached(change, tx)
        publish_within(tx, plan, actor=change.actor, now=change.now)
    return plan


def publish_within(tx: Transaction, plan: Plan, *, actor: Actor, now: datetime) -> None:
    """Put a draft in force within a change that has the turn for jobs; raises as `publish`."""
    must_be(plan, tx, PlanStatus.DRAFT)
    must_be_sound(plan.violations)
    before = _in_force(plan, tx)
    _must_follow(plan, before, tx)
    _must_be_free(plan, before, tx, now=now)
    tx.set_current(plan)
    dropped = _freed(before, tx, now=now) - set(_served(plan)) if before else set()
    planned = change_jobs(tx, _served(plan), was=JobStatus.OPEN, becomes=JobStatus.PLANNED, now=now)
    freed = change_jobs(tx, dropped, was=JobStatus.PLANNED, becomes=JobStatus.OPEN, now=now)
    tx.announce(plan_published(plan, organisation=plan.organisation, at=now))
    details = {"revision": plan.revision, "planned": planned, "freed": freed}
    _note(tx, "plan.published", plan, actor, now, details)


def close(change: PlanChange, *, store: Store) -> Plan:
    """Return the plan, whose day is over: jobs that nobody reported are open again.

    Raises Conflict (C502) for a plan that is not in force.
    """
    with store.begin() as tx:
        tx.take_turn("jobs")
        plan = _reached(change, tx)
        close_within(tx, plan, actor=change.actor, now=change.now)
    return plan


def close_within(tx: Transaction, plan: Plan, *, actor: Actor, now: datetime) -> None:
    """Close a plan within a change that has the turn for jobs; raises as `close`."""
    must_be(plan, tx, PlanStatus.PUBLISHED)
    tx.set_plan_status(plan.id, PlanStatus.CLOSED)
    left = _freed(plan, tx, now=now)
    freed = change_jobs(tx, left, was=JobStatus.PLANNED, becomes=JobStatus.OPEN, now=now)
    _note(tx, "plan.closed", plan, actor, now, {"revision": plan.revision, "freed": freed})


def discard(change: PlanChange, *, store: Store) -> Plan:
    """Return the draft that nobody wants; raises Conflict (C502) for a plan that is no draft."""
    with store.begin() as tx:
        tx.take_turn("jobs")
        plan = _reached(change, tx)
        must_be(plan, tx, PlanStatus.DRAFT)
        tx.set_plan_status(plan.id, PlanStatus.DISCARDED)
        _note(tx, "plan.discarded", plan, change.actor, change.now, {"revision": plan.revision})
    return plan


def must_be(plan: Plan, tx: Transaction, wanted: PlanStatus) -> None:
    """Raise Conflict (C502) unless the plan stands so."""
    status = tx.plan_state(plan.id).status
    if status is not wanted:
        raise Conflict(
            Issue(
                code="C502",
                subject=f"plan {plan.id}",
                cause=f"the plan is {status}, not {wanted}",
                action="Look at the present plan of the day, and make another draft if need be",
            )
        )


def change_jobs(
    tx: Transaction,
    job_ids: Iterable[JobId],
    *,
    was: JobStatus,
    becomes: JobStatus,
    now: datetime,
) -> int:
    """Give those of the jobs that have the one status the other; return how many these are."""
    found = tx.jobs_by_id(tuple(job_ids)).values()
    changed = [replace(j, status=becomes, updated_at=now) for j in found if j.status is was]
    tx.save_jobs(changed)
    return len(changed)


def _reached(change: PlanChange, tx: Transaction) -> Plan:
    plan = tx.plan(change.plan_id)
    change.actor.must_reach(plan.organisation)
    return plan


def _in_force(plan: Plan, tx: Transaction) -> Plan | None:
    plan_id = tx.current_plan_id(plan.day, plan.organisation)
    return None if plan_id is None else tx.plan(plan_id)


def _must_follow(plan: Plan, before: Plan | None, tx: Transaction) -> None:
    based_on = tx.plan_state(plan.id).based_on
    if based_on != (before.id if before else None):
        now_in_force = f"revision {before.revision}" if before else "none"
        raise Conflict(
            Issue(
                code="C503",
                subject=f"plan {plan.id}",
                cause=f"it was made before the plan now in force ({now_in_force}) was",
                action="Plan again from what is in force now",
            )
        )
    if before and tx.plan_state(before.id).status is PlanStatus.CLOSED:
        raise Conflict(
            Issue(
                code="C502",
                subject=f"plan {plan.id}",
                cause="the plan of that day is closed",
                action="Plan another day",
            )
        )


def _must_be_free(plan: Plan, before: Plan | None, tx: Transaction, *, now: datetime) -> None:
    """Refuse jobs that others plan to do, and finished ones unless they are finished on this plan.

    Replanned in the day, a plan keeps the stops that are done already.
    """
    served = _served(plan)
    kept = frozenset(_served(before)) if before else frozenset()
    elsewhere = planned_elsewhere(tx, plan.day, plan.organisation, now=now)
    jobs = tx.jobs_by_id(served)
    taken = [
        _taken(job_id, "it is on another plan in force") for job_id in served if job_id in elsewhere
    ]
    over = [
        _taken(job.id, f"it is {job.status} meanwhile")
        for job in jobs.values()
        if job.id not in kept and job.status in (JobStatus.DONE, JobStatus.CANCELLED)
    ]
    if taken or over:
        raise Conflict(*taken, *over)


def _taken(job_id: JobId, cause: str) -> Issue:
    return Issue(
        code="C504",
        subject=f"job {job_id}",
        cause=cause,
        action="Plan again, or take the job out of the draft",
    )


def _freed(plan: Plan, tx: Transaction, *, now: datetime) -> set[JobId]:
    """Return the jobs of a plan that goes out of force, but for those that another one has."""
    elsewhere = planned_elsewhere(tx, plan.day, plan.organisation, now=now)
    return set(_served(plan)) - elsewhere


def _served(plan: Plan) -> Collection[JobId]:
    return tuple(job_id for route in plan.routes for job_id in route.job_ids)


def _note(
    tx: Transaction, action: str, plan: Plan, actor: Actor, now: datetime, details: dict[str, int]
) -> None:
    told: dict[str, Detail] = {"day": plan.day.isoformat(), **details}
    tx.note(actor, action, f"plan/{plan.id}", told, at=now, organisation=plan.organisation)
