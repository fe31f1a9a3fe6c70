"""A season of one tree: each working morning the own model is asked, and water given if it must."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dispatch.demand.irrigation.balance import DayBalance
from dispatch.demand.irrigation.et0 import BOCHUM
from dispatch.demand.irrigation.inputs import IrrigationInputs, make_inputs
from dispatch.demand.irrigation.need import site_need
from dispatch.demand.irrigation.rootzone import RootZone
from dispatch.demand.irrigation.season import Forecaster, Ground
from dispatch.domain.ids import SiteId
from dispatch.domain.weather import GroundwaterLevel

if TYPE_CHECKING:
    from dispatch.demand.irrigation.settings import IrrigationSettings
    from dispatch.domain.weather import WeatherDay

SITE = SiteId("baum")
FRIDAY = 4
AHEAD_DAYS = 16
"""The model looks so far ahead: its horizon, a week after it, and a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonRun:
    """The balance of every day and the litres given, in mm of the root area where not said."""

    zone: RootZone
    days: Sequence[DayBalance]
    litres: Mapping[date, float]
    filling: Mapping[date, float]
    """What would have filled the root zone, before the limits of practice."""

    @property
    def stress_days(self) -> int:
        """Days on which the tree got a tenth less than it wanted, or worse."""
        return sum(day.stress > 0.1 for day in self.days)

    def total(self, name: str) -> float:
        """Return the season's sum of a part of the balance."""
        return float(sum(getattr(day, name) for day in self.days))


def season_inputs(
    weather: Sequence[WeatherDay], settings: IrrigationSettings, *, depth_m: float | None = None
) -> IrrigationInputs:
    """Return the inputs of the weather's days and a fortnight beyond; depth at one level."""
    first, last = weather[0].day, weather[-1].day
    levels = [] if depth_m is None else [_level(first, depth_m)]
    return make_inputs(
        weather,
        first=first,
        last=last + timedelta(AHEAD_DAYS),
        place=BOCHUM,
        settings=settings,
        groundwater=levels,
    )


def _level(day: date, depth_m: float) -> GroundwaterLevel:
    return GroundwaterLevel(site_id=SITE, day=day, depth_m=depth_m)


def water_season(
    zone: RootZone,
    inputs: IrrigationInputs,
    settings: IrrigationSettings,
    *,
    until: date,
    waters: bool = True,
) -> SeasonRun:
    """Return the season up to `until`, excluded. No forecast: beyond today there is the climate.

    Crews work from Monday to Friday; on Fridays they also serve what would be due on the weekend.
    """
    usual = make_inputs(
        (), first=inputs.first, last=inputs.last, place=BOCHUM, settings=settings
    ).drivers
    litres: dict[date, float] = {}
    filling: dict[date, float] = {}
    day = inputs.first
    while day < until and waters:
        known = {at: d if at < day else usual[at] for at, d in inputs.drivers.items()}
        forecaster = _forecaster(zone, replace(inputs, drivers=known), settings, litres)
        need = site_need(forecaster, today=day, work_day=day)
        due = day + timedelta(days=2 if day.weekday() == FRIDAY else 0)
        if need is not None and need.latest <= due and day.weekday() <= FRIDAY:
            litres[day], filling[day] = need.litres, need.filling_l
        day += timedelta(days=1)
    days = _forecaster(zone, inputs, settings, litres).past(until)
    return SeasonRun(zone=zone, days=days, litres=litres, filling=filling)


def _forecaster(
    zone: RootZone,
    inputs: IrrigationInputs,
    settings: IrrigationSettings,
    litres: Mapping[date, float],
) -> Forecaster:
    ground = Ground(site_id=SITE, zone=zone, litres=dict(litres))
    return Forecaster(ground=ground, inputs=inputs, settings=settings)
