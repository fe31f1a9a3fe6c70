"""Plans changed by hand."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse

from dispatch.api.deps import Limit, NowDep, StoreDep
from dispatch.api.draft_schemas import DraftHeadOut, DraftOut, EditedOut, EditsIn, EffectOut
from dispatch.api.errors import PROBLEM_JSON, ErrorOut, IssueOut, errors
from dispatch.api.geometry_schemas import FeatureCollection
from dispatch.api.guard import ActorDep
from dispatch.api.plan_schemas import PlanOut
from dispatch.api.verdict_schemas import UnassignedOut
from dispatch.domain.draft import Draft
from dispatch.domain.errors import Issue, MatrixUnavailable
from dispatch.domain.ids import DraftId, JobId, PlanId
from dispatch.service.draft_plan import (
    drawn_routes,
    finish,
    left_in_draft,
    why_left,
    why_left_in_plan,
)
from dispatch.service.edit_plan import DraftMoved, Drafts

router = APIRouter(prefix="/api/v1", tags=["drafts"])


async def _drafts(request: Request) -> Drafts:
    drafts: Drafts | None = request.app.state.drafts
    if drafts is None:
        raise MatrixUnavailable(
            Issue(
                code="A304",
                subject="streets",
                cause="this service was started without streets, so it cannot time a route",
                action="Start it with `dispatch serve`",
            )
        )
    return drafts


DraftsDep = Annotated[Drafts, Depends(_drafts)]
IfMatch = Annotated[
    str,
    Header(
        pattern=r'^"[0-9]{1,9}"$',
        description='The version that the change is made for, as its entity tag: "7"',
    ),
]


class DraftMovedOut(ErrorOut):
    """An error with the draft as it is now."""

    draft: DraftOut


@router.post("/plans/{plan_id}/edit", status_code=201, responses=errors(404, 422))
def open_draft(
    plan_id: str, actor: ActorDep, drafts: DraftsDep, now: NowDep, response: Response
) -> DraftOut:
    """Open a plan for editing: a draft of its own, from now on in its day."""
    view = drafts.open(PlanId(plan_id), actor=actor, now=now)
    _tag(response, view.draft)
    return DraftOut.of(view)


@router.get("/drafts", responses=errors(422))
def list_drafts(actor: ActorDep, store: StoreDep, limit: Limit = 100) -> list[DraftHeadOut]:
    """Return the open drafts of the own organisation, the latest day first."""
    with store.read() as tx:
        found = tx.drafts(organisation=actor.organisation, limit=limit)
    return [DraftHeadOut.from_domain(draft) for draft in found]


@router.get("/drafts/{draft_id}", responses=errors(404, 422))
def read_draft(draft_id: str, actor: ActorDep, drafts: DraftsDep, response: Response) -> DraftOut:
    """Return the draft with its changes and routes."""
    view = drafts.look(DraftId(draft_id), actor=actor)
    _tag(response, view.draft)
    return DraftOut.of(view)


@router.get("/drafts/{draft_id}/geometry", responses=errors(404, 422))
def read_draft_geometry(draft_id: str, actor: ActorDep, drafts: DraftsDep) -> FeatureCollection:
    """Return the draft's routes as GeoJSON lines and their stops as points."""
    return FeatureCollection.from_domain(drawn_routes(drafts, DraftId(draft_id), actor=actor))


@router.post("/drafts/{draft_id}/edits", responses=errors(404, 409, 422))
def edit_draft(
    draft_id: str,
    edits: EditsIn,
    if_match: IfMatch,
    actor: ActorDep,
    drafts: DraftsDep,
    now: NowDep,
    response: Response,
) -> EditedOut:
    """Make changes, all of them or none, and return at once what they do.

    If somebody else has changed the draft meanwhile, the 409 has it as it is now, as `draft`.
    """
    view, effect = drafts.edit(
        DraftId(draft_id), edits.to_domain(), version=_version(if_match), actor=actor, now=now
    )
    _tag(response, view.draft)
    return EditedOut.from_domain(view, effect)


@router.post("/drafts/{draft_id}/preview", responses=errors(404, 422))
def preview_edits(
    draft_id: str, edits: EditsIn, actor: ActorDep, drafts: DraftsDep, now: NowDep
) -> EffectOut:
    """Return what changes would do together; nothing is stored."""
    asked = edits.to_domain()
    _, effect = drafts.preview(DraftId(draft_id), asked, actor=actor, now=now)
    return EffectOut.from_domain(effect)


@router.post("/drafts/{draft_id}/undo", responses=errors(404, 409, 422))
def undo_edit(
    draft_id: str,
    if_match: IfMatch,
    actor: ActorDep,
    drafts: DraftsDep,
    now: NowDep,
    response: Response,
) -> EditedOut:
    """Take the last change back."""
    version = _version(if_match)
    view, effect = drafts.undo(DraftId(draft_id), version=version, actor=actor, now=now)
    _tag(response, view.draft)
    return EditedOut.from_domain(view, effect)


@router.post("/drafts/{draft_id}/redo", responses=errors(404, 409, 422))
def redo_edit(
    draft_id: str,
    if_match: IfMatch,
    actor: ActorDep,
    drafts: DraftsDep,
    now: NowDep,
    response: Response,
) -> EditedOut:
    """Make the change again that was taken back last."""
    version = _version(if_match)
    view, effect = drafts.redo(DraftId(draft_id), version=version, actor=actor, now=now)
    _tag(response, view.draft)
    return EditedOut.from_domain(view, effect)


@router.delete("/drafts/{draft_id}", status_code=204, responses=errors(404, 409, 422))
def discard_draft(
    draft_id: str, if_match: IfMatch, actor: ActorDep, drafts: DraftsDep, now: NowDep
) -> None:
    """Throw the draft away."""
    version = _version(if_match)
    drafts.discard(DraftId(draft_id), version=version, actor=actor, now=now)


@router.post("/drafts/{draft_id}/plan", status_code=201, responses=errors(404, 409, 422))
def finish_draft(
    draft_id: str,
    if_match: IfMatch,
    actor: ActorDep,
    drafts: DraftsDep,
    store: StoreDep,
    now: NowDep,
) -> PlanOut:
    """Make a revision of the draft, with all that it breaks; it is in force once published."""
    version = _version(if_match)
    plan = finish(drafts, DraftId(draft_id), version=version, actor=actor, now=now)
    with store.read() as tx:
        return PlanOut.from_domain(plan, tx.plan_state(plan.id))


@router.get("/drafts/{draft_id}/unassigned", responses=errors(404, 422))
def list_left_in_draft(
    draft_id: str, actor: ActorDep, drafts: DraftsDep, now: NowDep
) -> list[UnassignedOut]:
    """Return why each job is left in the draft."""
    left = left_in_draft(drafts, DraftId(draft_id), actor=actor, now=now)
    return [UnassignedOut.from_domain(one) for one in left]


@router.get("/drafts/{draft_id}/jobs/{job_id}/remedies", responses=errors(404, 422))
def read_remedies_in_draft(
    draft_id: str, job_id: str, actor: ActorDep, drafts: DraftsDep
) -> UnassignedOut:
    """Return why the draft leaves the job, and what would get it in."""
    found = why_left(drafts, DraftId(draft_id), JobId(job_id), actor=actor)
    return UnassignedOut.from_domain(found)


@router.get("/plans/{plan_id}/jobs/{job_id}/remedies", responses=errors(404, 422))
def read_remedies(
    plan_id: str, job_id: str, actor: ActorDep, drafts: DraftsDep, now: NowDep
) -> UnassignedOut:
    """Return why the plan left the job, and what would get it in: sought now if not before."""
    found = why_left_in_plan(drafts, PlanId(plan_id), JobId(job_id), actor=actor, now=now)
    return UnassignedOut.from_domain(found)


def answer_moved(_request: Request, error: Exception) -> JSONResponse:
    """Return the answer to a change of a draft that has moved on, with the draft as it is now."""
    assert isinstance(error, DraftMoved)  # noqa: S101  # registered by this type
    issues = [
        IssueOut(code=i.code, subject=i.subject, cause=i.cause, action=i.action)
        for i in error.issues
    ]
    body = DraftMovedOut(title="Conflict", status=409, issues=issues, draft=DraftOut.of(error.now))
    tag = {"ETag": f'"{error.now.draft.version}"'}
    return JSONResponse(body.model_dump(mode="json"), 409, tag, media_type=PROBLEM_JSON)


def _version(if_match: str) -> int:
    return int(if_match.strip('"'))


def _tag(response: Response, draft: Draft) -> None:
    response.headers["ETag"] = f'"{draft.version}"'
