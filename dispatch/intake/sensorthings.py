"""OGC SensorThings 1.1 (such as FROST): observations as created, published by MQTT, or queried.

An observation never names its unit. It comes from its datastream where that is in the payload,
else from the mapping in our envelope. Reference: OGC 18-088.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from dispatch.domain.errors import InvalidInput
from dispatch.intake.collector import Collector, Origin
from dispatch.intake.issues import refusal
from dispatch.intake.properties import kind_of
from dispatch.intake.reading import json_value, member, object_or_empty, text_or, zoned_moment

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.domain.signal import Payload, SignalKind
    from dispatch.intake.decoded import Decoded

SOURCE: Final = "sensorthings"

_STREAM: Final = re.compile(r"Datastreams\('?([^')]*)'?\)")
_DEVICE_NAMES: Final = ("device_id", "deviceId", "dev_eui", "sensor", "logger", "asset")
"""Free `properties` and `parameters` in which projects write the sensor's id, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What is known above an observation: its datastream's id, what it measures, its device."""

    stream: str = ""
    names: tuple[str, ...] = ()
    unit: str = ""
    device_id: str = ""
    mapping: Mapping[str, object] = field(default_factory=dict)

    def below(self, entity: Mapping[str, object], *, is_stream: bool) -> _Context:
        """Return the context for what hangs below a thing or a datastream."""
        device_id = _device_in(object_or_empty(entity, "properties")) or self.device_id
        if not is_stream:
            thing_id = _iot_id(entity)
            return replace(self, device_id=device_id or (thing_id and f"Things({thing_id})"))
        sensor = object_or_empty(entity, "Sensor")
        thing = object_or_empty(entity, "Thing")
        inner = self.below(thing, is_stream=False) if thing and not device_id else self
        unit = object_or_empty(entity, "unitOfMeasurement")
        named = (object_or_empty(entity, "ObservedProperty"), entity)
        return replace(
            self,
            stream=_iot_id(entity) or self.stream,
            names=tuple(text_or(one, "name", "") for one in named),
            unit=text_or(unit, "symbol", "") or text_or(unit, "definition", ""),
            device_id=_device_in(object_or_empty(sensor, "properties"))
            or device_id
            or inner.device_id,
        )


def decode(payload: Payload) -> Decoded:
    """Return the signals of observations, datastreams or things, alone or in a `value` list.

    Our envelope `{"datastreams": {id: {"device_id", "kind", "unit"}}, "topic", "message"}` adds
    what the payload leaves out; `device_id`, `kind` and `unit` there win over the payload's own.
    Raises InvalidInput I101, I102.
    """
    body = json_value(payload)
    if not isinstance(body, dict):
        raise refusal("I101", payload.format, f"JSON holds {type(body).__name__}, not an object")
    context = _Context()
    if "message" in body:
        found_in = _STREAM.search(text_or(body, "topic", ""))
        context = _Context(
            stream=found_in.group(1) if found_in else "",
            mapping=object_or_empty(body, "datastreams"),
        )
        body = member(body, "message", dict)
    found = Collector(payload, SOURCE)
    try:
        every = list(_observations(body, context, found))
    except RecursionError:
        raise refusal("I101", payload.format, "the lists are nested too deeply") from None
    for observation, above in every:
        try:
            _add(observation, above, payload.received_at, found)
        except InvalidInput as error:
            found.faults(error.issues)
    return found.decoded()


def _observations(
    body: Mapping[str, object], context: _Context, found: Collector
) -> Iterator[tuple[Mapping[str, object], _Context]]:
    """Yield each observation with what is known above it; a list page, thing or datastream."""
    if "result" in body:
        stream = object_or_empty(body, "Datastream")
        yield body, context.below(stream, is_stream=True) if stream else context
        return
    if "Observations" in body:
        context = context.below(body, is_stream=True)
    elif "Datastreams" in body:
        context = context.below(body, is_stream=False)
    name = next((n for n in ("Observations", "Datastreams", "value") if n in body), None)
    if name is None:
        found.fault("I116", _iot_id(body) or "entity", "neither a result nor observations")
        return
    for place, one in enumerate(member(body, name, list)):
        if isinstance(one, dict):
            yield from _observations(one, context, found)
        else:
            found.fault("I102", f"{name}[{place}]", f"is {type(one).__name__}, wanted object")


def _add(
    observation: Mapping[str, object], context: _Context, otherwise: datetime, found: Collector
) -> None:
    stream = context.stream or _linked_stream(observation)
    subject = f"Datastreams({stream})" if stream else f"Observations({_iot_id(observation)})"
    mapped = object_or_empty(context.mapping, stream)
    unit = text_or(mapped, "unit", context.unit)
    kind = _kind(mapped, context.names, unit)
    own = _device_in(object_or_empty(observation, "parameters"))
    device_id = text_or(mapped, "device_id", own or context.device_id)
    if kind is None or not device_id:
        lacks = "what it measures" if kind is None else "whose it is"
        found.fault("I119", subject, f"neither the payload nor a mapping says {lacks}")
        return
    origin = Origin(
        device_id=device_id,
        observed_at=_moment(observation, subject, otherwise),
        subject=subject,
    )
    found.add(kind, observation.get("result"), origin, unit=unit)


def _kind(mapped: Mapping[str, object], names: tuple[str, ...], unit: str) -> SignalKind | None:
    named = text_or(mapped, "kind", "")
    candidates = (named,) if named else names
    return next((kind for name in candidates if (kind := kind_of(name, unit)) is not None), None)


def _moment(observation: Mapping[str, object], subject: str, otherwise: datetime) -> datetime:
    """Return when a result held: an interval at its end, a creation without time at its receipt.

    The latter is the standard's own rule for a server. Raises InvalidInput I103, I104.
    """
    text = text_or(observation, "phenomenonTime", "") or text_or(observation, "resultTime", "")
    return zoned_moment(text.rpartition("/")[2], subject=subject) if text else otherwise


def _linked_stream(observation: Mapping[str, object]) -> str:
    links = ("Datastream@iot.navigationLink", "@iot.selfLink")
    found = (_STREAM.search(text_or(observation, link, "")) for link in links)
    return next((match.group(1) for match in found if match), "")


def _iot_id(entity: Mapping[str, object]) -> str:
    found = entity.get("@iot.id")
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def _device_in(properties: Mapping[str, object]) -> str:
    found = (properties.get(name) for name in _DEVICE_NAMES)
    return next((str(one) for one in found if isinstance(one, str | int) and one), "")


def with_context(
    message: Mapping[str, object], *, topic: str, datastreams: Mapping[str, Mapping[str, str]]
) -> dict[str, object]:
    """Return our envelope for a message, with its MQTT topic ("" if none) and the mapping."""
    return {"topic": topic, "datastreams": dict(datastreams), "message": dict(message)}
