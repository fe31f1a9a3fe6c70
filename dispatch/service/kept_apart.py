"""Entries of quarantine: what of a payload cannot be used yet, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.errors import Issue
from dispatch.domain.ids import digest
from dispatch.domain.signal import QuarantineEntry

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from dispatch.domain.ids import PayloadId, SiteId
    from dispatch.domain.signal import Payload, Signal


def entry_of(payload: Payload, issue: Issue) -> QuarantineEntry:
    """Return the entry of a payload for this reason; it has the same id each time."""
    return QuarantineEntry(
        id=digest(payload.id, issue.code, issue.subject, issue.cause),
        payload_id=payload.id,
        received_at=payload.received_at,
        issue=issue,
    )


def own_fault(payload: Payload, error: Exception) -> Issue:
    """Return the issue of a payload on which the program itself fails."""
    return Issue(
        code="S203",
        subject=f"payload {payload.id}",
        cause=f"the program failed on it ({type(error).__name__})",
        action="Report it with this id; replay it once the program is mended",
    )


def strangers(
    signals: Iterable[Signal],
    issues: Iterable[Issue],
    placed: Iterable[Signal],
    payloads: dict[PayloadId, Payload],
) -> list[QuarantineEntry]:
    """Return one entry per payload and device whose place is not known."""
    by_device = {issue.subject: issue for issue in issues}
    if not by_device:
        return []
    known = {signal.id for signal in placed}
    lost = {(s.payload_id, s.device_id) for s in signals if s.id not in known}
    return [entry_of(payloads[payload], by_device[device]) for payload, device in sorted(lost)]


def nowhere(
    signals: Iterable[Signal], sites: Container[SiteId], payloads: dict[PayloadId, Payload]
) -> list[QuarantineEntry]:
    """Return one entry per signal that itself names a site nobody has registered."""
    return [
        entry_of(payloads[signal.payload_id], _unknown_site(signal))
        for signal in signals
        if signal.site_id not in sites
    ]


def _unknown_site(signal: Signal) -> Issue:
    return Issue(
        code="S202",
        subject=f"site {signal.site_id}",
        cause=f"{signal.source} names a site that is not in the register",
        action="Register the site, or correct the id at the sender; the payload is kept",
    )
