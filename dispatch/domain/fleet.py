"""Who drives what, when, from where, and at what cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from dispatch.domain.clock import at_local
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import CrewId, DepotId, FacilityId, ShiftId, VehicleId
from dispatch.domain.job import Dimension, Load, Organisation, Skill

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """`size` people with skills; `hour_ct` is what the whole crew costs per hour, in cents.

    Every hour of overtime costs `overtime_ct` more, for the whole crew as well.
    """

    id: CrewId
    name: str
    organisation: Organisation
    size: int
    skills: frozenset[Skill]
    hour_ct: int
    overtime_ct: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A machine: its driving profile, what it carries and offers, and its costs in cents.

    `ec_561` says whether Regulation (EC) 561/2006 binds its driver: above 3.5 t, and used for
    work that is not exempt (public glass containers are not, sewers and household refuse are:
    FPersV 18). An electric vehicle drives `range_km` on a full battery, None = no such limit.
    """

    id: VehicleId
    name: str
    profile: str
    capacity: tuple[Load, ...]
    skills: frozenset[Skill]
    km_ct: int
    day_ct: int
    ec_561: bool = False
    range_km: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """Where shifts start and end."""

    id: DepotId
    name: str
    location: LatLon


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility:
    """Where loads of some dimensions are emptied or refilled, or batteries charged, in a shift.

    It serves at most `at_once` vehicles at the same time, None = any number.
    """

    id: FacilityId
    name: str
    location: LatLon
    dimensions: frozenset[Dimension]
    service_s: int
    opens: time = time(6)
    closes: time = time(18)
    at_once: int | None = None
    charges: bool = False

    def __post_init__(self) -> None:
        if self.at_once is not None and self.at_once < 1:
            message = f"facility {self.id} cannot serve {self.at_once} vehicles at once"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPattern:
    """A crew's regular working day: weekdays (0 = Monday) and wall-clock times.

    The crew is back by `ends` at the latest; from `overtime_from` on (None = never) it is paid
    overtime. It ends at `end_depot_id` if that is given, else where it starts; with `open_end`
    wherever its last stop is.
    """

    crew_id: CrewId
    vehicle_id: VehicleId
    depot_id: DepotId
    starts: time
    ends: time
    weekdays: frozenset[int]
    overtime_from: time | None = None
    end_depot_id: DepotId | None = None
    open_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One crew with one vehicle in one working interval, from depot to depot.

    The fields mean what they mean in a `ShiftPattern`; `end` says where the shift ends.
    """

    id: ShiftId
    crew: Crew
    vehicle: Vehicle
    depot: Depot
    starts_at: datetime
    ends_at: datetime
    overtime_from: datetime | None = None
    end_depot: Depot | None = None
    open_end: bool = False

    @property
    def end(self) -> Depot | None:
        """The depot where the shift ends; None if it ends at its last stop."""
        return None if self.open_end else self.end_depot or self.depot

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
                overtime_from=at_local(day, pattern.overtime_from)
                if pattern.overtime_from
                else None,
                end_depot=depots[pattern.end_depot_id] if pattern.end_depot_id else None,
                open_end=pattern.open_end,
            )
