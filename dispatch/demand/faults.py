"""What can be wrong with a device, each as a check of what it sent."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, pairwise
from operator import attrgetter
from statistics import median
from typing import TYPE_CHECKING, Final

from dispatch.demand.oxygen import zero_run
from dispatch.demand.words import figure, span
from dispatch.domain.clock import BERLIN, to_utc
from dispatch.domain.job import JobKind
from dispatch.domain.signal import BELIEVED, Grade, Signal, SignalKind, TrapState, says_moved
from dispatch.domain.site import Device, SiteKind
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dispatch.demand.history import Case
    from dispatch.demand.station_settings import UpkeepSettings

MEASURES: Final = frozenset(
    {
        SignalKind.FILL_LEVEL,
        SignalKind.FILL_DISTANCE,
        SignalKind.SOIL_MOISTURE,
        SignalKind.STATION_VISITS,
        SignalKind.DISSOLVED_OXYGEN,
    }
)
"""The kinds that jobs are made from: a wrong one of these is worth a visit."""

BATTERIES: Final = frozenset({SignalKind.BATTERY_LEVEL, SignalKind.BATTERY_VOLTAGE})
MOVEMENTS: Final = frozenset({SignalKind.MOVED, SignalKind.TRAP_STATE, SignalKind.CONTAINER_STATUS})

_GRADES: Final = {
    Grade.OUT_OF_RANGE: Text(de="außerhalb des Messbereichs", en="out of range"),
    Grade.SPIKE: Text(de="Ausreißer", en="spikes"),
    Grade.JUMP: Text(de="unmögliche Sprünge", en="impossible jumps"),
    Grade.STUCK: Text(de="stehen still", en="stuck"),
    Grade.TILTED: Text(de="Sensor gekippt", en="sensor tilted"),
    Grade.CLOCK: Text(de="Uhr geht falsch", en="clock wrong"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a device, for how many days, and the signals that show it."""

    text: Text
    days: float
    evidence: tuple[Signal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A device and what it sent since it was mounted or last looked after, in time order."""

    device: Device
    since: datetime
    sent: tuple[Signal, ...]
    kinds: frozenset[SignalKind]
    """What has been sent from its site."""

    def says(self, state: Text) -> Text:
        """Return the words after the device's name."""
        name = f"{self.device.model} {self.device.id}"
        return Text(de=f"{name}: {state.de}", en=f"{name}: {state.en}")

    def latest(self, kinds: frozenset[SignalKind]) -> Iterator[Signal]:
        """Yield the signals of these kinds, the newest first."""
        if self.kinds.isdisjoint(kinds):
            return iter(())
        return (signal for signal in reversed(self.sent) if signal.kind in kinds)


def patient_of(case: Case, device: Device) -> Patient:
    """Return the device with what it sent since somebody last looked after it."""
    serviced = case.history.last_done.get(JobKind.SERVICE)
    since = device.mounted_from if serviced is None else max(device.mounted_from, serviced)
    sent = case.history.sent_by(device, since=since, until=case.occasion.now)
    return Patient(device=device, since=since, sent=sent, kinds=case.history.kinds)


def first_fault(case: Case, device: Device) -> Fault | None:
    """Return the gravest fault of a device: silent before unbelievable before run down."""
    patient = patient_of(case, device)
    found = (fault for check in CHECKS if (fault := check(case, patient)) is not None)
    return next(found, None)


def _silent(case: Case, patient: Patient) -> Fault | None:
    device = patient.device
    heard = case.history.heard_at(device)
    quiet_h = case.hours_ago(max(heard or patient.since, patient.since))
    if quiet_h <= silent_after_h(device, case.history.sent_by(device), case.settings.upkeep):
        return None
    if heard is None:
        since = device.mounted_from.astimezone(BERLIN)
        hours = case.hours_ago(device.mounted_from)
        state = Text(
            de=f"hat noch nie gesendet (montiert am {since:%d.%m.%Y})",
            en=f"has never sent (mounted on {since:%Y-%m-%d})",
        )
    else:
        hours = case.hours_ago(heard)
        length = span(hours)
        state = Text(de=f"stumm seit {length.de}", en=f"silent for {length.en}")
    return Fault(text=patient.says(state), days=hours / 24, evidence=patient.sent[-1:])


def silent_after_h(device: Device, sent: Sequence[Signal], upkeep: UpkeepSettings) -> float:
    """Return the hours without a word from which a device is called silent.

    Some times the interval at which it usually sends, once it sent often enough to tell; never
    less than is set for its model.
    """
    name = device.model.casefold()
    floors = (hours for part, hours in upkeep.silent_after_by_model_h if part in name)
    floor = next(floors, None)
    moments = list(islice(_moments(sent), upkeep.gaps + 1))
    if len(moments) <= upkeep.fewest_gaps:
        return upkeep.silent_after_h if floor is None else floor
    gaps = sorted((late - early).total_seconds() / 3600 for late, early in pairwise(moments))
    usual_h = gaps[int(0.9 * (len(gaps) - 1))]
    learnt = min(upkeep.silent_gaps * usual_h, upkeep.silent_most_h)
    return max(learnt, upkeep.silent_least_h if floor is None else floor)


def _moments(sent: Sequence[Signal]) -> Iterator[datetime]:
    """Yield the moments of observation, the newest first, each once."""
    last: datetime | None = None
    for signal in reversed(sent):
        if signal.observed_at != last:
            last = signal.observed_at
            yield last


def _wrong_clock(case: Case, patient: Patient) -> Fault | None:
    """Return the fault of a device whose time is not ours: ahead, or late by the same each time."""
    upkeep = case.settings.upkeep
    arrivals: dict[datetime, Signal] = {}
    for signal in islice(reversed(patient.sent), 8 * upkeep.arrivals):
        arrivals.setdefault(signal.received_at, signal)
    newest = list(arrivals.values())[: upkeep.arrivals]
    if len(newest) < upkeep.arrivals:
        return None
    lags_h = sorted((s.received_at - s.observed_at).total_seconds() / 3600 for s in newest)
    middle = median(lags_h)
    steady = lags_h[-1] - lags_h[0] < upkeep.clock_spread_h
    if not steady or -upkeep.clock_ahead_h <= middle <= upkeep.clock_behind_h:
        return None
    length = span(abs(middle))
    if round(abs(middle)) == 0:
        minutes = figure(60 * abs(middle))
        length = Text(de=f"{minutes.de} Minuten", en=f"{minutes.en} minutes")
    way = Text(de="vor", en="ahead") if middle < 0 else Text(de="nach", en="behind")
    state = Text(de=f"Uhr geht {length.de} {way.de}", en=f"clock {length.en} {way.en}")
    return Fault(text=patient.says(state), days=1.0, evidence=(newest[0],))


def _moved(case: Case, patient: Patient) -> Fault | None:
    """Return the fault of a device that was carried off; a crane lifts a glass container, too."""
    telling = [s for s in islice(patient.latest(MOVEMENTS), 2) if s.grade in BELIEVED]
    needed = 2 if case.history.site.kind is SiteKind.GLASS else 1
    if len(telling) < needed or not all(says_moved(s) for s in telling[:needed]):
        return None
    hours = case.hours_ago(telling[needed - 1].observed_at)
    length = span(hours)
    state = Text(
        de=f"meldet seit {length.de}, dass er bewegt wurde",
        en=f"has said for {length.en} that it was moved",
    )
    return Fault(text=patient.says(state), days=hours / 24, evidence=(telling[0],))


def _broken_trap(case: Case, patient: Patient) -> Fault | None:
    """Return the fault that a trap itself reports."""
    newest = next(iter(patient.latest(frozenset({SignalKind.TRAP_STATE}))), None)
    words = _TRAPS.get(newest.value) if newest is not None else None
    if newest is None or words is None or newest.grade not in BELIEVED:
        return None
    days = case.hours_ago(newest.observed_at) / 24
    return Fault(text=patient.says(words), days=days, evidence=(newest,))


_TRAPS: Final = {
    float(TrapState.FAILED): Text(de="Falle hat nicht ausgelöst", en="trap has failed"),
    float(TrapState.ABNORMAL): Text(de="Falle in unklarem Zustand", en="trap in an odd state"),
    float(TrapState.ERROR): Text(de="Falle meldet einen Fehler", en="trap reports an error"),
}


def _unbelievable(case: Case, patient: Patient) -> Fault | None:
    """Return the fault of a device most of whose last values are no use, or too many for long."""
    upkeep = case.settings.upkeep
    now = to_utc(case.occasion.now)
    week = _since(patient, now - timedelta(hours=upkeep.chronic_window_h))
    since_day = now - timedelta(hours=upkeep.bad_window_h)
    day = week[bisect_left(week, since_day, key=attrgetter("observed_at")) :]
    # Who sends three times a day is judged by more than a day.
    latest = day if len(day) >= upkeep.fewest else week[-upkeep.fewest :]
    for values, share, least in (
        (latest, upkeep.bad_share, upkeep.fewest),
        (week, upkeep.chronic_share, upkeep.chronic_fewest),
    ):
        bad = [s for s in values if s.grade not in BELIEVED and s.grade is not Grade.ZERO_RUN]
        if len(values) >= least and len(bad) > share * len(values):
            return _bad_text(patient, bad, len(values))
    return None


def _since(patient: Patient, moment: datetime) -> list[Signal]:
    """Return what was measured since a moment, in time order."""
    if patient.kinds.isdisjoint(MEASURES):
        return []
    first = bisect_left(patient.sent, moment, key=attrgetter("observed_at"))
    return [signal for signal in patient.sent[first:] if signal.kind in MEASURES]


def _bad_text(patient: Patient, bad: list[Signal], count: int) -> Fault:
    grades = [s.grade for s in bad]
    worst = max(set(grades), key=lambda grade: (grades.count(grade), grade))
    name, share = _GRADES[worst], figure(100 * len(bad) / count)
    state = Text(
        de=f"{share.de} % der {count} letzten Werte unbrauchbar ({name.de})",
        en=f"{share.en} % of the last {count} values unusable ({name.en})",
    )
    return Fault(text=patient.says(state), days=1.0, evidence=tuple(bad[-1:]))


def _dead_probe(case: Case, patient: Patient) -> Fault | None:
    """Return the fault of a probe that reads zero although somebody has looked at the pond.

    Before that a run of zeros is the pond's matter: it may be without oxygen.
    """
    looked = case.history.last_done.get(JobKind.CHECK)
    if looked is None:
        return None
    run = zero_run([s for s in patient.sent if s.kind is SignalKind.DISSOLVED_OXYGEN])
    if len(run) < case.settings.upkeep.fewest or looked < run[0].observed_at:
        return None
    hours = case.hours_ago(run[0].observed_at)
    length = span(hours)
    state = Text(
        de=f"Sauerstoff seit {length.de} genau 0, vor Ort geprüft",
        en=f"oxygen exactly 0 for {length.en}, checked on site",
    )
    return Fault(text=patient.says(state), days=hours / 24, evidence=(run[0], run[-1]))


def _run_down(case: Case, patient: Patient) -> Fault | None:
    upkeep = case.settings.upkeep
    latest = list(islice((s for s in patient.latest(BATTERIES) if s.grade in BELIEVED), 3))
    if not latest:
        return None
    value = median(s.value for s in latest if s.kind is latest[0].kind)
    level = latest[0].kind is SignalKind.BATTERY_LEVEL
    if value >= (upkeep.battery_pct if level else upkeep.battery_v):
        return None
    shown, unit = (figure(value), "%") if level else (figure(value, digits=1), "V")
    state = Text(de=f"Batterie {shown.de} {unit}", en=f"battery {shown.en} {unit}")
    return Fault(text=patient.says(state), days=0.0, evidence=tuple(latest[:1]))


CHECKS: Final[tuple[Callable[[Case, Patient], Fault | None], ...]] = (
    _silent,
    _wrong_clock,
    _moved,
    _broken_trap,
    _unbelievable,
    _dead_probe,
    _run_down,
)
"""In order of gravity; one fault per device is enough for a visit."""
