"""How fast signals become jobs: a million stored ones at once, and one new one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.domain.city import City
from dispatch.domain.clock import at_local, to_utc
from dispatch.domain.fleet import Fleet
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import DeviceId, PartId, SiteId
from dispatch.domain.signal import Payload, Signal, SignalKind, payload_of, signal_id
from dispatch.domain.site import (
    Container,
    Device,
    GlassBank,
    GlassColour,
    Pond,
    RatStation,
    Site,
    YoungTree,
)
from dispatch.service.make_jobs import JobsRequest, make_jobs
from dispatch.service.react import Reactor
from dispatch.store import open_store
from scenarios.bench.sheet import Sheet
from scenarios.bench.speed_payloads import next_payloads, watering_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.store import Store

DAY: Final = date(2026, 7, 15)
NOW: Final = at_local(DAY, time(4, 30))
DAYS: Final = 30
GOAL_ALL_S: Final = 60.0
GOAL_ONE_MS: Final = 5.0
ROUNDS: Final = 40
"""New signals timed for each kind of site, each at a site of its own if there are as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many sites of each kind there are; the default is the city's own count."""

    glass: int = 250
    trees: int = 160
    stations: int = 200
    ponds: int = 16
    uplink_h: float = 2.0
    """Hours between two uplinks of a glass sensor."""


def sheets(shared: Path | None, out: Path | None, size: Size | None = None) -> list[Sheet]:
    """Return both timings on this machine, in seconds of one core; needs neither folder."""
    del shared, out
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'speed.sqlite'}")
        city = speed_city(size or Size())
        count = fill(store, city, size or Size())
        found = [_all_at_once(store, count), _one_by_one(store, city)]
        store.close()
    return found


def _all_at_once(store: Store, count: int) -> Sheet:
    started = process_time()
    made = make_jobs(JobsRequest(now=NOW, day=DAY), store=store)
    seconds = process_time() - started
    started = process_time()
    make_jobs(JobsRequest(now=NOW, day=DAY), store=store)
    again = process_time() - started
    rows = (
        ("stored signals", f"{count:,}"),
        ("into jobs", f"{seconds:.1f} s"),
        ("jobs", f"{len(made.created)}"),
        ("a second time, nothing new", f"{again:.1f} s"),
    )
    # A smaller store is judged by what a million would take.
    reached = seconds * max(1.0, 1e6 / count) < GOAL_ALL_S
    goal = (f"a million signals into jobs in under {GOAL_ALL_S:.0f} s on one core", reached)
    return Sheet("Speed: all sites at once", ("What", "Amount"), rows, (goal,))


def _one_by_one(store: Store, city: City) -> Sheet:
    rows = []
    medians = []
    for label, payloads in next_payloads(city, now=NOW, rounds=ROUNDS):
        first, again = _timed_ms(store, payloads)
        medians.append(float(np.median(again)))
        rows.append(
            (
                label,
                f"{np.median(again):.1f} ms",
                f"{np.percentile(again, 95):.1f} ms",
                f"{np.median(first):.1f} ms",
            )
        )
    goal = (
        f"one new signal to job decision in under {GOAL_ONE_MS:.0f} ms (median, each kind)",
        max(medians) < GOAL_ONE_MS,
    )
    columns = ("One new payload of", "Median", "95 of 100 within", "Median of a site's first")
    return Sheet("Speed: one new signal to job decision", columns, tuple(rows), (goal,))


def _timed_ms(store: Store, payloads: list[list[Payload]]) -> tuple[list[float], list[float]]:
    """Return the times of the first payload at each site, and of those after it."""
    reactor = Reactor(store)
    first: list[float] = []
    again: list[float] = []
    for of_site in payloads:
        for place, payload in enumerate(of_site):
            request = JobsRequest(now=payload.received_at, day=DAY)
            started = process_time()
            reactor.react([payload], request)
            (again if place else first).append(1000 * (process_time() - started))
    return first, again


def speed_city(size: Size) -> City:
    """Return sites in a square of Bochum, each with its sensors."""
    sites = tuple(_sites(size))
    mounted = to_utc(NOW) - timedelta(days=400)
    devices = tuple(device for site in sites for device in _devices(site, mounted))
    fleet = Fleet(crews=(), vehicles=(), depots=(), facilities=(), patterns=())
    return City(name="Bochum", sites=sites, devices=devices, fleet=fleet)


def _sites(size: Size) -> Iterator[Site]:
    rng = np.random.default_rng(7)

    def site(name: str, asset: GlassBank | YoungTree | RatStation | Pond) -> Site:
        place = LatLon(51.43 + 0.1 * float(rng.random()), 7.13 + 0.15 * float(rng.random()))
        return Site(id=SiteId(name), name=name, location=place, asset=asset)

    for number in range(size.glass):
        containers = tuple(
            Container(id=PartId(f"glas-{number:04}-{colour}"), colour=colour, volume_l=2500)
            for colour in GlassColour
        )
        yield site(f"glas-{number:04}", GlassBank(containers=containers))
    for number in range(size.trees):
        tree = YoungTree(species="Winterlinde", planted=date(2024, 11, 5), girth_cm=20)
        yield site(f"baum-{number:04}", tree)
    for number in range(size.stations):
        checked = DAY - timedelta(days=int(rng.integers(2, 40)))
        yield site(
            f"ratte-{number:04}", RatStation(refill_after=6, bait_items=4, last_checked=checked)
        )
    for number in range(size.ponds):
        yield site(f"teich-{number:04}", Pond())


def _devices(site: Site, mounted: datetime) -> Iterator[Device]:
    model = {"glass": "em310-udl", "tree": "em500-smtc", "rat_station": "bait station"}
    parts = [c.id for c in site.asset.containers] if isinstance(site.asset, GlassBank) else [None]
    for part in parts:
        yield Device(
            id=DeviceId(f"{part or site.id}-s"),
            model=model.get(site.kind, "aquatos"),
            site_id=site.id,
            mounted_from=mounted,
            part_id=part,
        )


def fill(store: Store, city: City, size: Size) -> int:
    """Store the city and thirty days of its signals; return how many."""
    payload = payload_of(b"speed", format_name="ttn", received_at=NOW)
    count = 0
    with store.begin() as tx:
        tx.save_city(city)
        tx.add_payloads([payload, *watering_runs(city, now=NOW)])
        kinds = {site.id: site.kind.value for site in city.sites}
        for device in city.devices:
            signals = list(_signals(device, kinds[device.site_id], payload, size))
            tx.add_signals(signals)
            count += len(signals)
    return count


def _signals(device: Device, kind: str, payload: Payload, size: Size) -> Iterator[Signal]:
    rng = np.random.default_rng(list(device.id.encode()))
    hours = {"glass": size.uplink_h, "tree": 1.0, "rat_station": 6.0}.get(kind, 0.25)
    # A few sensors have fallen silent, so that every rule has something to find.
    silent_h = 72 if rng.random() < 0.02 else 0
    count = round(24 * DAYS / hours)
    ago_h = np.arange(count, 0, -1) * hours - hours * float(rng.random()) + silent_h
    for name, values in series_of(kind, ago_h, rng).items():
        for ago, value in zip(ago_h.tolist(), values.tolist(), strict=True):
            moment = (to_utc(NOW) - timedelta(hours=ago)).astimezone(UTC)
            yield Signal(
                id=signal_id("speed", device.id, name, moment),
                source="speed",
                device_id=device.id,
                kind=name,
                value=value,
                observed_at=moment,
                received_at=moment,
                payload_id=payload.id,
                site_id=device.site_id,
                part_id=device.part_id,
            )


Values = dict[SignalKind, "np.ndarray[tuple[int], np.dtype[np.float64]]"]


def series_of(kind: str, ago_h: np.ndarray, rng: np.random.Generator) -> Values:
    """Return the values of a device of that kind of site, as many hours ago."""
    noise = rng.normal(size=ago_h.size)
    battery = np.full(ago_h.size, 88.0)
    if kind == "glass":
        rate = rng.uniform(2, 9)
        level = (rng.uniform(0, 90) + rate * (ago_h[0] - ago_h) / 24) % 95
        level = np.clip(level + noise, 0, 100)
        return {SignalKind.FILL_LEVEL: level, SignalKind.BATTERY_LEVEL: battery}
    if kind == "tree":
        moisture = np.clip(22 + 6 * np.sin(ago_h / 60) + 0.2 * noise, 0, 100)
        return {SignalKind.SOIL_MOISTURE: moisture, SignalKind.BATTERY_LEVEL: battery}
    if kind == "rat_station":
        visits = np.floor(rng.uniform(0, 0.5) * (ago_h[0] - ago_h) / 24) % 12
        return {SignalKind.STATION_VISITS: visits, SignalKind.BATTERY_VOLTAGE: battery / 25}
    middle = rng.uniform(4, 9)
    oxygen = np.clip(middle - 4 * np.cos((ago_h - 21) * 2 * np.pi / 24) + 0.2 * noise, 0.05, 20)
    return {
        SignalKind.DISSOLVED_OXYGEN: oxygen,
        SignalKind.OXYGEN_SATURATION: np.clip(10 * oxygen, 0, 300),
        SignalKind.WATER_TEMPERATURE: 19 + np.sin(ago_h * 2 * np.pi / 24),
        SignalKind.WATER_LEVEL: 95 + 0.01 * noise,
        SignalKind.BATTERY_VOLTAGE: 3.9 + 0.01 * noise,
    }
