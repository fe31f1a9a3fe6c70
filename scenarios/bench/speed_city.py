"""A city whose sensors have sent for thirty days, for timing how signals become jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dispatch.store import Store

DAY: Final = date(2026, 7, 15)
NOW: Final = at_local(DAY, time(4, 30))
DAYS: Final = 30
NEW_DAYS: Final = 3
"""Days of signals at a site whose sensors are new."""

MODELS: Final = {"glass": "em310-udl", "tree": "em500-smtc", "rat_station": "bait station"}
HOURS: Final = {"tree": 1.0, "rat_station": 6.0, "pond": 0.25}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many sites of each kind there are; the default is the city's own count."""

    glass: int = 250
    trees: int = 160
    stations: int = 200
    ponds: int = 16
    uplink_h: float = 2.0
    """Hours between two uplinks of a glass sensor."""


Values = dict[SignalKind, "np.ndarray[tuple[int], np.dtype[np.float64]]"]


class Sent(NamedTuple):
    """What a device sends: how many hours before now (negative: after), and the values."""

    ago_h: NDArray[np.floating]
    values: Values


def is_new(site: Site) -> bool:
    """Tell whether a glass site's sensors were mounted a few days ago."""
    return isinstance(site.asset, GlassBank) and site.name.endswith("8")


def is_mixed(site: Site) -> bool:
    """Tell whether only one of a glass site's containers has a sensor."""
    return isinstance(site.asset, GlassBank) and site.name.endswith("9")


def is_low(site: Site) -> bool:
    """Tell whether a pond is short of oxygen every night."""
    return isinstance(site.asset, Pond) and site.name[-1] in "38"


def speed_city(size: Size) -> City:
    """Return sites in a square of Bochum, each with its sensors."""
    sites = tuple(_sites(size))
    devices = tuple(device for site in sites for device in _devices(site))
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


def _devices(site: Site) -> Iterator[Device]:
    containers = site.asset.containers if isinstance(site.asset, GlassBank) else ()
    parts: list[PartId | None] = [container.id for container in containers] or [None]
    for part in parts[:1] if is_mixed(site) else parts:
        yield Device(
            id=DeviceId(f"{part or site.id}-s"),
            model=MODELS.get(site.kind, "aquatos"),
            site_id=site.id,
            mounted_from=to_utc(NOW) - timedelta(days=NEW_DAYS if is_new(site) else 400),
            part_id=part,
        )


def fill(store: Store, city: City, size: Size, runs: list[Payload]) -> int:
    """Store the city, thirty days of its signals and the model's runs; return how many signals."""
    payload = payload_of(b"speed", format_name="ttn", received_at=NOW)
    count = 0
    with store.begin() as tx:
        tx.save_city(city)
        tx.add_payloads([payload, *runs])
        sites = {site.id: site for site in city.sites}
        for device in city.devices:
            signals = list(_signals(device, sites[device.site_id], payload, size))
            tx.add_signals(signals)
            count += len(signals)
        for site in filter(is_mixed, city.sites):
            reports = list(_reports(site, payload))
            tx.add_signals(reports)
            count += len(reports)
    return count


def _signals(device: Device, site: Site, payload: Payload, size: Size) -> Iterator[Signal]:
    sent = sent_by(device, site, size)
    past = (sent.ago_h >= 0) & (sent.ago_h <= (24 * NEW_DAYS if is_new(site) else np.inf))
    for name, values in sent.values.items():
        for ago, value in zip(sent.ago_h[past].tolist(), values[past].tolist(), strict=True):
            moment = (to_utc(NOW) - timedelta(hours=ago)).astimezone(UTC)
            yield _signal(device, name, value, moment, payload)


def _reports(site: Site, payload: Payload) -> Iterator[Signal]:
    """Yield what crews reported for a year of the containers without a sensor, every fortnight."""
    assert isinstance(site.asset, GlassBank)  # noqa: S101  # only such sites are mixed
    rng = np.random.default_rng(list(site.id.encode()))
    for container in site.asset.containers[1:]:
        crew = Device(
            id=DeviceId(f"{container.id}-k"),
            model="crew",
            site_id=site.id,
            mounted_from=NOW,
            part_id=container.id,
        )
        for ago in range(3, 360, 14):
            moment = to_utc(NOW) - timedelta(days=ago)
            yield _signal(crew, SignalKind.EMPTIED, 1.0, moment, payload)
            found = float(rng.integers(40, 90))
            yield _signal(crew, SignalKind.FOUND_LEVEL, found, moment, payload)


def _signal(
    device: Device, kind: SignalKind, value: float, moment: datetime, payload: Payload
) -> Signal:
    return Signal(
        id=signal_id("speed", device.id, kind, moment),
        source="speed",
        device_id=device.id,
        kind=kind,
        value=value,
        observed_at=moment,
        received_at=moment,
        payload_id=payload.id,
        site_id=device.site_id,
        part_id=device.part_id,
    )


def sent_by(device: Device, site: Site, size: Size) -> Sent:
    """Return what a device has sent for thirty days, and what it will send in the next one."""
    rng = np.random.default_rng(list(device.id.encode()))
    hours = HOURS.get(site.kind, size.uplink_h)
    # A few sensors have fallen silent, so that every rule has something to find.
    silent_h = 72 if rng.random() < 0.02 else 0
    offset = hours * float(rng.random())
    ago_h = np.arange(round(24 * DAYS / hours), round(-24 / hours), -1) * hours - offset
    values = series_of(site, ago_h, rng)
    heard = (ago_h >= silent_h) | (ago_h < 0 if not silent_h else False)
    return Sent(ago_h[heard], {kind: found[heard] for kind, found in values.items()})


def series_of(site: Site, ago_h: np.ndarray, rng: np.random.Generator) -> Values:
    """Return the values of a device of that kind of site, as many hours ago."""
    noise = rng.normal(size=ago_h.size)
    battery = np.full(ago_h.size, 88.0)
    if site.kind == "glass":
        rate = rng.uniform(2, 9)
        level = (rng.uniform(0, 90) + rate * (ago_h[0] - ago_h) / 24) % 95
        level = np.clip(level + noise, 0, 100)
        return {SignalKind.FILL_LEVEL: level, SignalKind.BATTERY_LEVEL: battery}
    if site.kind == "tree":
        moisture = np.clip(22 + 6 * np.sin(ago_h / 60) + 0.2 * noise, 0, 100)
        return {SignalKind.SOIL_MOISTURE: moisture, SignalKind.BATTERY_LEVEL: battery}
    if site.kind == "rat_station":
        visits = np.floor(rng.uniform(0, 0.5) * (ago_h[0] - ago_h) / 24) % 12
        return {SignalKind.STATION_VISITS: visits, SignalKind.BATTERY_VOLTAGE: battery / 25}
    middle = 5.0 if is_low(site) else rng.uniform(8, 10)
    # Lowest at about five in the morning.
    oxygen = np.clip(middle - 4 * np.cos(ago_h * 2 * np.pi / 24) + 0.2 * noise, 0.05, 20)
    return {
        SignalKind.DISSOLVED_OXYGEN: oxygen,
        SignalKind.OXYGEN_SATURATION: np.clip(10 * oxygen, 0, 300),
        SignalKind.WATER_TEMPERATURE: 19 + np.sin(ago_h * 2 * np.pi / 24),
        SignalKind.WATER_LEVEL: 95 + 0.01 * noise,
        SignalKind.BATTERY_VOLTAGE: 3.9 + 0.01 * noise,
    }
