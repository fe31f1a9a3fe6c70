"""Jobs."""

from fastapi import APIRouter

from dispatch.api.deps import Limit, StoreDep
from dispatch.api.errors import errors
from dispatch.api.guard import ActorDep
from dispatch.api.job_schemas import JobOut
from dispatch.domain.ids import JobId
from dispatch.domain.job import JobKind, JobStatus

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])


@router.get("", responses=errors(422))
def list_jobs(
    actor: ActorDep,
    store: StoreDep,
    status: JobStatus | None = None,
    kind: JobKind | None = None,
    limit: Limit = 200,
) -> list[JobOut]:
    """Return the jobs changed last first."""
    with store.read() as tx:
        jobs = tx.jobs(status=status, kind=kind, organisation=actor.organisation, limit=limit)
    return [JobOut.from_domain(job) for job in jobs]


@router.get("/{job_id}", responses=errors(404, 422))
def read_job(job_id: str, actor: ActorDep, store: StoreDep) -> JobOut:
    """Return one job."""
    with store.read() as tx:
        job = tx.job(JobId(job_id))
    actor.must_reach(job.organisation)
    return JobOut.from_domain(job)
