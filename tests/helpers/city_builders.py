"""Domain values on a line for tests of build, explain and publish: one second per metre.

A place lies a number of kilometres east of the depot; its longitude only stands for that.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import numpy as np

from dispatch.domain.clock import at_local
from dispatch.domain.fleet import Crew, Depot, Facility, Shift, Vehicle
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import (
    CrewId,
    DepotId,
    FacilityId,
    JobId,
    PlanId,
    ShiftId,
    SiteId,
    VehicleId,
)
from dispatch.domain.job import Dimension, Job, JobKind, Load, Organisation, Skill, TimeWindow
from dispatch.domain.plan import StreetSource
from dispatch.domain.text import Text
from dispatch.planning.build import BuiltProblem, build_problem, places_of
from dispatch.planning.publish import PlanHeader
from graphs.matrix import TravelMatrix

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = date(2026, 7, 1)


def km(east: float) -> LatLon:
    """Return the place that many kilometres east of the depot."""
    return LatLon(lat=51.5, lon=7.0 + east / 1000)


def hours(earliest: time, latest: time, day: date = DAY) -> TimeWindow:
    """Return a window of that day by the clock on the wall."""
    return TimeWindow(earliest=at_local(day, earliest), latest=at_local(day, latest))


def a_city_job(name: str = "j1", *, east: float = 1, **parts: Any) -> Job:
    """Return an optional glass job of five minutes worth 20 EUR, east of the depot."""
    created = datetime(2026, 6, 30, 12, tzinfo=UTC)
    defaults: dict[str, Any] = {
        "id": JobId(name),
        "site_id": SiteId(f"site-{name}"),
        "site_name": f"Site {name}",
        "location": km(east),
        "kind": JobKind.EMPTY,
        "loads": (Load(dimension=Dimension.WHITE_GLASS_L, amount=1000),),
        "service_s": 300,
        "setup_s": 60,
        "windows": (),
        "skills": frozenset({Skill.GLASS_CRANE}),
        "required": False,
        "leave_price_ct": 2000,
        "reason": Text(de="voll", en="full"),
        "created_at": created,
        "updated_at": created,
    }
    return Job(**defaults | parts)


def a_city_shift(name: str = "s1", **parts: Any) -> Shift:
    """Return a glass shift from 06:00 to 14:30 from the depot at kilometre 0."""
    crew = Crew(
        id=CrewId(f"crew-{name}"),
        name=f"Crew {name}",
        organisation=Organisation.USB,
        size=2,
        skills=frozenset(),
        hour_ct=4500,
    )
    defaults: dict[str, Any] = {
        "id": ShiftId(name),
        "crew": crew,
        "vehicle": a_vehicle(),
        "depot": Depot(id=DepotId("depot"), name="Depot", location=km(0)),
        "starts_at": at_local(DAY, time(6)),
        "ends_at": at_local(DAY, time(14, 30)),
    }
    return Shift(**defaults | parts)


def a_vehicle(**parts: Any) -> Vehicle:
    """Return a lorry with a crane for 3000 l of white glass and 500 l of water; 1 EUR a km."""
    defaults: dict[str, Any] = {
        "id": VehicleId("v1"),
        "name": "Lorry",
        "profile": "truck",
        "capacity": (
            Load(dimension=Dimension.WHITE_GLASS_L, amount=3000),
            Load(dimension=Dimension.WATER_L, amount=500),
        ),
        "skills": frozenset({Skill.GLASS_CRANE}),
        "km_ct": 100,
        "day_ct": 1000,
    }
    return Vehicle(**defaults | parts)


def a_city_facility(*, east: float = 2, **parts: Any) -> Facility:
    """Return an unloading place for white glass, ten minutes a visit, open from 06:00 to 18:00."""
    defaults: dict[str, Any] = {
        "id": FacilityId("f1"),
        "name": "Glass works",
        "location": km(east),
        "dimensions": frozenset({Dimension.WHITE_GLASS_L}),
        "service_s": 600,
    }
    return Facility(**defaults | parts)


def line_matrix(places: Sequence[LatLon]) -> TravelMatrix:
    """Return one second and one metre for every metre along the line."""
    east_m = np.array([round((place.lon - 7.0) * 1_000_000) for place in places], dtype=np.int32)
    table = np.abs(east_m[:, None] - east_m[None, :]).astype(np.int32)
    return TravelMatrix(
        duration_s=table.copy(),
        distance_m=table.copy(),
        reachable=np.ones(table.shape, dtype=np.bool_),
    )


def built(
    jobs: Sequence[Job], shifts: Sequence[Shift] | None = None, facilities: Sequence[Facility] = ()
) -> BuiltProblem:
    """Return the problem of these values on the line, with one shift unless told otherwise."""
    shifts = (a_city_shift(),) if shifts is None else shifts
    matrix = line_matrix(places_of(jobs, shifts, facilities))
    matrices = {shift.vehicle.profile: matrix for shift in shifts}
    return build_problem(jobs, shifts, facilities, matrices=matrices, day=DAY)


def a_header(**parts: Any) -> PlanHeader:
    """Return the header of a first revision on a test network."""
    defaults: dict[str, Any] = {
        "id": PlanId("plan-1"),
        "organisation": Organisation.USB,
        "revision": 1,
        "created_at": datetime(2026, 7, 1, 3, tzinfo=UTC),
        "streets": StreetSource(name="line", stand_in=True, attribution="test"),
        "solver": "test",
        "solve_s": 1.0,
    }
    return PlanHeader(**defaults | parts)
