"""A route in devices, on maps and in calendars, as others read it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from xml.etree import ElementTree as ET

from icalendar import Calendar

from dispatch.domain.clock import BERLIN
from dispatch.sheets.calendar import shifts_calendar
from dispatch.sheets.geojson import route_geojson
from dispatch.sheets.gpx import route_gpx
from tests.helpers.plans import a_plan, at
from tests.helpers.sheets import a_sheet

GPX = {"g": "http://www.topografix.com/GPX/1/1"}


def test_gpx_has_the_stops_as_a_route_and_the_way_as_a_track() -> None:
    """A break is no place; what was not drawn has no track."""
    root = ET.fromstring(route_gpx(a_sheet()))  # noqa: S314  # our own
    points = root.findall("g:rte/g:rtept", GPX)
    names = [point.findtext("g:name", namespaces=GPX) for point in points]
    assert names == [
        "Betriebshof",
        "1 Größe Straße 5",
        "Glasumschlag",
        "2 Stadtparkteich",
        "3 Nirgends",
        "Betriebshof",
    ]
    assert points[1].findtext("g:desc", namespaces=GPX) == (
        "06:30 Glas leeren: Füllstand 92 %, läuft über"
    )
    assert len(root.findall("g:trk/g:trkseg", GPX)) == 2
    assert root.findtext("g:metadata/g:desc", namespaces=GPX) == "made by hand"
    assert root.findtext("g:metadata/g:time", namespaces=GPX) == "2026-10-24T03:30:00Z"


def test_geojson_has_a_line_and_every_stop_in_words() -> None:
    """Longitude first; figures of each job under the name of their dimension."""
    document = json.loads(route_geojson(a_sheet(language="en")))
    line, *points = document["features"]
    assert line["geometry"]["coordinates"][0] == [7.2, 51.47]
    assert (line["properties"]["revision"], line["properties"]["distance_m"]) == (3, 12_345)
    assert len(points) == 7
    glass = points[1]["properties"]
    assert (glass["what"], glass["green_glass_l"], glass["required"]) == ("Empty glass", 1500, True)
    assert document["attribution"] == "made by hand"


def test_a_calendar_has_a_shift_as_an_event_that_revisions_replace() -> None:
    """The UID stays, the sequence is the revision; times are Bochum's, with their rules."""
    raw = shifts_calendar([a_sheet()], name="Kolonne Größ")
    again = shifts_calendar([a_sheet(plan=a_plan(revision=4))], name="Kolonne Größ")
    (event,), (later,) = Calendar.from_ical(raw).events, Calendar.from_ical(again).events
    assert event["UID"] == later["UID"]
    assert (event["SEQUENCE"], later["SEQUENCE"]) == (3, 4)
    assert event.start == at(0).astimezone(BERLIN)
    assert event.end == at(510).astimezone(BERLIN)
    assert event["SUMMARY"] == "Kolonne Größ: 3 Aufträge, Glaslaster"
    assert "07:30 Anlage Glasumschlag" in event["DESCRIPTION"]
    assert b"DTSTART;TZID=Europe/Berlin:20261024T060000" in raw
    assert b"BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin" in raw
    assert b"TZOFFSETTO:+0200" in raw


def test_a_calendar_keeps_to_the_form() -> None:
    """Lines end as the standard says and are no longer than 75 bytes, umlauts counted as two."""
    raw = shifts_calendar([a_sheet()], name="Größe Kolonne " * 10)
    assert raw.endswith(b"END:VCALENDAR\r\n")
    lines = raw.split(b"\r\n")
    assert not any(b"\n" in line for line in lines)
    assert max(len(line) for line in lines) <= 75


def test_a_shift_over_the_change_of_the_clocks_keeps_its_hours() -> None:
    """On 25 October 2026 two o'clock comes twice: the event is as long as the shift."""
    sheet = a_sheet()
    night = at(0) + timedelta(hours=18)
    first = replace(sheet.route.stops[0], arrives_at=night)
    last = replace(sheet.route.stops[-1], departs_at=night + timedelta(hours=8))
    route = replace(sheet.route, stops=(first, last))
    raw = shifts_calendar([replace(sheet, route=route)], name="Nacht")
    (event,) = Calendar.from_ical(raw).events
    assert (event.start.hour, event.end.hour) == (0, 7)
    assert event.end.timestamp() - event.start.timestamp() == 8 * 3600


def test_a_calendar_without_shifts_is_one() -> None:
    """A crew on holiday has an empty calendar, not an error."""
    assert Calendar.from_ical(shifts_calendar([], name="x")).events == []
    assert a_sheet().plan.day == date(2026, 10, 24)
