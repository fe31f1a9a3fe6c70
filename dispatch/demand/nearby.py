"""What lies near a place, without measuring the way to everything."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from dispatch.domain.geo import distance_m

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dispatch.domain.geo import LatLon

Thing = TypeVar("Thing")

METRES_PER_DEGREE: Final = 110_500.0
"""Of latitude, nowhere less."""


class Nearby(Generic[Thing]):
    """Things on a grid whose cells are at least as wide as the distance asked for."""

    def __init__(self, within_m: float, place_of: Callable[[Thing], LatLon]) -> None:
        self._within_m = within_m
        self._place_of = place_of
        self._rows = max(within_m, 1.0) / METRES_PER_DEGREE
        self._cells: dict[tuple[int, int], list[Thing]] = defaultdict(list)

    def add(self, thing: Thing) -> None:
        """Put a thing on the grid."""
        place = self._place_of(thing)
        row = math.floor(place.lat / self._rows)
        self._cells[row, self._column(row, place.lon)].append(thing)

    def around(self, place: LatLon) -> Iterator[Thing]:
        """Yield all things within the distance, in the order of the grid."""
        middle = math.floor(place.lat / self._rows)
        for row in (middle - 1, middle, middle + 1):
            column = self._column(row, place.lon)
            for beside in (column - 1, column, column + 1):
                for thing in self._cells.get((row, beside), ()):
                    if distance_m(place, self._place_of(thing)) <= self._within_m:
                        yield thing

    def nearest(self, place: LatLon) -> Thing | None:
        """Return the nearest thing within the distance, the first added among equals."""
        return min(
            self.around(place), key=lambda t: distance_m(place, self._place_of(t)), default=None
        )

    def _column(self, row: int, lon: float) -> int:
        # Each row has cells of its own width: by its edge nearer to a pole, where degrees shrink.
        edge = min(max(abs(row), abs(row + 1)) * self._rows, 89.0)
        return math.floor(lon / (self._rows / math.cos(math.radians(edge))))
