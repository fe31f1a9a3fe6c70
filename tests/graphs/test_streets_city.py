"""Rules on real streets: places looked up in the raw data, and every restriction accounted for."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphs.osm import read_osm
from graphs.profiles import PROFILES
from graphs.restrictions import Outcome
from graphs.streets import compile_streets

if TYPE_CHECKING:
    from pathlib import Path

    from graphs.network import StreetNetwork, TurnRestriction
    from graphs.streets import StreetGraph

pytestmark = pytest.mark.city_data

Graphs = dict[str, "StreetGraph"]


EXTRACTS = ("heidelberg_ors.osm.pbf", "dortmund_centre_fhdo.osm.gz")


@pytest.fixture(scope="module")
def cities(shared_dir: Path) -> dict[str, Graphs]:
    """Return the streets of all extracts by profile."""
    networks = {name: read_osm(shared_dir / "osm" / name) for name in EXTRACTS}
    return {
        name: {key: compile_streets(network, profile) for key, profile in PROFILES.items()}
        for name, network in networks.items()
    }


@pytest.fixture
def heidelberg(cities: dict[str, Graphs]) -> Graphs:
    """Return the streets of Heidelberg by profile."""
    return cities[EXTRACTS[0]]


def pieces(graph: StreetGraph, way: int) -> list[int]:
    """Return the segments of a way."""
    found = np.flatnonzero(graph.network.way_id == way).tolist()
    assert found, f"way {way} is not in the extract"
    return found


@pytest.mark.parametrize(
    ("way", "profile", "along", "against", "through"),
    [
        # Valentin-Winter-Straße: oneway=yes.
        (4446359, "van", True, False, True),
        (4446359, "truck26", True, False, True),
        # Hebelstraße, bridge over the railway: maxweight=12.
        (24231889, "truck18", False, False, False),
        (24231889, "tanker12", True, True, True),
        # Jahnstraße: oneway=yes and maxweight=7.5.
        (25157574, "tanker12", False, False, False),
        (25157574, "van", True, False, True),
        # Melacpass, under the railway: maxheight=2.8.
        (155727821, "tanker12", False, False, False),
        (155727821, "van", True, True, True),
        # A building passage with maxheight=3.5: too low for the 18-tonner, not for the tanker.
        (27064088, "truck18", False, False, False),
        (27064088, "tanker12", True, True, True),
        # Königsberger Straße: motor_vehicle=destination.
        (8049671, "van", True, True, False),
        (8049671, "truck26", True, True, False),
        (8049671, "cargo_bike", True, True, True),
        # Blumenstraße: maxweight=7.5, maxweight:conditional=none @ destination.
        (33993827, "truck26", True, True, False),
        (33993827, "van", True, True, True),
        # Plöck: hgv=no, hgv:conditional=destination @ (6:00-11:00), oneway=yes.
        (191212309, "truck18", True, False, False),
        # Ludwig-Guttmann-Straße: hgv:conditional=no @ (19:00-6:00), an hour of it at work.
        (24968886, "truck26", False, False, False),
        (24968886, "van", True, True, True),
        # Alte Brücke: motor_vehicle=no, open for deliveries in the morning, maxweight=3.5.
        (5209247, "truck18", False, False, False),
    ],
)
def test_streets_looked_up_by_hand(
    heidelberg: Graphs, way: int, profile: str, along: bool, against: bool, through: bool
) -> None:
    """What is signed on a real street holds for every piece of it."""
    graph = heidelberg[profile]
    for piece in pieces(graph, way):
        arcs = graph.forward_arc[piece], graph.backward_arc[piece]
        assert (arcs[0] >= 0, arcs[1] >= 0) == (along, against)
        assert all(graph.through[arc] == through for arc in arcs if arc >= 0)


@pytest.mark.parametrize(
    ("relation", "way_in", "node", "way_out", "allowed"),
    [
        # No left turn from Brückenstraße into Ladenburger Straße.
        (57126, 28891216, 33811020, 26841510, False),
        # No left turn from Vangerowstraße into Yorckstraße.
        (1103116, 30121026, 271644017, 155055447, False),
        # Only straight on from Czernyring to Emil-Maier-Straße.
        (1190835, 79190169, 21698118, 24816059, True),
        # Only straight on over the bridge from Sofienstraße.
        (2675412, 28899573, 11247708, 155204833, True),
    ],
)
def test_turns_looked_up_by_hand(
    heidelberg: Graphs, relation: int, way_in: int, node: int, way_out: int, allowed: bool
) -> None:
    """A restriction is applied to the turn that its sign shows."""
    graph = heidelberg["truck26"]
    result = next(r for r in graph.report.restrictions if r.relation_id == relation)
    assert result.outcome is Outcome.APPLIED
    onward = ways_on(graph, way_in, node)
    assert (way_out in onward) is allowed
    assert onward
    assert not allowed or set(onward) == {way_out}


def ways_on(graph: StreetGraph, way: int, node_id: int) -> list[int]:
    """Return the ways one may turn into from a way at a node, whatever was driven before."""
    at = np.flatnonzero(graph.network.node_id == node_id)[0]
    arc = graph.state_arc
    ends = (graph.network.way_id[graph.segment] == way) & (graph.head == at)
    found: set[int] = set()
    for state in np.flatnonzero(ends[arc]).tolist():
        following = arc[graph.turn_to[graph.turn_offset[state] : graph.turn_offset[state + 1]]]
        found.update(graph.network.way_id[graph.segment[following]].tolist())
    return sorted(found)


def test_a_bollard_looked_up_by_hand(heidelberg: Graphs) -> None:
    """Nobody with an engine passes the bollard, a bike does."""
    for profile, passes in (("van", False), ("cargo_bike", True)):
        graph = heidelberg[profile]
        at = int(np.flatnonzero(graph.network.node_id == BOLLARD)[0])
        tail = np.repeat(np.arange(graph.states), np.diff(graph.turn_offset))
        here = graph.head[graph.state_arc[tail]] == at
        one = graph.segment[graph.state_arc[tail[here]]]
        other = graph.segment[graph.state_arc[graph.turn_to[here]]]
        assert len(one) > 0
        assert bool((one != other).any()) is passes


BOLLARD = 296947675
"""On Steinbachweg."""


@pytest.mark.parametrize("extract", EXTRACTS)
def test_every_restriction_is_applied_or_listed_with_its_reason(
    cities: dict[str, Graphs], extract: str
) -> None:
    """The counts add up for every profile, and what counts as applied forbids something."""
    for graph in cities[extract].values():
        results, relations = graph.report.restrictions, graph.network.restrictions
        assert [r.relation_id for r in results] == [r.relation_id for r in relations]
        assert all((r.forbids > 0) == r.outcome.startswith("applied") for r in results)
        assert all(r.reason for r in results)
        counts = Counter(r.outcome for r in results)
        assert counts[Outcome.APPLIED] > len(results) / 2
        assert counts[Outcome.AMBIGUOUS] == counts[Outcome.NOT_CONNECTED] == 0


def test_applied_restrictions_really_bind(heidelberg: Graphs) -> None:
    """Read again from the raw relations: the named turn is gone, or the only one left."""
    for profile in ("van", "truck26"):
        graph = heidelberg[profile]
        applied = {r.relation_id for r in graph.report.restrictions if r.forbids}
        checked = 0
        for relation in graph.network.restrictions:
            if relation.relation_id in applied and is_plain(graph.network, relation):
                kind = relation.tags["restriction"]
                onward = ways_on(graph, relation.from_ways[0], relation.via_nodes[0])
                if kind.startswith("no_"):
                    assert relation.to_ways[0] not in onward, relation
                else:
                    assert set(onward) <= {relation.to_ways[0]}, relation
                checked += 1
        assert checked > 250


def is_plain(network: StreetNetwork, relation: TurnRestriction) -> bool:
    """Tell whether both members are different ways that end at the via node."""
    ways = (relation.from_ways[0], relation.to_ways[0])
    node = np.flatnonzero(network.node_id == relation.via_nodes[0])[0]
    touching = (network.tail == node) | (network.head == node)
    ends = [int((touching & (network.way_id == way)).sum()) for way in ways]
    return ways[0] != ways[1] and ends == [1, 1]
