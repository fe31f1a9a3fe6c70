"""The demo world: seeded, along the streets, with the city's own ponds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.domain.geo import LatLon, distance_m
from dispatch.domain.site import GlassBank, SiteKind
from graphs.standin import Place, standin_network
from graphs.street_matrix import StreetMatrix
from scenarios.day import covers
from scenarios.places import BOCHUM, PONDS
from scenarios.world import WorldSettings, make_city

if TYPE_CHECKING:
    from dispatch.domain.city import City
    from graphs.network import StreetNetwork


def test_the_same_seed_makes_the_same_city(
    network: StreetNetwork, world: WorldSettings, city: City
) -> None:
    """And another seed another one."""
    assert make_city(network, world) == city
    assert make_city(network, replace(world, seed=45)) != city


def test_the_counts_are_settings(city: City) -> None:
    """As many sites of each kind as asked for, with one to four containers at a glass bank."""
    kinds = Counter(site.kind for site in city.sites)
    assert kinds == {
        SiteKind.GLASS: 10,
        SiteKind.TREE: 8,
        SiteKind.RAT_STATION: 9,
        SiteKind.POND: 4,
    }
    banks = [site.asset for site in city.sites if isinstance(site.asset, GlassBank)]
    assert all(1 <= len(bank.containers) <= 4 for bank in banks)
    assert all(1_500 <= c.volume_l <= 3_000 for bank in banks for c in bank.containers)


def test_every_device_has_its_own_id_and_hangs_at_a_site(city: City) -> None:
    """No two sensors share a DevEUI, and none hangs in the air."""
    ids = [device.id for device in city.devices]
    assert len(set(ids)) == len(ids)
    assert {device.site_id for device in city.devices} <= {site.id for site in city.sites}


def test_sites_lie_along_streets_a_lorry_can_reach(network: StreetNetwork, city: City) -> None:
    """Nothing that is planned for lies out of reach of its vehicle."""
    streets = StreetMatrix(network)
    places = [
        (site.location.lat, site.location.lon)
        for site in city.sites
        if site.kind is not SiteKind.POND
    ]
    yards = [(d.location.lat, d.location.lon) for d in city.fleet.depots]
    facilities = [(f.location.lat, f.location.lon) for f in city.fleet.facilities]
    for profile in ("truck26", "van"):
        assert streets.snap_report([*places, *yards, *facilities], profile) == ()


def test_the_ponds_are_the_citys_own(network: StreetNetwork) -> None:
    """Sixteen loggers with the names and places the city published, umlauts mended."""
    assert len(PONDS) == 16
    by_number = {pond.key: pond for pond in PONDS}
    assert by_number["900541"].name == "Uemminger See"
    assert by_number["900398"].name == "Brüggeneystraße"
    assert by_number["900541"].location == LatLon(51.46932, 7.29004)
    assert covers(network, BOCHUM.usb_depot.location)


def test_a_world_can_be_made_in_another_town(world: WorldSettings) -> None:
    """Yards, water points and ponds are drawn from the streets where Bochum's do not fit."""
    outline = [(52.50, 13.30), (52.50, 13.40), (52.55, 13.40), (52.55, 13.30)]
    centres = [
        Place("Mitte", 52.52, 13.35),
        Place("Nord", 52.54, 13.36),
        Place("Süd", 52.51, 13.34),
    ]
    elsewhere = standin_network(outline, centres=centres, nodes=400)
    assert not covers(elsewhere, BOCHUM.usb_depot.location)
    city = make_city(elsewhere, world, places=None)
    assert len({depot.id for depot in city.fleet.depots}) == 2
    places = [*(s.location for s in city.sites), *(d.location for d in city.fleet.depots)]
    assert all(distance_m(place, LatLon(52.525, 13.35)) < 6_000 for place in places)
