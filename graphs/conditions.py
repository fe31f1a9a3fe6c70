"""Conditional tags: what holds for this vehicle, and for a crew that works by day."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from graphs import tags as tag_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphs.profiles import Profile

WORK_BEGINS_H, WORK_ENDS_H = 6, 20
"""Municipal crews drive between these hours; a ban that never touches them is none."""


class Holds(Enum):
    """When a condition holds for a vehicle."""

    NEVER = "never"
    ALWAYS = "always"
    AT_STOPS = "at_stops"
    SOMETIMES = "sometimes"
    UNREADABLE = "unreadable"


class Conditional(NamedTuple):
    """One value of a conditional tag and when it holds."""

    value: str
    holds: Holds


_STOP_WORDS = frozenset(
    {"destination", "delivery", "residents", "customers", "permit", "loading", "unloading"}
)
_OTHER_VEHICLES = frozenset(
    {
        *("bus", "psv", "taxi", "trailer", "caravan", "motorhome", "tourist_bus", "coach", "moped"),
        *("emergency", "disabled", "agricultural", "forestry", "hazmat", "electric", "carpool"),
        *("motorcycle", "mofa", "foot", "horse", "hov", "military", "articulated"),
    }
)
_COMPARISON = re.compile(
    r"^(weight|weightrating|maxweight|length|height|width|axleload|axles)\s*(<=|>=|<|>|=)\s*(.+)$"
)
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_TIME = re.compile(
    r"\d{1,2}:\d{2}|\b(mo|tu|we|th|fr|sa|su|ph|sh|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|"
    r"sunrise|sunset|dawn|dusk|24/7|winter|summer|easter|week)\b",
    re.IGNORECASE,
)
_SEASON = re.compile(r"^(wet|snow|ice|winter|summer|flood)$", re.IGNORECASE)


def conditionals(text: str, profile: Profile) -> Iterator[Conditional]:
    """Yield the values of a conditional tag (`no @ (weight>7.5); delivery @ (06:00-10:00)`)."""
    for part in _split(text, ";"):
        value, mark, condition = part.partition("@")
        if not mark:
            yield Conditional(part.strip(), Holds.UNREADABLE)
            continue
        inner = condition.strip().removeprefix("(").removesuffix(")")
        yield Conditional(value.strip(), condition_holds(inner, profile))


def condition_holds(text: str, profile: Profile) -> Holds:
    """Return when a condition such as `weight>7.5 AND Mo-Fr 06:00-10:00` holds."""
    parts = [_part_holds(part.strip(), profile) for part in re.split(r"\s+AND\s+", text)]
    for answer in (Holds.NEVER, Holds.UNREADABLE, Holds.AT_STOPS, Holds.SOMETIMES):
        if answer in parts:
            return answer
    return Holds.ALWAYS


def _split(text: str, mark: str) -> Iterator[str]:
    """Yield the parts between marks that are not inside brackets."""
    depth, start = 0, 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if letter == mark and depth <= 0:
            yield text[start:at].strip()
            start = at + 1
    if text[start:].strip():
        yield text[start:].strip()


def _part_holds(text: str, profile: Profile) -> Holds:
    word = text.lower().replace(" ", "_")
    if (comparison := _COMPARISON.match(text.lower())) is not None:
        return _compared(comparison, profile)
    if word in _STOP_WORDS or word.removesuffix("_holder") in _STOP_WORDS:
        return Holds.AT_STOPS
    if word in profile.kinds:
        return Holds.ALWAYS
    if word in _OTHER_VEHICLES or word in ("hgv", "goods", "motorcar", "bicycle", "motor_vehicle"):
        return Holds.NEVER
    if _SEASON.match(word):
        return Holds.NEVER
    return by_day(text) if _TIME.search(text) else Holds.UNREADABLE


def by_day(text: str) -> Holds:
    """Return SOMETIMES for times that touch the working day, NEVER for the night alone."""
    hours = _HOURS.findall(text)
    if not hours:
        return Holds.SOMETIMES
    spans = ((int(a) + int(b) / 60, int(c) + int(d) / 60) for a, b, c, d in hours)
    touches = any(_touches_work(begin, end) for begin, end in spans)
    return Holds.SOMETIMES if touches else Holds.NEVER


def _touches_work(begin_h: float, end_h: float) -> bool:
    if end_h <= begin_h:
        # Over midnight: from the beginning to midnight, and from midnight to the end.
        return begin_h < WORK_ENDS_H or end_h > WORK_BEGINS_H
    return begin_h < WORK_ENDS_H and end_h > WORK_BEGINS_H


def _compared(match: re.Match[str], profile: Profile) -> Holds:
    key, sign, text = match.groups()
    mine, limit = {
        "weight": (profile.weight_t, tag_values.weight_t),
        "weightrating": (profile.weight_t, tag_values.weight_t),
        "maxweight": (profile.weight_t, tag_values.weight_t),
        "axleload": (profile.axle_t, tag_values.weight_t),
        "length": (profile.length_m, tag_values.length_m),
        "height": (profile.height_m, tag_values.length_m),
        "width": (profile.width_m, tag_values.length_m),
        "axles": (float(profile.axles), tag_values.length_m),
    }[key]
    bound = limit(text)
    if bound is None:
        return Holds.UNREADABLE
    true = {
        "<": mine < bound,
        "<=": mine <= bound,
        ">": mine > bound,
        ">=": mine >= bound,
        "=": mine == bound,
    }[sign]
    return Holds.ALWAYS if true else Holds.NEVER
