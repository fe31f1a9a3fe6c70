"""What one organisation plans on a day: its shifts, and the jobs that are its own to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.domain.fleet import Facility, Shift
from dispatch.domain.job import Job, Organisation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from dispatch.domain.ids import CrewId, JobId
    from dispatch.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The shifts of an organisation on a day, the jobs they choose from, and all facilities."""

    shifts: tuple[Shift, ...]
    jobs: tuple[Job, ...]
    facilities: tuple[Facility, ...]


def work_of(
    tx: Transaction,
    day: date,
    organisation: Organisation,
    *,
    now: datetime,
    crews: Collection[CrewId] | None = None,
) -> Work:
    """Return what the organisation plans on that day, with all its crews or some.

    Its own jobs; and of those that are nobody's in particular, the ones that a shift of it has the
    skills for; but none that another plan in force is going to do. A job for which nobody at work
    has the skills is in one organisation's plan only, so that it is told once as left.
    """
    fleet = tx.fleet()
    shifts = fleet.shifts_on(day)
    own = tuple(shift for shift in shifts if shift.crew.organisation is organisation)
    elsewhere = planned_elsewhere(tx, day, organisation, now=now)
    tells = organisation is min((shift.crew.organisation for shift in shifts), default=None)
    jobs = tuple(
        job
        for job in tx.open_jobs()
        if job.id not in elsewhere
        and (
            job.organisation is organisation
            or (
                job.organisation is None and (_able(own, job) or (tells and not _able(shifts, job)))
            )
        )
    )
    asked = tuple(shift for shift in own if crews is None or shift.crew.id in crews)
    return Work(shifts=asked, jobs=jobs, facilities=fleet.facilities)


def planned_elsewhere(
    tx: Transaction, day: date, organisation: Organisation, *, now: datetime
) -> set[JobId]:
    """Return the jobs that plans in force, other than this one's, are going to do.

    All of the other organisations' plans of that day; of plans of other days those whose stop is
    still ahead.
    """
    others = [
        tx.plan(plan.id)
        for plan in tx.plans_in_force()
        if (plan.day, plan.organisation) != (day, organisation)
    ]
    return {
        stop.job_id
        for plan in others
        for route in plan.routes
        for stop in route.stops
        if stop.job_id is not None and (plan.day == day or stop.departs_at > now)
    }


def _able(shifts: Iterable[Shift], job: Job) -> bool:
    return any(job.skills <= shift.skills for shift in shifts)
