"""Jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from dispatch.domain.job import Job, JobKind, JobStatus
from dispatch.store.session import Queries, chunks, unknown
from dispatch.store.tables import JobRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from dispatch.domain.ids import JobId, SiteId
    from dispatch.domain.job import Organisation

UNFINISHED = (JobStatus.OPEN, JobStatus.PLANNED)

# Asked with each new signal: built once, for building costs more than asking.
_JOB: Any = JobRow.__table__.c  # type: ignore[attr-defined]  # SQLModel adds it
_OPEN_AT = (
    select(_JOB.document)
    .where(_JOB.status.in_(UNFINISHED), _JOB.site_id.in_(bindparam("ids", expanding=True)))
    .order_by(_JOB.id)
)
_WORKED = (
    select(_JOB.document)
    .where(_JOB.worked_at >= bindparam("since"))
    .order_by(_JOB.worked_at, _JOB.id)
)
_WORKED_AT = _WORKED.where(_JOB.site_id.in_(bindparam("ids", expanding=True)))


class JobQueries(Queries):
    """The work there is."""

    def save_jobs(self, jobs: Iterable[Job]) -> None:
        """Store or replace the jobs; a second unfinished one for a site and kind is refused."""
        # Finished jobs first: closing one may make room for its successor.
        ordered = sorted(jobs, key=lambda job: job.status in UNFINISHED)
        rows = [
            {
                "id": job.id,
                "site_id": job.site_id,
                "organisation": job.organisation and job.organisation.value,
                "kind": job.kind.value,
                "status": job.status.value,
                "updated_at": job.updated_at,
                "worked_at": job.worked_at,
                "document": job,
            }
            for job in ordered
        ]
        self._put(JobRow, rows)

    def open_jobs(self, sites: Collection[SiteId] | None = None) -> list[Job]:
        """Return all open and planned jobs by id, or those at some sites.

        All, because the next plan chooses among all of them.
        """
        if sites is not None:
            return list(self._session.connection().scalars(_OPEN_AT, {"ids": sorted(sites)}))
        query = select(JobRow.document).where(col(JobRow.status).in_(UNFINISHED))
        return list(self._session.exec(query.order_by(JobRow.id)))

    def count_open_jobs(self) -> dict[JobKind, int]:
        """Return how many jobs are open or planned, by kind."""
        query = (
            select(JobRow.kind, func.count())
            .where(col(JobRow.status).in_(UNFINISHED))
            .group_by(JobRow.kind)
        )
        return {JobKind(kind): count for kind, count in self._session.exec(query)}

    def jobs(
        self,
        *,
        status: JobStatus | None = None,
        kind: JobKind | None = None,
        organisation: Organisation | None = None,
        limit: int = 1000,
    ) -> list[Job]:
        """Return the jobs changed last first, at most `limit`.

        With an organisation, its own and those of nobody in particular.
        """
        query = select(JobRow.document).order_by(col(JobRow.updated_at).desc(), JobRow.id)
        if status is not None:
            query = query.where(JobRow.status == status)
        if kind is not None:
            query = query.where(JobRow.kind == kind)
        if organisation is not None:
            whose = col(JobRow.organisation)
            query = query.where(whose.is_(None) | (whose == organisation.value))
        return list(self._session.exec(query.limit(limit)))

    def worked_jobs(self, *, since: datetime, sites: Collection[SiteId] | None = None) -> list[Job]:
        """Return the jobs last worked on since then at all sites, or at some, in that order.

        Among them are those that were done in part only.
        """
        connection = self._session.connection()
        if sites is None:
            return list(connection.scalars(_WORKED, {"since": since}))
        return list(connection.scalars(_WORKED_AT, {"since": since, "ids": sorted(sites)}))

    def jobs_by_id(self, job_ids: Collection[JobId]) -> dict[JobId, Job]:
        """Return the jobs asked for; an unknown id is left out."""
        found: list[Job] = []
        for ids in chunks(sorted(job_ids)):
            found += self._session.exec(select(JobRow.document).where(col(JobRow.id).in_(ids)))
        return {job.id: job for job in found}

    def job(self, job_id: JobId) -> Job:
        """Return the job; raises NotFound."""
        row = self._session.get(JobRow, job_id, populate_existing=True)
        if row is None:
            raise unknown("DB203", f"job {job_id}")
        job: Job = row.document
        return job
