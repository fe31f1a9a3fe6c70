"""The envelopes in which network servers and web services deliver what a sensor sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from dispatch.domain.ids import digest
from dispatch.domain.signal import Payload, payload_of

LOGGER_ZONE = timezone(timedelta(hours=1))
"""The pond loggers keep UTC+1 all year and write no zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uplink:
    """One LoRaWAN transmission before a network server wraps it."""

    dev_eui: str
    name: str
    application: str
    model: str
    port: int
    count: int
    sent_at: datetime
    frame: bytes = b""
    decoded: Mapping[str, object] | None = None


def things_stack(uplink: Uplink) -> Payload:
    """Return a webhook of The Things Stack v3; a count of zero is left out, as proto3 does."""
    message: dict[str, object] = {
        "session_key_id": "AAAA",
        "f_port": uplink.port,
        "frm_payload": base64.b64encode(uplink.frame).decode(),
        "rx_metadata": [{"gateway_ids": {"gateway_id": "bochum-rathaus"}, "rssi": -97, "snr": 7.2}],
        "received_at": _zulu(uplink.sent_at),
        "version_ids": {"brand_id": "milesight-iot", "model_id": uplink.model},
        "network_ids": {"net_id": "000013", "tenant_id": "ttn", "cluster_id": "eu1"},
    }
    if uplink.count:
        message["f_cnt"] = uplink.count
    body = {
        "end_device_ids": {
            "device_id": uplink.name,
            "application_ids": {"application_id": uplink.application},
            "dev_eui": uplink.dev_eui,
        },
        "received_at": _zulu(uplink.sent_at),
        "uplink_message": message,
    }
    return _payload("ttn", body, uplink.sent_at)


def chirpstack(uplink: Uplink) -> Payload:
    """Return an uplink event of ChirpStack v4; `object` only when the profile has a codec."""
    body: dict[str, object] = {
        "deduplicationId": digest(uplink.dev_eui, str(uplink.count), _zulu(uplink.sent_at)),
        "time": uplink.sent_at.astimezone(UTC).isoformat(),
        "deviceInfo": {
            "tenantName": "Stadtwerke",
            "applicationName": uplink.application,
            "deviceProfileName": uplink.model,
            "deviceName": uplink.name,
            "devEui": uplink.dev_eui.lower(),
        },
        "fCnt": uplink.count,
        "fPort": uplink.port,
        "rxInfo": [{"gatewayId": "0016c001f153a14c", "rssi": -97, "snr": 7.2}],
    }
    if uplink.frame:
        body["data"] = base64.b64encode(uplink.frame).decode()
    if uplink.decoded is not None:
        body["object"] = dict(uplink.decoded)
    return _payload("chirpstack", body, uplink.sent_at)


def terratransfer(
    logger: str, readings: Mapping[str, Sequence[tuple[datetime, float]]], *, polled_at: datetime
) -> Payload:
    """Return what polling one logger's web API brings: an object of arrays of one-key objects."""
    answer = {
        key: [
            {observed.astimezone(LOGGER_ZONE).strftime("%Y-%m-%d %H:%M:%S"): value}
            for observed, value in rows
        ]
        for key, rows in readings.items()
    }
    return _payload("terratransfer", {"logger_id": logger, "answer": answer}, polled_at)


def _zulu(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _payload(format_name: str, body: object, received_at: datetime) -> Payload:
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return payload_of(raw, format_name=format_name, received_at=received_at)
