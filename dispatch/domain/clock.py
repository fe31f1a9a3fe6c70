"""Time: aware datetimes only; Europe/Berlin for meaning, UTC for arithmetic and storage."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


def to_utc(moment: datetime) -> datetime:
    """Return the moment in UTC; raises ValueError for a datetime without zone."""
    if moment.tzinfo is None:
        message = f"{moment.isoformat()} has no time zone"
        raise ValueError(message)
    return moment.astimezone(UTC)


def seconds_between(start: datetime, end: datetime) -> int:
    """Return the true seconds from start to end, also across a change of the clocks."""
    return round((to_utc(end) - to_utc(start)).total_seconds())


def after(start: datetime, seconds: float) -> datetime:
    """Return the moment that many true seconds after start, in start's own zone."""
    return (to_utc(start) + timedelta(seconds=seconds)).astimezone(start.tzinfo)


def at_local(day: date, clock: time) -> datetime:
    """Return that wall-clock time of that day in Bochum (the earlier one if it occurs twice)."""
    return datetime.combine(day, clock, tzinfo=BERLIN)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first moment of the local day and of the next; 23, 24 or 25 hours apart."""
    return at_local(day, time()), at_local(day + timedelta(days=1), time())
