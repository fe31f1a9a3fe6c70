"""Who drives what, when, from where, and at what cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.domain.clock import at_local
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import CrewId, DepotId, FacilityId, ShiftId, VehicleId
from dispatch.domain.job import Dimension, Load, Skill

if TYPE_CHECKING:
    from collections.abc import Iterable


class Organisation(StrEnum):
    """Who employs a crew."""

    USB = "usb"
    PARKS = "parks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """People with skills; `hour_ct` is what the whole crew costs per hour, in cents."""

    id: CrewId
    name: str
    organisation: Organisation
    size: int
    skills: frozenset[Skill]
    hour_ct: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A machine: its driving profile, what it carries and offers, and its costs in cents."""

    id: VehicleId
    name: str
    profile: str
    capacity: tuple[Load, ...]
    skills: frozenset[Skill]
    km_ct: int
    day_ct: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """Where shifts start and end."""

    id: DepotId
    name: str
    location: LatLon


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """Where loads of some dimensions are emptied or refilled during a shift."""

    id: FacilityId
    name: str
    location: LatLon
    dimensions: frozenset[Dimension]
    service_s: int
    opens: time = time(6)
    closes: time = time(18)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPattern:
    """A crew's regular working day: weekdays (0 = Monday) and wall-clock times."""

    crew_id: CrewId
    vehicle_id: VehicleId
    depot_id: DepotId
    starts: time
    ends: time
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One crew with one vehicle in one working interval, from depot to depot."""

    id: ShiftId
    crew: Crew
    vehicle: Vehicle
    depot: Depot
    starts_at: datetime
    ends_at: datetime

    @property
    def skills(self) -> frozenset[Skill]:
        """What the crew and its vehicle can do together."""
        return self.crew.skills | self.vehicle.skills


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """All crews, vehicles, depots, facilities and regular shifts of a city."""

    crews: tuple[Crew, ...]
    vehicles: tuple[Vehicle, ...]
    depots: tuple[Depot, ...]
    facilities: tuple[Facility, ...]
    patterns: tuple[ShiftPattern, ...]

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """Return the regular shifts of that day in a fixed order; empty on a day off."""
        working = (p for p in self.patterns if day.weekday() in p.weekdays)
        return tuple(sorted(self._shifts(working, day), key=lambda shift: shift.id))

    def _shifts(self, patterns: Iterable[ShiftPattern], day: date) -> Iterable[Shift]:
        crews = {crew.id: crew for crew in self.crews}
        vehicles = {vehicle.id: vehicle for vehicle in self.vehicles}
        depots = {depot.id: depot for depot in self.depots}
        for pattern in patterns:
            yield Shift(
                id=ShiftId(f"{pattern.crew_id}@{day.isoformat()}"),
                crew=crews[pattern.crew_id],
                vehicle=vehicles[pattern.vehicle_id],
                depot=depots[pattern.depot_id],
                starts_at=at_local(day, pattern.starts),
                ends_at=at_local(day, pattern.ends),
            )
