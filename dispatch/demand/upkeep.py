"""Sensors that are silent, unbelievable or nearly empty: one visit per site."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

from dispatch.demand.history import Case, Occasion, SiteHistory
from dispatch.demand.oxygen import zero_run
from dispatch.demand.traps import SEWER_SKILLS
from dispatch.demand.words import figure, join, span
from dispatch.domain.clock import BERLIN
from dispatch.domain.job import JobDraft, JobKind, Skill
from dispatch.domain.signal import Grade, Signal, SignalKind
from dispatch.domain.site import Device, SiteKind
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.demand.settings import DemandSettings, UpkeepSettings

SKILLS: Final = {
    SiteKind.GLASS: frozenset({Skill.SENSOR_CARE}),
    SiteKind.TREE: frozenset({Skill.SENSOR_CARE}),
    SiteKind.RAT_STATION: SEWER_SKILLS,
    SiteKind.POND: frozenset({Skill.POND_CARE}),
}
"""Who may open what the sensor hangs in."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    """What is wrong with a device, for how many days, and the signals that show it."""

    text: Text
    days: float
    evidence: tuple[Signal, ...]


def draft(
    history: SiteHistory, settings: DemandSettings, occasion: Occasion
) -> tuple[JobDraft, ...]:
    """Return the visit to a site's sensors, if one of them needs it; never a must."""
    case = Case(history=history, settings=settings, occasion=occasion)
    upkeep = settings.upkeep
    by_device: dict[str, list[Signal]] = {}
    for signal in history.signals:
        if signal.observed_at <= occasion.now:
            by_device.setdefault(signal.device_id.casefold(), []).append(signal)
    faults = [
        fault
        for device in history.devices
        if device.mounted_at(occasion.now)
        and (fault := _first_fault(case, device, by_device.get(device.id.casefold(), [])))
    ]
    if not faults:
        return ()
    price = sum(upkeep.day_ct * (1 + min(fault.days, upkeep.cap_days)) for fault in faults)
    return (
        JobDraft(
            site_id=history.site.id,
            kind=JobKind.SERVICE,
            loads=(),
            service_s=upkeep.service_s * len(faults),
            setup_s=upkeep.setup_s,
            windows=(case.day_window,),
            skills=SKILLS[history.site.kind],
            required=False,
            leave_price_ct=round(price),
            reason=join(fault.text for fault in faults),
            evidence=tuple(s.id for fault in faults for s in fault.evidence),
        ),
    )


def _first_fault(case: Case, device: Device, signals: list[Signal]) -> _Fault | None:
    """Return the gravest fault of a device: silent before unbelievable before run down."""
    found = (fault for check in CHECKS if (fault := check(case, device, signals)) is not None)
    return next(found, None)


def _silent(case: Case, device: Device, signals: list[Signal]) -> _Fault | None:
    heard = case.history.heard_at(device)
    hours = case.hours_ago(heard or device.mounted_from)
    if hours <= _silent_after_h(device, case.settings.upkeep):
        return None
    if heard is None:
        since = device.mounted_from.astimezone(BERLIN)
        state = Text(
            de=f"hat noch nie gesendet (montiert am {since:%d.%m.%Y})",
            en=f"has never sent (mounted on {since:%Y-%m-%d})",
        )
    else:
        length = span(hours)
        state = Text(de=f"stumm seit {length.de}", en=f"silent for {length.en}")
    name = f"{device.model} {device.id}"
    text = Text(de=f"{name}: {state.de}", en=f"{name}: {state.en}")
    return _Fault(text=text, days=hours / 24, evidence=tuple(signals[-1:]))


def _silent_after_h(device: Device, upkeep: UpkeepSettings) -> float:
    name = device.model.casefold()
    special = (hours for part, hours in upkeep.silent_after_by_model_h if part in name)
    return next(special, upkeep.silent_after_h)


def _unbelievable(case: Case, device: Device, signals: list[Signal]) -> _Fault | None:
    upkeep = case.settings.upkeep
    measured = [s for s in signals if s.kind in MEASURES and s.observed_at >= device.mounted_from]
    last_day = [s for s in measured if case.hours_ago(s.observed_at) <= upkeep.bad_window_h]
    bad = [s for s in last_day if s.grade not in (Grade.GOOD, Grade.ZERO_RUN)]
    if len(last_day) >= upkeep.fewest and len(bad) > upkeep.bad_share * len(last_day):
        return _bad_text(device, bad, len(last_day))
    return None


def _dead_probe(case: Case, device: Device, signals: list[Signal]) -> _Fault | None:
    """Return the fault of a probe that reads zero although somebody has looked at the pond.

    Before that a run of zeros is the pond's matter: it may be without oxygen.
    """
    run = zero_run([s for s in signals if s.kind is SignalKind.DISSOLVED_OXYGEN])
    looked = case.history.last_done.get(JobKind.CHECK)
    if len(run) < case.settings.upkeep.fewest or looked is None or looked < run[0].observed_at:
        return None
    hours = case.hours_ago(run[0].observed_at)
    length = span(hours)
    text = Text(
        de=f"{device.model} {device.id}: Sauerstoff seit {length.de} genau 0, vor Ort geprüft",
        en=f"{device.model} {device.id}: oxygen exactly 0 for {length.en}, checked on site",
    )
    return _Fault(text=text, days=hours / 24, evidence=(run[0], run[-1]))


def _bad_text(device: Device, bad: list[Signal], count: int) -> _Fault:
    grades = [s.grade for s in bad]
    worst = max(set(grades), key=lambda grade: (grades.count(grade), grade))
    name = _GRADES[worst]
    share = figure(100 * len(bad) / count)
    text = Text(
        de=f"{device.model} {device.id}: {share.de} % der {count} letzten Werte unbrauchbar "
        f"({name.de})",
        en=f"{device.model} {device.id}: {share.en} % of the last {count} values unusable "
        f"({name.en})",
    )
    return _Fault(text=text, days=1.0, evidence=tuple(bad[-1:]))


_GRADES: Final = {
    Grade.OUT_OF_RANGE: Text(de="außerhalb des Messbereichs", en="out of range"),
    Grade.SPIKE: Text(de="Ausreißer", en="spikes"),
    Grade.STUCK: Text(de="stehen still", en="stuck"),
    Grade.TILTED: Text(de="Sensor gekippt", en="sensor tilted"),
}


def _run_down(case: Case, device: Device, signals: list[Signal]) -> _Fault | None:
    upkeep = case.settings.upkeep
    latest = [s for s in signals if s.kind in BATTERIES and s.grade is Grade.GOOD][-3:]
    if not latest:
        return None
    value = median(s.value for s in latest if s.kind is latest[-1].kind)
    level = latest[-1].kind is SignalKind.BATTERY_LEVEL
    if value >= (upkeep.battery_pct if level else upkeep.battery_v):
        return None
    shown, unit = (figure(value), "%") if level else (figure(value, digits=1), "V")
    text = Text(
        de=f"{device.model} {device.id}: Batterie {shown.de} {unit}",
        en=f"{device.model} {device.id}: battery {shown.en} {unit}",
    )
    return _Fault(text=text, days=0.0, evidence=tuple(latest[-1:]))


CHECKS: Final[tuple[Callable[[Case, Device, list[Signal]], _Fault | None], ...]] = (
    _silent,
    _unbelievable,
    _dead_probe,
    _run_down,
)
"""In order of gravity; one fault per device is enough for a visit."""
