"""ChirpStack v4: HTTP and MQTT events as JSON.

Reference: https://www.chirpstack.io/docs/chirpstack/integrations/events.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.ids import digest
from dispatch.intake.decoded import Decoded, Delivery
from dispatch.intake.lorawan import Uplink, decode_uplink
from dispatch.intake.reading import json_object, member, object_or_empty, text_or, zoned_moment

if TYPE_CHECKING:
    from dispatch.domain.signal import Payload


def decode(payload: Payload) -> Decoded:
    """Return the signals of one event; join, ack and log events have none, a status the battery.

    An event without `data` and `object` carries no measurement: proto3 JSON leaves out empty
    members, so an uplink without content looks like that too. Raises InvalidInput.
    """
    body = json_object(payload)
    info = member(body, "deviceInfo", dict)
    if _is_battery_status(body):
        body["object"] = {"battery": body["batteryLevel"]}
    elif "data" not in body and "object" not in body:
        return Decoded()
    return decode_uplink(_uplink(body, info), payload)


def _is_battery_status(body: dict[str, object]) -> bool:
    """Tell whether this is a status event that knows the battery's level in percent.

    `batteryLevel` is left out at 0, which is also what a device on mains power sends.
    """
    unknown = body.get("externalPowerSource") or body.get("batteryLevelUnavailable")
    return "margin" in body and bool(body.get("batteryLevel")) and not unknown


def _uplink(body: dict[str, object], info: dict[str, object]) -> Uplink:
    port = body.get("fPort")
    observed_at = zoned_moment(member(body, "time", str), subject="time")
    own = text_or(body, "deduplicationId", "")
    application = text_or(info, "applicationId", "") or text_or(info, "applicationName", "")
    return Uplink(
        source=f"chirpstack:{application}",
        device_id=member(info, "devEui", str),
        model="" if _is_battery_status(body) else text_or(info, "deviceProfileName", ""),
        port=port if isinstance(port, int) else None,
        fields=object_or_empty(body, "object"),
        data=text_or(body, "data", ""),
        observed_at=observed_at,
        delivery=Delivery(key=digest("chirpstack", own), at=observed_at) if own else None,
    )
