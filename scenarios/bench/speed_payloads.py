"""What a sensor of each kind sends next, for timing one new signal."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dispatch.domain.clock import to_utc
from dispatch.domain.signal import payload_of
from dispatch.domain.site import SiteKind
from dispatch.intake.terratransfer import wrap_answer

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.domain.city import City
    from dispatch.domain.ids import SiteId
    from dispatch.domain.signal import Payload
    from dispatch.domain.site import Device

A_SITE: Final = 4
"""Payloads of one site; the first finds nothing of it in memory."""

LABELS: Final = {
    SiteKind.GLASS: "a glass container",
    SiteKind.TREE: "a young tree",
    SiteKind.RAT_STATION: "a bait station",
    SiteKind.POND: "a pond",
}
_OBJECTS: Final[dict[SiteKind, dict[str, object]]] = {
    SiteKind.GLASS: {"distance": 900, "position": "normal", "battery": 88},
    SiteKind.TREE: {"moisture": 21.5, "temperature": 17.5, "battery": 88},
    SiteKind.RAT_STATION: {"visits": 7, "battery": 3.4},
}


def next_payloads(
    city: City, *, now: datetime, rounds: int
) -> list[tuple[str, list[list[Payload]]]]:
    """Return, for each kind of site, the payloads at each of its sites, in the order of time."""
    kinds = {site.id: site.kind for site in city.sites}
    found = []
    for kind, label in LABELS.items():
        devices = [d for d in city.devices if kinds[d.site_id] is kind]
        chosen = list({device.site_id: device for device in devices}.values())
        of_sites = [
            [_payload(device, kind, to_utc(now), place) for place in range(A_SITE)]
            for device in chosen[: max(1, rounds // (A_SITE - 1))]
        ]
        found.append((label, of_sites))
    return found


def _payload(device: Device, kind: SiteKind, now: datetime, place: int) -> Payload:
    at = now + timedelta(minutes=15 * place)
    if kind is SiteKind.POND:
        # The loggers' clocks stand an hour ahead of UTC all year.
        moment = f"{at + timedelta(hours=1):%Y-%m-%d %H:%M:%S}"
        values = {"DO": 6.1 + place / 10, "WTemp": 19.5, "PEGEL": 95.02}
        answer = {name: [{moment: value}] for name, value in values.items()}
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
        "object": _OBJECTS[kind],
    }
    return payload_of(json.dumps(event).encode(), format_name="chirpstack", received_at=at)


def watering_runs(city: City, *, now: datetime) -> list[Payload]:
    """Return a run of the irrigation model for each of ten days, with a need for each tree."""
    trees = [site.id for site in city.sites if site.kind is SiteKind.TREE]
    return [_run(trees, to_utc(now) - timedelta(days=days)) for days in range(10)]


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
