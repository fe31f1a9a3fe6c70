"""Planning runs: asked for, looked at, cancelled, and followed while they are worked on."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse

from dispatch.api.deps import NowDep, StoreDep
from dispatch.api.errors import errors
from dispatch.api.guard import ActorDep
from dispatch.api.run_events import EVENT_STREAM, told
from dispatch.api.run_schemas import RunIn, RunOut
from dispatch.domain.ids import RunId
from dispatch.domain.run import Run
from dispatch.service.runs.orders import RunLimits, cancel_run, request_run
from dispatch.store import Store

router = APIRouter(prefix="/api/v1/runs", tags=["runs"])

RunsLimit = Annotated[int, Query(ge=1, le=200, description="At most so many runs")]
LastEventId = Annotated[
    int | None,
    Header(alias="Last-Event-ID", ge=0, le=2**31, description="Number of the step heard last"),
]

EVENT = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("id", "event", "data")},
}
"""One event of the stream, its fields as text."""
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {EVENT_STREAM: {"schema": EVENT}},
        "description": "Server-sent events: `step` with a RunEventOut as data, its number as id",
    }
}


async def _limits(request: Request) -> RunLimits:
    limits: RunLimits = request.app.state.run_limits
    return limits


@router.post("", status_code=202, responses=errors(409, 422))
def ask_for_run(
    order: RunIn,
    actor: ActorDep,
    store: StoreDep,
    now: NowDep,
    limits: Annotated[RunLimits, Depends(_limits)],
) -> RunOut:
    """Ask for a plan; 409 names the run that is planning that day already."""
    run = request_run(order.to_domain(), actor=actor, now=now, store=store, limits=limits)
    return _out(store, run)


@router.get("", responses=errors(422))
def list_runs(actor: ActorDep, store: StoreDep, limit: RunsLimit = 50) -> list[RunOut]:
    """Return the runs asked for last, newest first; to a dispatcher the own organisation's."""
    with store.read() as tx:
        runs = tx.runs(organisation=actor.organisation, limit=limit)
        return [RunOut.from_domain(run, tx.latest_run_event(run.id)) for run in runs]


@router.get("/{run_id}", responses=errors(404, 422))
def read_run(run_id: str, actor: ActorDep, store: StoreDep) -> RunOut:
    """Return one run with what it told last."""
    return _out(store, _reached(store, run_id, actor))


@router.post("/{run_id}/cancel", responses=errors(404, 409, 422))
def cancel(run_id: str, actor: ActorDep, store: StoreDep, now: NowDep) -> RunOut:
    """Cancel a run: at once if it is waiting, else within seconds; it leaves no plan."""
    return _out(store, cancel_run(RunId(run_id), actor=actor, now=now, store=store))


@router.get(
    "/{run_id}/events",
    responses={**STREAM, **errors(404, 422)},
    response_class=StreamingResponse,
)
def follow_run(
    run_id: str, actor: ActorDep, store: StoreDep, last_event_id: LastEventId = None
) -> StreamingResponse:
    """Return the steps of a run as they come, from the one after `Last-Event-ID` on."""
    run = _reached(store, run_id, actor)
    steps = told(store, run.id, after=last_event_id or 0, pause=asyncio.sleep)
    return StreamingResponse(steps, media_type=EVENT_STREAM, headers={"Cache-Control": "no-store"})


def _reached(store: Store, run_id: str, actor: ActorDep) -> Run:
    with store.read() as tx:
        run = tx.run(RunId(run_id))
    actor.must_reach(run.order.organisation)
    return run


def _out(store: Store, run: Run) -> RunOut:
    with store.read() as tx:
        return RunOut.from_domain(run, tx.latest_run_event(run.id))
