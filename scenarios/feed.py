"""Everything the sensors of a city have sent in the last days, as payload bytes in time order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.domain.site import Container, Device, GlassBank, Site, SiteKind
from scenarios.feeds.faults import (
    is_heard,
    resend_some,
    silent_devices,
    strangers,
    tilted_from,
    with_probe_faults,
)
from scenarios.feeds.glass import container_payloads
from scenarios.feeds.ponds import WITHOUT_OXYGEN, logger_payloads
from scenarios.feeds.stations import station_payloads
from scenarios.feeds.trees import need_payloads, soil_payloads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dispatch.domain.city import City
    from dispatch.domain.signal import Payload
    from scenarios.feeds.clockwork import FeedPeriod

SILENT_SHARE = 0.006


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Look-ups into a city's register."""

    sites: dict[str, Site]
    containers: dict[str, Container]


def feed(city: City, period: FeedPeriod, *, external_model: bool = True) -> list[Payload]:
    """Return all payloads up to now, ordered by their time of receipt.

    Same city, period and seed: same bytes. Without `external_model` nobody sends watering needs.
    """
    trees = [site for site in city.sites if site.kind is SiteKind.TREE and external_model]
    sent = [
        *resend_some(_device_payloads(city, period), period),
        *(need_payloads(trees, period) if external_model else ()),
        *strangers(period),
    ]
    return sorted(sent, key=lambda payload: (payload.received_at, payload.id))


def _device_payloads(city: City, period: FeedPeriod) -> Iterator[Payload]:
    register = _register(city)
    silent = silent_devices(city.devices, period, share=SILENT_SHARE)
    stuck_logger = next(
        (d.id for d in city.devices if d.model == "aquatos" and d.id not in WITHOUT_OXYGEN), ""
    )
    for device in city.devices:
        askew = tilted_from(device, city.devices, period)
        for payload in _sent_by(device, register, period, askew):
            if not is_heard(payload.received_at, device, silent, period):
                continue
            if payload.format == "terratransfer":
                yield with_probe_faults(payload, stuck_logger=stuck_logger, period=period)
            else:
                yield payload


def _sent_by(
    device: Device, register: Register, period: FeedPeriod, askew: datetime | None
) -> Iterator[Payload]:
    match register.sites[device.site_id].kind:
        case SiteKind.GLASS:
            container = register.containers[device.part_id or ""]
            return container_payloads(device, container, period, tilted_from=askew)
        case SiteKind.TREE:
            return soil_payloads(device, period)
        case SiteKind.RAT_STATION:
            return station_payloads(device, period)
        case SiteKind.POND:
            return logger_payloads(device, period)
        case SiteKind.PLACE:
            return iter(())


def _register(city: City) -> Register:
    return Register(
        sites={site.id: site for site in city.sites},
        containers={
            container.id: container
            for site in city.sites
            if isinstance(site.asset, GlassBank)
            for container in site.asset.containers
        },
    )
