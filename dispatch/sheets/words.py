"""The words of sheets, and how figures and times are written in German and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.clock import BERLIN
from dispatch.domain.job import Dimension, JobKind
from dispatch.domain.plan import StopKind
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from dispatch.sheets.sheet import Language

KINDS: Mapping[JobKind, Text] = {
    JobKind.EMPTY: Text(de="Glas leeren", en="Empty glass"),
    JobKind.WATER: Text(de="Gießen", en="Water"),
    JobKind.BAIT: Text(de="Köder", en="Bait"),
    JobKind.AERATE: Text(de="Belüften", en="Aerate"),
    JobKind.CHECK: Text(de="Kontrolle", en="Check"),
    JobKind.SERVICE: Text(de="Sensor", en="Sensor"),
    JobKind.CLEAN: Text(de="Reinigen", en="Clean"),
    JobKind.NOTICE: Text(de="Hinweis", en="Notice"),
}
STOPS: Mapping[StopKind, Text] = {
    StopKind.START: Text(de="Abfahrt", en="Start"),
    StopKind.JOB: Text(de="Auftrag", en="Job"),
    StopKind.BREAK: Text(de="Pause", en="Break"),
    StopKind.RELOAD: Text(de="Anlage", en="Facility"),
    StopKind.END: Text(de="Ende", en="End"),
}
UNITS: Mapping[Dimension, Text] = {
    Dimension.WHITE_GLASS_L: Text(de="l weiß", en="l white"),
    Dimension.GREEN_GLASS_L: Text(de="l grün", en="l green"),
    Dimension.BROWN_GLASS_L: Text(de="l braun", en="l brown"),
    Dimension.WATER_L: Text(de="l Wasser", en="l water"),
    Dimension.BAIT_ITEMS: Text(de="Köder", en="bait"),
}

TITLE = Text(de="Tourenblatt", en="Route sheet")
JOBS = Text(de="Aufträge", en="Jobs")
DISTANCE = Text(de="Strecke", en="Distance")
DRIVING = Text(de="Fahrzeit", en="Driving")
WORK = Text(de="Arbeit", en="Work")
WAITING = Text(de="Warten", en="Waiting")
SHIFT = Text(de="Schicht", en="Shift")
CREW = Text(de="Kolonne", en="Crew")
VEHICLE = Text(de="Fahrzeug", en="Vehicle")
TIME = Text(de="Zeit", en="Time")
WHAT = Text(de="Was und wo", en="What and where")
AMOUNT = Text(de="Menge", en="Amount")
DONE = Text(de="Erl.", en="Done")
NOTES = Text(de="Notiz", en="Notes")
MUST = Text(de="MUSS", en="MUST")
FROM = Text(de="ab", en="from")
UNTIL = Text(de="bis", en="by")
UNLOAD = Text(de="abladen", en="unload")
TAKE_UP = Text(de="laden", en="take up")
UNKNOWN = Text(de="Auftrag nicht mehr gespeichert", en="Job is not stored any more")
ACCESS = Text(de="Zugang", en="Access")
REMARKS = Text(de="Bemerkungen der Kolonne", en="Remarks of the crew")
KILOMETRES_OUT = Text(de="km-Stand Abfahrt", en="Odometer out")
KILOMETRES_IN = Text(de="km-Stand Ende", en="Odometer in")
SIGNATURE = Text(de="Unterschrift", en="Signature")
PLAN = Text(de="Plan", en="Plan")
REVISION = Text(de="Revision", en="revision")
PRINTED = Text(de="erstellt", en="made")
PAGE = Text(de="Seite", en="Page")
OF = Text(de="von", en="of")
MAP_OF = Text(de="Karte", en="Map")
STAND_IN = Text(
    de="Übungsnetz: Die Straßen sind erfunden", en="Practice network: the streets are invented"
)
NOT_IN_FORCE = Text(de="NICHT IN KRAFT", en="NOT IN FORCE")

_WEEKDAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "de": (
        *("Januar", "Februar", "März", "April", "Mai", "Juni"),
        *("Juli", "August", "September", "Oktober", "November", "Dezember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


def whole(amount: int, language: Language) -> str:
    """Return the integer with its thousands parted: 2760 -> '2.760' or '2,760'."""
    text = f"{amount:,}"
    return text.replace(",", ".") if language == "de" else text


def kilometres(metres: int, language: Language) -> str:
    """Return metres as kilometres with one digit: 12345 -> '12,3 km'."""
    text = f"{metres / 1000:.1f} km"
    return text.replace(".", ",") if language == "de" else text


def hours(seconds: int) -> str:
    """Return seconds as hours and minutes: 5400 -> '1:30 h'."""
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02d} h"


def clock(moment: datetime) -> str:
    """Return Bochum's wall-clock time: '06:30'."""
    return f"{moment.astimezone(BERLIN):%H:%M}"


def day_and_clock(moment: datetime) -> str:
    """Return Bochum's date and time: '15.07.2026 06:30', the same in both languages."""
    return f"{moment.astimezone(BERLIN):%d.%m.%Y %H:%M}"


def long_day(day: date, language: Language) -> str:
    """Return the day in words: 'Mittwoch, 15. Juli 2026' or 'Wednesday, 15 July 2026'."""
    dot = "." if language == "de" else ""
    month = _MONTHS[language][day.month - 1]
    return f"{_WEEKDAYS[language][day.weekday()]}, {day.day}{dot} {month} {day.year}"
