"""Shifts as iCalendar (RFC 5545): an event per shift, replaced by the next revision."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from icalendar import Calendar, Event, Timezone, vDuration

from dispatch.domain.clock import BERLIN, to_utc
from dispatch.domain.plan import StopKind
from dispatch.sheets import words
from dispatch.sheets.paper_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.sheets.sheet import Sheet

REFRESH = timedelta(minutes=15)
"""How often a calendar should look for changes; many have their own mind."""


def shifts_calendar(sheets: Iterable[Sheet], *, name: str) -> bytes:
    """Return the calendar of these routes, for download or as a feed.

    A shift keeps its UID in every revision, and its SEQUENCE is the plan's revision: calendars
    replace the event they have. The same routes are the same bytes.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Bochum Dispatch//Route plans//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", printable(name))
    calendar.add("x-wr-timezone", BERLIN.key)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    sheets = list(sheets)
    if days := [sheet.plan.day for sheet in sheets]:
        calendar.add_component(_zone(min(days), max(days)))
    for sheet in sheets:
        calendar.add_component(_event(sheet))
    return bytes(calendar.to_ical())


def _zone(first: date, last: date) -> Timezone:
    """Return the rules of Berlin's clock for the time around these days."""
    return Timezone.from_tzinfo(
        BERLIN,
        BERLIN.key,
        first_date=date(first.year, 1, 1),
        last_date=date(last.year + 1, 1, 1),
    )


def _event(sheet: Sheet) -> Event:
    route, plan = sheet.route, sheet.plan
    first, last = route.stops[0], route.stops[-1]
    event = Event()
    event.add("uid", f"{route.shift_id.replace('@', '.')}@bochum-dispatch")
    event.add("sequence", plan.revision)
    event.add("dtstamp", to_utc(plan.created_at))
    event.add("last-modified", to_utc(plan.created_at))
    event.add("dtstart", first.arrives_at.astimezone(BERLIN))
    event.add("dtend", last.departs_at.astimezone(BERLIN))
    count = len(route.job_ids)
    jobs = sheet.said(words.JOBS)
    event.add("summary", printable(f"{route.crew_name}: {count} {jobs}, {route.vehicle_name}"))
    event.add("location", printable(first.name))
    event.add("geo", (round(first.location.lat, 6), round(first.location.lon, 6)))
    event.add("description", _stops(sheet))
    event.add("transp", "OPAQUE")
    if sheet.url:
        event.add("url", sheet.url)
    return event


def _stops(sheet: Sheet) -> str:
    lines = []
    for number, stop in sheet.numbers():
        job = sheet.job(stop)
        what = sheet.said(words.KINDS[job.kind] if job else words.STOPS[stop.kind])
        place = "" if stop.kind is StopKind.BREAK else f" {printable(stop.name)}"
        mark = f"{number}. " if stop.kind is StopKind.JOB else ""
        lines.append(f"{words.clock(stop.arrives_at)} {mark}{what}{place}")
    head = (
        f"{sheet.said(words.PLAN)} {sheet.plan.day:%d.%m.%Y}, "
        f"{sheet.said(words.REVISION)} {sheet.plan.revision}"
    )
    return "\n".join([head, *lines])
