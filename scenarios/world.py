"""A seeded demo world on any street network: sites along its streets, sensors, crews."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from dispatch.domain.city import City
from dispatch.domain.clock import at_local
from dispatch.domain.geo import LatLon
from dispatch.domain.ids import DeviceId, PartId, SiteId, digest
from dispatch.domain.site import (
    Container,
    Device,
    GlassBank,
    GlassColour,
    Pond,
    RatStation,
    Site,
    YoungTree,
)
from graphs.sampling import StreetPoint, nearest_street_point, sample_on_streets
from scenarios.crews import CREW_TYPES, CrewType, make_fleet
from scenarios.feeds.stations import last_refill
from scenarios.places import BOCHUM, CityPlaces, NamedPlace

if TYPE_CHECKING:
    from graphs.network import StreetNetwork

SPECIES = ("Winterlinde", "Spitzahorn", "Feldahorn", "Hainbuche", "Esche", "Stieleiche", "Rotahorn")
VOLUMES_L = (1_500, 2_000, 2_500, 3_000)
STREETS_WITH_HOUSES = ("residential", "tertiary", "secondary", "unclassified", "living_street")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldSettings:
    """How large the world is and which day it is there.

    The counts follow the city: about 250 glass sites, 200 of the 32,000 manholes with a counting
    bait box, 24 soil sensors, 16 pond loggers.
    """

    today: date
    seed: int = 44
    glass_sites: int = 250
    tree_sites: int = 160
    soil_sensors: int = 24
    rat_stations: int = 200
    ponds: int = 16
    crew_types: tuple[CrewType, ...] = field(default=CREW_TYPES)


def make_city(
    network: StreetNetwork, settings: WorldSettings, *, places: CityPlaces | None = BOCHUM
) -> City:
    """Return a city on the network; without `places` yards and ponds are drawn from it as well."""
    chosen = _on_streets(network, places) if places else _drawn_places(network, settings)
    sites = (
        *_glass_sites(network, settings),
        *_tree_sites(network, settings),
        *_rat_stations(network, settings),
        *_pond_sites(chosen.ponds[: settings.ponds]),
    )
    installed = at_local(settings.today - timedelta(days=400), time(8))
    return City(
        name=chosen.city,
        sites=sites,
        devices=tuple(_devices(sites, settings, installed)),
        fleet=make_fleet(chosen, settings.crew_types),
    )


def _glass_sites(network: StreetNetwork, settings: WorldSettings) -> list[Site]:
    points = sample_on_streets(
        network,
        count=settings.glass_sites,
        seed=settings.seed + 1,
        highways=STREETS_WITH_HOUSES,
        min_gap_m=150,
    )
    rng = np.random.default_rng([settings.seed, 1])
    return [_glass_site(number, point, rng) for number, point in enumerate(points, start=1)]


def _glass_site(number: int, point: StreetPoint, rng: np.random.Generator) -> Site:
    site_id = f"glas-{number:03d}"
    # White glass sells most: the first container is white, a fourth one is a second white one.
    colours = (GlassColour.WHITE, GlassColour.GREEN, GlassColour.BROWN, GlassColour.WHITE)
    count = int(rng.choice([1, 2, 3, 4], p=[0.1, 0.25, 0.5, 0.15]))
    containers = tuple(
        Container(
            id=PartId(f"{site_id}-{place}"),
            colour=colour,
            volume_l=int(rng.choice(VOLUMES_L)),
        )
        for place, colour in enumerate(colours[:count], start=1)
    )
    return _site(site_id, _address(point, rng), point, GlassBank(containers=containers))


def _tree_sites(network: StreetNetwork, settings: WorldSettings) -> list[Site]:
    points = sample_on_streets(
        network,
        count=settings.tree_sites,
        seed=settings.seed + 2,
        highways=STREETS_WITH_HOUSES,
        min_gap_m=60,
    )
    rng = np.random.default_rng([settings.seed, 2])
    return [
        _site(f"baum-{number:03d}", _address(point, rng), point, _tree(settings.today, rng))
        for number, point in enumerate(points, start=1)
    ]


def _tree(today: date, rng: np.random.Generator) -> YoungTree:
    # Young trees are watered for about three years.
    age_days = int(rng.integers(90, 3 * 365))
    return YoungTree(
        species=str(rng.choice(SPECIES)),
        planted=today - timedelta(days=age_days),
        girth_cm=int(rng.integers(16, 30)),
    )


def _rat_stations(network: StreetNetwork, settings: WorldSettings) -> list[Site]:
    points = sample_on_streets(
        network, count=settings.rat_stations, seed=settings.seed + 3, min_gap_m=80
    )
    rng = np.random.default_rng([settings.seed, 3])
    sites = []
    for number, point in enumerate(points, start=1):
        site_id = f"ratte-{number:03d}"
        station = RatStation(
            refill_after=6,
            bait_items=4,
            last_checked=last_refill(site_id, today=settings.today, seed=settings.seed),
        )
        sites.append(_site(site_id, f"Schacht {_address(point, rng)}", point, station))
    return sites


def _pond_sites(ponds: tuple[NamedPlace, ...]) -> list[Site]:
    return [
        Site(
            id=SiteId(f"teich-{pond.key}"),
            name=pond.name,
            location=pond.location,
            # Some ponds have an aerator that is switched remotely; which ones is not published.
            asset=Pond(fixed_aerator=number % 5 == 0),
        )
        for number, pond in enumerate(ponds, start=1)
    ]


def _devices(sites: tuple[Site, ...], settings: WorldSettings, installed: datetime) -> list[Device]:
    devices: list[Device] = []
    with_soil_sensor = 0
    for site in sites:
        match site.asset:
            case GlassBank(containers=containers):
                devices += [
                    _device("24E124", "em310-udl", site, installed, part_id=container.id)
                    for container in containers
                ]
            case YoungTree() if with_soil_sensor < settings.soil_sensors:
                with_soil_sensor += 1
                devices.append(_device("24E126", "em500-smtc", site, installed))
            case RatStation():
                devices.append(_device("A84041", "bait-station-counter", site, installed))
            case Pond():
                logger = DeviceId(site.id.removeprefix("teich-"))
                devices.append(replace(_device("", "aquatos", site, installed), id=logger))
    return devices


def _device(
    vendor: str, model: str, site: Site, installed: datetime, *, part_id: PartId | None = None
) -> Device:
    # A DevEUI: the maker's prefix and ten digits of our own.
    return Device(
        id=DeviceId(vendor + digest(part_id or site.id)[:10].upper()),
        model=model,
        site_id=site.id,
        part_id=part_id,
        mounted_from=installed,
    )


def _site(
    site_id: str, name: str, point: StreetPoint, asset: GlassBank | YoungTree | RatStation
) -> Site:
    return Site(id=SiteId(site_id), name=name, location=LatLon(point.lat, point.lon), asset=asset)


def _address(point: StreetPoint, rng: np.random.Generator) -> str:
    number = int(rng.integers(1, 180))
    return f"{point.street_name} {number}" if point.street_name else f"ohne Namen {number}"


def _on_streets(network: StreetNetwork, places: CityPlaces) -> CityPlaces:
    """Move yards and facilities to the nearest street; ponds stay where they are."""

    def moved(place: NamedPlace) -> NamedPlace:
        point = nearest_street_point(network, place.location.lat, place.location.lon)
        return replace(place, location=LatLon(point.lat, point.lon))

    return replace(
        places,
        usb_depot=moved(places.usb_depot),
        parks_depot=moved(places.parks_depot),
        unloading=moved(places.unloading),
        water_points=tuple(moved(place) for place in places.water_points),
    )


def _drawn_places(network: StreetNetwork, settings: WorldSettings) -> CityPlaces:
    points = sample_on_streets(
        network, count=settings.ponds + 9, seed=settings.seed + 4, min_gap_m=300
    )
    drawn = [
        NamedPlace(
            key=f"{number:06d}", name=point.street_name, location=LatLon(point.lat, point.lon)
        )
        for number, point in enumerate(points, start=900_001)
    ]
    usb, parks, unloading, *others = drawn
    return CityPlaces(
        city=network.name,
        usb_depot=replace(usb, key="usb-hof", name=f"Betriebshof {usb.name}"),
        parks_depot=replace(parks, key="tb-hof", name=f"Technischer Betrieb {parks.name}"),
        unloading=replace(unloading, key="glasumschlag", name=f"Glasumschlag {unloading.name}"),
        water_points=tuple(
            replace(place, key=f"wasser-{number}", name=f"Standrohr {place.name}")
            for number, place in enumerate(others[:6], start=1)
        ),
        ponds=tuple(replace(place, name=f"Teich {place.name}") for place in others[6:]),
    )
