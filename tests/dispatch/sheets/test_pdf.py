"""A route sheet on paper has what a crew needs to know, and nothing gets lost on it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from pypdf import PdfReader

from dispatch.domain.plan import StopKind
from dispatch.sheets import words
from dispatch.sheets.pdf import route_pdf
from tests.helpers.plans import a_leg, a_stop
from tests.helpers.sheets import GLASS, a_sheet

if TYPE_CHECKING:
    from dispatch.sheets.sheet import Sheet


def pages(sheet: Sheet) -> list[str]:
    """Return the words on each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(route_pdf(sheet))).pages]


def test_a_sheet_has_crew_day_stops_amounts_and_its_revision() -> None:
    """Heading, sums, one row per stop with its time, what is unloaded, and the foot."""
    text = "\n".join(pages(a_sheet(hints={GLASS: "Schlüssel beim Kiosk"})))
    for told in (
        "Tourenblatt · USB",
        "Kolonne Größ",
        "Samstag, 24. Oktober 2026",
        "12,3 km",
        "1:30 h",
        "Glas leeren · Größe Straße 5",
        "MUSS · bis 08:00",
        "Zugang: Schlüssel beim Kiosk",
        "Füllstand 92 %, läuft über",
        "1.500 l grün",
        "abladen:",
        "Anlage · Glasumschlag",
        "Pause",
        "Plan 24.10.2026 · Revision 3 · erstellt 24.10.2026 05:30",
        "Seite 1 von ",
        "Übungsnetz: Die Straßen sind erfunden (made by hand)",
        "Bemerkungen der Kolonne",
    ):
        assert told in text
    assert "Pause · Glasumschlag" not in text


def test_a_job_that_is_not_stored_any_more_still_has_its_row() -> None:
    """A sheet never loses a stop."""
    text = "\n".join(pages(a_sheet()))
    assert "Auftrag · Nirgends" in text
    assert "Auftrag nicht mehr gespeichert" in text


def test_it_can_be_had_in_english() -> None:
    """All words are, and figures are written as there."""
    text = "\n".join(pages(a_sheet(language="en")))
    assert "Saturday, 24 October 2026" in text
    assert "Empty glass · Größe Straße 5" in text
    assert "1,500 l green" in text
    assert not {"Pause", "Fahrzeit", "Revision 3 · erstellt"} & set(text.splitlines())


def test_what_is_not_in_force_says_so() -> None:
    """A draft or an old revision in somebody's hand is known for what it is."""
    assert "NICHT IN KRAFT" in pages(a_sheet(mark=words.NOT_IN_FORCE))[0]
    assert "NICHT IN KRAFT" not in pages(a_sheet())[0]


def test_a_long_day_has_its_heads_on_every_page() -> None:
    """Sixty stops go over several pages; each is there once and in order."""
    sheet = a_sheet()
    stops = [
        a_stop(StopKind.JOB, 5 * n, name=f"Halt-{n:02d}", leg=a_leg(7.2, 7.2 + n / 1000))
        for n in range(60)
    ]
    route = replace(sheet.route, stops=(sheet.route.stops[0], *stops, sheet.route.stops[-1]))
    texts = pages(replace(sheet, route=route))
    assert len(texts) >= 3
    assert all("Was und wo" in text for text in texts[:-1])
    whole = "\n".join(texts)
    places = [whole.index(f"Halt-{n:02d}") for n in range(60)]
    assert places == sorted(places)
    assert f"Seite {len(texts)} von {len(texts)}" in texts[-1]


def test_the_same_sheet_is_the_same_bytes() -> None:
    """So that it can be compared and kept."""
    sheet = a_sheet(url="https://dispatch.stadt.example/x")
    assert route_pdf(sheet) == route_pdf(sheet)


def test_odd_names_and_still_routes_do_no_harm() -> None:
    """Line ends, control signs, a name as long as a street, a route that never moves."""
    sheet = a_sheet()
    start = replace(sheet.route.stops[0], name="Hof\nmit\x00Zeichen " + "lang " * 60)
    end = replace(start, kind=StopKind.END)
    route = replace(sheet.route, stops=(start, end), crew_name="K" * 200)
    assert len(pages(replace(sheet, route=route, backdrop=(((7.2, 51.47), (7.3, 51.5)),)))) == 1
