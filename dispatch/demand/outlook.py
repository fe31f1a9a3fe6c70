"""The forecast of each container of a glass site, and what it means for the days ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from dispatch.demand.filling import Filling
from dispatch.demand.following import RatePrior, States, follow
from dispatch.demand.glass_past import Past, SitePast, site_past
from dispatch.demand.habits import rate_prior, usual_habits, week_of
from dispatch.demand.steps import Step, emptied_steps, in_order, steps_of
from dispatch.demand.throw_in import DayGrid, ThrowIn, moment_of
from dispatch.domain.clock import BERLIN, at_local, day_bounds
from dispatch.domain.site import Container

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.demand.glass_settings import GlassSettings, LevelSettings
    from dispatch.demand.habits import ContainerDays, GlassHabits
    from dispatch.demand.history import Occasion, SiteHistory

_LATEST: Final = 5
"""So many of the latest readings are named as evidence."""

_JUST_BEFORE: Final = 1e-6
"""A level found by a crew was seen just before its emptying, in days."""

_SAME_DAYS: Final = 0.5
"""A level found within this time of an emptying belongs to it."""

INTERVAL: Final = (0.05, 0.5, 0.95)
"""The date when full is said with the dates before and after which it lies nine times of ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FullDate:
    """When a container is full: as likely sooner as later, and 90 % between the other two.

    None is a moment beyond the days the forecast covers.
    """

    earliest: datetime | None
    middle: datetime | None
    latest: datetime | None


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A container, its filling, and what it will be at the last emptying of two service days.

    `chance` is the probability that it overflows before `next_chance`, the last emptying of the
    next service day.
    """

    container: Container
    filling: Filling
    measured: bool
    today_pct: float
    next_pct: float
    next_chance: datetime
    chance: float
    overflow_pct: float

    @property
    def next_day(self) -> date:
        """The next service day after the one asked for."""
        return self.next_chance.astimezone(BERLIN).date()

    @cached_property
    def full(self) -> FullDate:
        """When it is full; reckoned only for those who ask."""
        early, middle, late = (
            self.filling.reaches(self.overflow_pct, chance=chance) for chance in INTERVAL
        )
        return FullDate(earliest=early, middle=middle, latest=late)

    def overflow_by_day(self, days: int) -> tuple[tuple[date, float], ...]:
        """Return the probability of an overflow by the end of each of the next days."""
        first = self.filling.at.astimezone(BERLIN).date()
        dates = [first + timedelta(days=at) for at in range(days)]
        return tuple(
            (day, self.filling.chance_above(self.overflow_pct, day_bounds(day)[1])) for day in dates
        )


def outlooks(
    history: SiteHistory, settings: GlassSettings, occasion: Occasion
) -> tuple[Outlook, ...]:
    """Return the outlook of each container of which something is known, in the site's order."""
    today = at_local(occasion.day, settings.last_emptying)
    following = at_local(occasion.next_service_day(occasion.day), settings.last_emptying)
    found = []
    for container, filling, measured in fillings(history, settings, occasion):
        found.append(
            Outlook(
                container=container,
                filling=filling,
                measured=measured,
                today_pct=filling.level_at(today),
                next_pct=filling.level_at(following),
                next_chance=following,
                chance=filling.chance_above(settings.overflow_pct, following),
                overflow_pct=settings.overflow_pct,
            )
        )
    return tuple(found)


def fillings(
    history: SiteHistory, settings: LevelSettings, occasion: Occasion
) -> list[tuple[Container, Filling, bool]]:
    """Return each container's filling, and whether it was measured (else reckoned)."""
    site = site_past(history, settings, occasion)
    return [
        (past.container, _filling(past, site, history, settings, occasion), len(past.levels) > 0)
        for past in site.pasts
        if len(past.levels) or past.emptyings
    ]


def _filling(
    past: Past, site: SitePast, history: SiteHistory, settings: LevelSettings, occasion: Occasion
) -> Filling:
    habits = occasion.glass or usual_habits(settings)
    circle = tuple(other.own_days for other in site.pasts)
    followed = history.remembered(
        ("followed", past.container.id),
        (past, circle, site.grid, habits, settings),
        lambda: _followed(past, circle, site.grid, habits, settings),
    )
    measured = float(past.levels.days[-1]) if len(past.levels) else past.emptyings[-1].before
    evidence = past.levels.latest(_LATEST) or tuple(s.id for s in past.reports[-_LATEST:])
    return Filling(
        at=occasion.now,
        throw_in=followed.throw_in,
        states=followed.states,
        bias_pct=settings.bias_pct,
        week_error=settings.week_error,
        scale_error=past.scale_error,
        measured_at=moment_of(measured),
        evidence=evidence,
    )


@dataclass(frozen=True, slots=True)
class _Followed:
    """A container's own clock, and the filter's states after all that is known of it."""

    throw_in: ThrowIn
    states: States


def _followed(
    past: Past,
    circle: Sequence[ContainerDays],
    grid: DayGrid,
    habits: GlassHabits,
    settings: LevelSettings,
) -> _Followed:
    prior = rate_prior(past.own_days, circle, habits)
    throw_in = ThrowIn(grid, week_of(past.own_days, circle, habits))
    steps = _steps(past, throw_in, prior, settings)
    return _Followed(throw_in, follow(steps, prior, settings))


def _steps(
    past: Past, throw_in: ThrowIn, prior: RatePrior, settings: LevelSettings
) -> tuple[Step, ...]:
    emptied = emptied_steps(past.emptyings, throw_in, settings, rate=prior.mean)
    if len(past.levels):
        return in_order(steps_of(past.blocks, past.levels.noise_pct, throw_in), emptied)
    return in_order(_found_steps(past, throw_in, settings), emptied)


def _found_steps(past: Past, throw_in: ThrowIn, settings: LevelSettings) -> list[Step]:
    """Return the levels at the emptyings: as crews found them, else as is usual.

    The usual one may be wrong for this container always, so that many dates say no more than one.
    """
    dates = len(past.emptyings)
    found = []
    for emptying in past.emptyings:
        moment = emptying.before - _JUST_BEFORE
        level = next((p for day, p in past.found if abs(day - emptying.before) <= _SAME_DAYS), None)
        error = (
            settings.date_only_error_pct * dates**0.5 if level is None else settings.found_error_pct
        )
        found.append(
            Step(
                days=moment,
                passed=throw_in.passed(moment),
                level_pct=settings.date_only_pct if level is None else level,
                variance=error**2,
                values=1,
            )
        )
    return found
