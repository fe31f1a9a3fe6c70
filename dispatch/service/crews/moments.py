"""When something a tablet tells really happened: its clock may be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from dispatch.domain.clock import day_bounds
from dispatch.domain.report import Doubt

if TYPE_CHECKING:
    from datetime import date

    from dispatch.domain.report import StopReport

TOLERANCE: Final = timedelta(minutes=2)
"""Less is the way through the network, not the clock."""

MARGIN: Final = timedelta(hours=12)
"""A shift's reports may lie so far before and after its day."""


def dated(report: StopReport, *, sent_at: datetime, now: datetime) -> StopReport:
    """Return the report at the moment that counts, told at `told_at` and received now.

    `sent_at` is what the tablet's clock said when it sent: it is wrong by what that differs from
    now, and so are all times it tells with it. A time that cannot be all the same (in the future,
    or far from the day) is no reason to lose a report: it counts at receipt, or at that edge of
    its day which is nearest to it.
    """
    skew = now - sent_at
    happened_at = corrected(report.told_at, skew)
    doubts = [Doubt.SKEW] if abs(skew) > TOLERANCE else []
    first, last = _span(report.day)
    if not first <= happened_at <= min(last, now + TOLERANCE):
        happened_at = min(max(now, first), last)
        doubts.append(Doubt.CLOCK)
    return replace(
        report,
        happened_at=min(happened_at, now) if first <= now else happened_at,
        received_at=now,
        doubts=tuple(doubts),
    )


def corrected(told_at: datetime, skew: timedelta) -> datetime:
    """Return the moment a tablet means that is so far behind; a little is not the clock."""
    if abs(skew) <= TOLERANCE:
        return told_at
    try:
        return told_at + timedelta(seconds=round(skew.total_seconds()))
    except OverflowError:
        # Beyond the calendar: no better than what was told.
        return told_at


def _span(day: date) -> tuple[datetime, datetime]:
    first, last = day_bounds(day)
    return first - MARGIN, last + MARGIN
