"""What crews tell of a job changes it: a pure function of the set of their reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from dispatch.domain.job import JobKind, JobStatus, Load, Outcome
from dispatch.domain.reasons import REASONS, Wait
from dispatch.domain.report import attempts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime

    from dispatch.domain.ids import CrewId
    from dispatch.domain.job import Attempt, Job
    from dispatch.domain.report import StopReport

UNFINISHED = frozenset({JobStatus.OPEN, JobStatus.PLANNED})


def as_told(
    job: Job,
    reports: Iterable[StopReport],
    *,
    now: datetime,
    given: Collection[tuple[CrewId, date]] = (),
) -> Job:
    """Return the job as all reports about it say, the same object if they say nothing new.

    Done by one crew, it is done. Tried only, it is open again, unless plans have given it to a
    crew on a day (`given`) of which nothing is told yet; what was given is taken off what it asks
    for until the rules of demand have looked again, and it waits as the last attempt's reason
    says. With all reports undone it is what it was before them.
    """
    asked = job.asked if job.attempts else job.loads
    attempts = _counted(attempts_of(reports, asked), job.attempts)
    if attempts == job.attempts:
        return job
    before = _before(job)
    ahead = set(given) - {(attempt.crew_id, attempt.day) for attempt in attempts}
    status = _status(before, attempts, planned=bool(ahead))
    return replace(
        job,
        updated_at=now,
        status=status,
        attempts=attempts,
        loads=asked if status is JobStatus.DONE else _left(job.kind, asked, attempts),
        asked=asked if attempts else (),
        untold=before if attempts else None,
        waits_until=None if status is not JobStatus.OPEN else _waits_until(attempts),
    )


def _before(job: Job) -> JobStatus:
    """Return the status that the job has from others than its crews."""
    if job.untold is None:
        return job.status
    # Reports never cancel a job, nor open one that was cancelled: then somebody else did.
    if job.status is JobStatus.CANCELLED:
        return job.status
    overruled = job.status in UNFINISHED and job.untold not in UNFINISHED
    return job.status if overruled else job.untold


def _status(before: JobStatus, attempts: Sequence[Attempt], *, planned: bool) -> JobStatus:
    if any(attempt.outcome is Outcome.DONE for attempt in attempts):
        return JobStatus.DONE
    if before not in UNFINISHED:
        return before
    if planned:
        return JobStatus.PLANNED
    return JobStatus.OPEN if attempts else before


def _counted(found: Iterable[Attempt], known: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """Return the attempts, those marked that the rules of demand have counted already."""
    counted = {(attempt.crew_id, attempt.day) for attempt in known if attempt.counted}
    return tuple(replace(a, counted=(a.crew_id, a.day) in counted) for a in found)


def _left(kind: JobKind, asked: tuple[Load, ...], attempts: Iterable[Attempt]) -> tuple[Load, ...]:
    """Return what is still asked for; a container that was emptied at all holds nothing more."""
    given: dict[str, int] = {}
    for attempt in attempts:
        for load in () if attempt.counted else attempt.given:
            given[load.dimension] = given.get(load.dimension, 0) + load.amount
    if not any(given.values()):
        return asked
    left = (
        0
        if kind is JobKind.EMPTY and given.get(load.dimension)
        else load.amount - given.get(load.dimension, 0)
        for load in asked
    )
    pairs = zip(asked, left, strict=True)
    return tuple(replace(load, amount=amount) for load, amount in pairs if amount > 0)


def _waits_until(attempts: Sequence[Attempt]) -> date | None:
    """Return the first day on which to try again; None for any."""
    if not attempts or attempts[-1].outcome is not Outcome.NOT_POSSIBLE:
        return None
    reason = REASONS.get(attempts[-1].reason)
    if reason is None or reason.wait is not Wait.TOMORROW:
        return None
    return attempts[-1].day + timedelta(days=1)
