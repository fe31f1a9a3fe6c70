"""ChirpStack v4: HTTP and MQTT events as JSON.

Reference: https://www.chirpstack.io/docs/chirpstack/integrations/events.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.intake.decoded import Decoded
from dispatch.intake.lorawan import Uplink, decode_uplink
from dispatch.intake.reading import json_object, member, object_or_empty, text_or, zoned_moment

if TYPE_CHECKING:
    from dispatch.domain.signal import Payload


def decode(payload: Payload) -> Decoded:
    """Return the signals of one event; join, status, ack and log events have none.

    An event without `data` and `object` carries no measurement: proto3 JSON leaves out empty
    members, so an uplink without content looks like that too. Raises InvalidInput.
    """
    body = json_object(payload)
    info = member(body, "deviceInfo", dict)
    if "data" not in body and "object" not in body:
        return Decoded()
    return decode_uplink(_uplink(body, info), payload)


def _uplink(body: dict[str, object], info: dict[str, object]) -> Uplink:
    port = body.get("fPort")
    application = text_or(info, "applicationId", "") or text_or(info, "applicationName", "")
    return Uplink(
        source=f"chirpstack:{application}",
        device_id=member(info, "devEui", str),
        model=text_or(info, "deviceProfileName", ""),
        port=port if isinstance(port, int) else None,
        fields=object_or_empty(body, "object"),
        data=text_or(body, "data", ""),
        observed_at=zoned_moment(member(body, "time", str), subject="time"),
    )
