"""What the sensors send during the next day, for timing one new signal."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

from dispatch.domain.clock import to_utc
from dispatch.domain.signal import SignalKind, payload_of
from dispatch.domain.site import Container, GlassBank, Site, SiteKind
from dispatch.intake.terratransfer import wrap_answer
from scenarios.bench.speed_city import NOW, Size, is_low, is_mixed, is_new, sent_by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from dispatch.domain.city import City
    from dispatch.domain.ids import SiteId
    from dispatch.domain.signal import Payload
    from dispatch.domain.site import Device

Values = dict[SignalKind, float]

CASES: Final[Mapping[str, Callable[[Site], bool]]] = {
    "a glass container": lambda s: s.kind is SiteKind.GLASS and not is_new(s) and not is_mixed(s),
    "one with a new sensor": is_new,
    "one beside two without": is_mixed,
    "a young tree": lambda s: s.kind is SiteKind.TREE,
    "a bait station": lambda s: s.kind is SiteKind.RAT_STATION,
    "a pond": lambda s: s.kind is SiteKind.POND and not is_low(s),
    "a pond low at night": is_low,
}
"""Sites whose signals cost different work."""


def next_payloads(
    city: City, *, size: Size, payloads: int
) -> list[tuple[str, list[list[Payload]]]]:
    """Return, for each case, a day's payloads of each of some sites, in the order of time.

    There are as many sites as bring about so many `payloads`, if the city has them.
    """
    devices: dict[SiteId, list[Device]] = {}
    for device in city.devices:
        devices.setdefault(device.site_id, []).append(device)
    found = []
    for label, fits in CASES.items():
        here = (_of_site(site, devices[site.id], size) for site in filter(fits, city.sites))
        sites = (sent for sent in here if sent)
        chosen: list[list[Payload]] = []
        while sum(map(len, chosen)) < payloads and (more := list(islice(sites, 1))):
            chosen += more
        found.append((label, chosen))
    return found


def _of_site(site: Site, devices: list[Device], size: Size) -> list[Payload]:
    found: list[Payload] = []
    for device in devices:
        ago_h, series = sent_by(device, site, size)
        for at in (ago_h < 0).nonzero()[0].tolist():
            values = {kind: float(numbers[at]) for kind, numbers in series.items()}
            moment = to_utc(NOW) - timedelta(hours=float(ago_h[at]))
            found.append(_payload(site, device, values, moment))
    return sorted(found, key=lambda payload: payload.received_at)


def _payload(site: Site, device: Device, values: Values, at: datetime) -> Payload:
    if site.kind is SiteKind.POND:
        # The loggers' clocks stand an hour ahead of UTC all year, and know whole seconds.
        moment = f"{at + timedelta(hours=1):%Y-%m-%d %H:%M:%S}"
        answer = {
            "DO": [{moment: values[SignalKind.DISSOLVED_OXYGEN]}],
            "WTemp": [{moment: values[SignalKind.WATER_TEMPERATURE]}],
            "PEGEL": [{moment: values[SignalKind.WATER_LEVEL]}],
        }
        body = wrap_answer(json.dumps(answer).encode(), logger_id=device.id)
        return payload_of(body, format_name="terratransfer", received_at=at)
    event = {
        "deduplicationId": f"{device.id} {at.isoformat()}",
        "time": at.isoformat(),
        "deviceInfo": {
            "applicationId": "speed",
            "deviceProfileName": device.model,
            "devEui": device.id,
        },
        "object": _object(site, device, values),
    }
    return payload_of(json.dumps(event).encode(), format_name="chirpstack", received_at=at)


def _object(site: Site, device: Device, values: Values) -> dict[str, object]:
    if site.kind is SiteKind.GLASS:
        distance = _distance_mm(site, device, values[SignalKind.FILL_LEVEL])
        return {"distance": distance, "position": "normal", "battery": 88}
    if site.kind is SiteKind.TREE:
        moisture = round(values[SignalKind.SOIL_MOISTURE], 1)
        return {"moisture": moisture, "temperature": 17.5, "battery": 88}
    return {"visits": int(values[SignalKind.STATION_VISITS]), "battery": 3.5}


def _distance_mm(site: Site, device: Device, level_pct: float) -> int:
    assert isinstance(site.asset, GlassBank)  # noqa: S101  # what the caller asked for
    container: Container = next(c for c in site.asset.containers if c.id == device.part_id)
    return round(container.empty_mm - (container.empty_mm - container.full_mm) * level_pct / 100)


def watering_runs(city: City) -> list[Payload]:
    """Return a run of the irrigation model for each of ten days, with a need for each tree."""
    trees = [site.id for site in city.sites if site.kind is SiteKind.TREE]
    return [_run(trees, to_utc(NOW) - timedelta(days=days)) for days in range(10)]


def _run(trees: list[SiteId], at: datetime) -> Payload:
    body = {
        "schema": "watering-need/1",
        "model": {"name": "speed", "run_id": at.isoformat()},
        "needs": [
            {
                "site_id": tree,
                "litres": 100,
                "litres_min": 75,
                "earliest": at.date().isoformat(),
                "latest": (at.date() + timedelta(days=3)).isoformat(),
                "stress_at_latest": 0.5,
                "confidence": 0.7,
                "reason": "Wurzelraum trocken: 31 mm fehlen",
            }
            for tree in trees
        ],
    }
    return payload_of(json.dumps(body).encode(), format_name="watering-need", received_at=at)
