"""Bait stations in manholes: refill after so many visits, look after so many days of silence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from dispatch.demand.history import Case, Occasion, SiteHistory
from dispatch.demand.words import figure, short_day
from dispatch.domain.clock import BERLIN, at_local
from dispatch.domain.job import Dimension, JobDraft, JobKind, Load, Skill
from dispatch.domain.signal import Signal, SignalKind
from dispatch.domain.site import RatStation
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from dispatch.demand.settings import DemandSettings

SEWER_SKILLS: Final = frozenset({Skill.RODENTICIDE, Skill.SEWER_ENTRY})
"""Rodenticide needs certified people, a manhole people who may open it."""


def draft(
    history: SiteHistory, settings: DemandSettings, occasion: Occasion
) -> tuple[JobDraft, ...]:
    """Return the refill, or else the check, that one station needs.

    A refill is also a check, so never both. A station that sends replaces the checks.
    """
    station = history.site.asset
    if not isinstance(station, RatStation):
        return ()
    case = Case(history=history, settings=settings, occasion=occasion)
    visits = history.good(SignalKind.STATION_VISITS, until=occasion.now)
    latest = visits[-1] if visits else None
    if latest is not None and _counts(latest, history) and latest.value >= station.refill_after:
        return (_refill(case, station, latest),)
    connected_h = settings.traps.connected_within_h
    if latest is not None and case.hours_ago(latest.observed_at) <= connected_h:
        return ()
    due_on = _last_checked(history, station) + timedelta(days=settings.traps.interval_days)
    return (_check(case, station, latest),) if due_on <= occasion.day else ()


def _counts(latest: Signal, history: SiteHistory) -> bool:
    """Tell whether the count is newer than the last refill, which sets it to zero."""
    done = history.last_done.get(JobKind.BAIT)
    return done is None or latest.observed_at > done


def _last_checked(history: SiteHistory, station: RatStation) -> date:
    reports = (history.last_done.get(kind) for kind in (JobKind.BAIT, JobKind.CHECK))
    days = (report.astimezone(BERLIN).date() for report in reports if report is not None)
    return max((station.last_checked, *days))


def _refill(case: Case, station: RatStation, latest: Signal) -> JobDraft:
    traps = case.settings.traps
    ratio = latest.value / station.refill_after
    required = ratio >= traps.must_ratio
    count, lasts = figure(latest.value), station.refill_after
    gone = Text(de=", Köder vermutlich leer", en=", bait probably gone")
    note = gone if required else Text(de="", en="")
    return JobDraft(
        site_id=case.history.site.id,
        kind=JobKind.BAIT,
        loads=(Load(dimension=Dimension.BAIT_ITEMS, amount=station.bait_items),),
        service_s=traps.refill_s,
        setup_s=traps.setup_s,
        windows=(case.day_window,),
        skills=SEWER_SKILLS,
        persons=traps.persons,
        required=required,
        leave_price_ct=round(traps.empty_ct * ratio),
        reason=Text(
            de=f"{count.de} Besuche seit dem Nachfüllen, der Köder reicht für {lasts}{note.de}",
            en=f"{count.en} visits since the last refill, the bait lasts for {lasts}{note.en}",
        ),
        evidence=(latest.id,),
        due=latest.observed_at if required else None,
    )


def _check(case: Case, station: RatStation, latest: Signal | None) -> JobDraft:
    traps = case.settings.traps
    checked = _last_checked(case.history, station)
    limit_day = checked + timedelta(days=traps.interval_days)
    when, days = short_day(checked), (case.occasion.day - checked).days
    silence = _silence(case.history, latest)
    return JobDraft(
        site_id=case.history.site.id,
        kind=JobKind.CHECK,
        # Who opens the manhole also refills.
        loads=(Load(dimension=Dimension.BAIT_ITEMS, amount=station.bait_items),),
        service_s=traps.check_s,
        setup_s=traps.setup_s,
        windows=(case.day_window,),
        skills=SEWER_SKILLS,
        persons=traps.persons,
        required=True,
        leave_price_ct=traps.empty_ct,
        reason=Text(
            de=f"{silence.de}; zuletzt geprüft {when.de}, vor {days} Tagen "
            f"(Frist {traps.interval_days} Tage)",
            en=f"{silence.en}; last checked {when.en}, {days} days ago "
            f"(limit {traps.interval_days} days)",
        ),
        evidence=(latest.id,) if latest is not None else (),
        due=at_local(limit_day, case.settings.day_opens),
    )


def _silence(history: SiteHistory, latest: Signal | None) -> Text:
    heard = [at for device in history.devices if (at := history.heard_at(device)) is not None]
    if latest is not None:
        heard.append(latest.observed_at)
    if not heard:
        return Text(de="Köderstation ohne Funk", en="Bait station not connected")
    since = short_day(max(heard).astimezone(BERLIN).date())
    return Text(
        de=f"Köderstation stumm seit {since.de}", en=f"Bait station silent since {since.en}"
    )
