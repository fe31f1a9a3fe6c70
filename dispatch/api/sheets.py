"""Routes to take along: on paper, in navigation devices, on maps and in calendars."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from dispatch.api.deps import IfNoneMatch, NowDep, StoreDep
from dispatch.api.errors import errors
from dispatch.api.etags import is_known, not_modified, tag_of
from dispatch.api.guard import ActorDep
from dispatch.api.headers import no_store
from dispatch.api.operations import OperationsDep
from dispatch.domain.access import Actor
from dispatch.domain.clock import BERLIN
from dispatch.domain.errors import Issue, NotFound
from dispatch.domain.ids import CrewId, PlanId, ShiftId
from dispatch.domain.job import Job
from dispatch.domain.plan import Plan, Route
from dispatch.service.feeds import open_feed
from dispatch.sheets import words
from dispatch.sheets.calendar import shifts_calendar
from dispatch.sheets.geojson import route_geojson
from dispatch.sheets.gpx import route_gpx
from dispatch.sheets.pdf import route_pdf
from dispatch.sheets.sheet import Line, Sheet
from dispatch.store import Transaction

router = APIRouter(prefix="/api/v1", tags=["sheets"])

PAST = timedelta(days=30)
"""How far back a calendar reaches; ahead it has all there is."""

FILE = {"type": "string", "format": "binary"}
DOCUMENT = {"type": "object"}
SHEET = "/plans/{plan_id}/routes/{shift_id}/sheet"

LanguageParameter = Annotated[Literal["de", "en"], Query(description="Language of the words")]


async def _backdrop(request: Request) -> Sequence[Line]:
    lines: Sequence[Line] = request.app.state.main_streets
    return lines


BackdropDep = Annotated[Sequence[Line], Depends(_backdrop)]


def _shown(media_type: str) -> dict[int | str, dict[str, object]]:
    """Return the responses of an endpoint that answers in that media type, or 304."""
    return {
        200: {
            "content": {media_type: {"schema": DOCUMENT if "json" in media_type else FILE}},
            "description": "The route",
        },
        304: {"description": "The copy at hand is still true"},
        **errors(404, 422),
    }


def _sheet(
    plan_id: str,
    shift_id: str,
    store: StoreDep,
    actor: ActorDep,
    now: NowDep,
    operations: OperationsDep,
    language: LanguageParameter = "de",
) -> Sheet:
    """Return what the sheet is made from; raises NotAllowed for what is another one's."""
    with store.read() as tx:
        plan = tx.plan(PlanId(plan_id))
        route = _route(plan, ShiftId(shift_id))
        _may_have(actor, plan, route)
        jobs = tx.jobs_by_id(route.job_ids)
        sites = tx.sites_by_id({job.site_id for job in jobs.values()})
        in_force = tx.is_in_force(plan)
    access = {site.id: site.access for site in sites if site.access}
    path = f"/api/v1/plans/{quote(plan.id)}/routes/{quote(route.shift_id)}/sheet.pdf"
    return Sheet(
        plan=plan,
        route=route,
        jobs=jobs,
        made_at=now,
        hints={job.id: access[job.site_id] for job in jobs.values() if job.site_id in access},
        mark=None if in_force else words.NOT_IN_FORCE,
        url=f"{operations.public_url}{path}" if operations.public_url else "",
        language=language,
    )


SheetDep = Annotated[Sheet, Depends(_sheet)]


@router.get(f"{SHEET}.pdf", responses=_shown("application/pdf"), response_class=Response)
def read_sheet_pdf(
    sheet: SheetDep, backdrop: BackdropDep, if_none_match: IfNoneMatch = None
) -> Response:
    """Return the route sheet of a shift as PDF, to print and take along."""
    return _answer(
        [sheet],
        lambda: route_pdf(replace(sheet, backdrop=backdrop)),
        media_type="application/pdf",
        known=if_none_match,
        name=_file_name(sheet, "pdf"),
    )


@router.get(f"{SHEET}.gpx", responses=_shown("application/gpx+xml"), response_class=Response)
def read_sheet_gpx(sheet: SheetDep, if_none_match: IfNoneMatch = None) -> Response:
    """Return the route as GPX 1.1: its stops, and its way as a track."""
    return _answer(
        [sheet],
        lambda: route_gpx(sheet).encode(),
        media_type="application/gpx+xml",
        known=if_none_match,
        name=_file_name(sheet, "gpx"),
    )


@router.get(f"{SHEET}.geojson", responses=_shown("application/geo+json"), response_class=Response)
def read_sheet_geojson(sheet: SheetDep, if_none_match: IfNoneMatch = None) -> Response:
    """Return the route as GeoJSON with its stops in words, for desktop GIS."""
    return _answer(
        [sheet],
        lambda: route_geojson(sheet).encode(),
        media_type="application/geo+json",
        known=if_none_match,
        name=_file_name(sheet, "geojson"),
    )


@router.get(f"{SHEET}.ics", responses=_shown("text/calendar"), response_class=Response)
def read_sheet_calendar(sheet: SheetDep, if_none_match: IfNoneMatch = None) -> Response:
    """Return the shift as a calendar with one event."""
    return _answer(
        [sheet],
        lambda: shifts_calendar([sheet], name=sheet.route.crew_name),
        media_type="text/calendar; charset=utf-8",
        known=if_none_match,
        name=_file_name(sheet, "ics"),
    )


@router.get(
    "/crews/{crew_id}/calendar.ics", responses=_shown("text/calendar"), response_class=Response
)
def read_crew_calendar(
    crew_id: str,
    store: StoreDep,
    actor: ActorDep,
    now: NowDep,
    language: LanguageParameter = "de",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return a crew's shifts of the last thirty days and all to come, as a calendar's feed."""
    with store.read() as tx:
        crew = tx.crew(CrewId(crew_id))
        actor.must_reach(crew.organisation)
        actor.must_be_crew(crew.id)
        sheets = _planned(tx, crew.id, now=now, language=language)
    return _answer(
        sheets,
        lambda: shifts_calendar(sheets, name=crew.name),
        media_type="text/calendar; charset=utf-8",
        known=if_none_match,
        name=f"{crew.id}.ics",
    )


class FeedOut(BaseModel):
    """A feed to subscribe to: its URL has a secret in it and is told this once."""

    url: str
    token_id: str
    expires_at: AwareDatetime


@router.post(
    "/crews/{crew_id}/calendar",
    status_code=201,
    responses=errors(404, 422),
    dependencies=[Depends(no_store)],
)
def open_crew_calendar(
    crew_id: str,
    request: Request,
    store: StoreDep,
    actor: ActorDep,
    now: NowDep,
    operations: OperationsDep,
) -> FeedOut:
    """Open a feed of a crew's calendar for programs that cannot log in; it opens nothing else."""
    with store.begin() as tx:
        feed = open_feed(
            tx, CrewId(crew_id), by=actor, now=now, random_bytes=operations.random_bytes
        )
    base = operations.public_url or str(request.base_url).rstrip("/")
    path = f"/api/v1/crews/{quote(crew_id)}/calendar.ics?token={feed.secret}"
    return FeedOut(url=base + path, token_id=feed.token_id, expires_at=feed.expires_at)


def _planned(
    tx: Transaction, crew_id: CrewId, *, now: datetime, language: Literal["de", "en"]
) -> list[Sheet]:
    since = (now - PAST).astimezone(BERLIN).date()
    found = tx.current_routes_of(crew_id, since=since)
    jobs = tx.jobs_by_id([job_id for _, route in found for job_id in route.job_ids])
    return [
        Sheet(plan=plan, route=route, jobs=jobs, made_at=now, language=language)
        for plan, route in found
    ]


def _may_have(actor: Actor, plan: Plan, route: Route) -> None:
    actor.must_reach(plan.organisation)
    actor.must_be_crew(route.crew_id, plan.day)


def _route(plan: Plan, shift_id: ShiftId) -> Route:
    for route in plan.routes:
        if route.shift_id == shift_id:
            return route
    raise NotFound(
        Issue(
            code="A301",
            subject=f"route of shift {shift_id} in plan {plan.id}",
            cause="the plan has no route for that shift",
            action="The plan's routes name the shifts it has",
        )
    )


def _answer(
    sheets: Sequence[Sheet],
    make: Callable[[], bytes],
    *,
    media_type: str,
    known: str | None,
    name: str,
) -> Response:
    """Return what is made, or 304; when it was made does not make it another one."""
    # A weak tag: copies made at other times say so, and are the same in all that matters.
    tag = "W/" + tag_of(media_type, *(part for sheet in sheets for part in _parts(sheet)))
    if is_known(tag.removeprefix("W/"), known):
        return not_modified(tag)
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    headers = {
        "ETag": tag,
        "Content-Disposition": f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
    }
    return Response(make(), media_type=media_type, headers=headers)


def _parts(sheet: Sheet) -> Iterable[str]:
    yield from (sheet.plan.id, str(sheet.plan.revision), sheet.route.shift_id, sheet.language)
    yield str(sheet.mark)
    yield sheet.url
    yield from (f"{job_id} {hint}" for job_id, hint in sorted(sheet.hints.items()))
    yield from sorted(_changed(job) for job in sheet.jobs.values() if job.id in sheet.route.job_ids)


def _changed(job: Job) -> str:
    return f"{job.id} {job.status} {job.updated_at.isoformat()}"


def _file_name(sheet: Sheet, ending: str) -> str:
    crew = "".join(sign if sign.isalnum() else "-" for sign in sheet.route.crew_name)
    return f"{crew}-{sheet.plan.day.isoformat()}.{ending}"
