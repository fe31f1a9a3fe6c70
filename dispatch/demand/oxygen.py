"""The oxygen of a pond as time passes: when it was low, and for how long it read exactly zero."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from dispatch.domain.signal import Grade, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dispatch.demand.settings import PondSettings
    from dispatch.domain.site import Pond


@dataclass(frozen=True, slots=True, kw_only=True)
class LowSpell:
    """A time of low oxygen: from below the alarm level until above the clear level.

    `until` is the last moment known to be low, `lowest` the lowest hourly median in mg/l;
    `over` tells whether the oxygen was seen to recover, `cut` whether it was low from the first
    value on, so that it may have begun earlier.
    """

    since: datetime
    until: datetime
    lowest: float
    lowest_at: datetime
    over: bool
    cut: bool
    evidence: tuple[Signal, ...]


def low_spells(
    signals: Sequence[Signal], pond: Pond, settings: PondSettings
) -> tuple[LowSpell, ...]:
    """Return the low spells in the good oxygen signals of one pond, in their order."""
    spells: list[LowSpell] = []
    current: LowSpell | None = None
    for at, (moment, value, window) in enumerate(hourly_medians(signals, settings)):
        if current is None:
            if value < pond.alarm_mg_l:
                current = _begun(moment, value, window, cut=at == 0)
        elif value > pond.clear_mg_l:
            spells.append(replace(current, over=True))
            current = None
        elif value < current.lowest:
            current = replace(
                current, until=moment, lowest=value, lowest_at=moment, evidence=window
            )
        else:
            current = replace(current, until=moment)
    return (*spells, current) if current is not None else tuple(spells)


def hourly_medians(
    signals: Sequence[Signal], settings: PondSettings
) -> Iterator[tuple[datetime, float, tuple[Signal, ...]]]:
    """Yield, for each signal with enough others in the hour before it, time, median and window."""
    window: deque[Signal] = deque()
    for signal in signals:
        window.append(signal)
        oldest = signal.observed_at - timedelta(hours=settings.median_h)
        while window[0].observed_at < oldest:
            window.popleft()
        if len(window) >= settings.fewest:
            yield signal.observed_at, median(s.value for s in window), tuple(window)


def _begun(moment: datetime, value: float, window: tuple[Signal, ...], *, cut: bool) -> LowSpell:
    return LowSpell(
        since=moment,
        until=moment,
        lowest=value,
        lowest_at=moment,
        over=False,
        cut=cut,
        evidence=window,
    )


def zero_run(signals: Sequence[Signal]) -> tuple[Signal, ...]:
    """Return the exact zeros at the end of one oxygen series, ended by the last good value."""
    run: list[Signal] = []
    for signal in reversed(signals):
        if signal.grade is Grade.GOOD:
            break
        if signal.grade is Grade.ZERO_RUN:
            run.append(signal)
    return tuple(reversed(run))
