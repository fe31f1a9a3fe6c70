"""Values of OpenStreetMap tags as numbers."""

from __future__ import annotations

import re

KMH_PER_MPH = 1.609344

SPEED_WORDS_KMH = {
    "walk": 7.0,
    "none": 130.0,
    "urban": 50.0,
    "rural": 100.0,
    "motorway": 130.0,
    "trunk": 100.0,
    "living_street": 7.0,
    "bicycle_road": 30.0,
    "cycle_street": 30.0,
    "school": 30.0,
    "zone": 30.0,
    "nsl_single": 96.56,
    "nsl_dual": 112.65,
    "nsl_restricted": 48.28,
    "built_up": 50.0,
    "country": 90.0,
}
"""Words in `maxspeed` with their German meaning, those of other countries with their own (StVO
§§ 3, 18, 42; walking pace as in OpenStreetMap's routing practice; no limit = the recommended 130
km/h; nsl = the British national speed limits of 60, 70 and 30 mph)."""

COUNTRY_KMH = {
    ("fr", "rural"): 80.0,
    ("fr", "motorway"): 130.0,
    ("be", "rural"): 90.0,
    ("nl", "rural"): 80.0,
    ("dk", "rural"): 80.0,
    ("ch", "rural"): 80.0,
    ("ch", "motorway"): 120.0,
    ("ch", "trunk"): 100.0,
    ("it", "rural"): 90.0,
    ("pl", "rural"): 90.0,
    ("cz", "rural"): 90.0,
    ("es", "rural"): 90.0,
    ("se", "rural"): 70.0,
    ("ru", "urban"): 60.0,
    ("ru", "rural"): 90.0,
    ("ru", "living_street"): 20.0,
    ("us", "urban"): 40.2,
}
"""Where a country's word means something else than in Germany. Source: OpenStreetMap wiki, Default
speed limits."""

NOT_POSTED = frozenset(
    {
        *("none", "default", "unsigned", "below_default", "no_sign", "no_indications", "signals"),
        *("variable", "implicit", "unknown", "fixme", "sign"),
    }
)
"""Values of limits that say, as mapping practice has it, that no figure is known or posted."""

_NUMBER = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*([a-zA-Z/]*)\s*$")
_FEET = re.compile(r"^\s*(\d+)\s*'\s*(?:(\d+)\s*\"?)?\s*$")

_KMH = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": KMH_PER_MPH, "knots": 1.852}
_TONNES = {"": 1.0, "t": 1.0, "kg": 0.001, "lbs": 0.000453592, "st": 0.907185}
_METRES = {"": 1.0, "m": 1.0, "cm": 0.01, "ft": 0.3048}


def _number(text: str, units: dict[str, float]) -> float | None:
    match = _NUMBER.match(text)
    if match is None:
        return None
    factor = units.get(match[2].lower())
    return None if factor is None else float(match[1].replace(",", ".")) * factor


def speed_kmh(text: str) -> float | None:
    """Return a `maxspeed` in km/h (`50`, `30 mph`, `walk`, `DE:urban`, `DE:zone:30`), or None."""
    value = _number(text, _KMH)
    if value is not None:
        return value if value > 0 else None
    country, _, word = text.strip().lower().rpartition(":")
    zone = word.removeprefix("zone")
    if zone.isdigit():
        return float(zone) if int(zone) > 0 else None
    return COUNTRY_KMH.get((country, word), SPEED_WORDS_KMH.get(word))


def weight_t(text: str) -> float | None:
    """Return a `maxweight` in tonnes (`7.5`, `7,5 t`, `3500 kg`), or None if it is no number."""
    return _number(text, _TONNES)


def length_m(text: str) -> float | None:
    """Return a `maxheight`, `maxwidth` or `maxlength` in metres (`3.8`, `12'6"`), or None."""
    feet = _FEET.match(text)
    if feet is not None:
        return int(feet[1]) * 0.3048 + int(feet[2] or 0) * 0.0254
    return _number(text, _METRES)
