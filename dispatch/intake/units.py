"""Units as senders write them: symbols, UCUM and UN/CEFACT codes, to the unit of a kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dispatch.domain.signal import SignalKind

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class _Unit:
    """One unit: what it measures, and value * factor + offset in that dimension's base unit."""

    dimension: str
    factor: float = 1.0
    offset: float = 0.0


_SPELLINGS: Final[tuple[tuple[_Unit, str], ...]] = (
    (_Unit("share"), "% p1 percent prozent %vwc %rh vol% vol.-%"),
    (_Unit("share", 100), "1 c62 fraction m3/m3 m³/m³"),
    (_Unit("length"), "mm mmt"),
    (_Unit("length", 10), "cm cmt"),
    (_Unit("length", 1000), "m mtr meter metre"),
    (_Unit("temperature"), "°c c cel degc celsius grad"),
    (_Unit("temperature", 1, -273.15), "k kel kelvin"),
    (_Unit("temperature", 5 / 9, -160 / 9), "°f f fah degf [degf] fahrenheit"),
    (_Unit("concentration"), "mg/l m1 g/m3 g/m³ ppm 59"),
    (_Unit("concentration", 0.001), "µg/l ug/l"),
    (_Unit("conductivity"), "µs/cm us/cm g42"),
    (_Unit("conductivity", 1000), "ms/cm ds/m h61"),
    (_Unit("conductivity", 10), "ms/m"),
    (_Unit("conductivity", 10_000), "s/m d10"),
    (_Unit("voltage"), "v vlt volt"),
    (_Unit("voltage", 0.001), "mv 2z"),
    (_Unit("pressure"), "kpa kpascal cbar"),
    (_Unit("pressure", 0.1), "hpa mbar a97 mbr"),
    (_Unit("pressure", 100), "bar"),
    (_Unit("pressure", 0.001), "pa pal"),
    (_Unit("resistance"), "kω kohm b49"),
    (_Unit("resistance", 0.001), "ω ohm"),
    (_Unit("volume"), "l ltr liter litre"),
    (_Unit("volume", 1000), "m3 m³ mtq"),
    (_Unit("ph"), "ph q30 [ph]"),
    (_Unit("count"), "count anzahl stück stk"),
)
UNIT_OF: Final[Mapping[str, _Unit]] = {
    name: unit for unit, names in _SPELLINGS for name in names.split()
}
"""Spellings in small letters, without blanks and without a prefix such as `ucum:`."""

DIMENSIONS: Final[Mapping[SignalKind, str]] = {
    SignalKind.FILL_LEVEL: "share",
    SignalKind.FILL_DISTANCE: "length",
    SignalKind.SOIL_MOISTURE: "share",
    SignalKind.SOIL_TEMPERATURE: "temperature",
    SignalKind.SOIL_CONDUCTIVITY: "conductivity",
    SignalKind.SOIL_TENSION: "pressure",
    SignalKind.STEM_MOISTURE: "share",
    SignalKind.STEM_RESISTANCE: "resistance",
    SignalKind.STEM_TEMPERATURE: "temperature",
    SignalKind.WATERING_NEED: "volume",
    SignalKind.DISSOLVED_OXYGEN: "concentration",
    SignalKind.OXYGEN_SATURATION: "share",
    SignalKind.WATER_TEMPERATURE: "temperature",
    SignalKind.WATER_LEVEL: "length",
    SignalKind.WATER_CONDUCTIVITY: "conductivity",
    SignalKind.PH: "ph",
    SignalKind.BATTERY_VOLTAGE: "voltage",
    SignalKind.BATTERY_LEVEL: "share",
    SignalKind.DEVICE_TEMPERATURE: "temperature",
    SignalKind.DEVICE_HUMIDITY: "share",
    SignalKind.AIR_TEMPERATURE: "temperature",
    SignalKind.AIR_HUMIDITY: "share",
}
"""What each kind measures; the others are counts, codes and yes or no, which have no unit."""

_OF_KIND: Final[Mapping[SignalKind, float]] = {SignalKind.WATER_LEVEL: 1000.0}
"""Kinds whose own unit is not the base of their dimension: so many base units (metres in mm)."""


def dimension_of(unit: str) -> str | None:
    """Return what a unit measures, None for a spelling nobody knows."""
    found = UNIT_OF.get(_plain(unit))
    return None if found is None else found.dimension


def fits(kind: SignalKind, unit: str) -> bool:
    """Tell whether values in that unit can be values of the kind."""
    dimension = dimension_of(unit)
    wanted = DIMENSIONS.get(kind)
    if wanted is None:
        return dimension == "count" or _plain(unit) in {"1", "c62"}
    return dimension == wanted


def in_unit_of(kind: SignalKind, value: float, unit: str) -> float:
    """Return the value in the unit of its kind, rounded to what a double can tell apart.

    The caller has asked `fits` before; "" means that the value is in the kind's unit already.
    """
    known = UNIT_OF.get(_plain(unit))
    if known is None or kind not in DIMENSIONS:
        return value
    converted = (value * known.factor + known.offset) / _OF_KIND.get(kind, 1.0)
    # 0.83 * 100 would be 83.00000000000001 or 82.99999999999999.
    return float(f"{converted:.12g}")


def _plain(unit: str) -> str:
    name = "".join(unit.split()).casefold().removeprefix("ucum:")
    # Two signs look the same: the micro sign and the Greek letter; casefold makes it the letter.
    return name.replace("\u03bc", "µ")
