"""What stands at a junction: gates and bollards, signals and signs, room to turn round."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphs import tags as tag_values
from graphs.access import Access, stated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphs.profiles import Profile

_PASSABLE = frozenset(
    {
        *("no", "entrance", "cattle_grid", "border_control", "toll_booth", "sally_port", "arch"),
        *("kerb", "lowered_kerb", "height_restrictor", "width_restrictor", "yes", "checkpoint"),
        *("hampshire_gate", "bump_gate", "rope", "coupure", "wildlife_crossing", "chicane"),
    }
)
"""Barriers a vehicle drives past unless a limit or an access tag says otherwise. Mostly the list of
OSRM, profiles/car.lua, `barrier_whitelist`; a bare "yes" says too little to close a street."""

GATES = frozenset({"gate", "lift_gate", "sliding_gate", "sliding_beam"})
"""Opened by whoever passes, or they would be tagged private: OSRM's list again."""

GATE_S = 20.0
"""Opening a gate and driving on; own estimate."""

_CLOSED = frozenset(
    {
        *("bollard", "block", "jersey_barrier", "log", "debris", "stile", "turnstile", "planter"),
        *("full-height_turnstile", "kissing_gate", "cycle_barrier", "motorcycle_barrier", "wall"),
        *("fence", "hedge", "bus_trap", "sump_buster", "horse_stile", "spikes", "barrier_board"),
        *("tank_trap", "rising_bollard", "hedge_bank", "guard_rail", "delineators", "delineator"),
        *("swing_gate", "wicket_gate", "chain", "bar", "city_wall", "retaining_wall", "ditch"),
    }
)
"""Barriers nobody drives past without a key (a swing gate closes forest roads, and building sites),
unless an access tag says otherwise."""

_BIKES_PASS = frozenset(
    {
        *("bollard", "block", "cycle_barrier", "log", "bus_trap", "planter", "rising_bollard"),
        *("motorcycle_barrier", "sump_buster", "barrier_board", "kissing_gate", "delineators"),
        *("swing_gate", "wicket_gate"),
    }
)

_LIMITS = (
    ("maxheight", "height_m", tag_values.length_m),
    ("maxwidth", "width_m", tag_values.length_m),
    ("maxwidth:physical", "width_m", tag_values.length_m),
    ("maxlength", "length_m", tag_values.length_m),
    ("maxweight", "weight_t", tag_values.weight_t),
)


class NodeRule(NamedTuple):
    """What a node does to a vehicle: whether it lets it pass, and how long that takes at least."""

    passable: bool = True
    delay_s: float = 0.0
    understood: bool = True


FREE = NodeRule()


def node_rule(tags: Mapping[str, str], profile: Profile) -> NodeRule:
    """Return what a node with these raw tags does to the profile, signals and signs aside.

    An unknown kind of barrier closes, as in OSRM.
    """
    barrier = tags.get("barrier")
    if barrier is None:
        return FREE
    understood = barrier in _PASSABLE or barrier in GATES or barrier in _CLOSED
    passes = barrier in _PASSABLE or (barrier in GATES and tags.get("locked") != "yes")
    passes |= "bicycle" in profile.kinds and barrier in _BIKES_PASS
    unless = Access.OPEN if passes else Access.CLOSED
    passable = stated(tags, profile.access_keys, profile, unless=unless) > Access.CLOSED
    passable &= not any(
        key in tags and (limit := parse(tags[key])) is not None and getattr(profile, own) > limit
        for key, own, parse in _LIMITS
    )
    return NodeRule(passable, GATE_S if barrier in GATES else 0.0, understood)


SIGNAL, CROSSING, GIVE_WAY, TURNING_CIRCLE = 1, 2, 4, 8
"""Bits of what `signs_of` found at a node."""


def signs_of(tags: Mapping[str, str]) -> int:
    """Return which signals, signs and places to turn a node has, as bits."""
    highway, signals = tags.get("highway", ""), tags.get("traffic_signals", "")
    if highway == "traffic_signals" and signals in _NO_SIGNAL:
        return 0
    if highway == "crossing" or signals in _FOR_WALKERS:
        lit = "traffic_signals" in (highway, *tags.get("crossing", "").split(";"))
        return CROSSING if lit or tags.get("crossing:signals", "no") != "no" else 0
    return {
        "traffic_signals": SIGNAL,
        "stop": GIVE_WAY,
        "give_way": GIVE_WAY,
        "turning_circle": TURNING_CIRCLE,
        "turning_loop": TURNING_CIRCLE,
        "mini_roundabout": TURNING_CIRCLE,
    }.get(highway, 0)


_NO_SIGNAL = frozenset({"emergency", "blinker", "level_crossing", "no"})
_FOR_WALKERS = frozenset({"pedestrian_crossing", "crossing", "crossing_only"})


def signal_direction(tags: Mapping[str, str]) -> str:
    """Return `forward`, `backward` or an empty word: whom a signal or sign is for, on its way."""
    value = tags.get("traffic_signals:direction") or tags.get("direction", "")
    return value if value in ("forward", "backward") else ""
