"""What one organisation plans on a day: its shifts, and the jobs that are its own to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.domain.fleet import Facility, Shift
from dispatch.domain.job import Job, Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from dispatch.domain.ids import JobId
    from dispatch.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The shifts of an organisation on a day, the jobs they choose from, and all facilities."""

    shifts: tuple[Shift, ...]
    jobs: tuple[Job, ...]
    facilities: tuple[Facility, ...]


def work_of(tx: Transaction, day: date, organisation: Organisation) -> Work:
    """Return what the organisation plans on that day.

    Its own jobs; and of those that are nobody's in particular, the ones that a shift of it has the
    skills for, unless they are on a route of another organisation's plan in force already. A job
    for which nobody at work has the skills is in one organisation's plan only, so that it is told
    once as left.
    """
    fleet = tx.fleet()
    shifts = fleet.shifts_on(day)
    own = tuple(shift for shift in shifts if shift.crew.organisation is organisation)
    elsewhere = _planned_elsewhere(tx, day, organisation)
    tells = organisation is min((shift.crew.organisation for shift in shifts), default=None)
    jobs = tuple(
        job
        for job in tx.open_jobs()
        if job.organisation is organisation
        or (
            job.organisation is None
            and job.id not in elsewhere
            and (_able(own, job) or (tells and not _able(shifts, job)))
        )
    )
    return Work(shifts=own, jobs=jobs, facilities=fleet.facilities)


def _planned_elsewhere(tx: Transaction, day: date, organisation: Organisation) -> set[JobId]:
    """Return the jobs on routes of the others' plans in force."""
    others = (plan for plan in tx.current_plans(day) if plan.organisation is not organisation)
    return {job_id for plan in others for route in plan.routes for job_id in route.job_ids}


def _able(shifts: Iterable[Shift], job: Job) -> bool:
    return any(job.skills <= shift.skills for shift in shifts)
