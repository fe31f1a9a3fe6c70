"""What goes wrong every day: resent, broken and strange payloads, and sensors that lie."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from dispatch.domain.clock import to_utc
from dispatch.domain.signal import Payload, payload_of
from dispatch.intake.codecs.milesight import encode_em310_udl
from scenarios.feeds.envelopes import LOGGER_ZONE, Uplink, things_stack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dispatch.domain.site import Device
    from scenarios.feeds.clockwork import FeedPeriod

RESENT_SHARE = 0.007
"""Share of messages delivered twice, as in the city's published pond files."""
SILENT_FOR = timedelta(days=4)
ZERO_FOR = timedelta(hours=20)


def resend_some(payloads: Iterable[Payload], period: FeedPeriod) -> Iterator[Payload]:
    """Yield the payloads, a few of them twice."""
    rng = period.rng("resent")
    for payload in payloads:
        yield payload
        if rng.random() < RESENT_SHARE:
            yield payload


def silent_devices(devices: Iterable[Device], period: FeedPeriod, *, share: float) -> set[str]:
    """Return the devices whose battery died four days ago."""
    rng = period.rng("silent")
    return {device.id for device in devices if rng.random() < share}


def is_heard(payload_at: datetime, device: Device, silent: set[str], period: FeedPeriod) -> bool:
    """Tell whether something sent then by this device still arrives."""
    return device.id not in silent or payload_at < to_utc(period.now) - SILENT_FOR


def with_probe_faults(payload: Payload, *, stuck_logger: str, period: FeedPeriod) -> Payload:
    """Return a pond payload with its probe's faults: a 9999 spike; on one logger a dead probe."""
    body = json.loads(payload.body)
    rows = body["answer"].get("DO")
    if not rows:
        return payload
    rng = period.rng(body["logger_id"], payload.received_at.isoformat())
    if rng.random() < 0.05:
        place = int(rng.integers(0, len(rows)))
        rows[place] = dict.fromkeys(rows[place], 9999)
    if body["logger_id"] == stuck_logger:
        dead_since = (to_utc(period.now) - ZERO_FOR).astimezone(LOGGER_ZONE)
        body["answer"]["DO"] = [_dead(row, f"{dead_since:%Y-%m-%d %H:%M:%S}") for row in rows]
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return payload_of(raw, format_name=payload.format, received_at=payload.received_at)


def _dead(row: dict[str, float], since: str) -> dict[str, float]:
    return {at: (0.0 if at >= since else value) for at, value in row.items()}


def strangers(period: FeedPeriod) -> Iterator[Payload]:
    """Yield what no decoder can use: cut JSON, an unknown device, a join, a time without zone."""
    at = to_utc(period.now) - timedelta(hours=5)
    unknown = things_stack(
        Uplink(
            dev_eui="24E124FFFFFFFFFF",
            name="glas-neu",
            application="usb-glas",
            model="em310-udl",
            port=85,
            count=1,
            sent_at=at,
            frame=encode_em310_udl(battery_pct=100, distance_mm=900, tilted=False),
        )
    )
    yield unknown
    yield payload_of(unknown.body[:200], format_name="ttn", received_at=at)
    yield payload_of(
        unknown.body.replace(f"{at:%Y-%m-%dT%H:%M:%S}.000Z".encode(), b"2026-07-14T05:12:33"),
        format_name="ttn",
        received_at=at,
    )
    join = {
        "end_device_ids": {"device_id": "glas-neu", "dev_eui": "24E124FFFFFFFFFF"},
        "received_at": at.isoformat(),
        "join_accept": {"session_key_id": "AXBSH1Pk6Z0G166RlH16CQ=="},
    }
    yield payload_of(json.dumps(join).encode(), format_name="ttn", received_at=at)


def tilted_from(device: Device, devices: Iterable[Device], period: FeedPeriod) -> datetime | None:
    """Return since when the sensor lies askew: two days ago for the eighth container, else None."""
    containers = (other.id for other in devices if other.part_id is not None)
    eighth = next(islice(containers, 7, None), None)
    return to_utc(period.now) - timedelta(days=2) if device.id == eighth else None
