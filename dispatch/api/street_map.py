"""The streets as lines for drawing: what the page's map shows instead of a map service."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain.plan import StreetSource

Line = tuple[tuple[float, float], ...]
"""Positions as (lon, lat) in degrees, in the order of GeoJSON."""


MAIN = frozenset(
    {
        *("motorway", "trunk", "primary", "secondary", "tertiary"),
        *("motorway_link", "trunk_link", "primary_link"),
    }
)
"""Classes by which people find their way on a small map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetMap:
    """Where the streets come from, and their lines by OSM `highway` class."""

    source: StreetSource
    classes: tuple[tuple[str, tuple[Line, ...]], ...]

    @property
    def main_lines(self) -> tuple[Line, ...]:
        """The lines of the streets by which people find their way."""
        return tuple(line for name, lines in self.classes if name in MAIN for line in lines)
