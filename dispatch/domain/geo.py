"""Coordinates. Inside the system latitude comes first, in GeoJSON longitude does."""

from __future__ import annotations

import math
from dataclasses import dataclass

EARTH_RADIUS_M = 6_371_008.8
"""Mean earth radius in metres (IUGG)."""


@dataclass(frozen=True, slots=True)
class LatLon:
    """A WGS84 position in degrees; refuses what cannot be on earth, NaN included."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):
            message = f"({self.lat}, {self.lon}) is not a latitude and longitude in degrees"
            raise ValueError(message)


def to_geojson(point: LatLon) -> list[float]:
    """Return [lon, lat], rounded to a centimetre's seventh digit."""
    return [round(point.lon, 7), round(point.lat, 7)]


def from_geojson(position: list[float]) -> LatLon:
    """Return the point for [lon, lat] (a height is ignored)."""
    return LatLon(lat=position[1], lon=position[0])


def distance_m(a: LatLon, b: LatLon) -> float:
    """Return the great-circle distance in metres (haversine)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(b.lon - a.lon) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))
