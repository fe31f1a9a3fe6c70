"""Conditional tags: what holds for this vehicle, and for a crew that works by day."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from graphs import tags as tag_values
from graphs.working_hours import names_a_year, names_time, touches_work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphs.profiles import Profile


class Holds(Enum):
    """When a condition holds for a vehicle.

    NEVER, ALWAYS; AT_STOPS: for those who stop there; SOMETIMES: at some hours of the working day;
    DATED: in a certain year, so it was a building site; UNREADABLE.
    """

    NEVER = "never"
    ALWAYS = "always"
    AT_STOPS = "at_stops"
    SOMETIMES = "sometimes"
    DATED = "dated"
    UNREADABLE = "unreadable"


class Conditional(NamedTuple):
    """One value of a conditional tag and when it holds."""

    value: str
    holds: Holds


_STOP_WORDS = frozenset(
    {
        *("destination", "delivery", "residents", "resident", "customers", "permit", "loading"),
        *("unloading", "private"),
    }
)
_VEHICLES = frozenset(
    {
        *("bus", "psv", "taxi", "trailer", "caravan", "motorhome", "tourist_bus", "coach", "moped"),
        *("emergency", "disabled", "agricultural", "forestry", "hazmat", "electric", "carpool"),
        *("motorcycle", "mofa", "foot", "horse", "hov", "military", "articulated", "hgv", "goods"),
        *("motorcar", "bicycle", "motor_vehicle", "hgv_articulated", "school_bus", "tram"),
    }
)
_WEATHER = frozenset({"wet", "snow", "ice", "winter", "summer", "flood", "fog", "rain"})
_COMPARISON = re.compile(
    r"^(weight|weightrating|maxweight|maxweightrating|length|height|width|axleload|axles|"
    r"emptyweight|wheels|seats|occupants|trailer_weight|stay)\s*(<=|>=|<|>|=)\s*(.+)$"
)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def conditionals(text: str, profile: Profile) -> Iterator[Conditional]:
    """Yield the values of a conditional tag (`no @ (weight>7.5); delivery @ (06:00-10:00)`)."""
    for part in _parts(text):
        value, mark, condition = part.partition("@")
        if not mark:
            yield Conditional(part.strip(), Holds.UNREADABLE)
            continue
        inner = condition.strip().removeprefix("(").removesuffix(")")
        yield Conditional(value.strip(), condition_holds(inner, profile))


def condition_holds(text: str, profile: Profile) -> Holds:
    """Return when a condition such as `weight>7.5 AND Mo-Fr 06:00-10:00` holds."""
    parts = [_part_holds(part.strip(), profile) for part in _AND.split(text)]
    order = (Holds.NEVER, Holds.UNREADABLE, Holds.DATED, Holds.AT_STOPS, Holds.SOMETIMES)
    return next((answer for answer in order if answer in parts), Holds.ALWAYS)


def _parts(text: str) -> Iterator[str]:
    """Yield the parts between semicolons that are not inside brackets."""
    depth, start = 0, 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == ";" and depth <= 0 and "@" in text[at:]:
            yield text[start:at].strip()
            start = at + 1
    if text[start:].strip():
        yield text[start:].strip()


def _part_holds(text: str, profile: Profile) -> Holds:
    """Return when one condition without AND holds."""
    word = text.lower().replace(" ", "_")
    if (comparison := _COMPARISON.match(text.lower())) is not None:
        return _compared(comparison, profile)
    if word in _STOP_WORDS or word.removesuffix("_holder") in _STOP_WORDS:
        return Holds.AT_STOPS
    if word in profile.kinds:
        return Holds.ALWAYS
    if word in _VEHICLES or word in _WEATHER:
        return Holds.NEVER
    if not names_time(text):
        return Holds.UNREADABLE
    if names_a_year(text):
        return Holds.DATED
    return Holds.SOMETIMES if touches_work(text) else Holds.NEVER


def _compared(match: re.Match[str], profile: Profile) -> Holds:
    """Return whether a comparison such as `weight>7.5` is true of the vehicle."""
    key, sign, text = match.groups()
    measures = {
        "weight": (profile.weight_t, tag_values.weight_t),
        "weightrating": (profile.weight_t, tag_values.weight_t),
        "maxweight": (profile.weight_t, tag_values.weight_t),
        "maxweightrating": (profile.weight_t, tag_values.weight_t),
        "axleload": (profile.axle_t, tag_values.weight_t),
        "length": (profile.length_m, tag_values.length_m),
        "height": (profile.height_m, tag_values.length_m),
        "width": (profile.width_m, tag_values.length_m),
        "axles": (float(profile.axles), tag_values.length_m),
    }
    if key not in measures:
        return Holds.UNREADABLE
    mine, parse = measures[key]
    bound = parse(text)
    if bound is None:
        return Holds.UNREADABLE
    true = {
        "<": mine < bound,
        "<=": mine <= bound,
        ">": mine > bound,
        ">=": mine >= bound,
        "=": mine == bound,
    }
    return Holds.ALWAYS if true[sign] else Holds.NEVER
