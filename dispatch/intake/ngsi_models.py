"""What the entity types of smartdatamodels.org measure, and which device that came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from dispatch.domain.signal import ContainerStatus, SignalKind
from dispatch.intake.ngsi_attributes import Attribute
from dispatch.intake.reading import number
from dispatch.intake.units import fits

if TYPE_CHECKING:
    from datetime import datetime

Attributes = Mapping[str, Attribute]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value of an entity; `name` is its attribute, `unit` as sent or the model's own."""

    name: str
    kind: SignalKind
    value: object
    unit: str
    observed_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """How a type is read; `is_device` where the entity itself is the sender."""

    read: Callable[[Attributes], list[Reading]]
    is_device: bool = False


_Fields = Mapping[str, tuple[tuple[SignalKind, ...], str]]
"""Attribute -> the kinds it may be (its unit decides), and its unit where it names none."""

_CONTAINER: Final[_Fields] = {
    "fillingLevel": ((SignalKind.FILL_LEVEL,), "1"),
    "temperature": ((SignalKind.DEVICE_TEMPERATURE,), "CEL"),
    "batteryLevel": ((SignalKind.BATTERY_LEVEL,), "1"),
}
_GREEN: Final[_Fields] = {
    "soilMoistureVwc": ((SignalKind.SOIL_MOISTURE,), "1"),
    "soilMoisturePressure": ((SignalKind.SOIL_TENSION,), "KPA"),
    "soilMoistureEc": ((SignalKind.SOIL_CONDUCTIVITY,), "D10"),
    "soilTemperature": ((SignalKind.SOIL_TEMPERATURE,), "CEL"),
    "batteryLevel": ((SignalKind.BATTERY_LEVEL,), "1"),
}
_WATER: Final[_Fields] = {
    "O2": ((SignalKind.DISSOLVED_OXYGEN, SignalKind.OXYGEN_SATURATION), "M1"),
    "temperature": ((SignalKind.WATER_TEMPERATURE,), "CEL"),
    "conductivity": ((SignalKind.WATER_CONDUCTIVITY,), "D10"),
    "pH": ((SignalKind.PH,), "Q30"),
    "batteryLevel": ((SignalKind.BATTERY_LEVEL,), "1"),
}
_DEVICE: Final[_Fields] = {"batteryLevel": ((SignalKind.BATTERY_LEVEL,), "1")}

CONTROLLED: Final[_Fields] = {
    "fillingLevel": ((SignalKind.FILL_LEVEL,), "1"),
    "temperature": ((SignalKind.DEVICE_TEMPERATURE,), "CEL"),
    "humidity": ((SignalKind.DEVICE_HUMIDITY,), "1"),
    "soilMoisture": ((SignalKind.SOIL_MOISTURE, SignalKind.SOIL_TENSION), "1"),
    "batteryLevel": ((SignalKind.BATTERY_LEVEL,), "1"),
}
"""What `controlledProperty` may name; shares are 0 to 1 as everywhere in these models."""

_STATUS: Final[Mapping[str, ContainerStatus]] = {
    "ok": ContainerStatus.OK,
    "lidOpen": ContainerStatus.LID_OPEN,
    "dropped": ContainerStatus.DROPPED,
    "moved": ContainerStatus.MOVED,
    "vandalized": ContainerStatus.VANDALIZED,
    "burning": ContainerStatus.BURNING,
}
_ULTRALIGHT: Final = {"l": "fillingLevel", "t": "temperature", "h": "humidity"}
"""The short names in a Device's `value`, such as `l%3D0.22%3Bt%3D21.2`."""


def model_of(type_name: str) -> Model | None:
    """Return how a type is read, None for one that measures nothing we know."""
    return _MODELS.get(type_name)


def _fields(table: _Fields, attributes: Attributes) -> list[Reading]:
    found = [
        _reading(name, attributes[name], *table[name])
        for name in table
        if name in attributes and attributes[name].value is not None
    ]
    # A battery of -1 means that nobody knows.
    return [r for r in found if not (r.kind is SignalKind.BATTERY_LEVEL and number(r.value) == -1)]


def _reading(
    name: str, attribute: Attribute, kinds: tuple[SignalKind, ...], own_unit: str
) -> Reading:
    unit = attribute.unit or own_unit
    kind = next((kind for kind in kinds if fits(kind, unit)), kinds[0])
    value = attribute.value
    if kind is SignalKind.SOIL_TENSION and (pressure := number(value)) is not None:
        # The same suction is written as a tension or as a negative pressure.
        value = abs(pressure)
    return Reading(name=name, kind=kind, value=value, unit=unit, observed_at=attribute.observed_at)


def _container(attributes: Attributes) -> list[Reading]:
    readings = _fields(_CONTAINER, attributes)
    status = attributes.get("status", Attribute())
    code = _STATUS.get(status.value) if isinstance(status.value, str) else None
    if code is not None:
        readings.append(
            Reading(
                name="status",
                kind=SignalKind.CONTAINER_STATUS,
                value=int(code),
                unit="",
                observed_at=status.observed_at,
            )
        )
    return readings


def _device(attributes: Attributes) -> list[Reading]:
    """Return the battery of a device, and what its percent-encoded `value` holds."""
    readings = _fields(_DEVICE, attributes)
    packed = attributes.get("value", Attribute())
    text = unquote(packed.value) if isinstance(packed.value, str) else ""
    parts = dict(part.split("=", 1) for part in text.split(";") if "=" in part)
    for short, raw in parts.items():
        name = _ULTRALIGHT.get(short, short)
        if name in CONTROLLED:
            attribute = Attribute(value=raw, observed_at=packed.observed_at)
            readings.append(_reading(name, attribute, *CONTROLLED[name]))
    return readings


def _measurement(attributes: Attributes) -> list[Reading]:
    """Return the one value of a DeviceMeasurement, by its `controlledProperty`."""
    named = attributes.get("controlledProperty", Attribute()).value
    name = named[0] if isinstance(named, list) and named else named
    value = attributes.get("numValue", Attribute())
    if not isinstance(name, str) or name not in CONTROLLED or value.value is None:
        return []
    unit = attributes.get("unit", Attribute()).value
    own = value.unit or (unit if isinstance(unit, str) else "")
    attribute = Attribute(value=value.value, unit=own, observed_at=value.observed_at)
    return [_reading(name, attribute, *CONTROLLED[name])]


_MODELS: Final[Mapping[str, Model]] = {
    "WasteContainer": Model(read=_container),
    "GreenspaceRecord": Model(read=lambda found: _fields(_GREEN, found)),
    "WaterQualityObserved": Model(read=lambda found: _fields(_WATER, found)),
    "Device": Model(read=_device, is_device=True),
    "DeviceMeasurement": Model(read=_measurement),
}

_URN: Final = re.compile(r"urn:ngsi-ld:[^:]*:(?=.)", re.IGNORECASE)


def device_of(
    entity_id: str, attributes: Attributes, *, itself: bool, observed_at: datetime
) -> str:
    """Return the sender's id: the device an entity refers to, else the entity itself.

    `urn:ngsi-ld:TYPE:` is left out, as the register has `900541`, and so is the date of an
    entity that stands for one observation (`...:900541:20250614`), or each day would be a device.
    """
    named = attributes.get("refDevice", Attribute()).value
    if isinstance(named, list) and named:
        named = named[0]
    chosen = named if isinstance(named, str) and named and not itself else entity_id
    return _undated(_URN.sub("", chosen, count=1), observed_at) or chosen


def _undated(name: str, observed_at: datetime) -> str:
    head, separator, tail = name.rpartition(":")
    digits = "".join(letter for letter in tail if letter.isdigit())
    return head if separator and digits.startswith(f"{observed_at:%Y%m%d}") else name
