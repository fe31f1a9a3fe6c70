"""The table of a route sheet: one row per stop, with room to tick it off and to write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from dispatch.domain.plan import Stop, StopKind
from dispatch.sheets import paper, words
from dispatch.sheets.paper import LINE
from dispatch.sheets.paper_text import printable
from dispatch.sheets.pdf_map import draw_symbol
from dispatch.sheets.sheet import exchanged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dispatch.domain.job import Dimension, Job
    from dispatch.domain.text import Text
    from dispatch.sheets.paper import Paper
    from dispatch.sheets.sheet import Sheet

PAD = 1.2
WIDTHS = (9.0, 19.0, 93.0, 26.0, 9.0, 30.0)
"""Of the columns in millimetres; together the width of the page without its margins."""
HEADS: tuple[Text | None, ...] = (
    None,
    words.TIME,
    words.WHAT,
    words.AMOUNT,
    words.DONE,
    words.NOTES,
)
BOX = 4.6
MOST_LINES = 2
"""Of one text: a crew wants to know that a tree is thirsty, not how the model came to say so."""
EARLY = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one stop has in its cells: the title and the small print below it."""

    number: str
    stop: Stop
    title: str
    small: tuple[tuple[str, bool], ...]
    """Texts with whether they matter so much that they are printed in the alarm's colour."""
    drive: str
    amounts: tuple[str, ...]
    is_job: bool


def draw_table(page: Paper, sheet: Sheet) -> None:
    """Print the rows from here on, with the heads of the columns on every page."""
    _draw_heads(page, sheet)
    for row in _rows(sheet):
        lines = _lines(page, row)
        beside = 3 if row.drive else 2
        height = max(1 + len(lines), len(row.amounts), beside) * LINE + 2 * PAD
        if height > page.room():
            page.add_page()
            _draw_heads(page, sheet)
        _draw_row(page, row, lines, height)


def _rows(sheet: Sheet) -> Iterator[Row]:
    before: Stop | None = None
    for number, stop in sheet.numbers():
        job = sheet.job(stop)
        yield Row(
            number=number,
            stop=stop,
            title=printable(_title(sheet, stop, job)),
            small=tuple((printable(text), hot) for text, hot in _small_print(sheet, stop, job)),
            drive=_drive(sheet, stop),
            amounts=tuple(_amounts(sheet, stop, job, before)),
            is_job=stop.kind is StopKind.JOB,
        )
        before = stop


def _title(sheet: Sheet, stop: Stop, job: Job | None) -> str:
    what = words.KINDS[job.kind] if job else words.STOPS[stop.kind]
    # A break is taken where the crew is just then; its stop has the name of the place before.
    return sheet.said(what) if stop.kind is StopKind.BREAK else f"{sheet.said(what)} · {stop.name}"


def _small_print(sheet: Sheet, stop: Stop, job: Job | None) -> Iterator[tuple[str, bool]]:
    if job is None:
        if stop.kind is StopKind.JOB:
            yield sheet.said(words.UNKNOWN), True
        return
    if bound := _bound(sheet, stop, job):
        yield bound, True
    if hint := sheet.hints.get(job.id):
        yield f"{sheet.said(words.ACCESS)}: {hint}", False
    yield sheet.said(job.reason), False


def _drive(sheet: Sheet, stop: Stop) -> str:
    moved = stop.leg is not None and stop.leg.distance_m > 0
    return words.kilometres(stop.leg.distance_m, sheet.language) if stop.leg and moved else ""


def _bound(sheet: Sheet, stop: Stop, job: Job) -> str:
    """Return that the job is a must, and by when it must be begun, where that is in the shift.

    From when on it may be begun is told where the crew comes so early that it matters.
    """
    told = [sheet.said(words.MUST)] if job.required else []
    start, end = sheet.route.stops[0].arrives_at, sheet.route.stops[-1].departs_at
    for window in job.windows:
        parts = []
        if start < window.earliest and stop.starts_at - window.earliest < EARLY:
            parts.append(f"{sheet.said(words.FROM)} {words.clock(window.earliest)}")
        if window.latest < end:
            parts.append(f"{sheet.said(words.UNTIL)} {words.clock(window.latest)}")
        if parts and window.earliest <= end and window.latest >= start:
            told.append(" ".join(parts))
    return " · ".join(told)


def _amounts(sheet: Sheet, stop: Stop, job: Job | None, before: Stop | None) -> Iterator[str]:
    if job is not None:
        yield from amounts({load.dimension: load.amount for load in job.loads}, sheet)
    elif stop.kind is StopKind.RELOAD and before is not None:
        change = exchanged(before.loads, stop.loads)
        for word, sign in ((words.UNLOAD, -1), (words.TAKE_UP, 1)):
            moved = {kind: sign * amount for kind, amount in change.items() if sign * amount > 0}
            if moved:
                yield f"{sheet.said(word)}:"
                yield from amounts(moved, sheet)


def amounts(loads: Mapping[Dimension, int], sheet: Sheet) -> Iterator[str]:
    """Yield each amount with its unit, in the order of the dimensions."""
    for dimension, unit in words.UNITS.items():
        if loads.get(dimension):
            yield f"{words.whole(loads[dimension], sheet.language)} {sheet.said(unit)}"


def _lines(page: Paper, row: Row) -> list[tuple[str, bool]]:
    """Return the small print in lines that fit its column."""
    found: list[tuple[str, bool]] = []
    for text, hot in row.small:
        page.pen(8, "B" if hot else "")
        lines = page.wrapped(text, WIDTHS[2])
        if len(lines) > MOST_LINES:
            lines = [
                *lines[: MOST_LINES - 1],
                page.fitting(lines[MOST_LINES - 1] + " …", WIDTHS[2]),
            ]
        found += [(line, hot) for line in lines]
    return found


def _draw_heads(page: Paper, sheet: Sheet) -> None:
    y = page.get_y()
    page.set_fill_color(*paper.INK)
    page.rect(paper.MARGIN, y, sum(WIDTHS), 6, style="F")
    page.pen(8, "B", (255, 255, 255))
    for x, width, head in zip(_lefts(), WIDTHS, HEADS, strict=True):
        if head is not None:
            page.put(x, y + 1, sheet.said(head), width=width)
    page.set_y(y + 6)


def _draw_row(page: Paper, row: Row, lines: Iterable[tuple[str, bool]], height: float) -> None:
    y = page.get_y()
    number, time, what, amount, done, notes = _lefts()
    if not row.is_job:
        page.set_fill_color(*paper.SHADE)
        page.rect(paper.MARGIN, y + 0.1, sum(WIDTHS), height - 0.1, style="F")
    page.set_draw_color(*paper.RULE)
    page.set_line_width(0.2)
    page.line(paper.MARGIN, y + height, paper.MARGIN + sum(WIDTHS), y + height)
    page.line(notes, y, notes, y + height)
    top = y + PAD
    if row.is_job:
        page.pen(11, "B")
        page.put(number, top, row.number, width=WIDTHS[0], align="C")
    else:
        draw_symbol(page, row.stop.kind, number + WIDTHS[0] / 2, top + LINE / 2)
    page.pen(10.5, "B")
    page.put(time, top, words.clock(row.stop.arrives_at), width=WIDTHS[1])
    page.pen(8, colour=paper.PALE)
    page.put(time, top + LINE, f"– {words.clock(row.stop.departs_at)}", width=WIDTHS[1])
    if row.drive:
        page.put(time, top + 2 * LINE, row.drive, width=WIDTHS[1])
    page.pen(10, "B")
    page.put(what, top, row.title, width=WIDTHS[2])
    for place, (text, hot) in enumerate(lines, start=1):
        page.pen(8, "B" if hot else "", paper.ALARM if hot else paper.INK)
        page.put(what, top + place * LINE, text)
    page.pen(9)
    for place, text in enumerate(row.amounts):
        page.put(amount, top + place * LINE, text, width=WIDTHS[3])
    if row.is_job:
        page.set_draw_color(*paper.INK)
        page.rect(done + (WIDTHS[4] - BOX) / 2, top, BOX, BOX)
    page.set_y(y + height)


def _lefts() -> list[float]:
    return [paper.MARGIN + sum(WIDTHS[:place]) for place in range(len(WIDTHS))]
