"""A small town for the use cases: one site of each kind, its sensors and what they send.

It is half past four on Wednesday 15 July 2026 in Bochum.
"""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from dispatch.domain.city import City
from dispatch.domain.clock import at_local
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import DeviceId, PartId, SiteId
from dispatch.domain.site import Container, Device, GlassBank, GlassColour, Pond, Site, YoungTree
from dispatch.intake.codecs.milesight import encode_em310_udl
from scenarios.crews import make_fleet
from scenarios.places import BOCHUM
from tests.helpers.payloads import a_payload, a_ttn_uplink

if TYPE_CHECKING:
    from dispatch.domain.signal import Payload
    from dispatch.domain.site import Asset

TODAY = date(2026, 7, 15)
NOW = at_local(TODAY, time(4, 30))
NIGHT = datetime(2026, 7, 14, 20, tzinfo=UTC)
"""The evening before, when most signals of these tests were observed."""

QUARTER = timedelta(minutes=15)
LID_SENSOR = "24E124713D210001"
"""The DevEUI of `a_ttn_uplink`."""

LOGGER = "900541"


def a_place(name: str, asset: Asset, *, lat: float = 51.48, lon: float = 7.21) -> Site:
    """Return a site in the middle of Bochum."""
    return Site(id=SiteId(name), name=f"Platz {name}", location=LatLon(lat, lon), asset=asset)


def a_sensor(name: str, site: str, *, model: str, **parts: Any) -> Device:
    """Return a sensor that hangs at its site since the spring."""
    return Device(
        **{
            "id": DeviceId(name),
            "model": model,
            "site_id": SiteId(site),
            "mounted_from": datetime(2026, 3, 1, tzinfo=UTC),
        }
        | parts
    )


def a_town(**parts: Any) -> City:
    """Return a glass site, a tree and a pond with sensors at glass and pond, and the demo's crews.

    The container is empty at 1700 mm and full at 300 mm.
    """
    white = Container(id=PartId("glas-1-w"), colour=GlassColour.WHITE, volume_l=3000)
    defaults: dict[str, Any] = {
        "name": "Bochum",
        "sites": (
            a_place("glas-1", GlassBank(containers=(white,))),
            a_place(
                "baum-0001",
                YoungTree(species="Winterlinde", planted=date(2025, 3, 1), girth_cm=20),
                lat=51.49,
            ),
            a_place("teich-1", Pond(), lon=7.23),
        ),
        "devices": (
            a_sensor(LID_SENSOR, "glas-1", model="em310-udl", part_id=white.id),
            a_sensor(LOGGER, "teich-1", model="aquatos"),
        ),
        "fleet": make_fleet(BOCHUM),
    }
    return City(**defaults | parts)


def an_uplink(
    distance_mm: int, *, at: datetime = NIGHT, tilted: bool = False, dev_eui: str = LID_SENSOR
) -> Payload:
    """Return what the sensor in the lid sends through The Things Stack: battery, distance, tilt."""
    frame = encode_em310_udl(battery_pct=90, distance_mm=distance_mm, tilted=tilted)
    body = a_ttn_uplink(
        frm_payload=base64.b64encode(frame).decode(),
        received_at=at.astimezone(UTC).isoformat(),
    )
    body["end_device_ids"]["dev_eui"] = dev_eui
    return a_payload(body, format_name="ttn", received_at=at)


def a_poll(*oxygen_mg_l: float, start: datetime = NIGHT) -> Payload:
    """Return one poll of the pond's logger: dissolved oxygen every quarter of an hour."""
    zone_of_logger = start.astimezone(UTC) + timedelta(hours=1)
    rows = [
        {f"{zone_of_logger + at * QUARTER:%Y-%m-%d %H:%M:%S}": value}
        for at, value in enumerate(oxygen_mg_l)
    ]
    answer = {"logger_id": LOGGER, "answer": {"DO": rows}}
    received_at = start + len(rows) * QUARTER
    return a_payload(answer, format_name="terratransfer", received_at=received_at)


def filling(*levels_pct: float, end: datetime = NIGHT, every_h: int = 8) -> list[Payload]:
    """Return the lid sensor's uplinks for these levels, the last one at `end`."""
    count = len(levels_pct)
    return [
        an_uplink(round(1700 - 14 * level), at=end - timedelta(hours=every_h * (count - 1 - place)))
        for place, level in enumerate(levels_pct)
    ]
