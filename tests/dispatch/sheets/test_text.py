"""A crew's day on paper."""

from __future__ import annotations

from dataclasses import replace

from dispatch.domain.ids import JobId
from dispatch.domain.job import Dimension, JobKind, Load
from dispatch.domain.plan import StopKind
from dispatch.domain.text import Text
from dispatch.sheets import german_number, plan_sheets, route_sheet
from tests.helpers.plans import a_leg, a_plan, a_route, a_stop, a_stored_job

WHOLE_DAY = """\
Kolonne Größ · Glaslaster · 2 Aufträge · 12,3 km · 6,4 h Arbeit
------------------------------------------------------------------------------
  0 06:00–06:10 Abfahrt      Betriebshof
  1 06:30–06:40 Glas leeren  Große Straße 5
                2.760 l weiß, 1.200 l grün
                Füllstand 92 %, läuft über
  2 07:30–07:40 Anlage       Glasumschlag
  3 10:00–10:10 Pause
  4 13:59–14:09 Kontrolle    Jahrhunderthalle
                Sonde steht auf null
  5 14:20–14:30 Ende         Betriebshof"""


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
    assert lines[0] == "Kolonne Größ · Glaslaster · 1 Auftrag · 4,0 km · 0,3 h Arbeit"
    assert lines[2].endswith("Abfahrt      Betriebshof")
    assert lines[3].endswith("Glas leeren  Hüttenstraße")
    assert job.reason.de in sheet
    assert lines[-2].endswith("Pause")
    assert lines[-1].endswith("Ende         Betriebshof")


def test_an_unknown_job_still_has_its_line() -> None:
    """A sheet never loses a stop."""
    assert len(route_sheet(a_route(), {}).splitlines()) == 5


def test_a_whole_day_is_written_out_as_the_crew_gets_it() -> None:
    """Bochum's clock, German figures, unloading and break by their names, no line too many."""
    glass = a_stored_job(
        "glas",
        loads=(
            Load(dimension=Dimension.WHITE_GLASS_L, amount=2760),
            Load(dimension=Dimension.GREEN_GLASS_L, amount=1200),
            Load(dimension=Dimension.BROWN_GLASS_L, amount=0),
        ),
        reason=Text(de="Füllstand 92 %, läuft über", en="92 % full"),
    )
    look = a_stored_job(
        "teich", kind=JobKind.CHECK, loads=(), reason=Text(de="Sonde steht auf null", en="zero")
    )
    stops = (
        a_stop(StopKind.START, 0),
        a_stop(StopKind.JOB, 30, name="Große Straße 5", leg=a_leg(), job_id=glass.id),
        a_stop(StopKind.RELOAD, 90, name="Glasumschlag", leg=a_leg()),
        a_stop(StopKind.BREAK, 240, name="Betriebshof", leg=a_leg()),
        a_stop(StopKind.JOB, 479, name="Jahrhunderthalle", leg=a_leg(), job_id=look.id),
        a_stop(StopKind.END, 500, leg=a_leg()),
    )
    route = replace(a_route(), stops=stops, travel_s=20_000, service_s=3_000, distance_m=12_345)
    assert route_sheet(route, {job.id: job for job in (glass, look)}) == WHOLE_DAY


def test_a_plan_has_one_sheet_for_each_crew_with_work() -> None:
    """Sheets are parted by an empty line; who stays at the yard gets no paper."""
    idle = replace(a_route(), stops=(a_stop(StopKind.START, 0), a_stop(StopKind.END, 0)))
    plan = a_plan(routes=(a_route(), idle, a_route("grün", job="job-2")))
    sheets = plan_sheets(plan, {}).split("\n\n")
    assert [sheet.splitlines()[0].split(" · ")[2] for sheet in sheets] == ["1 Auftrag"] * 2
    assert plan_sheets(a_plan(routes=(idle,)), {}) == ""
