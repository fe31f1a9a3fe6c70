"""Schemas of what became of payloads."""

from typing import Self

from pydantic import BaseModel, Field

from dispatch.domain.signal import QuarantineEntry
from dispatch.service.inbox import Receipt

MOST_LISTED = 100
"""A broken file has thousands of rows; the list of quarantine has them all."""


class KeptApartOut(BaseModel):
    """Something that is kept and cannot be used yet."""

    id: str
    payload_id: str
    code: str
    subject: str

    @classmethod
    def from_domain(cls, entry: QuarantineEntry) -> Self:
        """Return the entry."""
        issue = entry.issue
        return cls(id=entry.id, payload_id=entry.payload_id, code=issue.code, subject=issue.subject)


class ReceiptOut(BaseModel):
    """What became of a request's payloads, all of which are stored now.

    `stored` and `duplicates` together are the signals in them; `notices` are new or changed.
    """

    payloads: int
    stored: int
    duplicates: int
    notices: int
    quarantined: int
    entries: list[KeptApartOut] = Field(description=f"The first {MOST_LISTED} in quarantine")

    @classmethod
    def from_domain(cls, receipt: Receipt) -> Self:
        """Return the receipt."""
        result = receipt.result
        return cls(
            payloads=result.payloads,
            stored=result.stored,
            duplicates=result.duplicates,
            notices=result.notices,
            quarantined=result.quarantined,
            entries=[KeptApartOut.from_domain(entry) for entry in receipt.entries[:MOST_LISTED]],
        )
