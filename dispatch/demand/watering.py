"""Young trees: the irrigation model's needs, and a fixed interval when it is silent."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from dispatch.demand.history import Case, Occasion, SiteHistory
from dispatch.demand.words import day_and_time, figure, join, short_day
from dispatch.domain.clock import BERLIN, at_local
from dispatch.domain.job import Dimension, JobDraft, JobKind, Load, Skill
from dispatch.domain.signal import Signal, SignalKind, WateringNeed
from dispatch.domain.site import YoungTree
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from dispatch.demand.settings import DemandSettings, WateringSettings


def draft(
    history: SiteHistory, settings: DemandSettings, occasion: Occasion
) -> tuple[JobDraft, ...]:
    """Return the watering of one site, if the newest run of the model or the interval asks for it.

    A need is met by a watering after its run. A run that is too old is not used: the fixed
    interval takes over, and the reason says so.
    """
    if not isinstance(history.site.asset, YoungTree):
        return ()
    case = Case(history=history, settings=settings, occasion=occasion)
    needs = history.of(SignalKind.WATERING_NEED, until=occasion.now)
    newest = max(needs, key=lambda s: s.observed_at, default=None)
    run_at = occasion.watering_run_at or (newest.observed_at if newest else None)
    if run_at is None or case.hours_ago(run_at) > settings.watering.stale_after_h:
        return _by_interval(case, run_at)
    if newest is None or newest.need is None or newest.observed_at < run_at:
        return ()
    done = history.last_done.get(JobKind.WATER)
    if (done is not None and done >= newest.observed_at) or newest.need.earliest > occasion.day:
        return ()
    return (_by_need(case, newest, newest.need),)


def _by_need(case: Case, signal: Signal, need: WateringNeed) -> JobDraft:
    watering = case.settings.watering
    soil = case.recent(SignalKind.SOIL_MOISTURE, hours=watering.soil_window_h)
    moisture = median(s.value for s in soil) if soil else None
    wilting = moisture is not None and moisture < watering.wilting_vwc_pct
    required = need.latest <= case.occasion.day or wilting
    stress = 1.0 if wilting else need.stress_at_latest * need.confidence
    days_left = 0 if required else (need.latest - case.occasion.day).days
    reason = _need_text(signal, need, required=required)
    if moisture is not None:
        reason = join((reason, _soil_text(moisture, wilting=wilting)))
    litres = math.ceil(signal.value)
    return JobDraft(
        site_id=case.history.site.id,
        kind=JobKind.WATER,
        loads=(Load(dimension=Dimension.WATER_L, amount=litres),),
        service_s=_service_s(litres, watering),
        setup_s=watering.setup_s,
        windows=(case.day_window,),
        skills=frozenset({Skill.WATERING}),
        required=required,
        leave_price_ct=round(watering.harm_ct * stress / (1 + days_left)),
        reason=reason,
        evidence=(signal.id, *(s.id for s in soil[-1:])),
        due=at_local(need.latest + timedelta(days=1), case.settings.day_opens),
    )


def _service_s(litres: int, watering: WateringSettings) -> int:
    return watering.service_base_s + math.ceil(60 * litres / watering.litres_per_minute)


def _need_text(signal: Signal, need: WateringNeed, *, required: bool) -> Text:
    litres, latest = figure(signal.value), short_day(need.latest)
    stress = figure(100 * need.stress_at_latest)
    sure = figure(100 * need.confidence)
    limit = Text(de="spätestens", en="by") if required else Text(de="bis", en="until")
    return Text(
        de=f"{litres.de} l {limit.de} {latest.de}, danach Trockenstress {stress.de} % "
        f"(Modell, zu {sure.de} % sicher)",
        en=f"{litres.en} l {limit.en} {latest.en}, then drought stress {stress.en} % "
        f"(model, {sure.en} % sure)",
    )


def _soil_text(moisture_pct: float, *, wilting: bool) -> Text:
    value = figure(moisture_pct, digits=1)
    if wilting:
        return Text(
            de=f"Boden {value.de} % feucht, unter dem Welkepunkt",
            en=f"soil moisture {value.en} %, below the wilting point",
        )
    return Text(de=f"Boden {value.de} % feucht", en=f"soil moisture {value.en} %")


def _by_interval(case: Case, run_at: datetime | None) -> tuple[JobDraft, ...]:
    """Return the watering that is due by the calendar, in the season only."""
    watering, day = case.settings.watering, case.occasion.day
    done = case.history.last_done.get(JobKind.WATER)
    due_on = _due_on(done, day, watering)
    if due_on > day or not watering.first_month <= day.month <= watering.last_month:
        return ()
    late_days = (day - due_on).days
    litres = watering.interval_litres
    return (
        JobDraft(
            site_id=case.history.site.id,
            kind=JobKind.WATER,
            loads=(Load(dimension=Dimension.WATER_L, amount=litres),),
            service_s=_service_s(litres, watering),
            setup_s=watering.setup_s,
            windows=(case.day_window,),
            skills=frozenset({Skill.WATERING}),
            required=late_days > watering.interval_days / 2,
            leave_price_ct=round(
                watering.harm_ct * min(1.0, (1 + late_days) / watering.interval_days)
            ),
            reason=_interval_text(done, run_at, watering),
            due=at_local(due_on, case.settings.day_opens),
        ),
    )


def _due_on(done: datetime | None, day: date, watering: WateringSettings) -> date:
    if done is None:
        return day
    return done.astimezone(BERLIN).date() + timedelta(days=watering.interval_days)


def _interval_text(
    done: datetime | None, run_at: datetime | None, watering: WateringSettings
) -> Text:
    why = Text(de="Kein Bewässerungsmodell", en="No irrigation model")
    if run_at is not None:
        last = day_and_time(run_at)
        why = Text(
            de=f"Bewässerungsmodell schweigt seit {last.de}",
            en=f"Irrigation model silent since {last.en}",
        )
    since = Text(de="kein Gießen vermerkt", en="no watering on record")
    if done is not None:
        when = short_day(done.astimezone(BERLIN).date())
        since = Text(de=f"zuletzt gegossen {when.de}", en=f"last watered {when.en}")
    litres, days = watering.interval_litres, watering.interval_days
    return Text(
        de=f"{why.de}; fester Abstand {days} Tage, {since.de}: {litres} l",
        en=f"{why.en}; fixed interval {days} days, {since.en}: {litres} l",
    )
