"""Real cities: every figure equals Dijkstra's, whatever the profile and the day."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphs.closures import DayConditions, SlowArea
from graphs.drives import shortest_drives
from graphs.osm import read_osm
from graphs.packing import REACHED_BELOW
from graphs.positions import positions_of
from graphs.profiles import PROFILES
from graphs.snap import Snapped
from graphs.street_matrix import StreetMatrix
from tests.conftest import SHARED
from tests.helpers.street_oracle import oracle_costs

if TYPE_CHECKING:
    from graphs.network import StreetNetwork

SOURCES, TARGETS = 40, 50
"""2,000 pairs."""

EXTRACTS = ("heidelberg_ors.osm.pbf", "dortmund_centre_fhdo.osm.gz")


@cache
def city(extract: str) -> StreetMatrix:
    """Return the streets of an extract."""
    return StreetMatrix(read_osm(SHARED / "osm" / extract))


def ordinary(network: StreetNetwork) -> DayConditions:
    """Return a day without closures."""
    del network
    return DayConditions()


def busy(network: StreetNetwork) -> DayConditions:
    """Return a rush hour with 40 streets closed and one slow district."""
    ways = np.unique(network.way_id)
    closed = np.random.default_rng(5).choice(ways, 40, replace=False)
    lat, lon = network.view.lat, network.view.lon
    corners = ((lat, lon), (lat + 0.02, lon), (lat + 0.02, lon + 0.02), (lat, lon + 0.02))
    return DayConditions(
        closed_ways=frozenset(closed.tolist()),
        slow_areas=(SlowArea(corners=corners, factor=1.7),),
        period="peak",
    )


@pytest.mark.city_data
@pytest.mark.parametrize("day", [ordinary, busy])
@pytest.mark.parametrize("profile", sorted(PROFILES))
@pytest.mark.parametrize("extract", EXTRACTS)
def test_bit_for_bit_the_same(extract: str, profile: str, day: type[DayConditions]) -> None:
    """2,000 random pairs, several on one street, cost just what a plain search says."""
    streets = city(extract)
    streets = streets.on(day(streets.network))
    searcher = streets.searcher(profile)
    graph, rng = searcher.graph, np.random.default_rng(11)
    segment = rng.choice(np.flatnonzero(graph.usable_segment), TARGETS)
    # Ten of them share a street with another one.
    segment[:5] = segment[5:10]
    snapped = Snapped(
        segment=segment.astype(np.int64),
        fraction=rng.random(TARGETS).round(3),
        distance_m=np.zeros(TARGETS),
    )
    both = np.ones((TARGETS, 2), dtype=np.bool_)
    positions = positions_of(graph, searcher.arc_cost, snapped, both)
    prepared = searcher.prepare(positions)
    found, column = prepared.found, np.argsort(prepared.labels.order)
    costs = prepared.column_costs().astype(np.float64)[column[:, None], column]
    costs[costs >= REACHED_BELOW] = np.inf
    rows = found[:SOURCES]
    expected = oracle_costs(searcher, positions, rows)[:, found]
    assert costs[: len(rows)].tolist() == expected.tolist()
    assert np.isfinite(expected).mean() > 0.9
    pairs = [(i, i + 1) for i in range(len(rows) - 1) if np.isfinite(expected[i, i + 1])]
    drives = shortest_drives(searcher, positions.take(found), pairs)
    assert [drive.cost for drive in drives] == [int(expected[pair]) for pair in pairs]
