"""Who works on a run: taken up by one planner, held by a lease, and ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from dispatch.domain.errors import Issue
from dispatch.domain.event import run_failed
from dispatch.domain.run import Run, RunPhase, RunStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dispatch.domain.plan import Plan
    from dispatch.store import Store, Transaction

LEASE = timedelta(seconds=30)
"""So long a planner may be silent before its run is another's; it renews this all the time."""
MOST_ATTEMPTS = 2
"""A run whose planner died is taken up once more: what kills every planner must not go on."""

ENDING = {
    RunStatus.DONE: RunPhase.DONE,
    RunStatus.FAILED: RunPhase.FAILED,
    RunStatus.CANCELLED: RunPhase.CANCELLED,
}


def claim_run(planner: str, *, now: datetime, store: Store) -> Run | None:
    """Return the run that this planner works on from now on, None if there is none.

    Runs whose planner died come first: once more, or they are ended (S331, or cancelled). Runs of
    one day are worked on one after the other, for what one organisation plans the other must not.
    """
    with store.begin() as tx:
        tx.take_turn("runs")
        again = [run for run in tx.lapsed_runs(now) if not _ended_for_good(tx, run, now)]
        at_work = [run for run in tx.unfinished_runs() if run.status is RunStatus.RUNNING]
        days = {run.order.day for run in at_work if run not in again}
        queued = [run for run in tx.unfinished_runs() if run.status is RunStatus.QUEUED]
        for run in (*again, *queued):
            if run.order.day in days:
                continue
            taken = replace(
                run,
                status=RunStatus.RUNNING,
                attempts=run.attempts + 1,
                started_at=run.started_at or now,
            )
            tx.save_run(taken, planner=planner, lease_until=now + LEASE)
            tx.add_run_event(run.id, RunPhase.BUILDING, at=now)
            return taken
    return None


def give_back(run: Run, planner: str, *, now: datetime, store: Store) -> None:
    """Let the run wait again, for this planner stops; that counts as no attempt."""
    with store.begin() as tx:
        tx.take_turn("runs")
        if tx.hold_run(run.id, planner, until=now):
            cancel_wanted = tx.run(run.id).cancel_wanted
            waiting = replace(run, status=RunStatus.QUEUED, attempts=run.attempts - 1)
            tx.save_run(replace(waiting, cancel_wanted=cancel_wanted))
            tx.add_run_event(run.id, RunPhase.WAITING, at=now)


def end_run(
    tx: Transaction,
    run: Run,
    status: RunStatus,
    *,
    now: datetime,
    issues: Sequence[Issue] = (),
    plan: Plan | None = None,
) -> Run:
    """Return the run as it is over; the caller has seen to it that it may end it."""
    ended = replace(
        run,
        status=status,
        ended_at=now,
        issues=tuple(issues),
        cancel_wanted=tx.run(run.id).cancel_wanted,
        plan_id=None if plan is None else plan.id,
    )
    tx.save_run(ended)
    tx.add_run_event(
        run.id,
        ENDING[status],
        at=now,
        cost_ct=None if plan is None else plan.cost_ct,
        unserved=None if plan is None else len(plan.unassigned),
    )
    if status is RunStatus.FAILED and issues:
        order = run.order
        tx.announce(
            run_failed(
                run.id, day=order.day, organisation=order.organisation, issue=issues[0], at=now
            )
        )
    return ended


def _ended_for_good(tx: Transaction, run: Run, now: datetime) -> bool:
    """End a run whose planner died, if it was to be cancelled or was taken up often enough."""
    if run.cancel_wanted:
        end_run(tx, run, RunStatus.CANCELLED, now=now)
        return True
    if run.attempts < MOST_ATTEMPTS:
        return False
    died = Issue(
        code="S331",
        subject=f"run {run.id}",
        cause=f"the service that planned ended {run.attempts} times before it had a plan",
        action="Look into the service's log; ask for less time, or for fewer crews",
    )
    end_run(tx, run, RunStatus.FAILED, now=now, issues=[died])
    return True
