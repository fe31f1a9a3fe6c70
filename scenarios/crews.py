"""The demo fleet: crews with skills, vehicles, yards and regular shifts.

Crew sizes, vehicle volumes and wages are typical municipal figures and settings, not facts about
Bochum; a city imports its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from dispatch.domain.fleet import (
    Crew,
    Depot,
    Facility,
    Fleet,
    ShiftPattern,
    Vehicle,
)
from dispatch.domain.ids import CrewId, DepotId, FacilityId, VehicleId
from dispatch.domain.job import Dimension, Load, Organisation, Skill

if TYPE_CHECKING:
    from scenarios.places import CityPlaces, NamedPlace

WORKDAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
OVERTIME_H = 1
"""So many hours a crew may stay longer (assumed): less its break, 9 h of work at the most."""

OVERTIME_PCT = 30
"""What overtime costs on top of the hour: TVöD paragraph 8 (1), pay groups 1 to 9b."""

GLASS = frozenset({Dimension.WHITE_GLASS_L, Dimension.GREEN_GLASS_L, Dimension.BROWN_GLASS_L})


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewType:
    """One line of the fleet table: how many crews of a kind, with what, when, at what cost.

    `hour_ct` is the cost of one person per hour including social security, in cents; overtime
    begins at `ends` and may last for `OVERTIME_H`. `ec_561` as in a Vehicle.
    """

    key: str
    name: str
    count: int
    organisation: Organisation
    size: int
    skills: frozenset[Skill]
    profile: str
    vehicle_name: str
    capacity: tuple[Load, ...]
    km_ct: int
    day_ct: int
    starts: time
    ends: time
    weekdays: frozenset[int] = WORKDAYS
    hour_ct: int = 3_400
    ec_561: bool = False


def _load(dimension: Dimension, amount: int) -> Load:
    return Load(dimension=dimension, amount=amount)


CREW_TYPES = (
    CrewType(
        key="glas",
        name="Glas",
        count=4,
        organisation=Organisation.USB,
        size=1,
        skills=frozenset({Skill.GLASS_CRANE}),
        profile="truck26",
        vehicle_name="Dreikammerwagen",
        # 26 t, and public containers are not exempt like household refuse (KomNet NRW 6978).
        ec_561=True,
        # A three-axle crane lorry: about 30 m3 in three chambers, white largest (facts: white
        # glass fills fastest).
        capacity=(
            _load(Dimension.WHITE_GLASS_L, 14_000),
            _load(Dimension.GREEN_GLASS_L, 9_000),
            _load(Dimension.BROWN_GLASS_L, 7_000),
        ),
        km_ct=125,
        day_ct=9_000,
        starts=time(6, 30),
        ends=time(15, 0),
    ),
    CrewType(
        key="gruen",
        name="Grünpflege Wasser",
        count=2,
        organisation=Organisation.PARKS,
        size=2,
        skills=frozenset({Skill.WATERING}),
        profile="tanker12",
        # FPersV 18 does not name watering; taken as care of public green (assumed).
        vehicle_name="Gießfahrzeug",
        # Augsburg runs 2,700 l and 11,000 l tankers, Esslingen 1,000 and 2,000 l; a 12 t lorry
        # carries 4,000 l with ease.
        capacity=(_load(Dimension.WATER_L, 4_000),),
        km_ct=80,
        day_ct=6_000,
        starts=time(6, 0),
        ends=time(14, 30),
    ),
    CrewType(
        key="kanal",
        name="Kanal Schädlinge",
        count=2,
        organisation=Organisation.PARKS,
        size=2,
        skills=frozenset({Skill.RODENTICIDE, Skill.SEWER_ENTRY}),
        profile="van",
        vehicle_name="Kanaltransporter",
        capacity=(_load(Dimension.BAIT_ITEMS, 120),),
        km_ct=45,
        day_ct=3_500,
        starts=time(7, 0),
        ends=time(15, 30),
    ),
    CrewType(
        key="teich",
        name="Gewässer",
        count=1,
        organisation=Organisation.PARKS,
        size=2,
        skills=frozenset({Skill.AERATOR, Skill.POND_CARE}),
        profile="van",
        vehicle_name="Transporter mit Belüfter",
        capacity=(),
        km_ct=45,
        day_ct=4_500,
        starts=time(5, 0),
        ends=time(13, 30),
        weekdays=EVERY_DAY,
    ),
    CrewType(
        key="technik",
        name="Sensortechnik",
        count=1,
        organisation=Organisation.USB,
        size=1,
        skills=frozenset({Skill.SENSOR_CARE, Skill.POND_CARE}),
        profile="van",
        vehicle_name="Servicewagen",
        capacity=(),
        km_ct=40,
        day_ct=3_000,
        starts=time(7, 0),
        ends=time(15, 30),
    ),
)


def make_fleet(places: CityPlaces, crew_types: tuple[CrewType, ...] = CREW_TYPES) -> Fleet:
    """Return the fleet of a city whose yards and facilities lie at the given places."""
    numbered = [(line, number) for line in crew_types for number in range(1, line.count + 1)]
    return Fleet(
        crews=tuple(_crew(line, number) for line, number in numbered),
        vehicles=tuple(_vehicle(line, number) for line, number in numbered),
        depots=(_depot(places.usb_depot), _depot(places.parks_depot)),
        facilities=(
            _unloading(places.unloading),
            *(_water_point(place) for place in places.water_points),
        ),
        patterns=tuple(_pattern(line, number, places) for line, number in numbered),
    )


def _crew(line: CrewType, number: int) -> Crew:
    return Crew(
        id=CrewId(f"{line.key}-{number}"),
        name=f"{line.name} {number}",
        organisation=line.organisation,
        size=line.size,
        skills=line.skills,
        hour_ct=line.hour_ct * line.size,
        overtime_ct=line.hour_ct * line.size * OVERTIME_PCT // 100,
    )


def _vehicle(line: CrewType, number: int) -> Vehicle:
    return Vehicle(
        id=VehicleId(f"{line.key}-wagen-{number}"),
        name=f"{line.vehicle_name} {number}",
        profile=line.profile,
        capacity=line.capacity,
        skills=frozenset(),
        km_ct=line.km_ct,
        day_ct=line.day_ct,
        ec_561=line.ec_561,
    )


def _pattern(line: CrewType, number: int, places: CityPlaces) -> ShiftPattern:
    depot = places.usb_depot if line.organisation is Organisation.USB else places.parks_depot
    return ShiftPattern(
        crew_id=CrewId(f"{line.key}-{number}"),
        vehicle_id=VehicleId(f"{line.key}-wagen-{number}"),
        depot_id=DepotId(depot.key),
        starts=line.starts,
        ends=line.ends.replace(hour=line.ends.hour + OVERTIME_H),
        weekdays=line.weekdays,
        overtime_from=line.ends,
    )


def _depot(place: NamedPlace) -> Depot:
    return Depot(id=DepotId(place.key), name=place.name, location=place.location)


def _unloading(place: NamedPlace) -> Facility:
    return Facility(
        id=FacilityId(place.key),
        name=place.name,
        location=place.location,
        dimensions=GLASS,
        service_s=20 * 60,
        opens=time(7),
        closes=time(16),
        # One bay: a lorry that comes while another tips has to wait.
        at_once=1,
    )


def _water_point(place: NamedPlace) -> Facility:
    return Facility(
        id=FacilityId(place.key),
        name=place.name,
        location=place.location,
        dimensions=frozenset({Dimension.WATER_L}),
        # A hydrant standpipe gives about 300 l a minute.
        service_s=10 * 60,
        opens=time(5),
        closes=time(22),
    )
