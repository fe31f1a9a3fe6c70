"""What The Things Stack and ChirpStack have in common: an uplink becomes signals."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dispatch.domain.errors import Issue
from dispatch.domain.ids import DeviceId
from dispatch.domain.signal import Payload, Signal, SignalKind, signal_id
from dispatch.intake.codecs.codec import Frame
from dispatch.intake.codecs.table import codec_for
from dispatch.intake.decoded import Decoded, Delivery
from dispatch.intake.fields import values_of
from dispatch.intake.issues import issue, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Uplink:
    """One message of one device as its network server hands it on.

    `fields` is what the server's codec made of it (empty without one), `data` the bytes in
    base64, `model` whatever names the device's model, `port` None when it was not sent.
    `delivery` is the server's own key of the uplink, None without one.
    """

    source: str
    device_id: str
    model: str
    port: int | None
    fields: Mapping[str, object]
    data: str
    observed_at: datetime
    delivery: Delivery | None = None


def decode_uplink(uplink: Uplink, payload: Payload) -> Decoded:
    """Return the signals of an uplink; the server's decoded fields win over the bytes."""
    frame = Frame(fields=uplink.fields) if uplink.fields else _frame(uplink)
    faults = [issue("I106", name, cause) for name, cause in frame.faults]
    faults += [issue("I110", uplink.device_id, cause) for cause in frame.unread]
    if not frame.fields:
        return Decoded(issues=tuple(faults))
    return _decoded(values_of(frame.fields, model=uplink.model), uplink, payload, faults)


def _frame(uplink: Uplink) -> Frame:
    raw = _bytes(uplink)
    if not raw:
        return Frame(fields={})
    codec = codec_for(uplink.model)
    if codec is None:
        cause = f"bytes without decoded fields, and no codec for {uplink.model or 'this model'!r}"
        raise refusal("I108", uplink.device_id, cause)
    if codec.port is not None and uplink.port != codec.port:
        return Frame(fields={})
    try:
        return codec.decode(raw)
    except ValueError as error:
        raise refusal("I109", uplink.device_id, str(error)) from None


def _bytes(uplink: Uplink) -> bytes:
    try:
        return base64.b64decode(uplink.data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise refusal("I107", uplink.device_id, f"not base64 ({error})") from None


def _decoded(
    values: Iterable[tuple[SignalKind, float] | Issue],
    uplink: Uplink,
    payload: Payload,
    faults: list[Issue],
) -> Decoded:
    signals: dict[SignalKind, Signal] = {}
    for value in values:
        if isinstance(value, Issue):
            faults.append(value)
        else:
            # Two names of the same kind in one uplink are the same observation; the first counts.
            signals.setdefault(value[0], _signal(*value, uplink, payload))
    return Decoded(
        signals=tuple(signals.values()),
        issues=tuple(faults),
        delivery=uplink.delivery if signals else None,
    )


def _signal(kind: SignalKind, value: float, uplink: Uplink, payload: Payload) -> Signal:
    return Signal(
        id=signal_id(uplink.source, uplink.device_id, kind, uplink.observed_at),
        source=uplink.source,
        device_id=DeviceId(uplink.device_id),
        kind=kind,
        value=value,
        observed_at=uplink.observed_at,
        received_at=payload.received_at,
        payload_id=payload.id,
    )
