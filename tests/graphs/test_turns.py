"""Turns: angles, what they cost, and where one may turn round."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphs.barriers import GATE_S
from graphs.profiles import PROFILES
from graphs.streets import compile_streets
from graphs.turns import headings_deg
from tests.helpers.driving import can_drive, turn_costs_s
from tests.helpers.networks import DEGREE, TEN_METRES_PER_SECOND, Street, at, drawn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphs.streets import StreetGraph

VAN, TRUCK = PROFILES["van"].turns, PROFILES["truck26"].turns
SERVICE = {"highway": "service"}
METRE = 1 / (DEGREE * 111_195)
"""One metre on the drawing board."""


def crossing(
    profile: str = "van",
    tags: Mapping[str, str] = TEN_METRES_PER_SECOND,
    at_middle: Mapping[str, str] | None = None,
) -> StreetGraph:
    """Return a crossing: middle 0, west 1, north 2, east 3, south 4; tags of west and south."""
    streets = [Street(1, 0, tags), Street(0, 2), Street(0, 3), Street(0, 4, tags)]
    nodes = [(0, 0), (-1, 0), (0, 1), (1, 0), (0, -1)]
    network = drawn(nodes, streets, node_tags={0: at_middle or {}})
    return compile_streets(network, PROFILES[profile])


@pytest.mark.parametrize(
    ("nodes", "cost_s"),
    [
        ((1, 0, 3), VAN.straight_s),
        ((1, 0, 2), VAN.left_s),
        ((1, 0, 4), VAN.right_s),
        ((3, 0, 2), VAN.right_s),
        ((3, 0, 4), VAN.left_s),
        ((1, 0, 1), VAN.u_turn_anywhere_s),
    ],
)
def test_direction_decides_what_a_turn_costs(nodes: tuple[int, ...], cost_s: float) -> None:
    """Left costs more than right, right more than straight on, turning round most."""
    assert turn_costs_s(crossing(), nodes) == [cost_s]


def test_a_sharp_turn_costs_more() -> None:
    """Beyond a right angle one nearly stops."""
    nodes = [(0, 0), (-1, 0), (-1, 0.5), (1, 0)]
    graph = compile_streets(drawn(nodes, [Street(i, 0) for i in (1, 2, 3)]), PROFILES["van"])
    assert turn_costs_s(graph, (1, 0, 2)) == [VAN.left_s + VAN.sharp_s]
    assert turn_costs_s(graph, (2, 0, 1)) == [VAN.right_s + VAN.sharp_s]


def test_a_bend_is_no_junction() -> None:
    """Where only two pieces of street meet, nothing is lost."""
    graph = compile_streets(
        drawn([(0, 0), (1, 0), (1, 1)], [Street(0, 1), Street(1, 2)]), PROFILES["van"]
    )
    assert turn_costs_s(graph, (0, 1, 2)) == [0]


def test_drives_do_not_slow_down_who_goes_past() -> None:
    """Straight past a drive or a track there is no junction; turning into it costs."""
    streets = [Street(1, 0), Street(0, 2), Street(0, 3, SERVICE)]
    graph = compile_streets(drawn([(0, 0), (-1, 0), (1, 0), (0, -1)], streets), PROFILES["truck26"])
    assert turn_costs_s(graph, (1, 0, 2)) == [0]
    assert turn_costs_s(graph, (1, 0, 3)) == [TRUCK.right_s]


@pytest.mark.parametrize(
    ("tags", "extra_s"),
    [
        ({"highway": "traffic_signals"}, VAN.signal_s),
        ({"highway": "stop"}, VAN.give_way_s),
        ({"barrier": "gate"}, GATE_S),
        ({"highway": "crossing", "crossing": "traffic_signals"}, VAN.crossing_s),
    ],
)
def test_signals_signs_and_gates_cost(tags: dict[str, str], extra_s: float) -> None:
    """Whoever crosses a junction waits for what stands there."""
    assert turn_costs_s(crossing(at_middle=tags), (1, 0, 3)) == [VAN.straight_s + extra_s]


def test_heavy_vehicles_turn_round_only_where_they_must() -> None:
    """At a dead end, in front of a barrier and in a turning circle, nowhere else."""
    graph = crossing("truck26")
    assert not can_drive(graph, 1, 0, 1)
    assert turn_costs_s(graph, (0, 1, 0)) == [TRUCK.u_turn_s]
    circle = crossing("truck26", at_middle={"highway": "turning_circle"})
    assert turn_costs_s(circle, (1, 0, 1)) == [TRUCK.u_turn_s / 2]
    nodes = [(0, 0), (1, 0), (2, 0), (0, 1), (0, 2)]
    streets = [Street(0, 1), Street(1, 2), Street(3, 0), Street(4, 3)]
    bollard = drawn(nodes, streets, node_tags={1: {"barrier": "bollard"}})
    graph = compile_streets(bollard, PROFILES["truck26"])
    assert not can_drive(graph, 0, 1, 2)
    assert turn_costs_s(graph, (0, 1, 0)) == [TRUCK.u_turn_s]
    assert graph.report.closing_barriers == 1
    assert can_drive(compile_streets(bollard, PROFILES["cargo_bike"]), 0, 1, 2)


def in_a_row(
    metres: Sequence[float], node_tags: Mapping[int, Mapping[str, str]], *, arms: Sequence[int]
) -> StreetGraph:
    """Return a street with nodes this far apart and side streets at some of them (`arms`)."""
    x = [sum(metres[:i]) * METRE for i in range(len(metres) + 1)]
    nodes = [(place, 0.0) for place in x] + [(x[arm], 1.0) for arm in arms]
    streets = [Street(i, i + 1) for i in range(len(metres))]
    streets += [Street(arm, len(x) + number) for number, arm in enumerate(arms)]
    return compile_streets(drawn(nodes, streets, node_tags=node_tags), PROFILES["van"])


SIGNAL = {"highway": "traffic_signals"}


def test_a_signal_before_a_junction_holds_up_who_drives_there() -> None:
    """In mid-street, without a direction, it belongs to the nearer junction within 40 m."""
    graph = in_a_row([500, 20, 500], {1: SIGNAL}, arms=[2])
    assert turn_costs_s(graph, (0, 1, 2)) == [VAN.signal_s]
    assert turn_costs_s(graph, (2, 1, 0)) == [0]
    between = in_a_row([30, 20, 500], {1: SIGNAL}, arms=[0, 2])
    assert turn_costs_s(between, (0, 1, 2)) == [VAN.signal_s]
    assert turn_costs_s(between, (2, 1, 0)) == [0]


def test_a_signal_is_found_over_several_pieces() -> None:
    """A kerb or another cut between signal and junction changes nothing."""
    graph = in_a_row([500, 10, 10, 500], {1: SIGNAL, 2: {"barrier": "kerb"}}, arms=[3])
    assert turn_costs_s(graph, (0, 1, 2)) == [VAN.signal_s]
    assert turn_costs_s(graph, (3, 2, 1, 0)) == [0, 0]


def test_a_signal_far_from_junctions_holds_up_all() -> None:
    """People on foot cross there: both directions wait."""
    walkers = {"highway": "crossing", "crossing": "traffic_signals"}
    graph = in_a_row([500, 500], {1: walkers}, arms=[])
    assert turn_costs_s(graph, (0, 1, 2)) == [VAN.crossing_s]
    assert turn_costs_s(graph, (2, 1, 0)) == [VAN.crossing_s]


def test_a_signal_with_a_direction_counts_in_that_direction() -> None:
    """traffic_signals:direction follows the way as it was drawn."""
    for word, along_s, against_s in (("forward", VAN.signal_s, 0), ("backward", 0, VAN.signal_s)):
        tags = {**SIGNAL, "traffic_signals:direction": word}
        graph = in_a_row([500, 20, 500], {1: tags}, arms=[2])
        assert turn_costs_s(graph, (0, 1, 2)) == [along_s]
        assert turn_costs_s(graph, (2, 1, 0)) == [against_s]


def test_nobody_waits_twice_at_one_junction() -> None:
    """Signals within 40 m of the one that was waited at are the same junction's."""
    graph = in_a_row([500, 20, 25, 500], {1: SIGNAL, 2: SIGNAL, 3: SIGNAL}, arms=[2, 3])
    straight = VAN.straight_s
    assert turn_costs_s(graph, (0, 1, 2, 3, 4)) == [VAN.signal_s, straight, straight]
    assert turn_costs_s(graph, (4, 3, 2, 1, 0)) == [straight + VAN.signal_s, straight, 0]
    far = in_a_row([500, 100, 500], {1: SIGNAL, 2: SIGNAL}, arms=[1, 2])
    assert turn_costs_s(far, (0, 1, 2, 3)) == [straight + VAN.signal_s] * 2


def test_the_first_metres_give_the_direction() -> None:
    """A kink of a metre at the junction does not turn a street that leads east."""
    lat, lon = zip(at(0, 0), at(0, METRE), at(50 * METRE, METRE), strict=True)
    network = replace(
        drawn([(0, 0), (1, 0)], [Street(0, 1)]),
        shape_offset=np.array([0, 3]),
        shape_lat=np.array(lat),
        shape_lon=np.array(lon),
    )
    leaving, arriving = headings_deg(network, np.zeros(2, dtype=np.int32), np.array([True, False]))
    assert (leaving % 360).tolist() == pytest.approx([88, 270], abs=1)
    assert (arriving % 360).tolist() == pytest.approx([90, 268], abs=1)
