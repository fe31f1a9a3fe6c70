"""What people told, as it was known at a moment of the past."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.domain.notice import Notice, NoticeStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class NoticeBox:
    """Notices as their senders last told of them; each moment sees what had happened by then.

    A closed notice was open until its sender closed it. Where nobody says when that was, it stays
    open until its work is done.
    """

    def __init__(self, notices: Iterable[Notice]) -> None:
        self._notices = sorted(notices, key=lambda notice: (notice.requested_at, notice.id))
        told = [notice.requested_at for notice in self._notices]
        closed = [at for notice in self._notices if (at := _closed_at(notice)) is not None]
        self._changes = sorted([*told, *closed])

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._notices)

    def known(self, now: datetime) -> list[Notice]:
        """Return the notices reported by then, oldest first, each as it was then."""
        return [_as_of(notice, now) for notice in self._notices if notice.requested_at <= now]

    def changed(self, since: datetime, now: datetime) -> bool:
        """Tell whether one was reported or closed after `since`, up to now."""
        return bisect_right(self._changes, since) < bisect_right(self._changes, now)


def _closed_at(notice: Notice) -> datetime | None:
    return notice.updated_at if notice.status is NoticeStatus.CLOSED else None


def _as_of(notice: Notice, now: datetime) -> Notice:
    closed_at = _closed_at(notice)
    if closed_at is not None and closed_at <= now:
        return notice
    return replace(notice, status=NoticeStatus.OPEN)
