"""Runs are asked for, and cancelled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.domain.clock import BERLIN
from dispatch.domain.errors import Conflict, InvalidInput, Issue
from dispatch.domain.ids import RunId, digest
from dispatch.domain.run import UNFINISHED, Run, RunPhase, RunStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dispatch.domain.access import Actor
    from dispatch.domain.audit import Detail
    from dispatch.domain.run import RunOrder
    from dispatch.store import Store, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLimits:
    """How many runs may wait or be worked on at a time, and how long one may search."""

    queue: int = 20
    seconds: float = 3600.0


def request_run(
    order: RunOrder, *, actor: Actor, now: datetime, store: Store, limits: RunLimits
) -> Run:
    """Return the run, which waits for a planner from now on.

    Raises InvalidInput for a day that is over, a time out of bounds or crews that are not the
    organisation's (S321 to S323), Conflict while another run of that day and organisation is not
    over (S324, with its id) or too many runs are waiting (S325), NotAllowed for another's plans.
    """
    actor.must_reach(order.organisation)
    with store.begin() as tx:
        return request_within(tx, order, actor=actor, now=now, limits=limits)


def request_within(
    tx: Transaction, order: RunOrder, *, actor: Actor, now: datetime, limits: RunLimits
) -> Run:
    """Ask for a run within a change; raises as `request_run`."""
    tx.take_turn("runs")
    if faults := [*_faults(order, now, limits, tx)]:
        raise InvalidInput(*faults)
    waiting = tx.unfinished_runs()
    for other in waiting:
        if (other.order.day, other.order.organisation) == (order.day, order.organisation):
            raise Conflict(_busy(other))
    if len(waiting) >= limits.queue:
        raise Conflict(_full(limits))
    run = Run(id=_new_id(tx, order, actor, now), order=order, actor=actor, requested_at=now)
    tx.save_run(run)
    tx.add_run_event(run.id, RunPhase.WAITING, at=now)
    _note(tx, "run.requested", run, actor, now, {"publish": order.publish})
    return run


def cancel_run(run_id: RunId, *, actor: Actor, now: datetime, store: Store) -> Run:
    """Return the run: cancelled if it was waiting, else about to be by its planner.

    Raises Conflict (S326) for a run that is over, NotAllowed for another organisation's.
    """
    with store.begin() as tx:
        tx.take_turn("runs")
        run = tx.run(run_id)
        actor.must_reach(run.order.organisation)
        if run.status not in UNFINISHED:
            raise Conflict(_over(run))
        _note(tx, "run.cancelled", run, actor, now, {})
        if run.status is RunStatus.QUEUED:
            run = replace(run, status=RunStatus.CANCELLED, cancel_wanted=True, ended_at=now)
            tx.save_run(run)
            tx.add_run_event(run.id, RunPhase.CANCELLED, at=now)
        else:
            tx.want_cancelled(run.id)
            run = replace(run, cancel_wanted=True)
    return run


def _faults(order: RunOrder, now: datetime, limits: RunLimits, tx: Transaction) -> Iterator[Issue]:
    if order.day < now.astimezone(BERLIN).date():
        yield Issue(
            code="S321",
            subject=f"day {order.day.isoformat()}",
            cause="the day is over",
            action="Plan today or a day to come",
        )
    if not 0 < order.seconds <= limits.seconds:
        yield Issue(
            code="S322",
            subject=f"{order.seconds:g} seconds",
            cause=f"a run may search for up to {limits.seconds:g} s",
            action="Ask for a time within that",
        )
    own = {c.id for c in tx.fleet().crews if c.organisation is order.organisation}
    for crew in sorted((order.crews or frozenset()) - own):
        yield Issue(
            code="S323",
            subject=f"crew {crew}",
            cause=f"{order.organisation} has no crew of that name",
            action="Name crews of the organisation; /api/v1/crews lists them",
        )


def _busy(other: Run) -> Issue:
    return Issue(
        code="S324",
        subject=f"run {other.id}",
        cause=f"{other.order.day.isoformat()} of {other.order.organisation} is being planned",
        action="Wait for that run, or cancel it",
    )


def _full(limits: RunLimits) -> Issue:
    return Issue(
        code="S325",
        subject="queue of runs",
        cause=f"{limits.queue} runs are waiting or being worked on already",
        action="Wait until one is over",
    )


def _over(run: Run) -> Issue:
    return Issue(
        code="S326",
        subject=f"run {run.id}",
        cause=f"it is {run.status} already",
        action="Nothing is left to cancel",
    )


def _new_id(tx: Transaction, order: RunOrder, actor: Actor, now: datetime) -> RunId:
    # Two runs of one moment: the first must be over, so they differ by how many there were.
    count = tx.count_runs(order.organisation)
    named = (order.day.isoformat(), order.organisation, actor.id, now.isoformat())
    return RunId(digest("run", *named, str(count))[:16])


def _note(
    tx: Transaction, action: str, run: Run, actor: Actor, now: datetime, more: dict[str, Detail]
) -> None:
    told: dict[str, Detail] = {"day": run.order.day.isoformat(), **more}
    tx.note(actor, action, f"run/{run.id}", told, at=now, organisation=run.order.organisation)
