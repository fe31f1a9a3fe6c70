"""The lines of a plan's drives, kept for its next revision: most drives stay the same."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dispatch.domain.geo import LatLon
    from dispatch.domain.ids import ShiftId
    from dispatch.domain.plan import Route, Stop
    from dispatch.service.travel import Travel


class _Drive(NamedTuple):
    """A drive is the same if it leads from there to there on the same shift, as long and as far."""

    shift_id: str
    origin: LatLon
    goal: LatLon
    duration_s: int
    distance_m: int


class KnownLines:
    """Lines by drive; what is not known is drawn, and then known."""

    def __init__(self, routes: Iterable[Route], profiles: Mapping[ShiftId, str]) -> None:
        self._profiles = profiles
        self._lines: dict[_Drive, tuple[LatLon, ...]] = {}
        for route in routes:
            self._learn(route)

    def drawn(self, route: Route, travel: Travel) -> Route:
        """Return the route with a line for every drive."""
        lines = [self._lines.get(drive) for drive in _drives(route)]
        if any(line is None for line in lines):
            route = travel.drawn(route, self._profiles[route.shift_id])
            self._learn(route)
            return route
        stops = (_with_line(stop, line) for stop, line in zip(route.stops[1:], lines, strict=True))
        return replace(route, stops=(*route.stops[:1], *stops))

    def _learn(self, route: Route) -> None:
        for drive, stop in zip(_drives(route), route.stops[1:], strict=True):
            if stop.leg is not None and stop.leg.geometry:
                self._lines[drive] = stop.leg.geometry


def _drives(route: Route) -> list[_Drive]:
    return [
        _Drive(
            route.shift_id,
            before.location,
            stop.location,
            stop.leg.duration_s if stop.leg else 0,
            stop.leg.distance_m if stop.leg else 0,
        )
        for before, stop in pairwise(route.stops)
    ]


def _with_line(stop: Stop, line: tuple[LatLon, ...] | None) -> Stop:
    if stop.leg is None or line is None:
        return stop
    return replace(stop, leg=replace(stop.leg, geometry=line))
