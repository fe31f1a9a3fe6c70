"""One table from the field names of sensors to kinds of signal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from dispatch.domain.signal import SignalKind, TrapState
from dispatch.intake.issues import issue
from dispatch.intake.reading import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dispatch.domain.errors import Issue

FIELDS: Final[Mapping[str, SignalKind]] = {
    "distance": SignalKind.FILL_DISTANCE,
    "filllevel": SignalKind.FILL_LEVEL,
    "fill_level": SignalKind.FILL_LEVEL,
    "moisture": SignalKind.SOIL_MOISTURE,
    "water_soil": SignalKind.SOIL_MOISTURE,
    "temp_soil": SignalKind.SOIL_TEMPERATURE,
    "ec": SignalKind.SOIL_CONDUCTIVITY,
    "electricity": SignalKind.SOIL_CONDUCTIVITY,
    "conduct_soil": SignalKind.SOIL_CONDUCTIVITY,
    "visits": SignalKind.STATION_VISITS,
    "oxygen_concentration": SignalKind.DISSOLVED_OXYGEN,
    "oxygen_saturation": SignalKind.OXYGEN_SATURATION,
    "battery": SignalKind.BATTERY_LEVEL,
    "bat": SignalKind.BATTERY_VOLTAGE,
    "batv": SignalKind.BATTERY_VOLTAGE,
    "battvoltage": SignalKind.BATTERY_VOLTAGE,
    "battery_voltage": SignalKind.BATTERY_VOLTAGE,
    "temperature": SignalKind.DEVICE_TEMPERATURE,
    "humidity": SignalKind.DEVICE_HUMIDITY,
    "position": SignalKind.TILT,
    "tilt": SignalKind.TILT,
    "trapstate": SignalKind.TRAP_STATE,
    "trap_state": SignalKind.TRAP_STATE,
    "ph": SignalKind.PH,
    "soil_tension": SignalKind.SOIL_TENSION,
    "deposits": SignalKind.DEPOSITS,
    "lid_open": SignalKind.LID_OPEN,
    "flooded": SignalKind.FLOODED,
    "moved": SignalKind.MOVED,
    "tamper": SignalKind.MOVED,
}
"""Names in lower case, as the makers' and TTN's public codecs spell them; units need no change."""

MODEL_FIELDS: Final[Mapping[str, Mapping[str, SignalKind]]] = {
    "em500-smtc": {"temperature": SignalKind.SOIL_TEMPERATURE},
    "optod": {"temperature": SignalKind.WATER_TEMPERATURE},
    "bait station": {"battery": SignalKind.BATTERY_VOLTAGE},
}
"""Where one model means something else by a common name; keys are parts of the model's name."""

MODEL_FACTORS: Final[Mapping[str, Mapping[SignalKind, float]]] = {
    # BrighterBins send centimetres.
    "brighterbins": {SignalKind.FILL_DISTANCE: 10.0},
}
"""Where one model sends another unit than the kind's; keys as above."""

_YES_NO: Final[Mapping[object, float]] = {False: 0.0, True: 1.0, "false": 0.0, "true": 1.0}
_WORDS: Final[Mapping[SignalKind, Mapping[object, float]]] = {
    SignalKind.TILT: {"normal": 0.0, "tilt": 1.0, "tilted": 1.0, **_YES_NO},
    SignalKind.TRAP_STATE: {
        state.name.replace("_", "").casefold(): float(state) for state in TrapState
    },
    SignalKind.LID_OPEN: {"closed": 0.0, "open": 1.0, **_YES_NO},
    SignalKind.FLOODED: {"dry": 0.0, "flooded": 1.0, **_YES_NO},
    SignalKind.MOVED: _YES_NO,
}
"""The words and truth values that stand for the numbers of a kind."""


def kinds_for(model: str) -> Mapping[str, SignalKind]:
    """Return the field table of a model, named as its maker or its profile names it."""
    name = model.casefold()
    special = [table for part, table in MODEL_FIELDS.items() if part in name]
    return dict(FIELDS, **special[0]) if special else FIELDS


def values_of(
    fields: Mapping[str, object], *, model: str
) -> Iterator[tuple[SignalKind, float] | Issue]:
    """Yield kind and value of each known field, or the issue that keeps it from being used.

    Fields outside the table are passed over: sensors also send counters, versions and flags.
    When not a single field is known, that is an issue.
    """
    kinds, factors = kinds_for(model), _factors_for(model)
    known = [(name, kinds[name.casefold()]) for name in fields if name.casefold() in kinds]
    if not known:
        yield issue("I116", model or "device", f"no known field among {', '.join(fields)}")
    for name, kind in known:
        raw = _unwrapped(fields[name])
        value = _value(kind, raw)
        if value is not None and kind in factors:
            value *= factors[kind]
        if value is not None and math.isfinite(value):
            yield kind, value
        else:
            yield _unusable(name, raw)


def _factors_for(model: str) -> Mapping[SignalKind, float]:
    name = model.casefold()
    return next((table for part, table in MODEL_FACTORS.items() if part in name), {})


def _unwrapped(raw: object) -> object:
    """Return the value of Decentlab's `{"displayName": ..., "value": ..., "unit": ...}`."""
    return raw["value"] if isinstance(raw, dict) and "value" in raw else raw


def _value(kind: SignalKind, raw: object) -> float | None:
    if isinstance(raw, str | bool) and kind in _WORDS:
        return _WORDS[kind].get(raw.casefold() if isinstance(raw, str) else raw, number(raw))
    return number(raw)


def _unusable(name: str, raw: object) -> Issue:
    # "No Sensor" (Dragino) is the device's own report of a fault; "nan" is a broken number.
    words = isinstance(raw, str) and any(letter.isalpha() for letter in raw)
    if words and str(raw).strip("+- ").casefold() not in {"nan", "inf", "infinity"}:
        return issue("I106", name, f"the device reports {raw!r}")
    return issue("I105", name, f"{raw!r} is not a finite number")
