"""Arcs of one profile."""

from __future__ import annotations

import pytest

from graphs.errors import NetworkInvalid
from graphs.profiles import PROFILES
from graphs.streets import CompileReport, compile_streets
from tests.helpers.networks import TEN_METRES_PER_SECOND, Street, drawn, line_of_streets

ONEWAY = {**TEN_METRES_PER_SECOND, "oneway": "yes"}


def test_a_street_open_both_ways_has_two_arcs() -> None:
    """Arcs carry whole milliseconds and decimetres of their segment."""
    graph = compile_streets(line_of_streets(), PROFILES["van"])
    assert list(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)) == [
        (0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2),
    ]  # fmt: skip
    assert set(graph.time_ms.tolist()) == {100_000}
    assert set(graph.distance_dm.tolist()) == {10_000}


def test_only_the_largest_connected_part_is_used() -> None:
    """A one-way dead end, an island and a closed street are left out and counted."""
    network = drawn(
        [(0, 0), (1, 0), (2, 0), (3, 0), (8, 0), (9, 0)],
        [
            Street(0, 1),
            Street(1, 2),
            Street(2, 3, ONEWAY),
            Street(4, 5),
            Street(0, 2, {**TEN_METRES_PER_SECOND, "maxweight": "3.5"}),
        ],
    )
    graph = compile_streets(network, PROFILES["truck26"])
    assert graph.used_segment.tolist() == [True, True, False, False, False]
    assert graph.report == CompileReport(
        segments=5, used_segments=2, closed_segments=1, island_segments=2
    )


def test_the_connected_part_differs_by_profile() -> None:
    """A weight limit cuts off for a lorry what a van can reach."""
    bridge = {**TEN_METRES_PER_SECOND, "maxweight": "7.5"}
    network = drawn(
        [(0, 0), (1, 0), (2, 0), (3, 0)], [Street(0, 1), Street(1, 2), Street(2, 3, bridge)]
    )
    assert compile_streets(network, PROFILES["van"]).report.used_segments == 3
    assert compile_streets(network, PROFILES["truck18"]).report.used_segments == 2


def test_a_network_closed_to_the_vehicle_is_refused() -> None:
    """No open street is an error with a code, not an empty graph."""
    network = drawn([(0, 0), (1, 0)], [Street(0, 1, {"highway": "footway"})])
    with pytest.raises(NetworkInvalid, match="G203"):
        compile_streets(network, PROFILES["van"])
