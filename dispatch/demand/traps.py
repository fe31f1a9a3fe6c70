"""Bait stations and traps: refill after visits, empty what was caught, look after silence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from dispatch.demand.history import Case, Occasion, SiteHistory
from dispatch.demand.station_events import Need, events
from dispatch.demand.words import figure, join, short_day
from dispatch.domain.clock import BERLIN, at_local
from dispatch.domain.job import Dimension, JobDraft, JobKind, Load, Skill
from dispatch.domain.signal import Signal, SignalKind
from dispatch.domain.site import RatStation
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.demand.settings import DemandSettings

SEWER_SKILLS: Final = frozenset({Skill.RODENTICIDE, Skill.SEWER_ENTRY})
"""Rodenticide needs certified people, a manhole people who may open it."""

ABOVE_SKILLS: Final = frozenset({Skill.RODENTICIDE})


def draft(
    history: SiteHistory, settings: DemandSettings, occasion: Occasion
) -> tuple[JobDraft, ...]:
    """Return the refill, or else the check, that one station needs.

    A refill is also a check, so never both: whoever opens the box does all that is to be done. A
    station that sends replaces the checks.
    """
    station = history.site.asset
    if not isinstance(station, RatStation):
        return ()
    case = Case(history=history, settings=settings, occasion=occasion)
    visits = _visits(case)
    needs = [*events(case), *_refill(case, station, visits)]
    if all(need.kind is not JobKind.BAIT for need in needs):
        needs += _round(case, station, visits.latest)
    return (_job(case, station, needs),) if needs else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visits:
    """How often rats came since the last refill, as the counter's newest signal has it."""

    count: float
    latest: Signal | None


def _visits(case: Case) -> _Visits:
    """Return the visits since the last refill.

    A counter falls when it is set back. One that nobody set back at the reported refill counts
    from where it stood then.
    """
    counts = case.history.good(SignalKind.STATION_VISITS, until=case.occasion.now)
    if not counts:
        return _Visits(count=0, latest=None)
    latest, refilled = counts[-1], case.history.last_done.get(JobKind.BAIT)
    if refilled is None:
        return _Visits(count=latest.value, latest=latest)
    after = [s for s in counts if s.observed_at > refilled]
    if not after:
        # The counter reports its reset with its next uplink only.
        return _Visits(count=0, latest=latest)
    before = counts[: len(counts) - len(after)]
    series = [*before[-1:], *after]
    fell = any(b.value < a.value for a, b in zip(series, after, strict=False)) if before else True
    stood = 0.0 if fell else series[0].value
    return _Visits(count=latest.value - stood, latest=latest)


def _refill(case: Case, station: RatStation, visits: _Visits) -> Sequence[Need]:
    traps, refilled = case.settings.traps, case.history.last_done.get(JobKind.BAIT)
    resting = refilled is not None and case.hours_ago(refilled) < traps.rearm_h
    if visits.latest is None or visits.count < station.refill_after or resting:
        return ()
    ratio = visits.count / station.refill_after
    required = ratio >= traps.must_ratio
    count, lasts = figure(visits.count), station.refill_after
    gone = Text(de=", Köder vermutlich leer", en=", bait probably gone")
    note = gone if required else Text(de="", en="")
    reason = Text(
        de=f"{count.de} Besuche seit dem Nachfüllen, der Köder reicht für {lasts}{note.de}",
        en=f"{count.en} visits since the last refill, the bait lasts for {lasts}{note.en}",
    )
    return (
        Need(
            kind=JobKind.BAIT,
            required=required,
            price_ct=round(traps.empty_ct * ratio),
            reason=reason,
            evidence=(visits.latest.id,),
            due=visits.latest.observed_at if required else None,
        ),
    )


def _round(case: Case, station: RatStation, latest: Signal | None) -> Sequence[Need]:
    """Return the regular check of a station that nobody hears."""
    traps, heard = case.settings.traps, _heard_at(case.history, latest)
    if heard is not None and case.hours_ago(heard) <= traps.connected_within_h:
        return ()
    may, must = (
        (traps.may_days, traps.interval_days)
        if station.in_sewer
        else (traps.may_above_days, traps.interval_above_days)
    )
    checked = _last_checked(case.history, station)
    days = (case.occasion.day - checked).days
    if days < may:
        return ()
    when, silence = short_day(checked), _silence(heard)
    reason = Text(
        de=f"{silence.de}; zuletzt geprüft {when.de}, vor {days} Tagen (Frist {must} Tage)",
        en=f"{silence.en}; last checked {when.en}, {days} days ago (limit {must} days)",
    )
    return (
        Need(
            kind=JobKind.CHECK,
            required=days >= must,
            price_ct=round(traps.empty_ct * min(1.0, days / must)),
            reason=reason,
            evidence=(latest.id,) if latest is not None else (),
            due=at_local(checked + timedelta(days=must), case.settings.day_opens),
        ),
    )


def _last_checked(history: SiteHistory, station: RatStation) -> date:
    reports = (history.last_done.get(kind) for kind in (JobKind.BAIT, JobKind.CHECK))
    days = (report.astimezone(BERLIN).date() for report in reports if report is not None)
    return max((station.last_checked, *days))


def _heard_at(history: SiteHistory, latest: Signal | None) -> datetime | None:
    heard = [at for device in history.devices if (at := history.heard_at(device)) is not None]
    if latest is not None:
        heard.append(latest.observed_at)
    return max(heard, default=None)


def _silence(heard: datetime | None) -> Text:
    if heard is None:
        return Text(de="Köderstation ohne Funk", en="Bait station not connected")
    since = short_day(heard.astimezone(BERLIN).date())
    return Text(
        de=f"Köderstation stumm seit {since.de}", en=f"Bait station silent since {since.en}"
    )


def _job(case: Case, station: RatStation, needs: Sequence[Need]) -> JobDraft:
    traps = case.settings.traps
    refill = any(need.kind is JobKind.BAIT for need in needs)
    late_ct = sum(need.late_ct_per_h for need in needs)
    dues = [need.due for need in needs if need.due is not None]
    return JobDraft(
        site_id=case.history.site.id,
        kind=JobKind.BAIT if refill else JobKind.CHECK,
        # Who opens the box also refills it.
        loads=(Load(dimension=Dimension.BAIT_ITEMS, amount=station.bait_items),),
        service_s=traps.refill_s if refill else traps.check_s,
        setup_s=traps.setup_s if station.in_sewer else 0,
        windows=(case.day_window,),
        skills=SEWER_SKILLS if station.in_sewer else ABOVE_SKILLS,
        persons=traps.persons if station.in_sewer else 1,
        required=any(need.required for need in needs),
        leave_price_ct=sum(need.price_ct for need in needs),
        reason=join(need.reason for need in needs),
        evidence=tuple(one for need in needs for one in need.evidence),
        due=min(dues, default=None),
        late_ct_per_h=late_ct,
    )
