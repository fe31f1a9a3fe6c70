"""What people tell us: a notice names a place and a matter, and measures nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.domain.geo import LatLon
from dispatch.domain.ids import NoticeId, digest


class NoticeStatus(StrEnum):
    """Whether the sender still waits for something to be done."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One report of a citizen, an office or a crew, as its sending system keeps it.

    `source` names that system (`open311:bochum.de`), `code` and `name` are its service's number
    and wording (`006`, "Glascontainer voll"), `text` is what the person wrote, "" if nothing.
    `requested_at` is when it was reported (aware). `media_url` is a photo, None without one.
    The sender may tell of the same notice again with another status; the id stays, and
    `updated_at` says when it last changed there (None: never).
    """

    id: NoticeId
    source: str
    code: str
    name: str
    text: str
    location: LatLon
    requested_at: datetime
    status: NoticeStatus = NoticeStatus.OPEN
    media_url: str | None = None
    updated_at: datetime | None = None


def notice_id(source: str, foreign_id: str) -> NoticeId:
    """Return the id that makes a notice sent twice the same notice: 32 hexadecimal digits."""
    return NoticeId(digest("notice", source, foreign_id))
