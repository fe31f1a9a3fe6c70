"""What is known of each container of a glass site: levels, emptyings, or counts of deposits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.demand.counted import counted_levels
from dispatch.demand.emptyings import Emptying, find_emptyings, with_reported
from dispatch.demand.glass_settings import GLASS_DIMENSIONS, LevelSettings
from dispatch.demand.habits import ContainerDays, GlassHabits, container_days, usual_habits
from dispatch.demand.history import Occasion, SiteHistory
from dispatch.demand.levels import Levels, read_levels
from dispatch.demand.steps import Blocks, blocks_of, day_inflows
from dispatch.demand.throw_in import DayGrid, ThrowIn, day_grid, days_of
from dispatch.domain.clock import BERLIN, to_utc
from dispatch.domain.job import JobKind
from dispatch.domain.signal import Signal, SignalKind
from dispatch.domain.site import Container, GlassBank

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.domain.ids import PartId

REPORTED_KINDS: Final = frozenset({SignalKind.EMPTIED, SignalKind.FOUND_LEVEL})
"""What crews report: rare, so that it is wanted for a year and not for a month."""

_GLASS_KINDS: Final = (
    SignalKind.FILL_LEVEL,
    SignalKind.DEPOSITS,
    SignalKind.EMPTIED,
    SignalKind.FOUND_LEVEL,
)

AHEAD_DAYS: Final = 150
"""So far ahead a forecast reaches."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Past:
    """One container's past; `levels` are empty where only its emptyings are known.

    `found` are the levels crews saw when they emptied it, by day; `scale_error` is the relative
    error of counted levels.
    """

    container: Container
    levels: Levels
    emptyings: tuple[Emptying, ...]
    found: tuple[tuple[float, float], ...]
    reports: tuple[Signal, ...]
    blocks: Blocks
    own_days: ContainerDays
    scale_error: float


@dataclass(frozen=True, slots=True, eq=False)
class SitePast:
    """All containers of a site, and the days their past and their forecast lie in."""

    grid: DayGrid
    pasts: tuple[Past, ...]


def site_past(history: SiteHistory, settings: LevelSettings, occasion: Occasion) -> SitePast:
    """Return the past of a glass site's containers up to `occasion.now`."""
    habits = occasion.glass or usual_habits(settings)
    by_part = _by_part(history, to_utc(occasion.now))
    grid = _grid(by_part, occasion)
    bank = history.site.asset
    containers = bank.containers if isinstance(bank, GlassBank) else ()
    reader = _Reader(history, settings, grid, habits, to_utc(occasion.now))
    everywhere = by_part[None]
    return SitePast(
        grid, tuple(reader.remembered(c, by_part[c.id], everywhere) for c in containers)
    )


def site_days(
    history: SiteHistory, settings: LevelSettings, occasion: Occasion
) -> tuple[ContainerDays, ...]:
    """Return what a site's containers add to the city's habits."""
    return tuple(past.own_days for past in site_past(history, settings, occasion).pasts)


@dataclass(frozen=True, slots=True)
class _Sent:
    """What was sent about one container, by kind, as far as it can be believed."""

    levels: tuple[Signal, ...] = ()
    deposits: tuple[Signal, ...] = ()
    emptied: tuple[Signal, ...] = ()
    found: tuple[Signal, ...] = ()

    @property
    def first(self) -> datetime | None:
        """When the first of it was observed."""
        kinds = (self.levels, self.deposits, self.emptied, self.found)
        return min((kind[0].observed_at for kind in kinds if kind), default=None)


def _by_part(history: SiteHistory, now: datetime) -> dict[PartId | None, _Sent]:
    """Return the believable signals about glass up to now; None has reports on all containers."""
    bank = history.site.asset
    parts = [c.id for c in bank.containers] if isinstance(bank, GlassBank) else []
    everywhere = [
        tuple(s for s in history.good(kind, until=now) if s.part_id is None)
        for kind in (SignalKind.EMPTIED, SignalKind.FOUND_LEVEL)
    ]
    found: dict[PartId | None, _Sent] = {
        part: _Sent(*(history.good(kind, until=now, part_id=part) for kind in _GLASS_KINDS))
        for part in parts
    }
    found[None] = _Sent(emptied=everywhere[0], found=everywhere[1])
    return found


def _grid(by_part: dict[PartId | None, _Sent], occasion: Occasion) -> DayGrid:
    firsts = [sent.first for sent in by_part.values()]
    first = min([f for f in firsts if f is not None] + [occasion.now]).astimezone(BERLIN).date()
    last = occasion.day + timedelta(days=AHEAD_DAYS)
    return day_grid(first - timedelta(days=1), last, holidays=occasion.holidays)


def _emptied(history: SiteHistory, container: Container, now: datetime) -> tuple[datetime, ...]:
    """Return when crews reported that they emptied the container, up to now.

    Who emptied the site without a word on colours has emptied all of it.
    """
    moments = set(history.taken.get(GLASS_DIMENSIONS[container.colour], ()))
    whole = history.last_done.get(JobKind.EMPTY)
    if whole is not None and not any(whole in told for told in history.taken.values()):
        moments.add(whole)
    return tuple(sorted(moment for moment in moments if moment <= now))


@dataclass(frozen=True, slots=True)
class _Reader:
    history: SiteHistory
    settings: LevelSettings
    grid: DayGrid
    habits: GlassHabits
    now: datetime

    def remembered(self, container: Container, sent: _Sent, everywhere: _Sent) -> Past:
        """Return one container's past, as read before if nothing it rests on has changed."""
        habits = (self.habits.weights, self.habits.rate(container.colour))
        done = _emptied(self.history, container, self.now)
        inputs = (container, sent, everywhere, self.settings, self.grid, habits, done)
        return self.history.remembered(
            ("past", container.id), inputs, lambda: self._past(container, sent, everywhere, done)
        )

    def _past(
        self, container: Container, sent: _Sent, everywhere: _Sent, done: Iterable[datetime]
    ) -> Past:
        """Return one container's past; a sensor's levels count before counts of deposits."""
        reports = sorted([*sent.emptied, *everywhere.emptied], key=lambda s: s.observed_at)
        found = tuple(sorted((days_of(s.observed_at), s.value) for s in sent.found))
        columns = self.history.good_columns(SignalKind.FILL_LEVEL, part_id=container.id)
        levels = read_levels(sent.levels, columns.first(len(sent.levels)), self.settings)
        told = [*(signal.observed_at for signal in reports), *done]
        emptyings = self._emptyings(levels, container, told)
        scale_error = 0.0
        if not len(levels) and sent.deposits:
            counted = counted_levels(sent.deposits, container, emptyings, found, self.settings)
            levels, scale_error = counted.levels, counted.scale_error
            emptyings = [_indexed(e, levels) for e in emptyings]
        blocks = blocks_of(levels, self.grid, emptyings)
        return Past(
            container=container,
            levels=levels,
            emptyings=tuple(emptyings),
            found=found,
            reports=tuple(reports),
            blocks=blocks,
            own_days=self._own_days(container, blocks),
            scale_error=scale_error,
        )

    def _own_days(self, container: Container, blocks: Blocks) -> ContainerDays:
        """Return the whole days seen; mostly the same as before, so that neighbours stay so."""
        kinds, inflows = day_inflows(blocks, self.grid)
        site, colour = self.history.site.id, container.colour
        return self.history.remembered(
            ("days", container.id),
            (kinds.tobytes(), inflows.tobytes(), site, colour),
            lambda: container_days(kinds, inflows, site=site, colour=colour),
        )

    def _emptyings(
        self, levels: Levels, container: Container, told: Iterable[datetime]
    ) -> list[Emptying]:
        rate = self.habits.rate(container.colour)
        throw_in = ThrowIn(self.grid, self.habits.weights)
        seen = find_emptyings(levels, throw_in, self.settings, rate_pct_day=rate)
        return with_reported(seen, map(days_of, told), levels, self.settings)


def _indexed(emptying: Emptying, levels: Levels) -> Emptying:
    return replace(emptying, index=int(np.searchsorted(levels.days, emptying.before)))
