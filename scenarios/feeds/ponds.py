"""Ponds breathe: oxygen rises by day, falls by night and is lowest at about seven o'clock."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.domain.clock import day_bounds, to_utc
from scenarios.feeds.envelopes import LOGGER_ZONE, terratransfer

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from dispatch.domain.signal import Payload
    from dispatch.domain.site import Device
    from scenarios.feeds.clockwork import FeedPeriod

REPORT_EVERY_H = 0.25
OVERLAP = timedelta(hours=1)
LOWEST_AT_H = 7.0
"""Hour (logger time) of the daily minimum, read off the city's loggers of summer 2025."""
HOT_SPELL_DAYS = 6
WITHOUT_OXYGEN = ("900368", "900371", "900411")
"""Real loggers of the city that have no oxygen probe."""
NEVER_SENDS = ("900391",)
"""The logger Zeche Holland is registered and has never published a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PondTruth:
    """How a pond behaves; `weakness` says how much oxygen a hot spell costs it (mg/l)."""

    mean_mg_l: float
    swing_mg_l: float
    weakness_mg_l: float
    level_m: float
    warm_c: float


def logger_payloads(device: Device, period: FeedPeriod) -> Iterator[Payload]:
    """Yield one poll a day of the logger's web API, overlapping the day before by an hour."""
    if device.id in NEVER_SENDS:
        return
    rng = period.rng(device.id, "pond")
    truth = _draw(rng)
    rows = [
        (moment, _values(truth, moment, period, rng)) for moment in period.every(REPORT_EVERY_H)
    ]
    has_oxygen = device.id not in WITHOUT_OXYGEN
    for day in period.dates:
        begin, end = (to_utc(bound) for bound in day_bounds(day))
        polled_at = min(end, to_utc(period.now))
        taken = [(at, row) for at, row in rows if begin - OVERLAP <= at <= polled_at]
        if taken:
            readings = _columns(taken, has_oxygen=has_oxygen)
            yield terratransfer(device.id, readings, polled_at=polled_at)


def _draw(rng: np.random.Generator) -> PondTruth:
    return PondTruth(
        mean_mg_l=float(rng.uniform(6.0, 9.0)),
        swing_mg_l=float(rng.uniform(0.8, 2.0)),
        weakness_mg_l=float(rng.choice([0.5, 1.5, 3.0, 6.0], p=[0.3, 0.3, 0.2, 0.2])),
        level_m=float(rng.uniform(60, 110)),
        warm_c=float(rng.uniform(0, 2)),
    )


def _values(
    truth: PondTruth, moment: datetime, period: FeedPeriod, rng: np.random.Generator
) -> dict[str, float]:
    local = moment.astimezone(LOGGER_ZONE)
    hour = local.hour + local.minute / 60
    wave = -math.cos(2 * math.pi * (hour - LOWEST_AT_H) / 24)
    days_left = (to_utc(period.now) - moment) / timedelta(days=1)
    heat = max(0.0, 1 - days_left / HOT_SPELL_DAYS)
    oxygen = truth.mean_mg_l + truth.swing_mg_l * wave - truth.weakness_mg_l * heat
    oxygen = max(0.15, oxygen + float(rng.normal(0, 0.12)))
    temperature = 18.5 + truth.warm_c + 5 * heat + 1.2 * wave
    saturated = 14.6 - 0.39 * temperature + 0.005 * temperature**2
    return {
        "PEGEL": round(truth.level_m - 0.03 * heat + float(rng.normal(0, 0.002)), 3),
        "WTemp": round(temperature, 2),
        "O": round(100 * oxygen / saturated, 3),
        "DO": round(oxygen, 3),
        "elL": round(580 + float(rng.normal(0, 6))),
        "HKBat": round(3.65 + float(rng.normal(0, 0.01)), 3),
    }


def _columns(
    rows: list[tuple[datetime, dict[str, float]]], *, has_oxygen: bool
) -> dict[str, list[tuple[datetime, float]]]:
    keys = [key for key in rows[0][1] if has_oxygen or key not in ("O", "DO")]
    return {key: [(moment, values[key]) for moment, values in rows] for key in keys}
