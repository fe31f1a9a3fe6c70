"""Schemas of the small values that appear in many answers."""

from datetime import date, time
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, WithJsonSchema

from dispatch.domain.geo import LatLon, to_geojson
from dispatch.domain.job import Dimension, Load, TimeWindow
from dispatch.domain.plan import StreetSource
from dispatch.domain.text import Text

Position = Annotated[
    tuple[float, float], Field(description="[lon, lat] in degrees (WGS84), as in GeoJSON")
]


def position(point: LatLon) -> tuple[float, float]:
    """Return the place as (lon, lat)."""
    lon, lat = to_geojson(point)
    return lon, lat


class TextOut(BaseModel):
    """One statement in German and English."""

    de: str
    en: str

    @classmethod
    def from_domain(cls, text: Text) -> Self:
        """Return the text."""
        return cls(de=text.de, en=text.en)


class LoadOut(BaseModel):
    """An amount of one dimension, in the unit of its name."""

    dimension: Dimension
    amount: int

    @classmethod
    def from_domain(cls, load: Load) -> Self:
        """Return the load."""
        return cls(dimension=load.dimension, amount=load.amount)


class WindowOut(BaseModel):
    """When service may start; both ends inclusive."""

    earliest: AwareDatetime
    latest: AwareDatetime

    @classmethod
    def from_domain(cls, window: TimeWindow) -> Self:
        """Return the window."""
        return cls(earliest=window.earliest, latest=window.latest)


class StreetSourceOut(BaseModel):
    """Which street network travel times came from; `stand_in` is no real one."""

    name: str
    stand_in: bool
    attribution: str

    @classmethod
    def from_domain(cls, source: StreetSource) -> Self:
        """Return the source."""
        return cls(name=source.name, stand_in=source.stand_in, attribution=source.attribution)


def _written_out(value: object) -> object:
    """Refuse a bare number, which pydantic would take for seconds since 1970."""
    if isinstance(value, str) and "-" in value.lstrip("-"):
        return value
    message = "write it out, such as 2026-07-15 or 2026-07-15T04:30:00+02:00"
    raise ValueError(message)


WallClock = Annotated[
    time,
    WithJsonSchema({"type": "string", "pattern": r"^\d{2}:\d{2}:\d{2}$"}),
    Field(description="Local time in Bochum; JSON Schema's own `time` would need an offset"),
]
WrittenDate = Annotated[date, BeforeValidator(_written_out)]
WrittenMoment = Annotated[AwareDatetime, BeforeValidator(_written_out)]
