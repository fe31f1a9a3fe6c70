"""Which rules apply to which kind of site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from dispatch.demand import glass, ponds, traps, upkeep, watering
from dispatch.demand.glass_past import REPORTED_KINDS, site_days
from dispatch.demand.habits import GlassHabits, city_habits
from dispatch.demand.history import Occasion, SiteHistory
from dispatch.demand.settings import DemandSettings
from dispatch.domain.job import JobDraft, JobKind
from dispatch.domain.signal import SignalKind
from dispatch.domain.site import SiteKind

Rule = Callable[[SiteHistory, DemandSettings, Occasion], tuple[JobDraft, ...]]

DEMAND: Final[Mapping[SiteKind, tuple[Rule, ...]]] = {
    SiteKind.GLASS: (glass.draft, upkeep.draft),
    SiteKind.TREE: (watering.draft, upkeep.draft),
    SiteKind.RAT_STATION: (traps.draft, upkeep.draft),
    SiteKind.POND: (ponds.draft, upkeep.draft),
    SiteKind.PLACE: (),
}
"""Each rule states its own kinds of job, so that a site has at most one draft of a kind."""

KINDS_IN_USE: Final = (
    upkeep.MEASURES
    | upkeep.BATTERIES
    | upkeep.MOVEMENTS
    | {SignalKind.FLOODED, SignalKind.LID_OPEN}
    | {SignalKind.WATERING_NEED, SignalKind.STEM_MOISTURE, SignalKind.WATER_LEVEL}
    | {SignalKind.SOIL_MOISTURE, SignalKind.SOIL_TENSION}
    | {SignalKind.DEPOSITS}
    | REPORTED_KINDS
)
"""The kinds of signal a history needs: those the rules judge, and one at least of every device,
so that none looks silent because its signals were not fetched."""


RARE_KINDS: Final = REPORTED_KINDS
"""Kinds of which a history needs a year and not a month."""


def draft_jobs(
    history: SiteHistory, settings: DemandSettings, occasion: Occasion
) -> tuple[JobDraft, ...]:
    """Return what a site needs on the occasion's day, seen at its `now`, and whose work it is."""
    rules, owners = DEMAND[history.site.kind], dict(settings.organisations)
    return tuple(
        replace(job, organisation=owners.get(job.kind))
        for rule in rules
        for job in rule(history, settings, occasion)
    )


def draft_emergencies(
    history: SiteHistory, settings: DemandSettings, occasion: Occasion
) -> tuple[JobDraft, ...]:
    """Return the same but for the upkeep of sensors, which nobody needs to look at every hour.

    `merge` must be told that `JobKind.SERVICE` is paused then.
    """
    owners = dict(settings.organisations)
    return tuple(
        replace(job, organisation=owners.get(job.kind))
        for rule in DEMAND[history.site.kind]
        if rule is not upkeep.draft
        for job in rule(history, settings, occasion)
    )


def learned_habits(
    occasion: Occasion, histories: Iterable[SiteHistory], settings: DemandSettings
) -> GlassHabits:
    """Return what all glass containers together tell about each of them, for `occasion.glass`."""
    return city_habits(
        [
            day
            for history in histories
            if history.site.kind is SiteKind.GLASS
            for day in site_days(history, settings.glass, occasion)
        ],
        settings.glass,
    )


def paused_kinds(occasion: Occasion) -> frozenset[JobKind]:
    """Return the kinds nobody asks for on that day: the absence of a draft then means nothing."""
    if occasion.is_service_day(occasion.day):
        return frozenset()
    return frozenset({JobKind.EMPTY})
