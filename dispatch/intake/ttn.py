"""The Things Stack v3: webhook and MQTT uplinks as JSON.

Reference: https://www.thethingsindustries.com/docs/integrations/data-formats/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.intake.decoded import Decoded
from dispatch.intake.issues import issue
from dispatch.intake.lorawan import Uplink, decode_uplink
from dispatch.intake.reading import json_object, member, object_or_empty, text_or, zoned_moment

if TYPE_CHECKING:
    from dispatch.domain.signal import Payload


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
    port = message.get("f_port")
    application = text_or(object_or_empty(ids, "application_ids"), "application_id", "")
    return Uplink(
        source=f"ttn:{application}",
        device_id=device_id,
        model=text_or(object_or_empty(message, "version_ids"), "model_id", ""),
        port=port if isinstance(port, int) else None,
        fields=object_or_empty(message, "decoded_payload"),
        data=text_or(message, "frm_payload", ""),
        observed_at=zoned_moment(observed, subject="received_at"),
    )
