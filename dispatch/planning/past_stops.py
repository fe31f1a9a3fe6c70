"""What lies behind a crew stays as it was published: times, drives and their lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dispatch.domain.plan import Plan, Route, Stop
    from dispatch.planning.sketch import Basis


def with_past(basis: Basis, route: Route, before: Plan) -> Route:
    """Return the route with the stops behind as they were in the plan before.

    Also those of jobs that the problem does not know any more; not those that the crew passed over
    and that are still to be done. A stop that is begun later than planned keeps its new times.
    """
    shift = next(n for n, on in enumerate(basis.built.shifts) if on.id == route.shift_id)
    behind = route.stops[: len(basis.cut.behind[shift])]
    old = next((one.stops for one in before.routes if one.shift_id == route.shift_id), ())
    places = [_place_of(stop, old) for stop in behind]
    last = max(places, default=-1)
    if last < 0:
        return route
    to_do = {job.id for job in basis.rest.jobs}
    past = (stop for stop in old[: last + 1] if stop.job_id is None or stop.job_id not in to_do)
    late = (stop for stop, place in zip(behind, places, strict=True) if place < 0)
    stops = (*past, *late, *route.stops[len(behind) :])
    legs = [stop.leg for stop in stops if stop.leg is not None]
    return replace(
        route,
        stops=stops,
        travel_s=sum(leg.duration_s for leg in legs),
        distance_m=sum(leg.distance_m for leg in legs),
    )


def _place_of(stop: Stop, old: tuple[Stop, ...]) -> int:
    """Return where the old route has a stop, or -1 where it has none at that time."""
    return next(
        (
            place
            for place, one in enumerate(old)
            if (one.kind, one.job_id, one.facility_id) == (stop.kind, stop.job_id, stop.facility_id)
            and one.starts_at == stop.starts_at
        ),
        -1,
    )
