"""What a station or trap itself calls for: something caught, a flood, an open lid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.demand.words import day_and_time, span
from dispatch.domain.clock import after, at_local
from dispatch.domain.ids import SignalId
from dispatch.domain.job import JobKind
from dispatch.domain.signal import BELIEVED, Signal, SignalKind, TrapState
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.demand.history import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing to be done at a station; several of them are one job."""

    kind: JobKind
    required: bool
    price_ct: int
    reason: Text
    evidence: tuple[SignalId, ...]
    due: datetime | None = None
    late_ct_per_h: int = 0


def events(case: Case) -> Iterator[Need]:
    """Yield what the station's own events call for, as far as nobody has been there since."""
    yield from _caught(case)
    yield from _open_lid(case)
    yield from _flooded(case)


def _series(case: Case, kind: SignalKind) -> tuple[Signal, ...]:
    """Return the believed signals of a kind since somebody last opened the station."""
    done = [case.history.last_done.get(work) for work in (JobKind.BAIT, JobKind.CHECK)]
    since = max((at for at in done if at is not None), default=None)
    found = case.history.of(kind, until=case.occasion.now)
    return tuple(
        s for s in found if s.grade in BELIEVED and (since is None or s.observed_at > since)
    )


def _since_on(signals: tuple[Signal, ...], *values: float) -> Signal | None:
    """Return the first of the last signals that all have one of these values, None if over."""
    first: Signal | None = None
    for signal in reversed(signals):
        if signal.value not in values:
            break
        first = signal
    return first


def _caught(case: Case) -> Iterator[Need]:
    """Yield the emptying of a trap that has caught something and was not set again."""
    traps = case.settings.traps
    states = _series(case, SignalKind.TRAP_STATE)
    said = tuple(s for s in states if s.value != TrapState.WAKE_UP)
    first = _since_on(said, TrapState.TRAPPED)
    if first is None:
        return
    due = after(first.observed_at, traps.trap_within_h * 3600)
    # The next chance after this day comes a day later.
    next_day = at_local(case.occasion.day + timedelta(days=1), case.settings.day_opens)
    hours = span(case.hours_ago(first.observed_at))
    since, limit = day_and_time(first.observed_at), day_and_time(due)
    yield Need(
        kind=JobKind.CHECK,
        required=due < next_day,
        price_ct=traps.trap_ct,
        reason=Text(
            de=f"Falle ausgelöst seit {hours.de} ({since.de}), zu leeren bis {limit.de}",
            en=f"Trap triggered for {hours.en} ({since.en}), to be emptied by {limit.en}",
        ),
        evidence=(first.id,),
        due=due,
    )


def _open_lid(case: Case) -> Iterator[Need]:
    """Yield the closing of a lid that stays open longer than a crew works there."""
    traps = case.settings.traps
    first = _since_on(_series(case, SignalKind.LID_OPEN), 1.0)
    if first is None or case.hours_ago(first.observed_at) < traps.lid_open_h:
        return
    since = day_and_time(first.observed_at)
    yield Need(
        kind=JobKind.CHECK,
        required=True,
        price_ct=traps.lid_ct,
        reason=Text(
            de=f"Deckel offen seit {since.de}: Absturz und Zugriff auf Gift möglich",
            en=f"Lid open since {since.en}: danger of falling, and poison within reach",
        ),
        evidence=(first.id,),
        due=first.observed_at,
        late_ct_per_h=round(traps.lid_ct / 24),
    )


def _flooded(case: Case) -> Iterator[Need]:
    """Yield new bait after a flood; while the water stands nobody climbs down."""
    traps = case.settings.traps
    signals = _series(case, SignalKind.FLOODED)
    wet = [signal for signal in signals if signal.value == 1.0]
    if not wet:
        return
    over = signals[-1].value == 0.0 or case.hours_ago(wet[-1].observed_at) > traps.flood_gone_h
    if not over:
        return
    when = day_and_time(wet[-1].observed_at)
    yield Need(
        kind=JobKind.BAIT,
        required=False,
        price_ct=traps.empty_ct,
        reason=Text(
            de=f"überflutet bis {when.de}: Köder verdorben",
            en=f"flooded until {when.en}: bait spoilt",
        ),
        evidence=(wet[-1].id,),
    )
