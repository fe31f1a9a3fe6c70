"""A crew's day on paper."""

from __future__ import annotations

from dataclasses import replace

from dispatch.domain.ids import JobId
from dispatch.domain.plan import StopKind
from dispatch.sheets import german_number, route_sheet
from tests.helpers.plans import a_leg, a_route, a_stop, a_stored_job


def test_thousands_are_parted_by_points() -> None:
    """As Germans write them."""
    assert [german_number(n) for n in (0, 999, 2_760, 1_234_567)] == [
        "0",
        "999",
        "2.760",
        "1.234.567",
    ]


def test_a_sheet_says_when_what_where_how_much_and_why() -> None:
    """One line per stop, the amounts and the reason below each job, and the break by its name."""
    route = a_route()
    start, work, end = route.stops
    rest = a_stop(StopKind.BREAK, 25, name="Pause", leg=a_leg())
    job = a_stored_job("job-1")
    sheet = route_sheet(replace(route, stops=(start, work, rest, end)), {JobId("job-1"): job})
    lines = sheet.splitlines()
    assert lines[0] == "Kolonne Größ · Glaslaster · 1 Aufträge · 4,0 km · 0,3 h Arbeit"
    assert lines[2].endswith("Abfahrt      Betriebshof")
    assert lines[3].endswith("Glas leeren  Hüttenstraße")
    assert job.reason.de in sheet
    assert lines[-2].endswith("Pause")
    assert lines[-1].endswith("Ende         Betriebshof")


def test_an_unknown_job_still_has_its_line() -> None:
    """A sheet never loses a stop."""
    assert len(route_sheet(a_route(), {}).splitlines()) == 5
