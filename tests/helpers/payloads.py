"""Payloads as sensors and servers send them; a test states only what it is about."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dispatch.domain.signal import payload_of

if TYPE_CHECKING:
    from dispatch.domain.signal import Payload, Signal

RECEIVED = datetime(2026, 7, 14, 6, tzinfo=UTC)
EM310_BYTES = bytes.fromhex("01755C03824408040001")
"""92 % battery, 2116 mm, tilted: the example of Milesight's own README."""


def a_payload(body: object, *, format_name: str, received_at: datetime = RECEIVED) -> Payload:
    """Return the payload of a text, of bytes, or of anything JSON can say."""
    if isinstance(body, str):
        body = body.encode()
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return payload_of(raw, format_name=format_name, received_at=received_at)


def a_ttn_uplink(**message: Any) -> dict[str, Any]:
    """Return a message of The Things Stack; `message` replaces members, None leaves them out."""
    members: dict[str, Any] = {
        "f_port": 85,
        "f_cnt": 412,
        "frm_payload": base64.b64encode(EM310_BYTES).decode(),
        "version_ids": {"brand_id": "milesight-iot", "model_id": "em310-udl"},
        "received_at": "2026-07-14T05:12:33.481Z",
    } | message
    return {
        "end_device_ids": {
            "device_id": "glas-0001",
            "application_ids": {"application_id": "usb-glas"},
            "dev_eui": "24E124713D210001",
        },
        "received_at": "2026-07-14T05:12:33.690Z",
        "uplink_message": {k: v for k, v in members.items() if v is not None},
    }


def a_chirpstack_event(profile: str, **members: Any) -> dict[str, Any]:
    """Return an event of ChirpStack v4 from a device of that profile."""
    return {
        "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
        "time": "2026-07-14T05:12:33.775023242+00:00",
        "deviceInfo": {
            "applicationId": "17c82e96-be03-4f38-aef3-f83d48582d97",
            "deviceProfileName": profile,
            "devEui": "24e124713d210002",
        },
        **members,
    }


def a_need(**members: Any) -> dict[str, Any]:
    """Return one need of the irrigation model."""
    return {
        "site_id": "baum-0001",
        "litres": 100,
        "litres_min": 75,
        "earliest": "2026-07-14",
        "latest": "2026-07-17",
        "stress_at_latest": 0.8,
        "confidence": 0.72,
        "reason": "Wurzelraum trocken: 31 mm fehlen",
    } | members


def a_run(*needs: object, **members: Any) -> dict[str, Any]:
    """Return a run of the irrigation model."""
    model = {"name": "bochum-irrigation", "run_id": "2026-07-14T04:00:00+02:00"}
    return {"schema": "watering-need/1", "model": model, "needs": list(needs)} | members


def values(signals: tuple[Signal, ...]) -> dict[str, float]:
    """Return kind -> value."""
    return {str(signal.kind): signal.value for signal in signals}
