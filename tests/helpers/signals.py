"""Signals and series of signals; a test states only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from dispatch.domain.ids import DeviceId, PayloadId
from dispatch.domain.signal import Signal, SignalKind, signal_id

if TYPE_CHECKING:
    from collections.abc import Iterable

START = datetime(2026, 7, 13, tzinfo=UTC)


def a_signal(kind: SignalKind, value: float, **parts: Any) -> Signal:
    """Return a good signal of device "sensor-1" at START."""
    device = parts.get("device_id", "sensor-1")
    moment = parts.get("observed_at", START)
    defaults: dict[str, Any] = {
        "id": signal_id("test", device, kind, moment),
        "source": "test",
        "device_id": DeviceId(device),
        "kind": kind,
        "value": value,
        "observed_at": moment,
        "received_at": moment,
        "payload_id": PayloadId("payload-1"),
    }
    return Signal(**defaults | parts)


def a_series(
    kind: SignalKind,
    values: Iterable[float],
    *,
    start: datetime = START,
    every: timedelta = timedelta(minutes=15),
    **parts: Any,
) -> tuple[Signal, ...]:
    """Return one signal per value, evenly spaced."""
    return tuple(
        a_signal(kind, value, observed_at=start + at * every, **parts)
        for at, value in enumerate(values)
    )
