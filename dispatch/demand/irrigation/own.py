"""The embedded model's answer for one site: its need in the contract's form, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dispatch.demand.irrigation.inputs import KNOWN_DAYS, IrrigationInputs
from dispatch.demand.irrigation.need import SiteNeed, site_need
from dispatch.demand.irrigation.rootzone import root_zone
from dispatch.demand.irrigation.season import Forecaster, Ground, litres_by_day
from dispatch.demand.irrigation.sensors import sightings
from dispatch.demand.words import figure, join, short_day
from dispatch.domain.clock import BERLIN
from dispatch.domain.job import JobKind
from dispatch.domain.signal import SignalKind, WateringNeed
from dispatch.domain.text import Text
from dispatch.domain.weather import WateringGiven, WeatherOrigin

if TYPE_CHECKING:
    from datetime import date

    from dispatch.demand.history import Case
    from dispatch.domain.site import YoungTree

MODEL: Final = "own-fao56"
SOIL_KINDS: Final = (SignalKind.SOIL_MOISTURE, SignalKind.SOIL_TENSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNeed:
    """Litres, the need in the form of `watering-need/1`, and its reason in both languages."""

    litres: int
    need: WateringNeed
    reason: Text


def own_need(case: Case, tree: YoungTree, inputs: IrrigationInputs) -> OwnNeed | None:
    """Return what the own model asks for at a site; None when its soil has water enough.

    A tree that is registered before its planting needs nothing yet.
    """
    today = case.occasion.now.astimezone(BERLIN).date()
    if tree.planted > today:
        return None
    forecaster = forecaster_of(case, tree, inputs)
    found = site_need(forecaster, today=today, work_day=case.occasion.day)
    if found is None:
        return None
    parts = [_reason(found, seen=bool(forecaster.ground.seen)), *_guesses(inputs, today)]
    reason = join(parts, between=", ")
    return OwnNeed(
        litres=found.litres,
        need=WateringNeed(
            run_id=f"{MODEL} {today.isoformat()}",
            litres_min=found.litres_min,
            earliest=found.earliest,
            latest=found.latest,
            stress_at_latest=round(found.stress, 3),
            confidence=round(found.confidence, 3),
            reason=reason.en,
        ),
        reason=reason,
    )


def forecaster_of(case: Case, tree: YoungTree, inputs: IrrigationInputs) -> Forecaster:
    """Return the model of one site, fed with its waterings and its soil sensors."""
    settings = case.settings.irrigation
    zone = root_zone(tree, case.occasion.day, settings)
    now, history = case.occasion.now, case.history
    signals = [signal for kind in SOIL_KINDS for signal in history.good(kind, until=now)]
    ground = Ground(
        site_id=case.history.site.id,
        zone=zone,
        litres=litres_by_day(_waterings(case)),
        seen=sightings(signals, zone, settings),
        since=tree.planted,
    )
    return Forecaster(ground=ground, inputs=inputs, settings=settings)


def _waterings(case: Case) -> tuple[WateringGiven, ...]:
    """Return the waterings up to now; one without reported litres gave the usual ones."""
    now, history = case.occasion.now, case.history
    given = tuple(w for w in history.waterings if w.given_at <= now)
    done = history.last_done.get(JobKind.WATER)
    if done is None or done > now:
        return given
    day = done.astimezone(BERLIN).date()
    if any(w.given_at.astimezone(BERLIN).date() == day for w in given):
        return given
    usual = case.settings.watering.interval_litres
    return (*given, WateringGiven(site_id=history.site.id, given_at=done, litres=usual))


def _reason(need: SiteNeed, *, seen: bool) -> Text:
    missing, readily = figure(need.depletion_mm), figure(need.readily_mm)
    back, ahead = figure(need.rain_back_mm), figure(need.rain_ahead_mm)
    latest = short_day(need.latest)
    parts = [
        Text(
            de=f"es fehlen {missing.de} mm von {readily.de} mm leicht verfügbarem Wasser",
            en=f"{missing.en} mm of {readily.en} mm readily available water are missing",
        ),
        Text(
            de=f"Regen in 7 Tagen {back.de} mm, bis {latest.de} erwartet {ahead.de} mm",
            en=f"rain in 7 days {back.en} mm, until {latest.en} expected {ahead.en} mm",
        ),
    ]
    if need.groundwater is not None:
        parts.append(_groundwater(need.groundwater.depth_m, need.rise_mm))
    if seen:
        parts.append(Text(de="mit Bodensensor abgeglichen", en="corrected by the soil sensor"))
    return join(parts, between=", ")


def _guesses(inputs: IrrigationInputs, today: date) -> tuple[Text, ...]:
    """Say what of the weather is not known but usual for the season."""
    found = []
    guessed = KNOWN_DAYS - inputs.measured(today)
    if guessed > 0:
        found.append(
            Text(
                de=f"Wetter an {guessed} von {KNOWN_DAYS} Tagen geschätzt",
                en=f"weather of {guessed} of {KNOWN_DAYS} days estimated",
            )
        )
    tomorrow = inputs.drivers.get(today + timedelta(days=1))
    if tomorrow is None or tomorrow.origin is WeatherOrigin.CLIMATE:
        found.append(Text(de="ohne Wettervorhersage", en="without a forecast"))
    return tuple(found)


def _groundwater(depth_m: float, rise_mm: float) -> Text:
    depth, rise = figure(depth_m, digits=1), figure(rise_mm, digits=1)
    if rise_mm <= 0:
        return Text(
            de=f"Grundwasser {depth.de} m tief (kein Aufstieg)",
            en=f"groundwater {depth.en} m deep (no capillary rise)",
        )
    return Text(
        de=f"Grundwasser {depth.de} m tief (Aufstieg bis {rise.de} mm/Tag)",
        en=f"groundwater {depth.en} m deep (capillary rise up to {rise.en} mm a day)",
    )
