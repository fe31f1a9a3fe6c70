"""What sensors in the soil say about the water missing, and how far the balance follows them."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from dispatch.demand.irrigation.soils import content_at_suction
from dispatch.domain.clock import BERLIN
from dispatch.domain.signal import SignalKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from dispatch.demand.irrigation.balance import SoilState
    from dispatch.demand.irrigation.rootzone import RootZone
    from dispatch.demand.irrigation.settings import IrrigationSettings
    from dispatch.domain.signal import Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The water missing from a root zone as sensors see it, in mm, with its standard error."""

    depletion_mm: float
    sd_mm: float


def sightings(
    signals: Iterable[Signal], zone: RootZone, settings: IrrigationSettings
) -> Mapping[date, Sighting]:
    """Return one sighting per day from believable signals: the median of all sensors' values."""
    by_day: dict[date, list[Sighting]] = defaultdict(list)
    for signal in signals:
        seen = _sighting(signal, zone, settings)
        if seen is not None:
            by_day[signal.observed_at.astimezone(BERLIN).date()].append(seen)
    return {
        day: Sighting(
            depletion_mm=median(s.depletion_mm for s in seen),
            sd_mm=median(s.sd_mm for s in seen) * math.sqrt(settings.sensor_days),
        )
        for day, seen in by_day.items()
    }


def _sighting(signal: Signal, zone: RootZone, settings: IrrigationSettings) -> Sighting | None:
    if signal.kind is SignalKind.SOIL_MOISTURE:
        error = settings.sensor_vwc_pct / 100
        return _seen(signal.value / 100, error, zone, settings)
    if signal.kind is SignalKind.SOIL_TENSION:
        content = content_at_suction(zone.soil, signal.value)
        drier = content_at_suction(zone.soil, signal.value * (1 + settings.suction_error))
        return _seen(content, content - drier, zone, settings)
    return None


def _seen(content: float, error: float, zone: RootZone, settings: IrrigationSettings) -> Sighting:
    """Return the depletion at a water content, clipped to what the balance knows."""
    depth_mm = 1000 * zone.depth_m
    missing = (zone.soil.field_capacity - content) * depth_mm
    return Sighting(
        depletion_mm=min(zone.available_mm, max(0.0, missing)),
        sd_mm=math.hypot(error * depth_mm, settings.sensor_place_share * zone.available_mm),
    )


def corrected(state: SoilState, seen: Sighting) -> SoilState:
    """Return the soil after a sighting: both weighted by their errors (a Kalman update)."""
    total = state.sd_mm**2 + seen.sd_mm**2
    if total <= 0:
        return state
    gain = state.sd_mm**2 / total
    return replace(
        state,
        depletion_mm=state.depletion_mm + gain * (seen.depletion_mm - state.depletion_mm),
        sd_mm=state.sd_mm * math.sqrt(1 - gain),
    )
