"""Plans and their routes."""

from typing import Annotated

from fastapi import APIRouter, Query

from dispatch.api.deps import StoreDep
from dispatch.api.errors import errors
from dispatch.api.geometry_schemas import FeatureCollection
from dispatch.api.guard import ActorDep
from dispatch.api.job_schemas import JobOut
from dispatch.api.plan_schemas import PlanHeadOut, PlanOut, RouteOut
from dispatch.api.values import WrittenDate
from dispatch.domain.access import Actor
from dispatch.domain.errors import Issue, NotFound
from dispatch.domain.ids import PlanId, ShiftId
from dispatch.domain.job import Organisation
from dispatch.domain.plan import Plan, Route
from dispatch.store import Transaction

router = APIRouter(prefix="/api/v1", tags=["plans"])

Whose = Annotated[Organisation, Query(description="Whose plan")]
PlanLimit = Annotated[int, Query(ge=1, le=100, description="At most so many revisions")]


@router.get("/plans", responses=errors(422))
def list_plans(actor: ActorDep, store: StoreDep, limit: PlanLimit = 20) -> list[PlanHeadOut]:
    """Return the latest revisions without routes, newest day and revision first."""
    with store.read() as tx:
        current = set(tx.current_plan_ids().values())
        plans = tx.plans(organisation=actor.organisation, limit=limit)
        states = tx.plan_states([plan.id for plan in plans])
    return [
        PlanHeadOut.from_domain(plan, states[plan.id], in_force=plan.id in current)
        for plan in plans
    ]


@router.get("/plans/{plan_id}", responses=errors(404, 422))
def read_plan(plan_id: str, actor: ActorDep, store: StoreDep) -> PlanOut:
    """Return one revision with its routes."""
    with store.read() as tx:
        return _out(tx, _plan(tx, plan_id, actor))


@router.get("/days/{day}/plan", responses=errors(404, 422))
def read_plan_of_day(
    day: WrittenDate, organisation: Whose, actor: ActorDep, store: StoreDep
) -> PlanOut:
    """Return the organisation's revision in force on that day."""
    actor.must_reach(organisation)
    with store.read() as tx:
        return _out(tx, tx.current_plan(day, organisation))


@router.get("/days/{day}/plans", responses=errors(422))
def list_plans_of_day(day: WrittenDate, actor: ActorDep, store: StoreDep) -> list[PlanOut]:
    """Return the revisions in force on that day, one of each organisation that has a plan."""
    with store.read() as tx:
        plans = tx.current_plans(day)
        return [_out(tx, plan) for plan in plans if actor.reaches(plan.organisation)]


@router.get("/plans/{plan_id}/geometry", responses=errors(404, 422))
def read_plan_geometry(plan_id: str, actor: ActorDep, store: StoreDep) -> FeatureCollection:
    """Return all routes as GeoJSON lines and their stops as points."""
    with store.read() as tx:
        return FeatureCollection.from_domain(_plan(tx, plan_id, actor).routes)


@router.get("/plans/{plan_id}/routes/{shift_id}", responses=errors(404, 422))
def read_route(plan_id: str, shift_id: str, actor: ActorDep, store: StoreDep) -> RouteOut:
    """Return the route of one shift."""
    with store.read() as tx:
        return RouteOut.from_domain(_route(_plan(tx, plan_id, actor), ShiftId(shift_id)))


@router.get("/plans/{plan_id}/routes/{shift_id}/geometry", responses=errors(404, 422))
def read_route_geometry(
    plan_id: str, shift_id: str, actor: ActorDep, store: StoreDep
) -> FeatureCollection:
    """Return the route of one shift as a GeoJSON line and its stops as points."""
    with store.read() as tx:
        route = _route(_plan(tx, plan_id, actor), ShiftId(shift_id))
    return FeatureCollection.from_domain([route])


@router.get("/plans/{plan_id}/jobs", responses=errors(404, 422))
def list_jobs_of_plan(plan_id: str, actor: ActorDep, store: StoreDep) -> list[JobOut]:
    """Return the jobs the plan names: first those served, in order of work, then those left."""
    with store.read() as tx:
        ids = _plan(tx, plan_id, actor).job_ids
        jobs = tx.jobs_by_id(ids)
    return [JobOut.from_domain(jobs[job_id]) for job_id in ids if job_id in jobs]


def _out(tx: Transaction, plan: Plan) -> PlanOut:
    return PlanOut.from_domain(plan, tx.plan_state(plan.id))


def _plan(tx: Transaction, plan_id: str, actor: Actor) -> Plan:
    """Return the plan; raises NotFound, and NotAllowed (Z302) for another organisation's."""
    plan = tx.plan(PlanId(plan_id))
    actor.must_reach(plan.organisation)
    return plan


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
