"""Names people give to what is measured, in German and English, to kinds of signal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.domain.signal import SignalKind
from dispatch.intake.units import fits

if TYPE_CHECKING:
    from collections.abc import Mapping

_OXYGEN: Final = (SignalKind.DISSOLVED_OXYGEN, SignalKind.OXYGEN_SATURATION)
_MOISTURE: Final = (SignalKind.SOIL_MOISTURE, SignalKind.SOIL_TENSION)

_NAMES: Final[Mapping[tuple[SignalKind, ...], str]] = {
    _OXYGEN: "o2|do|oxygen|dissolved oxygen|sauerstoff|sauerstoffgehalt|geloester sauerstoff|"
    "sauerstoffkonzentration|oxygen concentration",
    (SignalKind.OXYGEN_SATURATION,): "sauerstoffsaettigung|o2 saturation",
    (SignalKind.WATER_TEMPERATURE,): "wassertemperatur",
    (SignalKind.WATER_LEVEL,): "pegel|wasserstand",
    (SignalKind.WATER_CONDUCTIVITY,): "elektrische leitfaehigkeit|leitfaehigkeit wasser",
    (SignalKind.PH,): "ph wert",
    (SignalKind.FILL_LEVEL,): "filling level|fillinglevel|filllevel|fuellstand|fuellgrad|fill",
    (SignalKind.FILL_DISTANCE,): "distance|abstand|distanz",
    _MOISTURE: "bodenfeuchte|soil moisture vwc|soilmoisturevwc|soilmoisture",
    (SignalKind.SOIL_TENSION,): "saugspannung|bodensaugspannung|soil water tension|"
    "soilmoisturepressure|matric potential",
    (SignalKind.SOIL_TEMPERATURE,): "bodentemperatur|soiltemperature",
    (SignalKind.SOIL_CONDUCTIVITY,): "soilmoistureec|leitfaehigkeit boden",
    (SignalKind.AIR_TEMPERATURE,): "lufttemperatur|outdoor temperature",
    (SignalKind.AIR_HUMIDITY,): "luftfeuchte|luftfeuchtigkeit|outdoor humidity|relative humidity",
    (SignalKind.BATTERY_LEVEL, SignalKind.BATTERY_VOLTAGE): "battery|batterie|batterylevel|akku",
    (SignalKind.BATTERY_VOLTAGE,): "batteriespannung",
    (SignalKind.STATION_VISITS,): "visits|besuche",
    (SignalKind.DEPOSITS,): "einwuerfe|throw ins",
    (SignalKind.EMPTIED,): "geleert",
    (SignalKind.FOUND_LEVEL,): "fuellstand bei leerung",
}
PROPERTIES: Final[Mapping[str, tuple[SignalKind, ...]]] = {
    name: kinds for kinds, names in _NAMES.items() for name in names.split("|")
} | {kind.value.replace("_", " "): (kind,) for kind in SignalKind}
"""Plain names (see `plain_name`); where several kinds share a name, the unit decides."""

_LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "_": " ", "-": " "})


def plain_name(name: str) -> str:
    """Return the name in small letters, umlauts in two letters, words parted by one blank."""
    return " ".join(name.casefold().translate(_LETTERS).split())


def kind_of(name: str, unit: str) -> SignalKind | None:
    """Return the kind that a named property in that unit is, None if nobody knows.

    Without a unit only a name that means one kind alone is understood. A bare "Temperatur" is
    not: nobody can tell whether of water, soil or device.
    """
    kinds = PROPERTIES.get(plain_name(name), ())
    if not unit:
        return kinds[0] if len(kinds) == 1 else None
    return next((kind for kind in kinds if fits(kind, unit)), None)
