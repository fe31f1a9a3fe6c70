"""Where things stand in the demo world: real pond loggers, approximate yards."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain.geo import LatLon


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """A place with a name; `key` is its id (for ponds the number of the city's logger)."""

    key: str
    name: str
    location: LatLon


@dataclass(frozen=True, slots=True, kw_only=True)
class CityPlaces:
    """The fixed places of a city that the generator must not invent."""

    city: str
    ponds: tuple[NamedPlace, ...]
    usb_depot: NamedPlace
    parks_depot: NamedPlace
    unloading: NamedPlace
    water_points: tuple[NamedPlace, ...]


def _place(key: str, name: str, lat: float, lon: float) -> NamedPlace:
    return NamedPlace(key=key, name=name, location=LatLon(lat, lon))


# Names, logger numbers and positions: City of Bochum, open data (CC0 1.0), TerraTransfer loggers.
PONDS = (
    _place("900193", "Teich im Bockholt", 51.50471, 7.28002),
    _place("900355", "Am Stadtpark", 51.49212, 7.22238),
    _place("900356", "Jahrhunderthalle", 51.48298, 7.19877),
    _place("900358", "Hiltrop Volkspark", 51.52259, 7.26221),
    _place("900368", "Wiesental", 51.46335, 7.21048),
    _place("900371", "Hülsbergstraße", 51.43301, 7.2142),
    _place("900372", "Kaiseraueteich", 51.50069, 7.22947),
    _place("900373", "Jasminweg", 51.45729, 7.14757),
    _place("900374", "Rottmannsteich", 51.50016, 7.24634),
    _place("900390", "Tipulusteich", 51.50074, 7.21965),
    _place("900391", "Zeche Holland", 51.48175, 7.12475),
    _place("900398", "Brüggeneystraße", 51.41776, 7.23148),
    _place("900411", "Blücherstraße", 51.4954, 7.15879),
    _place("900413", "Stembergteich", 51.51349, 7.22748),
    _place("900415", "Kühlteich", 51.48196, 7.19709),
    _place("900541", "Uemminger See", 51.46932, 7.29004),
)

# Yards, the unloading place and the water points are placed by eye for the demo; a city imports
# its own. They are moved onto the nearest street when the world is made.
BOCHUM = CityPlaces(
    city="Bochum",
    ponds=PONDS,
    usb_depot=_place("usb-hof", "USB Betriebshof Hanielstraße", 51.4715, 7.2445),
    parks_depot=_place("tb-hof", "Technischer Betrieb, Betriebshof Mitte", 51.4875, 7.2035),
    unloading=_place("glasumschlag", "Glasumschlag Bochum-Nord", 51.5095, 7.2055),
    water_points=(
        _place("wasser-mitte", "Standrohr Stadtpark", 51.4935, 7.2270),
        _place("wasser-wattenscheid", "Standrohr Wattenscheid", 51.4800, 7.1350),
        _place("wasser-langendreer", "Standrohr Langendreer", 51.4745, 7.3180),
        _place("wasser-querenburg", "Standrohr Querenburg", 51.4470, 7.2590),
        _place("wasser-weitmar", "Standrohr Weitmar", 51.4480, 7.1950),
        _place("wasser-gerthe", "Standrohr Gerthe", 51.5190, 7.2790),
    ),
)
