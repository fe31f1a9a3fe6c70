"""The life of a plan: published, closed, discarded."""

from collections.abc import Callable

from fastapi import APIRouter

from dispatch.api.deps import NowDep, StoreDep
from dispatch.api.errors import errors
from dispatch.api.guard import ActorDep
from dispatch.api.plan_schemas import PlanHeadOut
from dispatch.domain.ids import PlanId
from dispatch.domain.plan import Plan
from dispatch.service.publish import PlanChange, close, discard, publish
from dispatch.store import Store

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])


@router.post("/{plan_id}/publish", responses=errors(404, 409, 422))
def publish_plan(plan_id: str, actor: ActorDep, store: StoreDep, now: NowDep) -> PlanHeadOut:
    """Put a draft in force; refused with every hard rule it breaks, and when it is out of date."""
    return _changed(publish, PlanChange(plan_id=PlanId(plan_id), actor=actor, now=now), store)


@router.post("/{plan_id}/close", responses=errors(404, 409, 422))
def close_plan(plan_id: str, actor: ActorDep, store: StoreDep, now: NowDep) -> PlanHeadOut:
    """End the day of a published plan: jobs that were not reported are open again."""
    return _changed(close, PlanChange(plan_id=PlanId(plan_id), actor=actor, now=now), store)


@router.post("/{plan_id}/discard", responses=errors(404, 409, 422))
def discard_plan(plan_id: str, actor: ActorDep, store: StoreDep, now: NowDep) -> PlanHeadOut:
    """Throw a draft away; it stays stored."""
    return _changed(discard, PlanChange(plan_id=PlanId(plan_id), actor=actor, now=now), store)


def _changed(use_case: Callable[..., Plan], change: PlanChange, store: Store) -> PlanHeadOut:
    plan = use_case(change, store=store)
    with store.read() as tx:
        in_force = tx.current_plan_id(plan.day, plan.organisation) == plan.id
        return PlanHeadOut.from_domain(plan, tx.plan_state(plan.id), in_force=in_force)
