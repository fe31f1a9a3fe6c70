"""What is another in one plan than in another: for those who have to tell the crews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.domain.clock import seconds_between
from dispatch.domain.ids import JobId, ShiftId

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.domain.plan import Plan

NOTEWORTHY_S = 60
"""A start that shifts by less is not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChange:
    """A job that is elsewhere, at another time, on a route now, or on none any more.

    `later_s` is by how much its service starts later, below zero for earlier; None where it starts
    in one of the plans only.
    """

    job_id: JobId
    was_on: ShiftId | None
    is_on: ShiftId | None
    later_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanges:
    """All jobs that changed, by what became of them, and by how many cents the plan is dearer."""

    moved: tuple[JobChange, ...]
    added: tuple[JobChange, ...]
    dropped: tuple[JobChange, ...]
    retimed: tuple[JobChange, ...]
    more_ct: int


def changes_between(before: Plan | None, after: Plan) -> PlanChanges:
    """Return what changed, in the order of the new routes; dropped jobs in that of the old ones.

    Without a plan before everything is added.
    """
    old, new = _starts(before) if before else {}, _starts(after)
    both = [
        JobChange(
            job_id=job_id,
            was_on=old[job_id][0],
            is_on=shift_id,
            later_s=seconds_between(old[job_id][1], starts_at),
        )
        for job_id, (shift_id, starts_at) in new.items()
        if job_id in old
    ]
    return PlanChanges(
        moved=tuple(change for change in both if change.was_on != change.is_on),
        added=tuple(
            JobChange(job_id=job_id, was_on=None, is_on=shift_id)
            for job_id, (shift_id, _) in new.items()
            if job_id not in old
        ),
        dropped=tuple(
            JobChange(job_id=job_id, was_on=shift_id, is_on=None)
            for job_id, (shift_id, _) in old.items()
            if job_id not in new
        ),
        retimed=tuple(
            change
            for change in both
            if change.was_on == change.is_on and abs(change.later_s or 0) >= NOTEWORTHY_S
        ),
        more_ct=after.cost_ct - (before.cost_ct if before else 0),
    )


def _starts(plan: Plan) -> dict[JobId, tuple[ShiftId, datetime]]:
    return {
        stop.job_id: (route.shift_id, stop.starts_at)
        for route in plan.routes
        for stop in route.stops
        if stop.job_id is not None
    }
