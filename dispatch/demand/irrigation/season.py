"""One site's soil from the start of the season to today, and on into the forecast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.demand.irrigation.balance import DayBalance, DayWater, SoilState, full_soil, step
from dispatch.demand.irrigation.inputs import IrrigationInputs
from dispatch.demand.irrigation.rootzone import RootZone, season_start
from dispatch.demand.irrigation.sensors import Sighting, corrected
from dispatch.demand.irrigation.settings import IrrigationSettings
from dispatch.demand.irrigation.soils import capillary_rise
from dispatch.domain.clock import BERLIN
from dispatch.domain.ids import SiteId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.domain.weather import GroundwaterLevel, WateringGiven


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One site's root zone and what is known of its water beside the weather."""

    site_id: SiteId
    zone: RootZone
    litres: Mapping[date, float] = field(default_factory=dict)
    seen: Mapping[date, Sighting] = field(default_factory=dict)
    since: date | None = None
    """When the tree was planted: its pit was filled with water then."""


def litres_by_day(waterings: Iterable[WateringGiven]) -> Mapping[date, float]:
    """Return the litres given on each of Bochum's days."""
    found: dict[date, float] = defaultdict(float)
    for watering in waterings:
        found[watering.given_at.astimezone(BERLIN).date()] += watering.litres
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecaster:
    """Steps one site's soil through days with the shared weather."""

    ground: Ground
    inputs: IrrigationInputs
    settings: IrrigationSettings

    def past(self, today: date) -> list[DayBalance]:
        """Return the balance of every day of the season before today, sensors heeded."""
        settings = self.settings
        start = max(season_start(today, settings), self.ground.since or date.min)
        start = max(start, self.inputs.first)
        return self.run(full_soil(self.ground.zone, sd_mm=settings.full_sd_mm), start, today)

    def run(self, state: SoilState, first: date, until: date) -> list[DayBalance]:
        """Return the balance of the days from `first`, `until` excluded."""
        found = []
        drivers, zone, litres = self.inputs.drivers, self.ground.zone, self.ground.litres
        level, below = None, DayWater()
        for n in range((until - first).days):
            day = first + timedelta(days=n)
            if (newest := self.level(day)) is not level:
                level = newest
                rise, rise_sd = self.rise(level)
                below = DayWater(rise_mm=rise, rise_sd_mm=rise_sd)
            given = litres.get(day, 0.0)
            water = replace(below, given_mm=zone.mm_of(given)) if given else below
            balance = step(state, zone, drivers[day].weather, water)
            seen = self.ground.seen.get(day)
            if seen is not None:
                balance = replace(balance, state=corrected(balance.state, seen))
            found.append(balance)
            state = balance.state
        return found

    def level(self, day: date) -> GroundwaterLevel | None:
        """Return the groundwater known on a day, None if none is."""
        oldest = self.settings.groundwater_days
        return self.inputs.level(self.ground.site_id, day, oldest_days=oldest)

    def rise(self, level: GroundwaterLevel | None) -> tuple[float, float]:
        """Return what rises into dry soil in mm a day, and its standard error."""
        if level is None:
            return 0.0, 0.0
        zone = self.ground.zone
        below = level.depth_m - zone.depth_m
        if level.capillary_mm_d is not None:
            rise = level.capillary_mm_d
        else:
            rise = capillary_rise(zone.soil, below_roots_m=below)
        if level.sigma_m <= 0:
            return rise, 0.0
        nearer, deeper = (
            capillary_rise(zone.soil, below_roots_m=below + shift)
            for shift in (-level.sigma_m, level.sigma_m)
        )
        return rise, min(rise, (nearer - deeper) / 2)
