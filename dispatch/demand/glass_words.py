"""Why a glass container is emptied, in words and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatch.demand.words import clock_time, figure, join, short_day, span, weekday
from dispatch.domain.clock import BERLIN, seconds_between
from dispatch.domain.site import GlassColour
from dispatch.domain.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dispatch.demand.glass_settings import GlassSettings
    from dispatch.demand.outlook import FullDate, Outlook

_COLOURS: Final = {
    GlassColour.WHITE: Text(de="Weißglas", en="White glass"),
    GlassColour.GREEN: Text(de="Grünglas", en="Green glass"),
    GlassColour.BROWN: Text(de="Braunglas", en="Brown glass"),
}
_OLD_NEWS_H: Final = 24.0
"""A level older than this is called old in the reason."""

_FEW_PCT_DAY: Final = 3.0
"""Slower rates are said with a decimal."""


def reason(triggers: Sequence[Outlook], *, others: int, settings: GlassSettings) -> Text:
    """Return the reason: a sentence per container that asks for it, and how many go along.

    At the end stands when the lorry would come next.
    """
    fullest_first = sorted(triggers, key=lambda o: (-o.chance, -o.next_pct))
    parts = [_sentence(o, settings) for o in fullest_first]
    if others:
        worth = figure(settings.worth_pct)
        parts.append(
            Text(
                de=f"dazu {others} {'weiterer' if others == 1 else 'weitere'} ab {worth.de} %",
                en=f"{others} more above {worth.en} %",
            )
        )
    following = short_day(triggers[0].next_day)
    parts.append(Text(de=f"nächste Leerung {following.de}", en=f"next emptying {following.en}"))
    return join(parts)


def _sentence(outlook: Outlook, settings: GlassSettings) -> Text:
    name = _COLOURS[outlook.container.colour]
    shown_pct = round(min(outlook.filling.level_pct, 100))
    level = figure(shown_pct)
    # From the level shown, so that a reader who recomputes it finds the same litres.
    litres = figure(outlook.container.volume_l * shown_pct / 100)
    slow = outlook.filling.rate_pct_day < _FEW_PCT_DAY
    rate = figure(outlook.filling.rate_pct_day, digits=1 if slow else 0, sign=True)
    source, ahead = _source(outlook), _ahead(outlook, settings)
    return Text(
        de=f"{name.de} {level.de} % ({litres.de} l{source.de}), {rate.de} %/Tag: {ahead.de}",
        en=f"{name.en} {level.en} % ({litres.en} l{source.en}), {rate.en} %/day: {ahead.en}",
    )


def _source(outlook: Outlook) -> Text:
    """Say how old the level is, or that it was reckoned from the last emptying."""
    filling = outlook.filling
    hours = seconds_between(filling.measured_at, filling.at) / 3600
    age = span(hours)
    if not outlook.measured:
        return Text(de=f", geschätzt, geleert vor {age.de}", en=f", reckoned, emptied {age.en} ago")
    if hours < _OLD_NEWS_H:
        return Text(de="", en="")
    return Text(de=f", gemessen vor {age.de}", en=f", measured {age.en} ago")


def _ahead(outlook: Outlook, settings: GlassSettings) -> Text:
    """Say when it is full, and with what probability it overflows before the next chance."""
    if outlook.filling.level_pct >= settings.overflow_pct:
        return Text(de="ist voll", en="is full")
    when, risk = _when(outlook.full), figure(min(max(round(100 * outlook.chance), 1), 99))
    day, last = weekday(outlook.next_day), clock_time(outlook.next_chance)
    return Text(
        de=f"{when.de}, läuft bis {day.de} {last.de} mit {risk.de} % Wahrscheinlichkeit über",
        en=f"{when.en}, overflows by {day.en} {last.en} with {risk.en} %",
    )


def _when(full: FullDate) -> Text:
    """Say the likeliest day, and the days between which it lies nine times of ten."""
    if full.middle is None:
        return Text(de="füllt sich kaum", en="is hardly filling")
    day = _day(full.middle)
    between = _between(full)
    if between is None:
        hour = full.middle.astimezone(BERLIN).hour
        return Text(de=f"voll am {day.de} gegen {hour} Uhr", en=f"full on {day.en} about {hour}:00")
    return Text(de=f"voll etwa {day.de} ({between.de})", en=f"full about {day.en} ({between.en})")


def _between(full: FullDate) -> Text | None:
    """Return the days between which it is full nine times of ten; None if that is one day."""
    if full.earliest is None:
        return None
    early = _day(full.earliest)
    if full.latest is None:
        return Text(de=f"frühestens {early.de}", en=f"{early.en} at the earliest")
    late = _day(full.latest)
    return (
        None
        if early == late
        else Text(de=f"{early.de} bis {late.de}", en=f"{early.en} to {late.en}")
    )


def _day(moment: datetime) -> Text:
    return short_day(moment.astimezone(BERLIN).date())
