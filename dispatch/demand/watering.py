"""Young trees: an irrigation model's needs, and a fixed interval when there is none.

The external model's newest run comes first. Where it is silent or too old, the own model
(`irrigation/`) takes over; where that has no weather, the interval.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from dispatch.demand.history import Case, Occasion, SiteHistory
from dispatch.demand.irrigation.own import own_need
from dispatch.demand.words import day_and_time, figure, join, short_day
from dispatch.domain.clock import BERLIN, at_local
from dispatch.domain.job import Dimension, JobDraft, JobKind, Load, Skill
from dispatch.domain.signal import SignalKind, WateringNeed
from dispatch.domain.site import YoungTree
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from dispatch.demand.settings import DemandSettings, WateringSettings
    from dispatch.domain.ids import SignalId

_EXTERNAL = Text(de="Modell", en="model")
_OWN = Text(de="eigenes Modell", en="own model")


def draft(
    history: SiteHistory, settings: DemandSettings, occasion: Occasion
) -> tuple[JobDraft, ...]:
    """Return the watering of one site, if the newest run of a model or the interval asks for it.

    A need is met by a watering after its run. A run that is too old is not used: the own model,
    or without weather the fixed interval, takes over, and the reason says so.
    """
    tree = history.site.asset
    if not isinstance(tree, YoungTree):
        return ()
    case = Case(history=history, settings=settings, occasion=occasion)
    needs = history.of(SignalKind.WATERING_NEED, until=occasion.now)
    newest = max(needs, key=lambda s: s.observed_at, default=None)
    run_at = occasion.watering_run_at or (newest.observed_at if newest else None)
    if run_at is None or case.hours_ago(run_at) > settings.watering.stale_after_h:
        return _without_external(case, tree, run_at)
    if newest is None or newest.need is None or newest.observed_at < run_at:
        return ()
    done = history.last_done.get(JobKind.WATER)
    if (done is not None and done >= newest.observed_at) or newest.need.earliest > occasion.day:
        return ()
    litres = math.ceil(newest.value)
    return (_by_need(case, newest.need, litres, _EXTERNAL, evidence=(newest.id,)),)


def _without_external(case: Case, tree: YoungTree, run_at: datetime | None) -> tuple[JobDraft, ...]:
    """Return what the own model asks for in the season, or the interval where it has no weather."""
    inputs, today = case.occasion.irrigation, case.occasion.now.astimezone(BERLIN).date()
    if inputs is None or not inputs.known(today):
        return _by_interval(case, run_at)
    own = own_need(case, tree, inputs) if _in_season(case) else None
    if own is None or own.need.earliest > case.occasion.day:
        return ()
    why = () if run_at is None else (_silence(run_at),)
    return (_by_need(case, own.need, own.litres, _OWN, reasons=(own.reason, *why)),)


def _by_need(
    case: Case,
    need: WateringNeed,
    litres: int,
    model: Text,
    *,
    reasons: tuple[Text, ...] = (),
    evidence: tuple[SignalId, ...] = (),
) -> JobDraft:
    """Return the job of a need: must from its latest day on, before that a may.

    The price of waiting rises with stress and confidence, and as the latest day comes nearer.
    """
    watering = case.settings.watering
    soil = case.recent(SignalKind.SOIL_MOISTURE, hours=watering.soil_window_h)
    moisture = median(s.value for s in soil) if soil else None
    wilting = moisture is not None and moisture < watering.wilting_vwc_pct
    required = need.latest <= case.occasion.day or wilting
    stress = 1.0 if wilting else need.stress_at_latest * need.confidence
    days_left = 0 if required else (need.latest - case.occasion.day).days
    texts = [_need_text(litres, need, model, required=required), *reasons]
    if moisture is not None:
        texts.append(_soil_text(moisture, wilting=wilting))
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
        reason=join(texts),
        evidence=(*evidence, *(s.id for s in soil[-1:])),
        due=at_local(need.latest + timedelta(days=1), case.settings.day_opens),
    )


def _service_s(litres: int, watering: WateringSettings) -> int:
    return watering.service_base_s + math.ceil(60 * litres / watering.litres_per_minute)


def _need_text(litres_given: int, need: WateringNeed, model: Text, *, required: bool) -> Text:
    litres, latest = figure(litres_given), short_day(need.latest)
    stress = figure(100 * need.stress_at_latest)
    sure = figure(100 * need.confidence)
    limit = Text(de="spätestens", en="by") if required else Text(de="bis", en="until")
    return Text(
        de=f"{litres.de} l {limit.de} {latest.de}, danach Trockenstress {stress.de} % "
        f"({model.de}, zu {sure.de} % sicher)",
        en=f"{litres.en} l {limit.en} {latest.en}, then drought stress {stress.en} % "
        f"({model.en}, {sure.en} % sure)",
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
    if due_on > day or not _in_season(case):
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


def _in_season(case: Case) -> bool:
    watering = case.settings.watering
    return watering.first_month <= case.occasion.day.month <= watering.last_month


def _due_on(done: datetime | None, day: date, watering: WateringSettings) -> date:
    if done is None:
        return day
    return done.astimezone(BERLIN).date() + timedelta(days=watering.interval_days)


def _silence(run_at: datetime) -> Text:
    last = day_and_time(run_at)
    return Text(
        de=f"Bewässerungsmodell schweigt seit {last.de}",
        en=f"Irrigation model silent since {last.en}",
    )


def _interval_text(
    done: datetime | None, run_at: datetime | None, watering: WateringSettings
) -> Text:
    why = Text(de="Kein Bewässerungsmodell", en="No irrigation model")
    if run_at is not None:
        why = _silence(run_at)
    since = Text(de="kein Gießen vermerkt", en="no watering on record")
    if done is not None:
        when = short_day(done.astimezone(BERLIN).date())
        since = Text(de=f"zuletzt gegossen {when.de}", en=f"last watered {when.en}")
    litres, days = watering.interval_litres, watering.interval_days
    return Text(
        de=f"{why.de}; fester Abstand {days} Tage, {since.de}: {litres} l",
        en=f"{why.en}; fixed interval {days} days, {since.en}: {litres} l",
    )
