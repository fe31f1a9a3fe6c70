"""A simulated city of glass containers as the demand rules see one: sites, signals, occasions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from dispatch.demand.glass_past import site_days
from dispatch.demand.glass_settings import GlassSettings
from dispatch.demand.habits import city_habits
from dispatch.demand.history import Occasion, SiteHistory
from dispatch.domain.clock import BERLIN
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import DeviceId, PartId, PayloadId, SignalId, SiteId
from dispatch.domain.signal import Signal, SignalKind
from dispatch.domain.site import Container, GlassBank, GlassColour, Site
from dispatch.service.holidays import holidays_around
from scenarios.bench.glass_city import TrueContainer

COLOURS: Final = tuple(GlassColour)
SETTINGS: Final = GlassSettings()
VOLUME_L: Final = 3000
COUNTED_EVERY_H: Final = 12

Sender = Callable[[TrueContainer, PartId], list[Signal]]
"""What is sent about one container."""


@dataclass(frozen=True, slots=True, eq=False)
class CityHistory:
    """The sites of a simulated city with everything that was sent; `days` of it are looked at."""

    days: int
    sites: tuple[Site, ...]
    containers: tuple[tuple[TrueContainer, ...], ...]
    signals: tuple[tuple[Signal, ...], ...]

    def histories(self, hour: int) -> list[SiteHistory]:
        """Return the sites' past, seen `hour` hours after the start."""
        now = self.moment(hour)
        since = now - timedelta(days=self.days)
        return [
            SiteHistory(site=site, signals=tuple(s for s in sent if since <= s.observed_at <= now))
            for site, sent in zip(self.sites, self.signals, strict=True)
        ]

    def parts(self, site: Site) -> tuple[PartId, ...]:
        """Return the ids of a site's containers, in the order of `containers`."""
        bank = site.asset
        return tuple(c.id for c in bank.containers) if isinstance(bank, GlassBank) else ()

    def moment(self, hour: int) -> datetime:
        """Return the moment so many hours after the start, in Bochum's time."""
        return (self.containers[0][0].start + timedelta(hours=hour)).astimezone(BERLIN)

    def occasion(self, hour: int, histories: Sequence[SiteHistory]) -> Occasion:
        """Return the occasion, with the habits of the city as known then."""
        now = self.moment(hour)
        plain = Occasion(now=now, day=now.date(), holidays=holidays_around(now.date()))
        days = [d for history in histories for d in site_days(history, SETTINGS, plain)]
        return replace(plain, glass=city_habits(days, SETTINGS))


def history_of(truth: Sequence[TrueContainer], *, days: int, sent: Sender) -> CityHistory:
    """Return the simulated city as the demand rules see one."""
    by_site: dict[int, list[TrueContainer]] = defaultdict(list)
    for container in truth:
        by_site[container.site].append(container)
    return CityHistory(
        days,
        tuple(_site(number, found) for number, found in by_site.items()),
        tuple(tuple(found) for found in by_site.values()),
        tuple(
            tuple(
                sorted(
                    (s for c, part in _parts(number, found) for s in sent(c, part)),
                    key=lambda s: s.observed_at,
                )
            )
            for number, found in by_site.items()
        ),
    )


def _parts(number: int, found: Sequence[TrueContainer]) -> list[tuple[TrueContainer, PartId]]:
    return [(c, PartId(f"glas-{number}-{at}")) for at, c in enumerate(found)]


def _site(number: int, found: Sequence[TrueContainer]) -> Site:
    containers = tuple(
        Container(id=part, colour=COLOURS[c.colour], volume_l=VOLUME_L)
        for c, part in _parts(number, found)
    )
    return Site(
        id=SiteId(f"glas-{number}"),
        name=f"Platz {number}",
        location=LatLon(51.48, 7.22),
        asset=GlassBank(containers=containers),
    )


def by_sensor(container: TrueContainer, part: PartId) -> list[Signal]:
    """Return the levels its sensor sends."""
    return [
        signal_of(part, SignalKind.FILL_LEVEL, float(value), container.start, float(hour))
        for hour, value in zip(container.read_at, container.read, strict=True)
    ]


def by_crews(container: TrueContainer, part: PartId) -> list[Signal]:
    """Return what crews report: every emptying, and three times of four a level by eye."""
    rng = np.random.default_rng([container.site, len(container.emptied), int(container.rate * 1e6)])
    found = []
    for hour, level in zip(container.emptied, container.left, strict=True):
        found.append(signal_of(part, SignalKind.EMPTIED, 1, container.start, hour))
        if rng.random() < 0.75:
            by_eye = float(np.clip(np.round((level + rng.normal(0, 8)) / 10) * 10, 0, 120))
            found.append(signal_of(part, SignalKind.FOUND_LEVEL, by_eye, container.start, hour))
    return found


def by_dates(container: TrueContainer, part: PartId) -> list[Signal]:
    """Return the emptyings alone."""
    return [s for s in by_crews(container, part) if s.kind is SignalKind.EMPTIED]


def by_counts(container: TrueContainer, part: PartId) -> list[Signal]:
    """Return the emptyings, the levels found, and twice a day what was thrown in since."""
    rng = np.random.default_rng([container.site, int(container.rate * 1e6)])
    piece_pct = float(rng.uniform(0.03, 0.08))
    found = by_crews(container, part)
    for hour in range(COUNTED_EVERY_H, len(container.inflow), COUNTED_EVERY_H):
        glass = float(container.inflow[hour] - container.inflow[hour - COUNTED_EVERY_H])
        count = float(rng.poisson(glass / piece_pct))
        found.append(signal_of(part, SignalKind.DEPOSITS, count, container.start, hour + 0.5))
    return found


def signal_of(part: PartId, kind: SignalKind, value: float, start: datetime, hour: float) -> Signal:
    """Return a signal of one container, so many hours after the start."""
    moment = start + timedelta(hours=hour)
    return Signal(
        id=SignalId(f"{part}-{kind}-{hour:.3f}"),
        source="simulated",
        device_id=DeviceId(part),
        kind=kind,
        value=value,
        observed_at=moment,
        received_at=moment,
        payload_id=PayloadId("simulated"),
        part_id=part,
    )
