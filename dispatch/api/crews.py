"""Crews: the shift as one document, its lines on the map, and how far each is."""

import gzip
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from dispatch import __version__
from dispatch.api.crew_schemas import CrewOut
from dispatch.api.deps import NowDep, StoreDep
from dispatch.api.errors import errors
from dispatch.api.etags import is_known, not_modified, tag_of, takes_gzip
from dispatch.api.geometry_schemas import FeatureCollection
from dispatch.api.guard import ActorDep
from dispatch.api.shift_schemas import Language, ProgressOut, ShiftOut, ShiftParts, shift_out
from dispatch.api.values import WrittenDate
from dispatch.domain.access import Actor
from dispatch.domain.ids import CrewId
from dispatch.domain.report import contradictions
from dispatch.domain.stop_state import states_of
from dispatch.store import Transaction

router = APIRouter(prefix="/api/v1/crews", tags=["crews"])

Day = Annotated[WrittenDate, Query(description="The working day, as YYYY-MM-DD")]
KNOWN: dict[int | str, dict[str, Any]] = {304: {"description": "The copy at hand is still true"}}


@router.get("", responses=errors())
def list_crews(actor: ActorDep, store: StoreDep) -> list[CrewOut]:
    """Return the crews within reach with their regular shifts."""
    with store.read() as tx:
        fleet = tx.fleet()
    return [
        CrewOut.from_domain(crew, fleet) for crew in fleet.crews if actor.reaches(crew.organisation)
    ]


@router.get("/{crew_id}/route", responses={**KNOWN, **errors(404, 422)}, response_model=ShiftOut)
def read_crew_route(
    crew_id: str,
    day: Day,
    request: Request,
    actor: ActorDep,
    store: StoreDep,
    lang: Annotated[Language, Query(description="Language of the reasons")] = "de",
) -> Response:
    """Return everything a crew needs for its shift; 304 when nothing has changed since."""
    with store.read() as tx:
        _must_reach(actor, CrewId(crew_id), day, tx)
        tag = tag_of(_stamp(CrewId(crew_id), day, tx), lang)
        return _tagged(
            request,
            tag,
            lambda: shift_out(_parts(CrewId(crew_id), day, tx, lang)).model_dump_json(
                exclude_none=True
            ),
        )


@router.get(
    "/{crew_id}/geometry",
    responses={**KNOWN, **errors(404, 422)},
    response_model=FeatureCollection,
)
def read_crew_geometry(
    crew_id: str, day: Day, request: Request, actor: ActorDep, store: StoreDep
) -> Response:
    """Return the lines of a crew's route as GeoJSON; 304 while the plan is the same."""
    with store.read() as tx:
        _must_reach(actor, CrewId(crew_id), day, tx)
        plan_id = tx.route_stamp(day, CrewId(crew_id)).plan_id
        return _tagged(
            request,
            tag_of(__version__, "geometry", crew_id, plan_id),
            lambda: FeatureCollection.from_domain(
                [tx.current_route(day, CrewId(crew_id))[1]]
            ).model_dump_json(),
        )


@router.get("/{crew_id}/progress", responses=errors(404, 422))
def read_crew_progress(
    crew_id: str, day: Day, actor: ActorDep, store: StoreDep, now: NowDep
) -> ProgressOut:
    """Return how far a crew is, by how much it is late, and when it will be where."""
    with store.read() as tx:
        _must_reach(actor, CrewId(crew_id), day, tx)
        parts = _parts(CrewId(crew_id), day, tx)
        told = tx.reports_on_jobs(parts.route.job_ids)
    odd = [report.id for reports in told.values() for report in contradictions(reports)]
    return ProgressOut.from_domain(parts, odd, now)


def _written(parts: ShiftParts) -> str:
    return shift_out(parts).model_dump_json(exclude_none=True)


def _must_reach(actor: Actor, crew_id: CrewId, day: WrittenDate, tx: Transaction) -> None:
    """Raise NotAllowed unless the crew is this one, or of an organisation that is in reach."""
    actor.must_be_crew(crew_id, day)
    if actor.crew_id is None and actor.organisation is not None:
        for crew in tx.crews():
            if crew.id == crew_id:
                actor.must_reach(crew.organisation)


def _stamp(crew_id: CrewId, day: WrittenDate, tx: Transaction) -> str:
    """Return what the shift's document rests on: the plan, its jobs and sites, and the reports.

    Raises NotFound where there is no route.
    """
    stamp = tx.route_stamp(day, crew_id)
    count = tx.count_reports(crew_id, day)
    return tag_of(__version__, stamp.plan_id, crew_id, str(count), *stamp.texts)


def _parts(
    crew_id: CrewId, day: WrittenDate, tx: Transaction, language: Language = "de"
) -> ShiftParts:
    plan, route = tx.current_route(day, crew_id)
    jobs = tx.jobs_by_id(route.job_ids)
    sites = {site.id: site for site in tx.sites_by_id({job.site_id for job in jobs.values()})}
    states = states_of(route, tx.reports_of_crew(crew_id, day), jobs)
    return ShiftParts(
        plan=plan, route=route, jobs=jobs, sites=sites, states=states, language=language
    )


def _tagged(request: Request, tag: str, document: Callable[[], str]) -> Response:
    """Return the document with its tag, compressed if the client takes that; 304 if it has it.

    The document is made only where it is sent.
    """
    packs = takes_gzip(request.headers.get("accept-encoding", ""))
    if packs:
        tag = f'{tag[:-1]}-gzip"'
    headers = {"ETag": tag, "Vary": "Accept-Encoding"}
    if is_known(tag, request.headers.get("if-none-match")):
        return not_modified(tag)
    body = document().encode()
    if packs:
        # Without a time of packing in it, so that equal documents are equal bytes.
        body = gzip.compress(body, compresslevel=6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=headers)
