"""Routes as GeoJSON (RFC 7946): a line per route, a point per stop."""

from collections.abc import Iterable, Iterator
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel

from dispatch.api.values import Position, position
from dispatch.domain.plan import Route, Stop, StopKind


class LineString(BaseModel):
    """At least two positions."""

    type: Literal["LineString"] = "LineString"
    coordinates: list[Position]


class Point(BaseModel):
    """One position."""

    type: Literal["Point"] = "Point"
    coordinates: Position


class RouteProperties(BaseModel):
    """Whose line it is; where `on_streets` is false, parts of it are as the crow flies."""

    shift_id: str
    crew_id: str
    on_streets: bool


class StopProperties(BaseModel):
    """Which stop of whose route it is; `place` counts from 0 at the depot."""

    shift_id: str
    crew_id: str
    place: int
    kind: StopKind
    name: str
    arrives_at: AwareDatetime
    job_id: str | None


class RouteFeature(BaseModel):
    """The line of one route."""

    type: Literal["Feature"] = "Feature"
    geometry: LineString
    properties: RouteProperties


class StopFeature(BaseModel):
    """The point of one stop."""

    type: Literal["Feature"] = "Feature"
    geometry: Point
    properties: StopProperties


class FeatureCollection(BaseModel):
    """First the lines, then the points."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[RouteFeature | StopFeature]

    @classmethod
    def from_domain(cls, routes: Iterable[Route]) -> Self:
        """Return the lines and stops of the routes; a route that never moves has no line."""
        routes = list(routes)
        lines = [line for route in routes for line in _line_features(route)]
        stops = [
            _stop_feature(route, place) for route in routes for place in range(len(route.stops))
        ]
        return cls(features=[*lines, *stops])


def _line_features(route: Route) -> Iterator[RouteFeature]:
    positions = list(_positions(route.stops))
    if len(positions) < 2:
        return
    yield RouteFeature(
        geometry=LineString(coordinates=positions),
        properties=RouteProperties(
            shift_id=route.shift_id,
            crew_id=route.crew_id,
            on_streets=all(_is_drawn(stop) for stop in route.stops),
        ),
    )


def _is_drawn(stop: Stop) -> bool:
    return stop.leg is None or stop.leg.distance_m == 0 or bool(stop.leg.geometry)


def _positions(stops: Iterable[Stop]) -> Iterator[tuple[float, float]]:
    """Yield the positions of all drives in a row, none twice running.

    The stops themselves are left out where a drive is drawn: they lie beside the street.
    """
    last: tuple[float, float] | None = None
    for stop in stops:
        drive = stop.leg.geometry if stop.leg is not None else ()
        for point in drive or (stop.location,):
            here = position(point)
            if here != last:
                yield here
            last = here


def _stop_feature(route: Route, place: int) -> StopFeature:
    stop = route.stops[place]
    return StopFeature(
        geometry=Point(coordinates=position(stop.location)),
        properties=StopProperties(
            shift_id=route.shift_id,
            crew_id=route.crew_id,
            place=place,
            kind=stop.kind,
            name=stop.name,
            arrives_at=stop.arrives_at,
            job_id=stop.job_id,
        ),
    )
