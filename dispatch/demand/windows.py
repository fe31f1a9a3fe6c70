"""Time windows of a service day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.clock import after, at_local
from dispatch.domain.job import TimeWindow

if TYPE_CHECKING:
    from datetime import date, time


def day_window(day: date, *, opens: time, closes: time, work_s: int = 0) -> TimeWindow:
    """Return when work of `work_s` seconds may start so that it ends by `closes`."""
    earliest, end = at_local(day, opens), at_local(day, closes)
    return TimeWindow(earliest=earliest, latest=max(earliest, after(end, -work_s)))
