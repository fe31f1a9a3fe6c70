"""A route as GeoJSON (RFC 7946) for maps and desktop GIS: a line, and its stops in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dispatch.domain.geo import to_geojson
from dispatch.sheets import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.plan import Stop
    from dispatch.sheets.sheet import Sheet


def route_geojson(sheet: Sheet) -> str:
    """Return a FeatureCollection: the line first, if the route moves at all, then the stops."""
    features = [*_line(sheet), *_points(sheet)]
    document = {
        "type": "FeatureCollection",
        "name": f"{sheet.route.crew_name} {sheet.plan.day.isoformat()}",
        "attribution": sheet.plan.streets.attribution,
        "features": features,
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _line(sheet: Sheet) -> Iterator[dict[str, Any]]:
    positions: list[list[float]] = []
    for stop in sheet.route.stops:
        drawn = stop.leg.geometry if stop.leg else ()
        for point in drawn or (stop.location,):
            here = to_geojson(point)
            if not positions or positions[-1] != here:
                positions.append(here)
    if len(positions) > 1:
        route, plan = sheet.route, sheet.plan
        properties = {
            "plan_id": plan.id,
            "revision": plan.revision,
            "day": plan.day.isoformat(),
            "shift_id": route.shift_id,
            "crew": route.crew_name,
            "vehicle": route.vehicle_name,
            "distance_m": route.distance_m,
            "stand_in": plan.streets.stand_in,
        }
        yield _feature("LineString", positions, properties)


def _points(sheet: Sheet) -> Iterator[dict[str, Any]]:
    for place, stop in enumerate(sheet.route.stops):
        yield _feature("Point", to_geojson(stop.location), _said(sheet, place, stop))


def _said(sheet: Sheet, place: int, stop: Stop) -> dict[str, Any]:
    job = sheet.job(stop)
    what = words.KINDS[job.kind] if job else words.STOPS[stop.kind]
    return {
        "place": place,
        "kind": stop.kind,
        "what": sheet.said(what),
        "name": stop.name,
        "arrives_at": stop.arrives_at.isoformat(),
        "starts_at": stop.starts_at.isoformat(),
        "departs_at": stop.departs_at.isoformat(),
        "job_id": stop.job_id,
        "reason": sheet.said(job.reason) if job else None,
        "required": job.required if job else None,
        **({load.dimension: load.amount for load in job.loads} if job else {}),
    }


def _feature(kind: str, coordinates: object, properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
