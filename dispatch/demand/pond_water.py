"""A pond as its rule sees it: the case, and its oxygen up to the present hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.demand.course import in_hour
from dispatch.demand.history import Case
from dispatch.demand.oxygen import Outlook
from dispatch.domain.signal import SignalKind
from dispatch.domain.site import Pond

if TYPE_CHECKING:
    from dispatch.domain.signal import Signal

OXYGEN: Final = SignalKind.DISSOLVED_OXYGEN


@dataclass(frozen=True, slots=True, kw_only=True)
class PondWater:
    """A pond as the rule sees it: the case, the pond, and its oxygen up to the present hour."""

    case: Case
    pond: Pond
    seen: Outlook
    now: int

    @property
    def first(self) -> int:
        """The course's first hour."""
        return self.seen.course.first

    def gasping_since(self) -> int | None:
        """Return the first hour of the low that is present, None if there is none."""
        known = np.flatnonzero(np.isfinite(self.seen.course.median))
        if not len(known) or self.now - self.first - known[-1] > self.case.settings.ponds.fresh_h:
            return None
        if not self.seen.gasping[known[-1]]:
            return None
        fine = np.flatnonzero(~self.seen.gasping[: known[-1]])
        return self.first + (int(fine[-1]) + 1 if len(fine) else 0)


def observed_in(water: PondWater, hours: tuple[int, ...]) -> list[Signal]:
    """Return the oxygen signals of some hours, as far as they are known yet."""
    history, now = water.case.history, water.case.occasion.now
    return [s for hour in dict.fromkeys(hours) for s in in_hour(history, OXYGEN, hour, until=now)]
