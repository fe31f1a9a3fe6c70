"""One request, one or more payloads: as the way it was sent says, never by what is in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from dispatch.intake.cloudevents import wrap_binary

if TYPE_CHECKING:
    from collections.abc import Mapping

NDJSON: Final = frozenset(
    {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-lines"}
)
EVENT_BATCH: Final = "application/cloudevents-batch+json"


def bodies_of(body: bytes, *, format_name: str, headers: Mapping[str, str]) -> list[bytes]:
    """Return the bodies of the payloads in a request; names of headers are in small letters.

    Lines of NDJSON and events of a batch are payloads of their own. An event in binary mode is
    kept with the headers that belong to it. A batch that cannot be read is one payload as it came.
    """
    content = headers.get("content-type", "").partition(";")[0].strip().casefold()
    if content in NDJSON:
        return [line for line in body.splitlines() if line.strip()]
    if format_name != "cloudevents":
        return [body]
    own = {name: value for name, value in headers.items() if name.startswith("ce-")}
    if own:
        return [wrap_binary(own | {"content-type": content}, body)]
    return _events(body) if content == EVENT_BATCH else [body]


def _events(body: bytes) -> list[bytes]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return [body]
    if not isinstance(found, list):
        return [body]
    return [json.dumps(event, ensure_ascii=False).encode(errors="replace") for event in found]


def with_topic(body: bytes, *, topic: str, format_name: str) -> bytes:
    """Return the body of a message from a broker, with its topic where only that says whose it is.

    SensorThings leaves out which datastream an observation belongs to.
    """
    if format_name != "sensorthings":
        return body
    return b'{"topic": %s, "message": %s}' % (json.dumps(topic).encode(), body)
