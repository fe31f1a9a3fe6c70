"""A route sheet as PDF: what a crew leader takes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno

from dispatch.domain.names import ORGANISATION_NAMES
from dispatch.domain.plan import StopKind
from dispatch.sheets import paper, words
from dispatch.sheets.paper import LINE, Paper
from dispatch.sheets.paper_text import printable
from dispatch.sheets.pdf_map import draw_map
from dispatch.sheets.pdf_table import amounts, draw_table
from dispatch.sheets.sheet import given_and_taken

if TYPE_CHECKING:
    from dispatch.sheets.sheet import Sheet

MAP_HEIGHT = 74.0
CODE = 24.0
"""Millimetres of the QR code's side."""
FEWEST_REMARK_LINES, MOST_REMARK_LINES = 2, 6
LINE_GAP = 8.0


def route_pdf(sheet: Sheet) -> bytes:
    """Return the sheet as PDF; the same sheet is the same bytes.

    Its first page has the heading, the sums and a map; then comes one row per stop, and at the
    end room for remarks, the odometer and a signature.
    """
    page = Paper(sheet)
    page.add_page()
    _draw_heading(page, sheet)
    _draw_sums(page, sheet)
    top = page.get_y()
    draw_map(page, sheet, x=paper.MARGIN, y=top, width=page.epw, height=MAP_HEIGHT)
    page.set_y(top + MAP_HEIGHT + 3)
    draw_table(page, sheet)
    _draw_remarks(page, sheet)
    return bytes(page.output())


def _draw_heading(page: Paper, sheet: Sheet) -> None:
    plan, route, said = sheet.plan, sheet.route, sheet.said
    top = page.get_y()
    width = page.epw - (CODE + 4 if sheet.url else 0)
    left = paper.MARGIN
    page.pen(9, "B", paper.ACCENT)
    page.put(left, top, f"{said(words.TITLE)} · {_whose(sheet)}", width=width)
    page.pen(20, "B")
    page.put(left, top + 6.5, printable(route.crew_name), width=width)
    page.pen(12)
    page.put(left, top + 14.5, words.long_day(plan.day, sheet.language), width=width)
    page.pen(10)
    times = f"{words.clock(route.stops[0].arrives_at)}–{words.clock(route.stops[-1].departs_at)}"
    shift = f"{said(words.SHIFT)} {times} · {said(words.VEHICLE)} {printable(route.vehicle_name)}"
    page.put(left, top + 20.5, shift, width=width)
    if sheet.mark is not None:
        page.pen(11, "B", paper.ALARM)
        page.put(left, top, said(sheet.mark), width=width, align="R")
    if sheet.url:
        _draw_code(page, sheet.url, page.w - paper.MARGIN - CODE, top)
    page.set_y(top + 27)


def _whose(sheet: Sheet) -> str:
    return sheet.said(ORGANISATION_NAMES[sheet.plan.organisation])


def _draw_code(page: Paper, url: str, x: float, y: float) -> None:
    """Draw the QR code of the URL, square by square: no picture, sharp on every printer."""
    matrix = segno.make(url, error="m", micro=False).matrix
    side = CODE / len(matrix)
    page.set_fill_color(0, 0, 0)
    for down, line in enumerate(matrix):
        for right, dark in enumerate(line):
            if dark:
                # A little too large, so that no hair of white is left between two.
                size = side + 0.02
                page.rect(x + right * side, y + down * side, size, size, style="F")


def _draw_sums(page: Paper, sheet: Sheet) -> None:
    route, said = sheet.route, sheet.said
    rests = [stop for stop in route.stops if stop.kind is StopKind.BREAK]
    rest_s = sum(int((stop.departs_at - stop.starts_at).total_seconds()) for stop in rests)
    sums = [
        (words.JOBS, str(len(route.job_ids))),
        (words.DISTANCE, words.kilometres(route.distance_m, sheet.language)),
        (words.DRIVING, words.hours(route.travel_s)),
        (words.WORK, words.hours(route.service_s)),
        (words.WAITING, words.hours(route.wait_s)),
        (words.STOPS[StopKind.BREAK], words.hours(rest_s)),
    ]
    top = page.get_y()
    width = page.epw / len(sums)
    page.set_fill_color(*paper.SHADE)
    page.rect(paper.MARGIN, top, page.epw, 12, style="F")
    for place, (label, value) in enumerate(sums):
        x = paper.MARGIN + place * width
        page.pen(7.5, colour=paper.PALE)
        page.put(x + 1, top + 1.2, said(label), width=width)
        page.pen(12, "B")
        page.put(x + 1, top + 6, value, width=width)
    page.set_y(top + 14)
    if asked := " · ".join(amounts(given_and_taken(sheet), sheet)):
        page.pen(9)
        page.put(paper.MARGIN, page.get_y(), f"{said(words.AMOUNT)}: {asked}", width=page.epw)
        page.set_y(page.get_y() + LINE + 2)


def _draw_remarks(page: Paper, sheet: Sheet) -> None:
    """Print room for what the crew wants to say, the odometer and a signature, on one page."""
    fitting = int((page.room() - 10) / LINE_GAP) - 2
    if fitting < FEWEST_REMARK_LINES:
        page.add_page()
        fitting = MOST_REMARK_LINES
    y = page.get_y() + 5
    said = sheet.said
    page.pen(9, "B")
    page.put(paper.MARGIN, y, said(words.REMARKS))
    page.set_draw_color(*paper.RULE)
    page.set_line_width(0.2)
    for _ in range(min(fitting, MOST_REMARK_LINES)):
        y += LINE_GAP
        page.line(paper.MARGIN, y + 3, page.w - paper.MARGIN, y + 3)
    y += 2 * LINE_GAP
    third = page.epw / 3
    page.set_draw_color(*paper.INK)
    page.pen(8, colour=paper.PALE)
    for place, label in enumerate((words.KILOMETRES_OUT, words.KILOMETRES_IN, words.SIGNATURE)):
        x = paper.MARGIN + place * third
        page.line(x, y, x + third - 6, y)
        page.put(x, y + 0.5, said(label), width=third - 6)
    page.set_y(y + LINE + 1)
