"""What a plan is made from when it is opened again: jobs, shifts, facilities, and how far it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.domain.clock import day_bounds, seconds_between
from dispatch.domain.draft import DraftInputs, Finished
from dispatch.domain.job import JobStatus
from dispatch.planning.build import build_problem, places_of
from dispatch.service.scope import work_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dispatch.domain.ids import JobId
    from dispatch.domain.job import Attempt, Job
    from dispatch.domain.plan import Plan
    from dispatch.planning.build import BuiltProblem
    from dispatch.service.travel import Travel
    from dispatch.store import Transaction


def inputs_of(tx: Transaction, plan: Plan, now: datetime) -> DraftInputs:
    """Return the jobs that the plan names and all others that its organisation could do.

    Jobs cancelled or done before the day are none of it any more. How far the day is, and what is
    on board, follows from what the crews have reported.
    """
    begins_at, _ = day_bounds(plan.day)
    work = work_of(tx, plan.day, plan.organisation, now=now)
    named = tx.jobs_by_id(plan.job_ids).values()
    alive = {job.id: job for job in named if _counts(job, begins_at)}
    jobs = alive | {job.id: job for job in work.jobs}
    told = _reported(plan, jobs, now)
    # On board is what was taken in, not what was thought to be there.
    jobs |= {job_id: replace(jobs[job_id], loads=one.given) for job_id, one in told.items()}
    return DraftInputs(
        jobs=tuple(sorted(jobs.values(), key=lambda job: job.id)),
        shifts=work.shifts,
        facilities=work.facilities,
        finished=_finished(plan, jobs, told, now),
    )


def built_from(inputs: DraftInputs, plan: Plan, travel: Travel) -> BuiltProblem:
    """Return the day as a problem; computes its travel times."""
    places = places_of(inputs.jobs, inputs.shifts, inputs.facilities)
    matrices = travel.matrices(places, (shift.vehicle.profile for shift in inputs.shifts))
    built = build_problem(
        inputs.jobs, inputs.shifts, inputs.facilities, matrices=matrices, day=plan.day
    )
    # Of work that is done nobody asks why it was left.
    done = {job.id: job for job in inputs.jobs if job.status is JobStatus.DONE}
    told = tuple(left for left in built.left_out if left.job_id not in done)
    saved_ct = sum(
        done[left.job_id].leave_price_ct for left in built.left_out if left.job_id in done
    )
    return replace(built, left_out=told, left_out_ct=built.left_out_ct - saved_ct)


def done_of(inputs: DraftInputs, built: BuiltProblem) -> dict[int, int] | None:
    """Return which jobs of the problem are finished, and at which second of the day."""
    if inputs.finished is None:
        return None
    numbers = {job.id: number for number, job in enumerate(built.jobs)}
    return {
        numbers[one.job_id]: seconds_between(built.starts_at, one.at)
        for one in inputs.finished
        if one.job_id in numbers
    }


def _counts(job: Job, begins_at: datetime) -> bool:
    if job.status is JobStatus.CANCELLED:
        return False
    return job.done_at is None or job.done_at >= begins_at


def _reported(plan: Plan, jobs: Mapping[JobId, Job], now: datetime) -> dict[JobId, Attempt]:
    """Return what the crews of the plan have made of their jobs until now."""
    return {
        job_id: attempt
        for route in plan.routes
        for job_id in route.job_ids
        if job_id in jobs
        for attempt in jobs[job_id].attempts
        if (attempt.crew_id, attempt.day) == (route.crew_id, plan.day) and attempt.at <= now
    }


def _finished(
    plan: Plan, jobs: Mapping[JobId, Job], told: Mapping[JobId, Attempt], now: datetime
) -> tuple[Finished, ...] | None:
    """Return which jobs are over for their crew, and when; None if no crew has told of any.

    Also what could not be done is over: who was there does not go there again. A crew that has
    told of nothing counts as being where the plan says, others where they told.
    """
    over = {job_id: attempt.at for job_id, attempt in told.items()}
    for job in jobs.values():
        if job.done_at is not None and job.done_at <= now:
            over.setdefault(job.id, job.done_at)
    if not over:
        return None
    found: list[Finished] = []
    for route in plan.routes:
        reported = [Finished(job_id=j, at=over[j]) for j in route.job_ids if j in over]
        planned = [
            Finished(job_id=stop.job_id, at=stop.departs_at)
            for stop in route.stops
            if stop.job_id is not None and stop.job_id in jobs and stop.departs_at <= now
        ]
        found.extend(reported or planned)
    return tuple(found)
