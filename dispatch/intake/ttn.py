"""The Things Stack v3: webhook and MQTT uplinks as JSON.

Reference: https://www.thethingsindustries.com/docs/integrations/data-formats/
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from dispatch.domain.ids import digest
from dispatch.intake.decoded import Decoded, Delivery
from dispatch.intake.issues import issue
from dispatch.intake.lorawan import Uplink, decode_uplink
from dispatch.intake.reading import json_object, member, object_or_empty, text_or, zoned_moment

if TYPE_CHECKING:
    from dispatch.domain.signal import Payload

REPEATS_WITHIN: Final = timedelta(days=1)
"""How long the same counter in the same session means the same uplink.

Retries and a second server's copy come within hours. Not for ever: a device activated by
personalisation keeps its session for life and, where its counter may be reset, begins at 0 again.
"""


def decode(payload: Payload) -> Decoded:
    """Return the signals of one message; joins, acknowledgements and the like have none.

    The device is its DevEUI, or its device id where the DevEUI is missing. The time is the
    network server's `uplink_message.received_at`. Raises InvalidInput.
    """
    body = json_object(payload)
    ids = member(body, "end_device_ids", dict)
    if "uplink_message" not in body:
        return Decoded()
    device_id = text_or(ids, "dev_eui", "") or member(ids, "device_id", str)
    if body.get("simulated") is True:
        return Decoded(issues=(issue("I115", device_id, "a simulated uplink"),))
    return decode_uplink(_uplink(body, ids, device_id), payload)


def _uplink(body: dict[str, object], ids: dict[str, object], device_id: str) -> Uplink:
    message = member(body, "uplink_message", dict)
    # Older stacks leave the inner time out; the outer one is the application server's.
    observed = text_or(message, "received_at", "") or member(body, "received_at", str)
    observed_at = zoned_moment(observed, subject="received_at")
    port = message.get("f_port")
    application = text_or(object_or_empty(ids, "application_ids"), "application_id", "")
    return Uplink(
        source=f"ttn:{application}",
        device_id=device_id,
        model=text_or(object_or_empty(message, "version_ids"), "model_id", ""),
        port=port if isinstance(port, int) else None,
        fields=object_or_empty(message, "decoded_payload"),
        data=text_or(message, "frm_payload", ""),
        observed_at=observed_at,
        delivery=_delivery(message, device_id, observed_at),
    )


def _delivery(message: dict[str, object], device_id: str, observed_at: datetime) -> Delivery | None:
    """Return the key of an uplink: device, session, counter (0 is left out) and bytes."""
    session = text_or(message, "session_key_id", "")
    if not session:
        return None
    count = str(message.get("f_cnt", 0))
    raw = text_or(message, "frm_payload", "")
    return Delivery(
        key=digest("ttn", device_id.casefold(), session, count, raw),
        at=observed_at,
        lasts=REPEATS_WITHIN,
    )
