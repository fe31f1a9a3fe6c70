"""Rats visit the bait stations; a counter in each reports how often since the last refill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from dispatch.domain.clock import at_local, to_utc
from scenarios.feeds.clockwork import FeedPeriod, rng_for
from scenarios.feeds.envelopes import Uplink, chirpstack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.signal import Payload
    from dispatch.domain.site import Device

REFILL_AFTER = 6
HISTORY_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class StationDay:
    """One day at a station: visits since the last refill, and whether it was refilled that day."""

    day: date
    visits: int
    refilled: bool


def station_days(site_id: str, *, today: date, seed: int) -> list[StationDay]:
    """Return the last 60 days of a station, up to yesterday.

    Most stations see a visit a week, some several a day: visits a day are Poisson with a gamma
    distributed rate. A crew has refilled each full station after two to six days, but not in the
    last days: that is the work that is open now.
    """
    rng = rng_for(seed, site_id, "visits")
    rate = float(rng.gamma(0.8, 0.25))
    visits = int(rng.integers(0, REFILL_AFTER))
    patience = int(rng.integers(2, 7))
    waited = 0
    days = []
    for back in range(HISTORY_DAYS, 0, -1):
        due = visits >= REFILL_AFTER or (back % 20 == int(rate * 1000) % 20)
        waited = waited + 1 if due else 0
        refilled = due and (waited > patience or visits < REFILL_AFTER)
        if refilled:
            visits, waited = 0, 0
        visits += int(rng.poisson(rate))
        days.append(StationDay(day=today - timedelta(days=back), visits=visits, refilled=refilled))
    return days


def last_refill(site_id: str, *, today: date, seed: int) -> date:
    """Return the day a crew last opened the station, as the register knows it."""
    opened = [
        entry.day for entry in station_days(site_id, today=today, seed=seed) if entry.refilled
    ]
    return opened[-1] if opened else today - timedelta(days=HISTORY_DAYS)


def station_payloads(device: Device, period: FeedPeriod) -> Iterator[Payload]:
    """Yield a daily report of the counter, and one after each refill."""
    rng = period.rng(device.site_id, "reports")
    report_at = time(int(rng.integers(0, 3)), int(rng.integers(0, 60)))
    first = period.dates[0]
    today = period.dates[-1]
    battery = float(rng.uniform(3.2, 3.6))
    for count, entry in enumerate(station_days(device.site_id, today=today, seed=period.seed)):
        if entry.day < first:
            continue
        if entry.refilled:
            morning = at_local(entry.day, time(8 + count % 5, 12))
            yield _report(device, 2 * count, 0, battery, morning)
        night = at_local(entry.day + timedelta(days=1), report_at)
        if night <= period.now:
            yield _report(device, 2 * count + 1, entry.visits, battery, night)


def _report(device: Device, count: int, visits: int, battery: float, sent_at: datetime) -> Payload:
    decoded: dict[str, object] = {"battery": round(battery, 2)}
    if visits:  # proto3 JSON leaves out zero
        decoded["visits"] = visits
    return chirpstack(
        Uplink(
            dev_eui=device.id,
            name=device.site_id,
            application="schadnager",
            model="Bait station counter",
            port=10,
            count=count,
            sent_at=to_utc(sent_at),
            decoded=decoded,
        )
    )
