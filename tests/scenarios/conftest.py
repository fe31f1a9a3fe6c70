"""A small invented town, made once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from scenarios.streets import stand_in
from scenarios.world import WorldSettings, make_city

if TYPE_CHECKING:
    from dispatch.domain.city import City
    from graphs.network import StreetNetwork

DAY = date(2026, 7, 15)


@pytest.fixture(scope="session")
def network() -> StreetNetwork:
    """Return a stand-in network of a few hundred junctions."""
    return stand_in(400)


@pytest.fixture(scope="session")
def world() -> WorldSettings:
    """Return the settings of a small world."""
    return WorldSettings(
        today=DAY, glass_sites=10, tree_sites=8, soil_sensors=3, rat_stations=9, ponds=4
    )


@pytest.fixture(scope="session")
def city(network: StreetNetwork, world: WorldSettings) -> City:
    """Return the small world on the network."""
    return make_city(network, world)
