"""Schemas of what was received and could not be used yet."""

from base64 import b64encode
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from dispatch.api.errors import IssueOut
from dispatch.domain.signal import Payload, QuarantineEntry
from dispatch.service.quarantine import ReplayResult


class QuarantineOut(BaseModel):
    """One entry with its reason; the bytes stay in the database."""

    id: str
    payload_id: str
    received_at: AwareDatetime
    resolved_at: AwareDatetime | None
    issue: IssueOut

    @classmethod
    def from_domain(cls, entry: QuarantineEntry) -> Self:
        """Return the entry."""
        issue = entry.issue
        return cls(
            id=entry.id,
            payload_id=entry.payload_id,
            received_at=entry.received_at,
            resolved_at=entry.resolved_at,
            issue=IssueOut(
                code=issue.code, subject=issue.subject, cause=issue.cause, action=issue.action
            ),
        )


class PayloadOut(BaseModel):
    """Bytes as received: as text where they are UTF-8, always as base64."""

    id: str
    format: str
    received_at: AwareDatetime
    size: int
    cut: bool = Field(description="Whether the body goes on; `most_bytes` asks for more")
    body_base64: str
    body_text: str | None

    @classmethod
    def from_domain(cls, payload: Payload, *, most_bytes: int) -> Self:
        """Return the payload with the first bytes of its body."""
        body = payload.body[:most_bytes]
        return cls(
            id=payload.id,
            format=payload.format,
            received_at=payload.received_at,
            size=len(payload.body),
            cut=len(body) < len(payload.body),
            body_base64=b64encode(body).decode(),
            body_text=_text(body, cut=len(body) < len(payload.body)),
        )


def _text(body: bytes, *, cut: bool) -> str | None:
    """Return the bytes as text, None if they are none; a cut may go through a character."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        return body[: error.start].decode("utf-8") if cut and error.start > len(body) - 4 else None


class QuarantineDetailOut(BaseModel):
    """One entry with the payload it is about, None where its bytes were erased."""

    entry: QuarantineOut
    payload: PayloadOut | None


class ReplayIn(BaseModel):
    """Which entries to try again: all that are open, or those that fit everything named."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Annotated[str, Field(max_length=64)]] | None = Field(None, max_length=1000)
    code: str = Field("", max_length=10)
    device: str = Field("", max_length=200)
    most: int = Field(500, ge=1, le=2000, description="Try at most so many payloads, oldest first")


class ReplayOut(BaseModel):
    """What a replay did; `left` payloads were not tried yet."""

    payloads: int
    stored: int
    duplicates: int
    notices: int
    resolved: int
    open: int
    left: int

    @classmethod
    def from_domain(cls, done: ReplayResult) -> Self:
        """Return the counts."""
        return cls(
            payloads=done.taken.payloads,
            stored=done.taken.stored,
            duplicates=done.taken.duplicates,
            notices=done.taken.notices,
            resolved=done.resolved,
            open=done.open,
            left=done.left,
        )
