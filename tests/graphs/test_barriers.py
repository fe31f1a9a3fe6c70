"""What stands at a junction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.barriers import (
    CROSSING,
    GATE_S,
    GIVE_WAY,
    SIGNAL,
    TURNING_CIRCLE,
    node_rule,
    signal_direction,
    signs_of,
)
from graphs.profiles import PROFILES
from graphs.raw_tags import NODE_TAGS


@pytest.mark.parametrize(
    ("profile", "tags", "passable"),
    [
        ("van", {}, True),
        ("van", {"highway": "traffic_signals", "access": "no"}, True),
        ("van", {"barrier": "bollard"}, False),
        ("van", {"barrier": "bollard", "bollard": "removable"}, False),
        ("van", {"barrier": "bollard", "motor_vehicle": "yes"}, True),
        ("cargo_bike", {"barrier": "bollard"}, True),
        ("cargo_bike", {"barrier": "bollard", "bicycle": "no"}, False),
        ("cargo_bike", {"barrier": "gate", "access": "private", "bicycle": "yes"}, True),
        ("van", {"barrier": "gate"}, True),
        ("van", {"barrier": "gate", "access": "private"}, False),
        ("van", {"barrier": "gate", "locked": "yes"}, False),
        ("truck18", {"barrier": "lift_gate", "hgv": "no"}, False),
        ("van", {"barrier": "lift_gate", "hgv": "no"}, True),
        ("van", {"barrier": "lift_gate", "access": "customers"}, True),
        ("van", {"barrier": "lift_gate", "access:conditional": "no @ (Mo-Fr 10:00-16:00)"}, False),
        ("van", {"barrier": "swing_gate"}, False),
        ("van", {"barrier": "block"}, False),
        ("van", {"barrier": "cycle_barrier"}, False),
        ("van", {"barrier": "kerb"}, True),
        ("van", {"barrier": "entrance"}, True),
        ("van", {"barrier": "toll_booth"}, True),
        ("van", {"barrier": "cattle_grid"}, True),
        ("truck18", {"barrier": "height_restrictor", "maxheight": "3.2"}, False),
        ("van", {"barrier": "height_restrictor", "maxheight": "3.2"}, True),
        ("truck18", {"barrier": "height_restrictor", "maxheight": "default"}, True),
        ("truck18", {"barrier": "bollard", "motor_vehicle": "yes", "maxwidth": "2.3"}, False),
        ("van", {"barrier": "yes"}, True),
        ("van", {"barrier": "force_field"}, False),
    ],
)
def test_who_gets_past_a_barrier(profile: str, tags: dict[str, str], passable: bool) -> None:
    """Access tags go before the kind of barrier, limits before both; unknown kinds close."""
    assert node_rule(tags, PROFILES[profile]).passable is passable


def test_a_gate_takes_time() -> None:
    """Whoever may pass a gate has to open it."""
    assert node_rule({"barrier": "gate"}, PROFILES["van"]).delay_s == GATE_S
    assert node_rule({"barrier": "kerb"}, PROFILES["van"]).delay_s == 0


def test_an_unknown_barrier_is_told() -> None:
    """A kind of barrier that is not in our tables is counted."""
    assert not node_rule({"barrier": "force_field"}, PROFILES["van"]).understood
    assert node_rule({"barrier": "bollard"}, PROFILES["van"]).understood


@pytest.mark.parametrize(
    ("tags", "signs"),
    [
        ({}, 0),
        ({"highway": "traffic_signals"}, SIGNAL),
        ({"highway": "traffic_signals", "traffic_signals": "pedestrian_crossing"}, CROSSING),
        ({"highway": "traffic_signals", "traffic_signals": "emergency"}, 0),
        ({"highway": "crossing", "crossing": "traffic_signals;island"}, CROSSING),
        ({"highway": "crossing", "crossing:signals": "yes"}, CROSSING),
        ({"highway": "crossing", "crossing": "marked"}, 0),
        ({"highway": "stop"}, GIVE_WAY),
        ({"highway": "give_way"}, GIVE_WAY),
        ({"highway": "turning_circle"}, TURNING_CIRCLE),
        ({"highway": "turning_loop"}, TURNING_CIRCLE),
        ({"highway": "bus_stop"}, 0),
    ],
)
def test_signals_and_signs(tags: dict[str, str], signs: int) -> None:
    """Signals for traffic, signals for people on foot, signs, and room to turn are told apart."""
    assert signs_of(tags) == signs


def test_whom_a_signal_is_for() -> None:
    """Signals and signs name the direction of the way that they are meant for."""
    assert signal_direction({"traffic_signals:direction": "backward"}) == "backward"
    assert signal_direction({"direction": "forward"}) == "forward"
    assert signal_direction({"direction": "270"}) == ""


@given(
    st.dictionaries(st.sampled_from(sorted(NODE_TAGS)), st.text(max_size=10), max_size=5),
    st.sampled_from(sorted(PROFILES)),
)
def test_no_node_is_too_odd(tags: dict[str, str], name: str) -> None:
    """Whatever stands at a node is judged: no value raises."""
    assert node_rule(tags, PROFILES[name]).delay_s >= 0
    assert signs_of(tags) in (0, SIGNAL, CROSSING, GIVE_WAY, TURNING_CIRCLE)
    assert signal_direction(tags) in ("", "forward", "backward")
