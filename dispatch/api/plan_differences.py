"""What is another in one revision than in another."""

from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel

from dispatch.api.deps import StoreDep
from dispatch.api.errors import errors
from dispatch.api.guard import ActorDep
from dispatch.domain.errors import InvalidInput, Issue
from dispatch.domain.ids import PlanId
from dispatch.domain.plan import Plan
from dispatch.domain.plan_difference import JobChange, PlanChanges, changes_between
from dispatch.store import Transaction

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])

Since = Annotated[
    str | None, Query(description="The other plan; without it the one that was in force before")
]


class JobChangeOut(BaseModel):
    """A job that changed; `later_s` is by how much it starts later, where it is in both plans."""

    job_id: str
    was_on: str | None
    is_on: str | None
    later_s: int | None

    @classmethod
    def from_domain(cls, change: JobChange) -> Self:
        """Return the change."""
        return cls(**{name: getattr(change, name) for name in cls.model_fields})


class PlanChangesOut(BaseModel):
    """Jobs on another shift, on a route now, on none any more, or that start at another time.

    Times that shift by less than a minute are not told.
    """

    plan_id: str
    since_plan_id: str | None
    moved: list[JobChangeOut]
    added: list[JobChangeOut]
    dropped: list[JobChangeOut]
    retimed: list[JobChangeOut]
    more_ct: int

    @classmethod
    def from_domain(cls, plan: Plan, since: Plan | None, changes: PlanChanges) -> Self:
        """Return the changes."""
        kinds = ("moved", "added", "dropped", "retimed")
        lists = {
            kind: [JobChangeOut.from_domain(change) for change in getattr(changes, kind)]
            for kind in kinds
        }
        return cls(
            plan_id=plan.id,
            since_plan_id=None if since is None else since.id,
            more_ct=changes.more_ct,
            **lists,
        )


@router.get("/{plan_id}/changes", responses=errors(404, 422))
def read_plan_changes(
    plan_id: str, actor: ActorDep, store: StoreDep, since: Since = None
) -> PlanChangesOut:
    """Return which jobs moved, came in, fell out or start at another time, and the cost of it."""
    with store.read() as tx:
        plan = tx.plan(PlanId(plan_id))
        actor.must_reach(plan.organisation)
        before = _before(tx, plan, since)
    if before is not None:
        actor.must_reach(before.organisation)
    return PlanChangesOut.from_domain(plan, before, changes_between(before, plan))


def _before(tx: Transaction, plan: Plan, since: str | None) -> Plan | None:
    """Return the plan to compare with: None where none was in force before."""
    based_on = PlanId(since) if since is not None else tx.plan_state(plan.id).based_on
    before = None if based_on is None else tx.plan(based_on)
    if before is not None and before.day != plan.day:
        raise InvalidInput(
            Issue(
                code="A303",
                subject=f"plan {before.id}",
                cause=f"it is of {before.day.isoformat()}, the other of {plan.day.isoformat()}",
                action="Compare two revisions of one day",
            )
        )
    return before
