"""CloudEvents 1.0: an envelope around a payload of another format.

Structured mode is the JSON as received; binary mode is our envelope with the HTTP headers.
Reference: https://github.com/cloudevents/spec, bindings/http-protocol-binding.md.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispatch.domain.ids import digest
from dispatch.domain.signal import Payload
from dispatch.intake.decoded import Delivery
from dispatch.intake.issues import refusal
from dispatch.intake.reading import json_object, member, text_or, zoned_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN_TYPES: Final = "de.bochum.dispatch."
PAYLOAD_TYPES: Final = "de.bochum.dispatch.payload."
"""`de.bochum.dispatch.payload.ngsi-ld.v1` carries a payload of the format `ngsi-ld`."""

FORMAT_ATTRIBUTE: Final = "payloadformat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What was in the envelope, with the envelope's payload id, and the sender's own key."""

    inner: Payload
    delivery: Delivery


def wrap_binary(headers: Mapping[str, str], body: bytes) -> bytes:
    """Return the payload body for an event in binary mode: its headers beside its bytes."""
    kept = {name.casefold(): value for name, value in headers.items()}
    content = base64.b64encode(body).decode()
    return json.dumps({"headers": kept, "body_base64": content}, ensure_ascii=False).encode()


def unwrap(payload: Payload) -> Event:
    """Return the payload inside an event.

    The format of its data is named by the attribute `payloadformat` or by one of our own types.
    Raises InvalidInput: I102, I107, I123 for data of an unknown format, I124 for our own reports.
    """
    body = json_object(payload)
    attributes = _binary(body) if "headers" in body else body
    if not text_or(attributes, "specversion", "").startswith("1."):
        found = attributes.get("specversion")
        raise refusal("I102", "specversion", f"is {found!r}, wanted 1.0")
    key = digest("cloudevents", member(attributes, "source", str), member(attributes, "id", str))
    at = text_or(attributes, "time", "")
    moment = zoned_moment(at, subject="time") if at else payload.received_at
    return Event(
        inner=Payload(
            id=payload.id,
            format=_format(attributes),
            received_at=payload.received_at,
            body=_data(attributes),
        ),
        delivery=Delivery(key=key, at=moment),
    )


def _binary(body: Mapping[str, object]) -> dict[str, object]:
    """Return a binary event as if it were structured."""
    headers = {name.casefold(): value for name, value in member(body, "headers", dict).items()}
    attributes = {name[3:]: value for name, value in headers.items() if name.startswith("ce-")}
    return attributes | {"data_base64": body.get("body_base64")}


def _format(attributes: Mapping[str, object]) -> str:
    named = text_or(attributes, FORMAT_ATTRIBUTE, "")
    if named:
        return named
    type_name = member(attributes, "type", str)
    if type_name.startswith(PAYLOAD_TYPES):
        return type_name.removeprefix(PAYLOAD_TYPES).rpartition(".v")[0]
    if type_name.startswith(OWN_TYPES):
        raise refusal("I124", type_name, "an event of our own; reports are not taken in this way")
    raise refusal("I123", type_name, "nothing says in which format its data are")


def _data(attributes: Mapping[str, object]) -> bytes:
    encoded = attributes.get("data_base64")
    if isinstance(encoded, str):
        try:
            return base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise refusal("I107", "data_base64", f"not base64 ({error})") from None
    data = attributes.get("data")
    if data is None:
        raise refusal("I102", "data", "is missing")
    if isinstance(data, str):
        return data.encode()
    return json.dumps(data).encode()
