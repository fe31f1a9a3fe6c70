"""The paper sheets are printed on: A4, its fonts, colours, the foot of each page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, WrapMode, XPos, YPos

from dispatch.domain.clock import to_utc
from dispatch.sheets import words

if TYPE_CHECKING:
    from dispatch.sheets.sheet import Sheet

FONTS = Path(__file__).parent / "fonts"
FONT = "Roboto"

INK = (23, 32, 42)
PALE = (110, 120, 130)
RULE = (190, 198, 205)
SHADE = (240, 243, 245)
ACCENT = (0, 92, 130)
ALARM = (176, 32, 32)

MARGIN = 12.0
FOOT = 16.0
LINE = 4.1
"""Millimetres from line to line of small print."""


class Paper(FPDF):
    """A4 pages that say at their foot of which plan they are and how many there are."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(orientation="portrait", unit="mm", format="A4")
        self._sheet = sheet
        self.add_font(FONT, "", FONTS / "Roboto-Regular.ttf")
        self.add_font(FONT, "B", FONTS / "Roboto-Bold.ttf")
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=FOOT + 2)
        self.set_creation_date(to_utc(sheet.made_at))
        self.set_title(f"{sheet.said(words.TITLE)} {sheet.route.crew_name} {sheet.plan.day}")
        self.set_lang(sheet.language)
        self.set_producer("Bochum Dispatch")

    def pen(self, size: float, style: str = "", colour: tuple[int, int, int] = INK) -> None:
        """Take up a font size in points, a style ("" or "B") and a colour."""
        self.set_font(FONT, style, size)
        self.set_text_color(*colour)

    def put(self, x: float, y: float, text: str, *, width: float = 0, align: str = "L") -> None:
        """Write one line of text with its top left corner there; cut off what does not fit."""
        self.set_xy(x, y)
        shown = self.fitting(text, width) if width else text
        self.cell(width or None, LINE, shown, align=align, new_x=XPos.LEFT, new_y=YPos.TOP)

    def fitting(self, text: str, width: float) -> str:
        """Return the text, shortened with an ellipsis if it is wider than that."""
        room = width - 2 * self.c_margin
        if self.get_string_width(text) <= room:
            return text
        while text and self.get_string_width(text + "…") > room:
            text = text[:-1]
        return text.rstrip() + "…"

    def wrapped(self, text: str, width: float) -> list[str]:
        """Return the lines the text takes in that width with the pen in hand."""
        lines: Any = self.multi_cell(
            width,
            LINE,
            text,
            dry_run=True,
            output=MethodReturnValue.LINES,
            wrapmode=WrapMode.WORD,
        )
        return list(lines)

    def room(self) -> float:
        """Return how many millimetres are left on the page above its foot."""
        return self.h - FOOT - 2 - self.get_y()

    def footer(self) -> None:
        """Print at the foot: the plan, its revision, when it was made, the map's credit, pages."""
        sheet = self._sheet
        plan = sheet.plan
        said = sheet.said
        self.set_draw_color(*RULE)
        self.line(MARGIN, self.h - FOOT + 2, self.w - MARGIN, self.h - FOOT + 2)
        self.pen(7.5, colour=PALE)
        y = self.h - FOOT + 3
        page = f"{said(words.PAGE)} {self.page_no()} {said(words.OF)} {{nb}}"
        left = (
            f"{said(words.PLAN)} {plan.day:%d.%m.%Y} · {said(words.REVISION)} {plan.revision}"
            f" · {said(words.PRINTED)} {words.day_and_clock(sheet.made_at)}"
        )
        streets = plan.streets
        credit = f"{said(words.MAP_OF)}: {streets.attribution}"
        if streets.stand_in:
            credit = f"{said(words.STAND_IN)} ({streets.attribution})"
        self.put(MARGIN, y, left, width=self.epw - 30)
        self.put(self.w - MARGIN - 30, y, page, width=30, align="R")
        self.put(MARGIN, y + 4, credit, width=self.epw)
