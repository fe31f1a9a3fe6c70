"""Why a pond needs somebody, in German and English with the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.demand.course import moment_of
from dispatch.demand.words import clock_time, day_and_time, figure, span
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from datetime import datetime

    from dispatch.demand.oxygen import Outlook
    from dispatch.domain.site import Pond

OFTEN: Final = 0.5
"""Share of low nights from which an aerator for the season is recommended."""

FEWEST_NIGHTS: Final = 10


def gasping(
    pond: Pond,
    *,
    level: float,
    since: datetime,
    cut: bool,
    lowest: float,
    lowest_at: datetime,
    nights: tuple[int, int],
) -> Text:
    """Say how low the oxygen is, since when, and how low it was."""
    current, alarm = figure(level, digits=1), figure(pond.alarm_mg_l, digits=1)
    begun, deepest, at = day_and_time(since), figure(lowest, digits=1), day_and_time(lowest_at)
    least = Text(de="mindestens ", en="at least ") if cut else Text(de="", en="")
    advice = _seasonal(nights)
    return Text(
        de=f"Sauerstoff {current.de} mg/l (Stundenmedian), unter {alarm.de} seit {least.de}"
        f"{begun.de}, am tiefsten {deepest.de} am {at.de}{advice.de}",
        en=f"Oxygen {current.en} mg/l (hourly median), below {alarm.en} since {least.en}"
        f"{begun.en}, lowest {deepest.en} on {at.en}{advice.en}",
    )


def foreseen(
    pond: Pond, seen: Outlook, *, hour: int, chance: float, nights: tuple[int, int]
) -> Text:
    """Say what the evening's level and the falls of the last nights lead to expect."""
    at = hour - seen.course.first
    level, fall = figure(seen.course.median[at], digits=1), figure(seen.fall[at], digits=1)
    lowest = figure(max(seen.lowest(at), 0.0), digits=1)
    alarm, clock = figure(pond.alarm_mg_l, digits=1), clock_time(moment_of(hour))
    percent, advice = figure(100 * chance), _seasonal(nights)
    return Text(
        de=f"Sauerstoff um {clock.de} {level.de} mg/l, fiel in den letzten Nächten um {fall.de}: "
        f"am Morgen wohl {lowest.de}, mit {percent.de} % unter {alarm.de}{advice.de}",
        en=f"Oxygen {level.en} mg/l at {clock.en}, fell by {fall.en} in the last nights: "
        f"likely {lowest.en} by morning, below {alarm.en} with {percent.en} %{advice.en}",
    )


def remembered(
    pond: Pond, seen: Outlook, *, hour: int, chance: float, nights: tuple[int, int]
) -> Text:
    """Say that it was low, or seemed about to be, within the last days."""
    at = hour - seen.course.first
    alarm, when = figure(pond.alarm_mg_l, digits=1), day_and_time(moment_of(hour))
    percent, advice = figure(100 * chance), _seasonal(nights)
    level = figure(seen.course.median[at], digits=1)
    if seen.low[at]:
        return Text(
            de=f"Sauerstoff war zuletzt am {when.de} unter {alarm.de} mg/l ({level.de}): kann am "
            f"Morgen wieder fallen ({percent.de} % der letzten sieben Nächte){advice.de}",
            en=f"Oxygen was last below {alarm.en} mg/l on {when.en} ({level.en}): may fall again "
            f"in the morning ({percent.en} % of the last seven nights){advice.en}",
        )
    return Text(
        de=f"Am {when.de} war ein Fall unter {alarm.de} mg/l zu erwarten; er blieb bisher aus, "
        f"die Lage ist noch unsicher{advice.de}",
        en=f"On {when.en} a fall below {alarm.en} mg/l was to be expected; it has not come so "
        f"far, but may still{advice.en}",
    )


def _seasonal(nights: tuple[int, int]) -> Text:
    """Return the advice for a pond that is low on most nights, else nothing."""
    low, known = nights
    if known < FEWEST_NIGHTS or low < OFTEN * known:
        return Text(de="", en="")
    return Text(
        de=f"; niedrig in {low} von {known} Nächten: Belüfter für die Saison dort lassen",
        en=f"; low in {low} of {known} nights: leave an aerator there for the season",
    )


def unaided(pond: Pond, *, since: datetime, lowest: float) -> Text:
    """Say that a pond is low where nobody brings a mobile aerator."""
    begun, deepest = day_and_time(since), figure(lowest, digits=1)
    alarm = figure(pond.alarm_mg_l, digits=1)
    why = (
        Text(de="trotz festem Belüfter: läuft er?", en="despite a fixed aerator: is it running?")
        if pond.fixed_aerator
        else Text(de="außerhalb der Saison: Eis oder Laub?", en="out of season: ice or leaves?")
    )
    return Text(
        de=f"Sauerstoff seit {begun.de} unter {alarm.de} mg/l, am tiefsten {deepest.de}, {why.de}",
        en=f"Oxygen below {alarm.en} mg/l since {begun.en}, lowest {deepest.en}, {why.en}",
    )


def zeros(*, since: datetime, hours: int, on_end: bool, before: float | None, sank: bool) -> Text:
    """Say how long the logger has read zero, and what came before: a fall or a jump."""
    length, start = span(hours), day_and_time(since)
    ahead = Text(de="", en="")
    if before is not None:
        level = figure(before, digits=1)
        verb = Text(de="sank vorher auf", en="had sunk to") if sank else _JUMPED
        ahead = Text(de=f", {verb.de} {level.de}", en=f", {verb.en} {level.en}")
    if not on_end:
        total = figure(hours)
        return Text(
            de=f"Sauerstoff immer wieder genau 0, zusammen {total.de} Stunden seit {start.de}"
            f"{ahead.de}: Sonde defekt oder Teich ohne Sauerstoff, bitte nachsehen",
            en=f"Oxygen exactly 0 again and again, {total.en} hours in all since {start.en}"
            f"{ahead.en}: probe broken or pond without oxygen, please look",
        )
    return Text(
        de=f"Sauerstoff seit {length.de} genau 0 (seit {start.de}{ahead.de}): "
        f"Sonde defekt oder Teich ohne Sauerstoff, bitte nachsehen",
        en=f"Oxygen exactly 0 for {length.en} (since {start.en}{ahead.en}): "
        f"probe broken or pond without oxygen, please look",
    )


_JUMPED: Final = Text(de="sprang von", en="jumped from")
