"""The streets as lines for drawing: what the page's map shows instead of a map service."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.domain.plan import StreetSource

Line = tuple[tuple[float, float], ...]
"""Positions as (lon, lat) in degrees, in the order of GeoJSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetMap:
    """Where the streets come from, and their lines by OSM `highway` class."""

    source: StreetSource
    classes: tuple[tuple[str, tuple[Line, ...]], ...]
