"""Schema of a job."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from pydantic import AwareDatetime, BaseModel

from dispatch.api.values import LoadOut, Position, TextOut, WindowOut, position
from dispatch.domain.job import (
    Attempt,
    Dimension,
    Job,
    JobKind,
    JobStatus,
    Load,
    Organisation,
    Skill,
)


def amounts(loads: Iterable[Load]) -> dict[Dimension, int]:
    """Return loads by dimension."""
    return {load.dimension: load.amount for load in loads}


class AttemptOut(BaseModel):
    """What a crew made of the job on one day: its outcome, and what was given or taken."""

    crew_id: str
    day: date
    outcome: str
    at: AwareDatetime
    given: dict[Dimension, int]
    reason: str | None
    note: str | None

    @classmethod
    def from_domain(cls, attempt: Attempt) -> Self:
        """Return the attempt."""
        return cls(
            crew_id=attempt.crew_id,
            day=attempt.day,
            outcome=attempt.outcome,
            at=attempt.at,
            given=amounts(attempt.given),
            reason=attempt.reason or None,
            note=attempt.note or None,
        )


class JobOut(BaseModel):
    """One piece of work: what, where, how much, how urgent, and why.

    It takes a crew of `persons` or more, of `organisation`, or of any if that is null.
    """

    id: str
    kind: JobKind
    status: JobStatus
    site_id: str
    site_name: str
    location: Position
    required: bool
    leave_price_ct: int
    service_s: int
    setup_s: int
    loads: list[LoadOut]
    windows: list[WindowOut]
    skills: list[Skill]
    persons: int
    organisation: Organisation | None
    reason: TextOut
    due: AwareDatetime | None
    evidence: list[str]
    created_at: AwareDatetime
    updated_at: AwareDatetime
    attempts: list[AttemptOut]
    done_at: AwareDatetime | None
    waits_until: date | None

    @classmethod
    def from_domain(cls, job: Job) -> Self:
        """Return the job."""
        return cls(
            id=job.id,
            kind=job.kind,
            status=job.status,
            site_id=job.site_id,
            site_name=job.site_name,
            location=position(job.location),
            required=job.required,
            leave_price_ct=job.leave_price_ct,
            service_s=job.service_s,
            setup_s=job.setup_s,
            loads=[LoadOut.from_domain(load) for load in job.loads],
            windows=[WindowOut.from_domain(window) for window in job.windows],
            skills=sorted(job.skills),
            persons=job.persons,
            organisation=job.organisation,
            reason=TextOut.from_domain(job.reason),
            due=job.due,
            evidence=list(job.evidence),
            created_at=job.created_at,
            updated_at=job.updated_at,
            attempts=[AttemptOut.from_domain(attempt) for attempt in job.attempts],
            done_at=job.done_at,
            waits_until=job.waits_until,
        )
