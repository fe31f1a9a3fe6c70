"""Sites, devices and the fleet."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.errors import Conflict, NotFound
from dispatch.domain.ids import CrewId, DeviceId, SiteId
from dispatch.domain.site import Place, SiteKind
from tests.helpers.plans import DAY, a_city, a_device, a_fleet, a_site

if TYPE_CHECKING:
    from dispatch.store import Store


def test_city_comes_back_the_same(city_store: Store) -> None:
    """Every site, device, crew, vehicle, depot, facility and shift survives, umlauts and all."""
    city = a_city()
    with city_store.read() as tx:
        assert tx.sites() == sorted(city.sites, key=lambda site: site.id)
        assert tx.devices() == list(city.devices)
        assert tx.fleet() == city.fleet
        assert tx.site(SiteId("pond-1")).name == "Ümminger See"
        assert not tx.is_empty()


def test_stored_fleet_works_the_same_shifts(city_store: Store) -> None:
    """The shifts of a day are the same from the stored fleet as from the original."""
    with city_store.read() as tx:
        assert tx.fleet().shifts_on(DAY) == a_fleet().shifts_on(DAY)


def test_two_patterns_that_start_alike(empty_store: Store) -> None:
    """A crew may start at the same hour with another vehicle on other days; both are kept."""
    monday, tuesday = (
        replace(a_fleet().patterns[0], vehicle_id=vehicle.id, weekdays=frozenset({day}))
        for day, vehicle in enumerate(a_fleet().vehicles)
    )
    fleet = replace(a_fleet(), patterns=(monday, tuesday))
    with empty_store.begin() as tx:
        tx.save_city(replace(a_city(), fleet=fleet))
    with empty_store.read() as tx:
        assert tx.fleet().patterns == (monday, tuesday)


def test_changed_pattern_replaces_the_old_one(city_store: Store) -> None:
    """A crew that starts later from now on does not go on starting early as well."""
    patterns = tuple(replace(p, starts=time(7)) for p in a_fleet().patterns)
    fleet = replace(a_fleet(), patterns=patterns)
    with city_store.begin() as tx:
        tx.save_city(replace(a_city(), fleet=fleet))
    with city_store.read() as tx:
        assert tx.fleet() == fleet


def test_saving_again_replaces(city_store: Store) -> None:
    """An entry saved again is replaced; entries not named stay."""
    renamed = a_site(name="Neue Straße")
    with city_store.begin() as tx:
        tx.save_city(replace(a_city(), sites=(renamed,), devices=()))
    with city_store.read() as tx:
        assert tx.site(renamed.id).name == "Neue Straße"
        assert len(tx.sites()) == len(a_city().sites)
        assert tx.devices() == [a_device()]


def test_a_few_are_found_by_name(city_store: Store) -> None:
    """Names in capitals or not; who is unknown is left out."""
    device = a_device()
    with city_store.read() as tx:
        found = tx.sites_by_id({SiteId("pond-1"), SiteId("glass-1"), SiteId("nowhere")})
        assert [site.id for site in found] == ["glass-1", "pond-1"]
        assert tx.devices_at({device.site_id}) == [device]
        assert tx.devices_at({SiteId("nowhere")}) == []
        around = tx.devices_around({device.id.lower(), "stranger"})
        assert around == [(device, tx.site(device.site_id))]


def test_a_device_is_found_with_all_that_hang_beside_it(city_store: Store) -> None:
    """And with those at a site where it hung before; devices elsewhere are not asked for."""
    device = a_device()
    before = device.mounted_from - timedelta(days=9)
    once = replace(device, site_id=SiteId("pond-1"), mounted_from=before)
    neighbour = replace(device, id=DeviceId("neighbour"))
    elsewhere = replace(device, id=DeviceId("elsewhere"), site_id=SiteId("tree-1"))
    with city_store.begin() as tx:
        tx.save_city(replace(a_city(), devices=(once, neighbour, elsewhere)))
        around = tx.devices_around({device.id.lower()})
    assert [(d, site.id) for d, site in around] == [
        (once, "pond-1"),
        (device, device.site_id),
        (neighbour, device.site_id),
    ]


def test_a_spot_people_told_of_comes_back_as_one(city_store: Store) -> None:
    """Not as another asset whose members all have defaults."""
    spot = a_site("ort-1", asset=Place(matter="Müll am Weg"))
    with city_store.begin() as tx:
        tx.save_sites([spot])
    with city_store.read() as tx:
        assert tx.site(spot.id) == spot


def test_sites_of_a_kind(city_store: Store) -> None:
    """Sites are found by kind."""
    with city_store.read() as tx:
        assert [site.id for site in tx.sites(SiteKind.TREE)] == ["tree-1"]


def test_moved_device_has_two_mountings(city_store: Store) -> None:
    """A device that moved is known at both sites, each for its time."""
    moved = datetime(2026, 9, 1, tzinfo=UTC)
    before = a_device(mounted_until=moved)
    after = a_device(site="tree-1", part_id=None, mounted_from=moved)
    with city_store.begin() as tx:
        tx.save_city(replace(a_city(), devices=(before, after)))
    with city_store.read() as tx:
        assert tx.devices() == [before, after]
        assert tx.devices(SiteId("tree-1")) == [after]


def test_device_needs_its_site(empty_store: Store) -> None:
    """A device cannot hang where nothing is."""
    lost = a_device(site="nowhere")
    with pytest.raises(Conflict, match="DB103"), empty_store.begin() as tx:
        tx.save_city(replace(a_city(), devices=(lost,)))


def test_shift_needs_its_crew(empty_store: Store) -> None:
    """A shift cannot be worked by a crew that is not there."""
    pattern = replace(a_fleet().patterns[0], crew_id=CrewId("nobody"))
    fleet = replace(a_fleet(), patterns=(pattern,))
    with pytest.raises(Conflict, match="DB103"), empty_store.begin() as tx:
        tx.save_city(replace(a_city(), fleet=fleet))


def test_unknown_site(city_store: Store) -> None:
    """A site nobody knows is a coded error that names it."""
    with city_store.read() as tx, pytest.raises(NotFound, match="DB202 site nope"):
        tx.site(SiteId("nope"))
