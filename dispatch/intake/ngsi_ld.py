"""NGSI-LD: notifications and entities, in each form a context broker may send them.

Normalized, concise, key-values, GeoJSON features and expanded JSON-LD give the same signals.
Reference: ETSI GS CIM 009; the attributes are those of smartdatamodels.org.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.domain.errors import InvalidInput
from dispatch.domain.signal import Grade
from dispatch.intake.collector import Collector, Origin
from dispatch.intake.issues import refusal
from dispatch.intake.ngsi_attributes import Attribute, attribute_of, local_name, members_of
from dispatch.intake.ngsi_models import Model, Reading, device_of, model_of
from dispatch.intake.reading import json_value, zoned_moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dispatch.domain.signal import Payload
    from dispatch.intake.decoded import Decoded

SOURCE: Final = "ngsi-ld"
"""One name for all subscriptions: the same entity may be told about by several."""

_ENTITY_TIMES: Final = (
    *("dateObserved", "observedAt", "dateLastValueReported", "modifiedAt", "dateModified"),
)


def decode(payload: Payload) -> Decoded:
    """Return the signals of a notification, an entity, a feature or a list of them.

    A value is as old as its `observedAt`, else its entity's `dateObserved` or the like, else the
    newest attribute beside it, else the notification, else the payload's receipt.
    One bad entity never stops the others.
    Raises InvalidInput I101, I102.
    """
    found = Collector(payload, SOURCE)
    entities, notified_at = _unpacked(json_value(payload), payload)
    for place, entity in enumerate(entities):
        if not isinstance(entity, dict):
            cause = f"is {type(entity).__name__}, wanted an entity"
            found.fault("I102", f"data[{place}]", cause)
            continue
        _read_entity(_flat(members_of(entity)), notified_at or payload.received_at, found)
    return found.decoded()


def _unpacked(body: object, payload: Payload) -> tuple[list[object], datetime | None]:
    """Return the entities of a body and when it was notified, if it is a notification."""
    if isinstance(body, list):
        return body, None
    if not isinstance(body, dict):
        raise refusal("I101", payload.format, f"JSON holds {type(body).__name__}, not an entity")
    members = members_of(body)
    if "data" in members and local_name(_text(members.get("type"))) == "Notification":
        at = _text(attribute_of(members.get("notifiedAt")).value)
        moment = zoned_moment(at, subject="notifiedAt") if at else None
        return _listed(members["data"], "data"), moment
    return _listed(body, "entity"), None


def _listed(body: object, subject: str) -> list[object]:
    """Return the entities of a list, a feature collection or a single entity."""
    if isinstance(body, dict) and body.get("type") == "FeatureCollection":
        body = body.get("features")
    if isinstance(body, dict):
        return [body]
    if not isinstance(body, list):
        raise refusal("I102", subject, f"is {type(body).__name__}, wanted entities")
    return body


def _flat(members: Mapping[str, object]) -> Mapping[str, object]:
    """Return a GeoJSON feature as the entity it stands for; others as they are."""
    properties = members.get("properties")
    if members.get("type") == "Feature" and isinstance(properties, dict):
        return members_of(properties) | {"id": members.get("id")}
    return members


def _text(value: object) -> str:
    """Return a text, also the first of a list (expanded types are lists), else nothing."""
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) else ""


def _read_entity(entity: Mapping[str, object], otherwise: datetime, found: Collector) -> None:
    entity_id, type_name = _text(entity.get("id")), local_name(_text(entity.get("type")))
    if not entity_id:
        found.fault("I102", type_name or "entity", "an entity without id")
        return
    model = model_of(type_name)
    attributes = {name: attribute_of(raw) for name, raw in entity.items()}
    readings = model.read(attributes) if model is not None else []
    if not readings:
        found.fault("I116", entity_id, f"no known attribute of {type_name or 'an entity'}")
        return
    try:
        _add_all(readings, entity_id, _Entity(model, attributes, otherwise), found)
    except InvalidInput as error:
        found.faults(error.issues)


class _Entity:
    """An entity's attributes and the time that holds where it says none."""

    def __init__(
        self, model: Model | None, attributes: Mapping[str, Attribute], otherwise: datetime
    ) -> None:
        self.attributes = attributes
        self.is_device = model is not None and model.is_device
        self.outlier = attributes.get("outlier", Attribute()).value is True
        texts = (_text(attributes[name].value) for name in _ENTITY_TIMES if name in attributes)
        told = (attribute.observed_at for attribute in attributes.values())
        self._own = next((text for text in texts if text), "") or max(told, default="")
        self._otherwise = otherwise

    def moment(self, observed_at: str) -> datetime:
        """Return when an attribute was observed; raises InvalidInput I103, I104."""
        text = observed_at or self._own
        if not text:
            return self._otherwise
        # An interval is known when it is over.
        return zoned_moment(text.rpartition("/")[2], subject="observedAt")


def _add_all(readings: list[Reading], entity_id: str, entity: _Entity, found: Collector) -> None:
    for reading in readings:
        moment = entity.moment(reading.observed_at)
        device_id = device_of(
            entity_id, entity.attributes, itself=entity.is_device, observed_at=moment
        )
        origin = Origin(
            device_id=device_id,
            observed_at=moment,
            subject=f"{entity_id} {reading.name}",
            # The sender's own plausibility check counts.
            grade=Grade.SPIKE if entity.outlier else Grade.GOOD,
        )
        found.add(reading.kind, reading.value, origin, unit=reading.unit)
