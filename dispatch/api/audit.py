"""Who changed what, and when."""

from collections.abc import Mapping
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from dispatch.api.deps import Limit, StoreDep
from dispatch.api.errors import errors
from dispatch.api.guard import ActorDep
from dispatch.domain.access import Role
from dispatch.domain.audit import AuditEntry, Detail
from dispatch.domain.job import Organisation

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])

Subject = Annotated[str | None, Query(description="Only of this, such as plan/4f2a...")]
Before = Annotated[int | None, Query(ge=0, le=2**62, description="Only entries before this number")]


class AuditEntryOut(BaseModel):
    """One change; `number` counts up."""

    number: int
    at: AwareDatetime
    actor_id: str
    actor_name: str
    role: Role
    action: str
    subject: str
    organisation: Organisation | None
    details: Mapping[str, Detail]

    @classmethod
    def from_domain(cls, entry: AuditEntry) -> Self:
        """Return the entry."""
        return cls(**{name: getattr(entry, name) for name in cls.model_fields})


@router.get("", responses=errors(422))
def list_audit(
    actor: ActorDep,
    store: StoreDep,
    subject: Subject = None,
    before: Before = None,
    limit: Limit = 100,
) -> list[AuditEntryOut]:
    """Return the latest changes, newest first; to a dispatcher those of the own organisation."""
    with store.read() as tx:
        entries = tx.audit(
            subject=subject, organisation=actor.organisation, before=before, limit=limit
        )
    return [AuditEntryOut.from_domain(entry) for entry in entries]
