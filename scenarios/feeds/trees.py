"""Young trees dry out; the city's irrigation model and some soil sensors see it."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from dispatch.domain.clock import at_local, to_utc
from dispatch.domain.ids import JobId, digest
from dispatch.domain.job import Dimension, Job, JobKind, JobStatus, Load, Skill, TimeWindow
from dispatch.domain.signal import Payload, payload_of
from dispatch.domain.text import Text
from dispatch.intake.codecs.milesight import encode_em500_smtc
from scenarios.feeds.clockwork import FeedPeriod, rng_for
from scenarios.feeds.envelopes import Uplink, chirpstack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dispatch.domain.site import Device, Site

RAW_MM = 45.0
"""Readily available water: 0.6 m of roots x 150 mm/m x p 0.5 (FAO-56)."""
ROOT_AREA_M2 = 3.0
EFFICIENCY = 0.9
REPORT_EVERY_H = 3
FIELD_CAPACITY_VWC = 32.0
DRY_SPELL_DAYS = 12
RUN_AT = time(4)
SEASON_MONTH = 4
WATERED_AT = time(10)
FILLED_MM = 4.0
"""What is still missing after a watering."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeDay:
    """A tree's soil at four in the morning: millimetres of water missing, and its use per day.

    `litres` were given by a crew that day.
    """

    day: date
    depletion_mm: float
    use_mm: float
    litres: float = 0.0


def rain_mm(day: date, *, today: date, seed: int) -> float:
    """Return that day's rain; the last days before today are a dry spell."""
    if (today - day).days <= DRY_SPELL_DAYS:
        return 0.0
    rng = rng_for(seed, "rain", day.isoformat())
    return float(rng.exponential(7.0)) if rng.random() < 0.35 else 0.0


def reference_et_mm(day: date) -> float:
    """Return a usual reference evapotranspiration for the date: 0.4 in winter, 4.2 in July."""
    return 2.3 + 1.9 * math.cos(2 * math.pi * (day.timetuple().tm_yday - 196) / 365)


def season_days(period: FeedPeriod) -> list[date]:
    """Return the days from the last first of April up to today, or those of the period if more."""
    today = period.dates[-1]
    april = date(today.year - (today.month < SEASON_MONTH), SEASON_MONTH, 1)
    first = min(april, period.dates[0])
    return [first + timedelta(days=n) for n in range((today - first).days + 1)]


def tree_days(site_id: str, period: FeedPeriod) -> list[TreeDay]:
    """Return the depletion of one tree for each day of the period, past waterings included."""
    first = period.dates[0]
    return [entry for entry in tree_season(site_id, period) if entry.day >= first]


def tree_season(site_id: str, period: FeedPeriod) -> list[TreeDay]:
    """Return the same from the start of the season on."""
    rng = period.rng(site_id, "soil")
    thirst = float(rng.normal(0.95, 0.12))
    patience_mm = float(rng.uniform(0.7, 0.95)) * RAW_MM
    depletion = float(rng.uniform(0, RAW_MM))
    days = []
    today = period.dates[-1]
    for day in season_days(period):
        use = thirst * reference_et_mm(day)
        watered = depletion >= patience_mm and day.weekday() < 5 and day < today
        missing = depletion
        if watered:
            depletion = FILLED_MM
        given = (missing - depletion) * ROOT_AREA_M2 / EFFICIENCY
        days.append(TreeDay(day=day, depletion_mm=missing, use_mm=use, litres=given))
        rain = rain_mm(day, today=today, seed=period.seed)
        depletion = min(90.0, max(0.0, depletion + use - rain))
    return days


def need_payloads(sites: Sequence[Site], period: FeedPeriod) -> Iterator[Payload]:
    """Yield one run of the irrigation model per day: all trees that need water within five days."""
    soil = {site.id: tree_days(site.id, period) for site in sites}
    for index, day in enumerate(period.dates):
        run_at = at_local(day, RUN_AT)
        if run_at > period.now:
            continue
        needs = [need for site in sites if (need := _need(site, soil[site.id][index])) is not None]
        body = {
            "schema": "watering-need/1",
            "model": {
                "name": "bochum-irrigation",
                "version": "2026.2",
                "run_id": run_at.isoformat(),
                "forecast_horizon_days": 7,
            },
            "valid_from": day.isoformat(),
            "needs": needs,
        }
        raw = json.dumps(body, ensure_ascii=False).encode()
        yield payload_of(raw, format_name="watering-need", received_at=run_at)


def _need(site: Site, soil: TreeDay) -> dict[str, object] | None:
    days_left = max(0.0, (RAW_MM - soil.depletion_mm) / max(soil.use_mm, 0.1))
    if days_left > 5:
        return None
    latest = soil.day + timedelta(days=math.floor(days_left))
    litres = math.ceil((soil.depletion_mm + 5) * ROOT_AREA_M2 / EFFICIENCY / 5) * 5
    past = max(0.0, soil.depletion_mm - RAW_MM)
    return {
        "site_id": site.id,
        "kind": "young_tree",
        "lat": site.location.lat,
        "lon": site.location.lon,
        "litres": min(200, max(75, litres)),
        "litres_min": 75,
        "earliest": soil.day.isoformat(),
        "latest": latest.isoformat(),
        "stress_at_latest": round(min(1.0, 0.3 + past / RAW_MM), 2),
        "confidence": 0.8,
        "reason": f"{soil.depletion_mm:.0f} mm missing, {RAW_MM:.0f} mm readily available",
        "inputs": {"depletion_mm": round(soil.depletion_mm, 1), "raw_mm": RAW_MM},
        "supersedes": None,
    }


def soil_payloads(device: Device, period: FeedPeriod) -> Iterator[Payload]:
    """Yield the uplinks of a soil sensor: raw bytes in ChirpStack's envelope."""
    rng = period.rng(device.id, "soil sensor")
    days = {entry.day: entry for entry in tree_days(device.site_id, period)}
    offset_s = float(rng.uniform(0, REPORT_EVERY_H * 3600))
    for count, moment in enumerate(period.every(REPORT_EVERY_H, offset_s=offset_s)):
        entry = days.get(_soil_day(moment))
        if entry is None:
            continue
        # 45 mm of readily available water lie between field capacity and about 20 % VWC.
        moisture = FIELD_CAPACITY_VWC - entry.depletion_mm * 12 / RAW_MM + rng.normal(0, 0.3)
        yield chirpstack(
            Uplink(
                dev_eui=device.id,
                name=device.site_id,
                application="baeume",
                model="Milesight EM500-SMTC",
                port=85,
                count=count,
                sent_at=moment,
                frame=encode_em500_smtc(
                    battery_pct=88,
                    temperature_c=round(float(17 + rng.normal(0, 1.5)), 1),
                    moisture_pct=round(max(2.0, float(moisture)), 1),
                    ec_us_cm=240,
                ),
            )
        )


def past_waterings(sites: Sequence[Site], period: FeedPeriod) -> Iterator[Job]:
    """Yield the waterings that crews have done this season: their jobs, done."""
    for site in sites:
        for entry in tree_season(site.id, period):
            if entry.litres > 0:
                yield _done_job(site, entry)


def _done_job(site: Site, entry: TreeDay) -> Job:
    done_at = to_utc(at_local(entry.day, WATERED_AT))
    litres = round(entry.litres)
    return Job(
        id=JobId(digest(site.id, JobKind.WATER, done_at.isoformat())),
        site_id=site.id,
        site_name=site.name,
        location=site.location,
        kind=JobKind.WATER,
        loads=(Load(dimension=Dimension.WATER_L, amount=litres),),
        service_s=60 + litres,
        setup_s=60,
        windows=(TimeWindow(earliest=done_at, latest=done_at + timedelta(hours=8)),),
        skills=frozenset({Skill.WATERING}),
        required=True,
        leave_price_ct=0,
        reason=Text(de=f"{litres} l gegeben", en=f"{litres} l given"),
        created_at=done_at,
        updated_at=done_at,
        status=JobStatus.DONE,
    )


def _soil_day(moment: datetime) -> date:
    """Return the day whose four-o'clock soil is the latest known at that moment."""
    return to_utc(moment - timedelta(hours=2)).date()
