"""Figures and dates as people write them in German and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.domain.clock import BERLIN
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

_DAYS_DE: Final = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
_DAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def figure(value: float, *, digits: int = 0, sign: bool = False) -> Text:
    """Return 2760 as "2.760" and "2,760"; with `sign`, +8 keeps its plus."""
    english = f"{value:{'+' if sign else ''},.{digits}f}"
    german = english.translate(str.maketrans(",.", ".,"))
    return Text(de=german, en=english)


def weekday(day: date) -> Text:
    """Return "Mo" and "Mon"."""
    return Text(de=_DAYS_DE[day.weekday()], en=_DAYS_EN[day.weekday()])


def short_day(day: date) -> Text:
    """Return "Fr 17.07." and "Fri 17 Jul"."""
    name = weekday(day)
    return Text(
        de=f"{name.de} {day.day:02}.{day.month:02}.",
        en=f"{name.en} {day.day} {_MONTHS_EN[day.month - 1]}",
    )


def clock_time(moment: datetime) -> Text:
    """Return the wall-clock time in Bochum, "05:30 Uhr" and "05:30"."""
    text = f"{moment.astimezone(BERLIN):%H:%M}"
    return Text(de=f"{text} Uhr", en=text)


def day_and_time(moment: datetime) -> Text:
    """Return "Fr 17.07. 05:30 Uhr" and "Fri 17 Jul 05:30", in Bochum's time."""
    day, time = short_day(moment.astimezone(BERLIN).date()), clock_time(moment)
    return Text(de=f"{day.de} {time.de}", en=f"{day.en} {time.en}")


def span(hours: float) -> Text:
    """Return a length of time in hours, from two days on in days."""
    if hours < 48:
        count = figure(hours)
        unit = Text(de="Stunde", en="hour") if round(hours) == 1 else Text(de="Stunden", en="hours")
    else:
        count = figure(hours / 24)
        unit = Text(de="Tagen", en="days")
    return Text(de=f"{count.de} {unit.de}", en=f"{count.en} {unit.en}")


def join(texts: Iterable[Text], *, between: str = "; ") -> Text:
    """Return the texts in one, in their order."""
    found = tuple(texts)
    return Text(de=between.join(t.de for t in found), en=between.join(t.en for t in found))
