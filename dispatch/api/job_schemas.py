"""Schema of a job."""

from typing import Self

from pydantic import AwareDatetime, BaseModel

from dispatch.api.values import LoadOut, Position, TextOut, WindowOut, position
from dispatch.domain.job import Job, JobKind, JobStatus, Organisation, Skill


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
        )
