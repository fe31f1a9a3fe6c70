"""Working-time law as values: how much rest a day of work and of driving needs."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakStep:
    """Work of more than `over_s` seconds needs breaks of `break_s` seconds in all."""

    over_s: int
    break_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DriveRule:
    """How long one may drive: at a stretch and in all, and what interrupts it.

    After `max_stretch_s` of driving a break of `break_s` is due; it may be taken as two breaks of
    at least `split_s` in this order, within the stretch.
    """

    max_stretch_s: int
    break_s: int
    split_s: tuple[int, int]
    max_drive_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakRule:
    """How much rest a working day needs: steps by length of work, and the longest stretch.

    Breaks are taken in pieces of the lengths `pieces_s`; what is shorter than the shortest counts
    as work. A break that begins less than `not_before_s` after the start of work is none.
    """

    steps: tuple[BreakStep, ...]
    max_stretch_s: int
    max_work_s: int
    not_before_s: int = 0
    pieces_s: tuple[int, ...] = (15 * 60, 30 * 60, 45 * 60)
    drive: DriveRule | None = None

    def needed_s(self, work_s: int) -> int:
        """Return the break in seconds that so many seconds of work (breaks not counted) need."""
        return max((step.break_s for step in self.steps if work_s > step.over_s), default=0)

    def reserve_s(self, span_s: int) -> int:
        """Return the shortest break that makes a whole day of that span lawful."""
        lengths = sorted({0, *(step.break_s for step in self.steps)})
        return next((b for b in lengths if self.needed_s(span_s - b) <= b), lengths[-1])


ARBZG = BreakRule(
    steps=(
        BreakStep(over_s=6 * 3600, break_s=30 * 60),
        BreakStep(over_s=9 * 3600, break_s=45 * 60),
    ),
    max_stretch_s=6 * 3600,
    max_work_s=10 * 3600,
    not_before_s=90 * 60,
)
"""Arbeitszeitgesetz, paragraphs 3 (at most 10 h of work) and 4 (breaks, pieces of 15 minutes).

A break interrupts work, so it may not lie at its start; from when on it counts the law leaves
open. An hour and a half is what crews accept (assumed).
"""

EC_561 = replace(
    ARBZG,
    drive=DriveRule(
        max_stretch_s=4 * 3600 + 1800,
        break_s=45 * 60,
        split_s=(15 * 60, 30 * 60),
        max_drive_s=9 * 3600,
    ),
)
"""ArbZG and Regulation (EC) 561/2006, articles 6 and 7: 45 minutes after four and a half hours at
the wheel, as 15 and then 30 if wanted, at most nine hours a day. It binds lorries above 3.5 t that
empty public glass containers; household refuse, sewers and roads are exempt (FPersV 18)."""
