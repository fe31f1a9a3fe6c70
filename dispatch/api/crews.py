"""Crews, and a crew's route of the day as one document."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query, Response

from dispatch.api.crew_schemas import CrewOut, CrewRouteOut
from dispatch.api.deps import IfNoneMatch, StoreDep
from dispatch.api.errors import errors
from dispatch.api.etags import is_known, not_modified, tag_of
from dispatch.api.guard import ActorDep
from dispatch.api.values import WrittenDate
from dispatch.domain.ids import CrewId
from dispatch.domain.job import Job
from dispatch.domain.plan import Plan

router = APIRouter(prefix="/api/v1/crews", tags=["crews"])

Day = Annotated[WrittenDate, Query(description="The working day, as YYYY-MM-DD")]


@router.get("", responses=errors())
def list_crews(actor: ActorDep, store: StoreDep) -> list[CrewOut]:
    """Return the crews within reach with their regular shifts."""
    with store.read() as tx:
        fleet = tx.fleet()
    return [
        CrewOut.from_domain(crew, fleet) for crew in fleet.crews if actor.reaches(crew.organisation)
    ]


@router.get(
    "/{crew_id}/route",
    responses={304: {"description": "The copy at hand is still true"}, **errors(404, 422)},
    response_model=CrewRouteOut,
)
def read_crew_route(
    crew_id: str, day: Day, actor: ActorDep, store: StoreDep, if_none_match: IfNoneMatch = None
) -> Response:
    """Return everything a crew needs for its day; 304 when nothing has changed since."""
    actor.must_be_crew(CrewId(crew_id), day)
    with store.read() as tx:
        plan, route = tx.current_route(day, CrewId(crew_id))
        actor.must_reach(plan.organisation)
        jobs = tx.jobs_by_id(route.job_ids)
    tag = _tag(plan, jobs.values())
    if is_known(tag, if_none_match):
        return not_modified(tag)
    body = CrewRouteOut.from_domain(plan, route, jobs).model_dump_json()
    return Response(body, media_type="application/json", headers={"ETag": tag})


def _tag(plan: Plan, jobs: Iterable[Job]) -> str:
    """Return the tag: the plan never changes, but its jobs may (a fresher reason, a new status)."""
    changes = sorted(f"{job.id} {job.status} {job.updated_at.isoformat()}" for job in jobs)
    return tag_of(plan.id, str(plan.revision), *changes)
