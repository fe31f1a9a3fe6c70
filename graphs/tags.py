"""Values of OpenStreetMap tags as numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KMH_PER_MPH = 1.609344

SPEED_WORDS_KMH = {
    "walk": 7.0,
    "none": 130.0,
    "urban": 50.0,
    "rural": 100.0,
    "motorway": 130.0,
    "trunk": 100.0,
    "motorroad": 100.0,
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
        *("variable", "implicit", "unknown", "fixme", "sign", "zone", "markings", "no", "signed"),
    }
)
"""Values of limits that say, as mapping practice has it, that no figure is known or posted."""

SLOWEST_KMH = 1.0
"""A speed below this is a typing error: whole cities would be driven round."""

_NUMBER = re.compile(r"^(\d+(?:[.,]\d+)?)\s*([a-z/]*)\.?$")
_FEET = re.compile(r"^(\d+(?:\.\d+)?)\s*(?:'|ft|feet)\s*-?\s*(?:(\d+(?:\.\d+)?)\s*(?:\"|''|in)?)?$")
_SEVERAL = re.compile(r"[;|]")

_KMH = {
    **dict.fromkeys(("", "km/h", "kmh", "kph", "kmph"), 1.0),
    "mph": KMH_PER_MPH,
    "knots": 1.852,
}
_TONNES = {
    **dict.fromkeys(("", "t", "to", "tonnes"), 1.0),
    "kg": 0.001,
    **dict.fromkeys(("lbs", "lb"), 0.000453592),
    "st": 0.907185,
    "lt": 1.016047,
    "cwt": 0.050802,
}
_METRES = {
    **dict.fromkeys(("", "m", "metres", "meters"), 1.0),
    "cm": 0.01,
    "mm": 0.001,
    **dict.fromkeys(("in", "inches"), 0.0254),
}


def first_value(text: str) -> str:
    """Return the first of several values (`gravel;ground`)."""
    return _SEVERAL.split(text)[0].strip()


def _smallest(text: str, one: Callable[[str], float | None]) -> float | None:
    """Return the smallest of several values: it is kept to whichever of them is meant."""
    values = [one(part.strip().lower()) for part in _SEVERAL.split(text)]
    return min((value for value in values if value is not None), default=None)


def _number(text: str, units: Mapping[str, float]) -> float | None:
    """Return a number with its unit, None for what is no number or not above zero."""
    match = _NUMBER.match(text)
    factor = units.get(match[2]) if match else None
    if match is None or factor is None:
        return None
    return float(match[1].replace(",", ".")) * factor or None


def speed_kmh(text: str) -> float | None:
    """Return a `maxspeed` in km/h (`50`, `30 mph`, `walk`, `DE:urban`, `DE:zone:30`), or None."""
    return _smallest(text, _one_speed)


def _one_speed(text: str) -> float | None:
    value = _number(text, _KMH)
    if value is not None:
        return value if value >= SLOWEST_KMH else None
    country, _, word = text.rpartition(":")
    zone = word.removeprefix("zone")
    # Not isdigit, which takes "²" for one.
    if zone.isdecimal():
        return float(zone) or None
    country = country.partition(":")[0].partition("-")[0]
    return COUNTRY_KMH.get((country, word), SPEED_WORDS_KMH.get(word))


def weight_t(text: str) -> float | None:
    """Return a `maxweight` in tonnes (`7.5`, `7,5 t`, `3500 kg`), or None if it is no number."""
    return _smallest(text, lambda one: _number(one, _TONNES))


def length_m(text: str) -> float | None:
    """Return a `maxheight`, `maxwidth` or `maxlength` in metres (`3.8`, `12'6"`), or None."""
    return _smallest(text, _one_length)


def _one_length(text: str) -> float | None:
    feet = _FEET.match(text)
    if feet is not None:
        return float(feet[1]) * 0.3048 + float(feet[2] or 0) * 0.0254 or None
    return _number(text, _METRES)
