"""Times in conditions, held against the hours at which municipal crews drive."""

from __future__ import annotations

import re

BEGINS_H, ENDS_H = 6, 20
"""Municipal crews drive between these hours from Monday to Saturday (32. BImSchV § 7 keeps refuse
vehicles out of residential areas from 20:00 to 7:00 and on Sundays and holidays). A ban that never
touches these hours is none; one that does counts at all hours, because a plan made without it
might be driven into it."""

_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
_TIME = re.compile(
    r"\d{1,2}:\d{2}|24/7|\b(mo|tu|we|th|fr|sa|su|ph|sh|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|"
    r"dec|sunrise|sunset|dawn|dusk|easter|week)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_DAY = re.compile(r"\b(mo|tu|we|th|fr|sa|su|ph|sh)\b", re.IGNORECASE)
_RULES = re.compile(r";|(?<=\d),(?=\s*[A-Za-z])")
_FREE_DAYS = frozenset({"su", "ph"})


def names_time(text: str) -> bool:
    """Tell whether a condition is one of time."""
    return _TIME.search(text) is not None


def names_a_year(text: str) -> bool:
    """Tell whether a condition is for a certain year: a building site long gone or yet to come."""
    return _YEAR.search(text) is not None


def touches_work(text: str) -> bool:
    """Tell whether times (`Mo-Fr 07:00-17:00`, `22:00-06:00`) touch working hours."""
    return any(_one_touches(part) for part in _RULES.split(text))


def _one_touches(text: str) -> bool:
    days = {day.lower() for day in _DAY.findall(text)}
    if days and days <= _FREE_DAYS:
        return False
    hours = _HOURS.findall(text)
    if not hours:
        return True
    spans = ((int(a) + int(b) / 60, int(c) + int(d) / 60) for a, b, c, d in hours)
    return any(_overlaps_work(begin, end) for begin, end in spans)


def _overlaps_work(begin_h: float, end_h: float) -> bool:
    if end_h <= begin_h:
        # Over midnight: from the beginning to midnight, and from midnight to the end.
        return begin_h < ENDS_H or end_h > BEGINS_H
    return begin_h < ENDS_H and end_h > BEGINS_H
