"""The map on a route sheet: the way, its stops by number, and the main streets around it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.sheets import paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dispatch.domain.geo import LatLon
    from dispatch.domain.plan import Stop
    from dispatch.sheets.paper import Paper
    from dispatch.sheets.sheet import Line, Sheet

EDGE = 6.0
"""Millimetres between what is drawn and the frame."""
SMALLEST_DEG = 0.004
"""A route that hardly moves is shown with some 400 m around it."""
STREET = (214, 220, 225)
WAY = paper.ACCENT
METRES_PER_DEGREE = 111_195.0
DOT = 2.1
SCALES_M = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A rectangle of the page (mm) and the part of the earth it shows."""

    x: float
    y: float
    width: float
    height: float
    centre: tuple[float, float]
    mm_per_degree: float
    """Per degree of latitude."""

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a place is on the page."""
        lon_mid, lat_mid = self.centre
        shrink = math.cos(math.radians(lat_mid))
        return (
            self.x + self.width / 2 + (lon - lon_mid) * shrink * self.mm_per_degree,
            self.y + self.height / 2 - (lat - lat_mid) * self.mm_per_degree,
        )

    def touches(self, line: Line) -> bool:
        """Tell whether a part of the line may be inside."""
        points = [self.at(*point) for point in line]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return (
            max(xs) >= self.x
            and min(xs) <= self.x + self.width
            and max(ys) >= self.y
            and min(ys) <= self.y + self.height
        )


def draw_map(page: Paper, sheet: Sheet, *, x: float, y: float, width: float, height: float) -> None:
    """Draw the route into that rectangle of the page, north above."""
    frame = _frame(sheet.route.stops, x=x, y=y, width=width, height=height)
    page.set_fill_color(252, 252, 250)
    page.set_draw_color(*paper.RULE)
    page.set_line_width(0.2)
    page.rect(x, y, width, height, style="DF")
    with page.rect_clip(x, y, width, height):
        page.set_draw_color(*STREET)
        for line in sheet.backdrop:
            if len(line) > 1 and frame.touches(line):
                page.polyline([frame.at(*point) for point in line])
        page.set_draw_color(*WAY)
        page.set_line_width(0.7)
        for leg in _legs(sheet.route.stops):
            page.polyline([frame.at(point.lon, point.lat) for point in leg])
        page.set_line_width(0.2)
        _draw_stops(page, frame, sheet)
    _draw_scale(page, frame)


def _frame(stops: Sequence[Stop], *, x: float, y: float, width: float, height: float) -> Frame:
    points = [point for leg in _legs(stops) for point in leg] + [stop.location for stop in stops]
    lats, lons = [p.lat for p in points], [p.lon for p in points]
    centre = ((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)
    shrink = math.cos(math.radians(centre[1]))
    high = max(max(lats) - min(lats), SMALLEST_DEG)
    wide = max((max(lons) - min(lons)) * shrink, SMALLEST_DEG)
    scale = min((width - 2 * EDGE) / wide, (height - 2 * EDGE) / high)
    return Frame(x=x, y=y, width=width, height=height, centre=centre, mm_per_degree=scale)


def _legs(stops: Iterable[Stop]) -> Iterator[Sequence[LatLon]]:
    """Yield the line of each drive; straight where it was not drawn."""
    before: LatLon | None = None
    for stop in stops:
        drawn = stop.leg.geometry if stop.leg else ()
        if len(drawn) > 1:
            yield drawn
        elif before is not None and before != stop.location:
            yield (before, stop.location)
        before = stop.location


def _draw_stops(page: Paper, frame: Frame, sheet: Sheet) -> None:
    jobs: dict[tuple[float, float], list[str]] = {}
    for number, stop in sheet.numbers():
        x, y = frame.at(stop.location.lon, stop.location.lat)
        if stop.kind is StopKind.JOB:
            jobs.setdefault((x, y), []).append(number)
        elif stop.kind is not StopKind.BREAK:
            draw_symbol(page, stop.kind, x, y)
    # The first last, so that it lies on top where stops are close together.
    for (x, y), numbers in reversed(list(jobs.items())):
        page.set_fill_color(255, 255, 255)
        page.set_draw_color(*paper.INK)
        label = numbers[0] if len(numbers) == 1 else f"{numbers[0]}+"
        page.pen(6, "B")
        half = max(DOT, page.get_string_width(label) / 2 + 0.7)
        page.rect(
            x - half, y - DOT, 2 * half, 2 * DOT, style="DF", round_corners=True, corner_radius=DOT
        )
        page.put(x - half - 2, y - paper.LINE / 2, label, width=2 * half + 4, align="C")


def draw_symbol(page: Paper, kind: StopKind, x: float, y: float) -> None:
    """Draw what stands for a halt that is no job around a point: yard, facility or break."""
    page.set_fill_color(*paper.INK)
    page.set_draw_color(255, 255, 255)
    if kind is StopKind.RELOAD:
        page.polygon([(x, y - 2.4), (x + 2.4, y), (x, y + 2.4), (x - 2.4, y)], style="DF")
    elif kind is StopKind.BREAK:
        page.rect(x - 1.5, y - 1.7, 1.1, 3.4, style="F")
        page.rect(x + 0.4, y - 1.7, 1.1, 3.4, style="F")
    else:
        page.rect(x - 1.9, y - 1.9, 3.8, 3.8, style="DF")


def _draw_scale(page: Paper, frame: Frame) -> None:
    """Draw the longest round length that fits into a quarter of the width."""
    mm_per_m = frame.mm_per_degree / METRES_PER_DEGREE
    fitting = [m for m in SCALES_M if m * mm_per_m <= frame.width / 4]
    metres = max(fitting, default=SCALES_M[0])
    length = metres * mm_per_m
    x, y = frame.x + frame.width - length - 4, frame.y + frame.height - 4
    page.set_draw_color(*paper.INK)
    page.set_line_width(0.4)
    page.line(x, y, x + length, y)
    page.line(x, y - 1, x, y + 1)
    page.line(x + length, y - 1, x + length, y + 1)
    page.set_line_width(0.2)
    page.pen(6.5, colour=paper.INK)
    told = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    page.put(x, y - 5, told, width=max(length, 12))
