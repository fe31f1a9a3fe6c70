"""What was received and could not be used yet."""

from typing import Self

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel

from dispatch.api.deps import Limit, StoreDep
from dispatch.api.errors import IssueOut, errors
from dispatch.domain.signal import QuarantineEntry

router = APIRouter(prefix="/api/v1/quarantine", tags=["quarantine"])


class QuarantineOut(BaseModel):
    """One entry with its reason; the bytes stay in the database."""

    id: str
    payload_id: str
    received_at: AwareDatetime
    issue: IssueOut

    @classmethod
    def from_domain(cls, entry: QuarantineEntry) -> Self:
        """Return the entry."""
        issue = entry.issue
        return cls(
            id=entry.id,
            payload_id=entry.payload_id,
            received_at=entry.received_at,
            issue=IssueOut(
                code=issue.code, subject=issue.subject, cause=issue.cause, action=issue.action
            ),
        )


@router.get("", responses=errors(422))
def list_quarantine(store: StoreDep, limit: Limit = 100) -> list[QuarantineOut]:
    """Return the newest entries first."""
    with store.read() as tx:
        return [QuarantineOut.from_domain(entry) for entry in tx.quarantine(limit=limit)]
