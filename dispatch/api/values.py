"""Schemas of the small values that appear in many answers."""

from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, Field

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
