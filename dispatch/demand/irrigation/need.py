"""From one site's soil to its need: how much water, from when, until when, and what if not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist
from typing import TYPE_CHECKING

from dispatch.demand.irrigation.balance import DayBalance, full_soil, stress_of
from dispatch.domain.weather import GroundwaterLevel

if TYPE_CHECKING:
    from dispatch.demand.irrigation.season import Forecaster
    from dispatch.demand.irrigation.settings import IrrigationSettings

RAIN_BACK_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNeed:
    """What a tree needs, with the figures it follows from; days are inclusive, shares 0 to 1.

    `filling_l` would fill the root zone; `litres` are that within the amounts of practice.
    `depletion_mm` of `readily_mm` are missing on the evening before `earliest` or today, whichever
    is known; `stress` is what a week after `latest` brings without water, `confidence` how sure
    it is that there is any by then. `rise_mm` rises from the groundwater on a dry day.
    """

    litres: int
    litres_min: int
    filling_l: float
    earliest: date
    latest: date
    stress: float
    confidence: float
    depletion_mm: float
    readily_mm: float
    rain_back_mm: float
    rain_ahead_mm: float
    rise_mm: float
    groundwater: GroundwaterLevel | None


def site_need(forecaster: Forecaster, *, today: date, work_day: date) -> SiteNeed | None:
    """Return the need of a site as seen today for work on `work_day`; None when it has none.

    No water is needed when what is readily available lasts beyond the horizon, or nearly.
    """
    settings = forecaster.settings
    past = forecaster.past(today)
    state = past[-1].state if past else full_soil(forecaster.ground.zone)
    ahead_until = today + timedelta(days=settings.horizon_days + settings.after_days + 1)
    ahead = forecaster.run(state, today, min(ahead_until, forecaster.inputs.last))
    latest = _latest(ahead, horizon=today + timedelta(days=settings.horizon_days))
    if latest is None:
        return None
    now = past[-1] if past else ahead[0]
    before_work = next((b for b in ahead if b.day == work_day - timedelta(days=1)), now)
    filling = forecaster.ground.zone.litres_of(before_work.state.depletion_mm)
    litres = _litres(filling, settings)
    stress, confidence = _stress_after(forecaster, ahead, latest)
    if stress * confidence < settings.least_stress and latest > work_day:
        return None
    level = forecaster.level(today)
    return SiteNeed(
        litres=litres,
        litres_min=min(litres, settings.least_litres),
        filling_l=filling,
        earliest=min(latest, _earliest(now, ahead, today, settings.worth_share)),
        latest=latest,
        stress=stress,
        confidence=confidence,
        depletion_mm=now.state.depletion_mm,
        readily_mm=ahead[0].readily_mm,
        rain_back_mm=_rain_back(forecaster, today),
        rain_ahead_mm=sum(
            forecaster.inputs.drivers[b.day].weather.rain_mm for b in ahead if b.day <= latest
        ),
        rise_mm=forecaster.rise(level)[0],
        groundwater=level,
    )


def _latest(ahead: list[DayBalance], *, horizon: date) -> date | None:
    """Return the first day by whose evening water is not readily available any more."""
    dry = (b.day for b in ahead if b.state.depletion_mm > b.readily_mm and b.day <= horizon)
    return next(dry, None)


def _earliest(now: DayBalance, ahead: list[DayBalance], today: date, share: float) -> date:
    """Return the first day whose morning finds the soil dry enough for a large watering."""
    if now.state.depletion_mm >= share * now.readily_mm:
        return today
    dry = (b.day for b in ahead if b.state.depletion_mm >= share * b.readily_mm)
    return next(dry, ahead[-1].day) + timedelta(days=1)


def _litres(filling: float, settings: IrrigationSettings) -> int:
    """Return what fills the root zone, rounded up, within the amounts of practice."""
    rounded = settings.round_litres * math.ceil(filling / settings.round_litres)
    return min(settings.most_litres, max(settings.least_litres, rounded))


def _stress_after(
    forecaster: Forecaster, ahead: list[DayBalance], latest: date
) -> tuple[float, float]:
    """Return the stress a week after the latest day, and the probability that there is any."""
    settings = forecaster.settings
    judged = latest + timedelta(days=settings.after_days)
    then = next((b for b in ahead if b.day == judged), ahead[-1])
    available = forecaster.ground.zone.available_mm
    stress = stress_of(then.state.depletion_mm, readily_mm=then.readily_mm, available_mm=available)
    past_limit = then.state.depletion_mm - then.readily_mm
    return stress, NormalDist().cdf(past_limit / max(1.0, then.state.sd_mm))


def _rain_back(forecaster: Forecaster, today: date) -> float:
    days = (today - timedelta(days=n) for n in range(1, RAIN_BACK_DAYS + 1))
    drivers = forecaster.inputs.drivers
    return sum(drivers[day].weather.rain_mm for day in days if day in drivers)
