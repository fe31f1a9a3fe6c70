"""Ponds: bring a mobile aerator to gasping fish; look where the logger reads nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.demand.history import Case, Occasion, SiteHistory
from dispatch.demand.oxygen import LowSpell, hourly_medians, low_spells, zero_run
from dispatch.demand.words import day_and_time, figure, span
from dispatch.domain.clock import after, at_local
from dispatch.domain.job import JobDraft, JobKind, Skill, TimeWindow
from dispatch.domain.signal import Signal, SignalKind
from dispatch.domain.site import Pond
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dispatch.demand.settings import DemandSettings, PondSettings


def draft(
    history: SiteHistory, settings: DemandSettings, occasion: Occasion
) -> tuple[JobDraft, ...]:
    """Return what one pond needs: aeration, or a look at it, or nothing.

    Only believable signals call for aeration: zeros, flat lines and spikes never do.
    """
    pond = history.site.asset
    if not isinstance(pond, Pond):
        return ()
    case = Case(history=history, settings=settings, occasion=occasion)
    return (*_aeration(case, pond), *_inspection(case))


def _aeration(case: Case, pond: Pond) -> tuple[JobDraft, ...]:
    """Return the aeration: must while oxygen is low, may when it was low within the last day."""
    ponds = case.settings.ponds
    signals = case.history.good(SignalKind.DISSOLVED_OXYGEN, until=case.occasion.now)
    spells = low_spells(signals, pond, ponds)
    if pond.fixed_aerator or not spells:
        return ()
    spell = spells[-1]
    done = case.history.last_done.get(JobKind.AERATE)
    remembered = case.hours_ago(spell.until) <= ponds.remember_h
    if not remembered or (done is not None and done >= spell.since):
        return ()
    present = not spell.over and case.hours_ago(spell.until) <= ponds.fresh_h
    # How deep below the alarm level: from a tenth of the harm at the level to all of it at zero.
    depth = 0.1 + 0.9 * (1 - spell.lowest / pond.alarm_mg_l)
    price_ct = ponds.fish_ct * depth * (1.0 if present else 0.5)
    return (
        JobDraft(
            site_id=case.history.site.id,
            kind=JobKind.AERATE,
            loads=(),
            service_s=ponds.aerate_s,
            setup_s=ponds.setup_s,
            windows=(_early(case),),
            skills=frozenset({Skill.AERATOR}),
            required=present,
            leave_price_ct=round(price_ct),
            reason=_low_text(spell, _median_now(signals, ponds), pond, present=present),
            evidence=tuple(s.id for s in spell.evidence),
            due=spell.since if present else None,
            late_ct_per_h=round(price_ct / ponds.low_h) if present else 0,
        ),
    )


def _early(case: Case) -> TimeWindow:
    """Return the window before the daily minimum, or a short one from now when that is past."""
    ponds, occasion = case.settings.ponds, case.occasion
    earliest = max(at_local(occasion.day, case.settings.day_opens), occasion.now)
    latest = max(at_local(occasion.day, ponds.arrive_by), after(earliest, ponds.hurry_h * 3600))
    return TimeWindow(earliest=earliest, latest=latest)


def _median_now(signals: Sequence[Signal], ponds: PondSettings) -> float:
    """Return the last hourly median: judged like the lowest one, it can never lie below it."""
    return list(hourly_medians(signals, ponds))[-1][1]


def _low_text(spell: LowSpell, now_mg_l: float, pond: Pond, *, present: bool) -> Text:
    lowest, at = figure(spell.lowest, digits=1), day_and_time(spell.lowest_at)
    alarm, current = figure(pond.alarm_mg_l, digits=1), figure(now_mg_l, digits=1)
    if not present:
        return Text(
            de=f"Sauerstoff fiel am {at.de} auf {lowest.de} mg/l (Alarm {alarm.de}), "
            f"jetzt {current.de}: fällt am Morgen wohl wieder",
            en=f"Oxygen fell to {lowest.en} mg/l on {at.en} (alarm {alarm.en}), "
            f"now {current.en}: likely to fall again in the morning",
        )
    since = day_and_time(spell.since)
    least = Text(de="mindestens ", en="at least ") if spell.cut else Text(de="", en="")
    return Text(
        de=f"Sauerstoff {current.de} mg/l (Stundenmedian), "
        f"unter {alarm.de} seit {least.de}{since.de}, am tiefsten {lowest.de} am {at.de}",
        en=f"Oxygen {current.en} mg/l (hourly median), "
        f"below {alarm.en} since {least.en}{since.en}, lowest {lowest.en} on {at.en}",
    )


def _inspection(case: Case) -> tuple[JobDraft, ...]:
    """Return the look at a pond whose logger reads exactly zero, once per run of zeros."""
    ponds = case.settings.ponds
    run = zero_run(case.history.of(SignalKind.DISSOLVED_OXYGEN, until=case.occasion.now))
    if not run or case.hours_ago(run[-1].observed_at) > ponds.remember_h:
        return ()
    since = run[0].observed_at
    hours = case.hours_ago(since) - case.hours_ago(run[-1].observed_at)
    done = case.history.last_done.get(JobKind.CHECK)
    if hours < ponds.zero_run_h or (done is not None and done >= since):
        return ()
    recent = case.hours_ago(since) <= ponds.zero_recent_h
    return (
        JobDraft(
            site_id=case.history.site.id,
            kind=JobKind.CHECK,
            loads=(),
            service_s=ponds.check_s,
            setup_s=ponds.setup_s,
            windows=(case.day_window,),
            skills=frozenset({Skill.POND_CARE}),
            required=recent,
            leave_price_ct=round(ponds.fish_ct * (0.2 if recent else 0.02)),
            reason=_zero_text(since, hours),
            evidence=(run[0].id, run[-1].id),
            due=since if recent else None,
        ),
    )


def _zero_text(since: datetime, hours: float) -> Text:
    length, start = span(hours), day_and_time(since)
    return Text(
        de=f"Sauerstoff seit {length.de} genau 0 (seit {start.de}): "
        f"Sonde defekt oder Teich ohne Sauerstoff, bitte nachsehen",
        en=f"Oxygen exactly 0 for {length.en} (since {start.en}): "
        f"probe broken or pond without oxygen, please look",
    )
