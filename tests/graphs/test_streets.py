"""The streets of one profile: arcs, states, what is connected, and what is reported."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graphs.errors import NetworkInvalid
from graphs.profiles import PROFILES
from graphs.streets import StreetGraph, compile_streets
from tests.helpers.driving import can_drive
from tests.helpers.networks import TEN_METRES_PER_SECOND, Rule, Street, drawn, line_of_streets

ONEWAY = {**TEN_METRES_PER_SECOND, "oneway": "yes"}
STOPS_ONLY = {**TEN_METRES_PER_SECOND, "motor_vehicle": "destination"}


def test_a_street_open_both_ways_has_two_arcs() -> None:
    """Arcs carry whole milliseconds and decimetres of their segment."""
    graph = compile_streets(line_of_streets(), PROFILES["van"])
    assert list(zip(graph.tail.tolist(), graph.head.tolist(), strict=True)) == [
        (0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2),
    ]  # fmt: skip
    assert set(graph.time_ms.tolist()) == {100_000}
    assert set(graph.distance_dm.tolist()) == {10_000}
    assert graph.forward_arc.tolist() == [0, 2, 4]
    assert graph.backward_arc.tolist() == [1, 3, 5]


def test_a_street_without_length_still_takes_time() -> None:
    """Zero would make different places indistinguishable."""
    network = drawn([(0, 0), (1, 0)], [Street(0, 1, length_m=0.0)])
    graph = compile_streets(network, PROFILES["van"])
    assert set(graph.time_ms.tolist()) == set(graph.distance_dm.tolist()) == {1}


def test_states_are_sorted_by_segment_and_turns_by_state() -> None:
    """The states of a segment are neighbours; offsets, arcs and states fit together."""
    rules = [Rule("no_left_turn", 1, (2,), 4)]
    nodes = [(0, 0), (1, 0), (2, 0), (3, 0), (2, 1)]
    streets = [Street(0, 1), Street(1, 2), Street(2, 3, STOPS_ONLY), Street(2, 4)]
    graph = compile_streets(drawn(nodes, streets, rules=rules), PROFILES["van"])
    assert (np.diff(graph.segment[graph.state_arc]) >= 0).all()
    assert len(graph.state_arc) > len(graph.segment)
    assert graph.turn_offset[0] == 0
    assert graph.turn_offset[-1] == len(graph.turn_to) == len(graph.turn_ms)
    assert (graph.state_arc[graph.start_state] == np.arange(len(graph.segment))).all()
    tail = np.repeat(np.arange(graph.states), np.diff(graph.turn_offset))
    arc = graph.state_arc
    assert (graph.head[arc[tail]] == graph.tail[arc[graph.turn_to]]).all()


def test_only_the_largest_connected_part_is_used() -> None:
    """A one-way dead end, an island and a closed street are left out and counted."""
    network = drawn(
        [(0, 0), (1, 0), (2, 0), (3, 0), (8, 0), (9, 0), (1, 1)],
        [
            Street(0, 1),
            Street(1, 2),
            Street(2, 3, ONEWAY),
            Street(4, 5),
            Street(0, 2, {**TEN_METRES_PER_SECOND, "maxweight": "3.5"}),
            Street(1, 6),
            Street(6, 2),
        ],
    )
    graph = compile_streets(network, PROFILES["truck26"])
    assert graph.usable_segment.tolist() == [True, True, False, False, False, True, True]
    assert graph.open_segment.tolist() == [True, True, True, True, False, True, True]
    report = graph.report
    assert (report.segments, report.used_segments) == (7, 4)
    assert (report.closed_segments, report.island_segments) == (1, 2)


def test_the_connected_part_differs_by_profile() -> None:
    """A weight limit cuts off for a lorry what a van can reach."""
    bridge = {**TEN_METRES_PER_SECOND, "maxweight": "7.5"}
    network = drawn(
        [(0, 0), (1, 0), (2, 0), (3, 0)], [Street(0, 1), Street(1, 2), Street(2, 3, bridge)]
    )
    assert compile_streets(network, PROFILES["van"]).report.used_segments == 3
    assert compile_streets(network, PROFILES["truck18"]).report.used_segments == 2


def test_a_network_closed_to_the_vehicle_is_refused() -> None:
    """No open street is an error with a code, not an empty graph; streets for stops are none."""
    for tags in ({"highway": "footway"}, STOPS_ONLY):
        network = drawn([(0, 0), (1, 0)], [Street(0, 1, tags)])
        with pytest.raises(NetworkInvalid, match="G203"):
            compile_streets(network, PROFILES["van"])


def zone() -> StreetGraph:
    """Return a street 0-1-2-3 whose middle is for stops only, with a way round 1-4-2."""
    nodes = [(0, 0), (1, 0), (2, 0), (3, 0), (1.5, 1), (1.5, -0.5)]
    streets = [
        Street(0, 1),
        Street(1, 5, STOPS_ONLY),
        Street(5, 2, STOPS_ONLY),
        Street(2, 3),
        Street(1, 4),
        Street(4, 2),
    ]
    return compile_streets(drawn(nodes, streets), PROFILES["truck26"])


@pytest.mark.parametrize(
    ("nodes", "allowed"),
    [
        ((0, 1, 5), True),
        ((0, 1, 5, 2), True),
        ((5, 2, 3), True),
        ((1, 5, 2, 3), True),
        ((1, 5, 2), True),
        ((0, 1, 5, 2, 3), False),
        ((0, 1, 4, 2, 3), True),
        ((0, 1, 4, 2, 5, 1), True),
        ((0, 1, 4, 2, 5, 1, 0), False),
    ],
)
def test_a_zone_for_stops_is_entered_and_left_but_not_crossed(
    nodes: tuple[int, ...], allowed: bool
) -> None:
    """Drives begin and end on streets for destinations; nobody takes them as a short cut."""
    assert can_drive(zone(), *nodes) is allowed


def test_streets_for_stops_can_be_snapped_to() -> None:
    """They are usable and counted, though not part of the connected part of through streets."""
    graph = zone()
    assert graph.usable_segment.all()
    assert graph.report.stop_only_segments == 2
    assert graph.through.tolist() == [True, True, *[False] * 4, *[True] * 6]


def test_a_barrier_can_be_reached_from_both_sides() -> None:
    """Past a bollard nobody drives, up to it everybody, and back."""
    nodes = [(0, 0), (1, 0), (2, 0), (1, 1)]
    streets = [Street(0, 1), Street(1, 2), Street(0, 3), Street(3, 2)]
    network = drawn(nodes, streets, node_tags={1: {"barrier": "bollard"}})
    graph = compile_streets(network, PROFILES["truck18"])
    assert not can_drive(graph, 0, 1, 2)
    assert can_drive(graph, 3, 0, 1, 0, 3, 2, 1, 2)
    assert graph.usable_segment.all()
    assert graph.report.closing_barriers == 1


def test_what_is_not_understood_is_counted() -> None:
    """Odd values cost nothing but a line in the report."""
    odd = {**TEN_METRES_PER_SECOND, "maxspeed": "swift", "access": "perhaps"}
    network = drawn(
        [(0, 0), (1, 0), (2, 0)],
        [Street(0, 1, odd), Street(1, 2, odd)],
        node_tags={1: {"barrier": "hologram"}},
    )
    report = compile_streets(network, PROFILES["van"]).report
    assert report.unknown == {
        "unknown access value": 2, "unknown barrier": 1, "unreadable maxspeed": 2,
    }  # fmt: skip


def test_the_same_network_compiles_to_the_same_arrays() -> None:
    """Every number of a state is the same in every run."""
    one, other = zone(), zone()
    for name in ("state_arc", "start_state", "turn_offset", "turn_to", "turn_ms"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()


PLACES = [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]
FRAME = [(0, 1), (1, 2), (0, 3), (1, 4), (2, 5), (3, 4), (4, 5)]
WAY = {ends: way for way, (a, b) in enumerate(FRAME, 1) for ends in ((a, b), (b, a))}


def walks(streets: int) -> list[tuple[int, ...]]:
    """Return every walk of so many streets over the frame, turning round included."""
    found = [(a, b) for a, b in WAY]
    for _ in range(streets - 1):
        found = [(*walk, b) for walk in found for a, b in WAY if a == walk[-1]]
    return found


def is_legal(walk: tuple[int, ...], stops: list[bool], forbidden: set[tuple[int, ...]]) -> bool:
    """Tell whether a walk keeps to the rules: only its ends lie on streets for stops."""
    ways = [WAY[ends] for ends in pairwise(walk)]
    letters = "".join("s" if stops[way - 1] else "t" for way in ways)
    runs = {tuple(ways[i : i + 3]) for i in range(len(ways) - 2)}
    return re.fullmatch("s*t*s*", letters) is not None and not runs & forbidden


@given(
    st.lists(st.sampled_from((False, False, True)), min_size=7, max_size=7),
    st.lists(st.permutations(range(1, 8)).map(lambda ways: tuple(ways[:3])), max_size=4),
)
def test_compiled_streets_allow_exactly_the_legal_drives(
    stops: list[bool], forbidden: list[tuple[int, ...]]
) -> None:
    """From tags and relations to states: walks over four streets, tried one by one."""
    assume(not all(stops))
    streets = [
        Street(tail, head, STOPS_ONLY if stop else TEN_METRES_PER_SECOND)
        for (tail, head), stop in zip(FRAME, stops, strict=True)
    ]
    rules = [Rule("no_entry", start, (via,), end) for start, via, end in forbidden]
    graph = compile_streets(drawn(PLACES, streets, rules=rules), PROFILES["van"])
    assume(graph.usable_segment.all() and (graph.start_state >= 0).all())
    for walk in walks(4):
        assert can_drive(graph, *walk) is is_legal(walk, stops, set(forbidden)), walk
