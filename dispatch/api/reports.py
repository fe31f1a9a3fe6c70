"""Reports of crews."""

from typing import Annotated

from fastapi import APIRouter, Query

from dispatch.api.deps import Limit, NowDep, StoreDep
from dispatch.api.errors import errors
from dispatch.api.guard import ActorDep
from dispatch.api.report_schemas import (
    CATALOGUE,
    CatalogueOut,
    CurrentRouteOut,
    RefusedReportOut,
    ReportOut,
    ReportsIn,
    VerdictOut,
    VerdictsOut,
)
from dispatch.api.values import WrittenDate
from dispatch.domain.access import Actor
from dispatch.domain.ids import CrewId
from dispatch.domain.report import ReportKind, StopReport
from dispatch.service.crews.record import Batch, Sent, record
from dispatch.store import Store, Transaction

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])

Day = Annotated[WrittenDate, Query(description="The working day, as YYYY-MM-DD")]


@router.post("", responses=errors(422), response_model_exclude_none=True)
def send_reports(batch: ReportsIn, actor: ActorDep, store: StoreDep, now: NowDep) -> VerdictsOut:
    """Take reports, each once however often it is sent; say of each what became of it."""
    sent = batch.sent(actor, now)
    verdicts = record(
        Batch(actor=actor, sent_at=batch.sent_at, received_at=now, reports=sent), store=store
    )
    return VerdictsOut(
        verdicts=[VerdictOut.from_domain(verdict) for verdict in verdicts],
        current=_current(sent, store),
    )


def _current(sent: tuple[Sent, ...], store: Store) -> list[CurrentRouteOut]:
    """Return which revision each crew and day that was reported of has in force."""
    told = {(s.report.crew_id, s.report.day) for s in sent if isinstance(s.report, StopReport)}
    found: list[CurrentRouteOut] = []
    with store.read() as tx:
        for crew_id, day in sorted(told):
            head = tx.current_head(day, crew_id)
            if head is not None:
                plan_id, revision = head
                found.append(
                    CurrentRouteOut(crew_id=crew_id, day=day, plan_id=plan_id, revision=revision)
                )
    return found


@router.get("/reasons", responses=errors())
def list_reasons() -> CatalogueOut:
    """Return why jobs may not be possible."""
    return CATALOGUE


@router.get("", responses=errors(422))
def list_reports(
    day: Day,
    actor: ActorDep,
    store: StoreDep,
    crew_id: Annotated[str | None, Query(description="Of this crew only")] = None,
    kind: Annotated[ReportKind | None, Query(description="Of this kind only")] = None,
    limit: Limit = 200,
) -> list[ReportOut]:
    """Return what the crews of the own organisation told of a day, received last first."""
    with store.read() as tx:
        crews = _own_crews(actor, tx)
        if crew_id is not None:
            crews &= {CrewId(crew_id)}
        found = tx.reports(day, crews=crews, kind=kind, limit=limit)
    return [ReportOut.from_domain(report) for report in found]


@router.get("/refused", responses=errors(422))
def list_refused_reports(
    actor: ActorDep, store: StoreDep, limit: Limit = 100
) -> list[RefusedReportOut]:
    """Return what was sent as a report and could not be taken, newest first."""
    with store.read() as tx:
        crews = None if actor.organisation is None else _own_crews(actor, tx)
        refused = tx.refused_reports(crews=crews, limit=limit)
    return [RefusedReportOut.from_domain(one) for one in refused]


def _own_crews(actor: Actor, tx: Transaction) -> set[CrewId]:
    own = actor.organisation
    return {crew.id for crew in tx.fleet().crews if own in (None, crew.organisation)}
