"""Sites with a past for the demand rules; a test states only what it is about.

Tuesday 14 July 2026, 18:00 in Bochum: jobs are made for Wednesday the 15th.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dispatch.demand.history import Occasion, SiteHistory
from dispatch.domain.clock import BERLIN
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import DeviceId, PartId, SiteId
from dispatch.domain.signal import SignalKind, WateringNeed
from dispatch.domain.site import (
    Container,
    Device,
    GlassBank,
    GlassColour,
    RatStation,
    Site,
    YoungTree,
)
from tests.helpers.signals import a_series, a_signal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.domain.signal import Signal
    from dispatch.domain.site import Asset

NOW = datetime(2026, 7, 14, 18, tzinfo=BERLIN)
TOMORROW = date(2026, 7, 15)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def the_evening(**parts: Any) -> Occasion:
    """Return the occasion: made at NOW for TOMORROW."""
    return Occasion(**{"now": NOW, "day": TOMORROW} | parts)


def a_history(asset: Asset, *signals: Sequence[Signal], **parts: Any) -> SiteHistory:
    """Return a site "site-1" with that asset and these series, sorted by time."""
    site = Site(id=SiteId("site-1"), name="Königsallee", location=LatLon(51.47, 7.22), asset=asset)
    merged = sorted((s for series in signals for s in series), key=lambda s: s.observed_at)
    return SiteHistory(site=site, signals=tuple(merged), **parts)


def until_now(
    kind: SignalKind, values: Iterable[float], *, every: timedelta, **parts: Any
) -> tuple[Signal, ...]:
    """Return an evenly spaced series whose last value was observed at NOW."""
    found = tuple(values)
    return a_series(kind, found, start=NOW - (len(found) - 1) * every, every=every, **parts)


def a_bank(*colours: GlassColour, volume_l: int = 3000) -> GlassBank:
    """Return containers whose part ids are their colours."""
    return GlassBank(
        containers=tuple(
            Container(id=PartId(c), colour=c, volume_l=volume_l)
            for c in colours or (GlassColour.WHITE,)
        )
    )


def levels(
    *, now_pct: float, rate_pct_day: float, days: int = 8, colour: str = "white", noise: float = 0
) -> tuple[Signal, ...]:
    """Return three levels a day that rise evenly and end at NOW."""
    count = 3 * days
    values = [
        now_pct - rate_pct_day * (count - 1 - at) / 3 + (noise if at % 2 else -noise)
        for at in range(count)
    ]
    return until_now(
        SignalKind.FILL_LEVEL, values, every=8 * HOUR, part_id=PartId(colour), device_id=colour
    )


def later(by: timedelta, signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Return the same signals, observed that much later."""
    return tuple(replace(s, observed_at=s.observed_at + by) for s in signals)


def emptied_every(
    days: float, *, times: int, last_days_ago: float, found_pct: float | None = None
) -> tuple[Signal, ...]:
    """Return crews' reports of emptying "white", with the level they found if they said so."""
    found = []
    for back in range(times - 1, -1, -1):
        moment = NOW - (last_days_ago + back * days) * DAY
        at: dict[str, Any] = {"observed_at": moment, "part_id": "white", "device_id": "crew-1"}
        if found_pct is not None:
            found.append(a_signal(SignalKind.FOUND_LEVEL, found_pct, **at))
        found.append(a_signal(SignalKind.EMPTIED, 1, **at))
    return tuple(found)


def a_tree() -> YoungTree:
    """Return a lime planted in 2024."""
    return YoungTree(species="Winterlinde", planted=date(2024, 11, 5), girth_cm=20)


def a_need(*, run_at: datetime = NOW - 14 * HOUR, litres: float = 100, **parts: Any) -> Signal:
    """Return a need of the model, by default of this morning's run and not urgent."""
    need: dict[str, Any] = {
        "run_id": run_at.isoformat(),
        "litres_min": 75,
        "earliest": TOMORROW - DAY,
        "latest": TOMORROW + 2 * DAY,
        "stress_at_latest": 0.8,
        "confidence": 0.75,
        "reason": "",
    } | parts
    return a_signal(
        SignalKind.WATERING_NEED,
        litres,
        observed_at=run_at,
        device_id="bochum-irrigation",
        need=WateringNeed(**need),
    )


def a_station(*, last_checked: date = TOMORROW - 5 * DAY) -> RatStation:
    """Return a bait station for six visits."""
    return RatStation(refill_after=6, bait_items=4, last_checked=last_checked)


def oxygen(*values: float, every: timedelta = timedelta(minutes=15), **parts: Any) -> Any:
    """Return a pond's oxygen in mg/l, the last value at NOW."""
    return until_now(SignalKind.DISSOLVED_OXYGEN, values, every=every, device_id="900541", **parts)


def a_device(
    model: str, *, device_id: str = "sensor-1", mounted_from: datetime = NOW - 90 * DAY
) -> Device:
    """Return a device mounted at site-1 since the spring."""
    return Device(
        id=DeviceId(device_id), model=model, site_id=SiteId("site-1"), mounted_from=mounted_from
    )
