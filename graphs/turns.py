"""Turns from arc to arc: which there are, their angles, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.barriers import (
    CROSSING,
    GIVE_WAY,
    SIGNAL,
    TURNING_CIRCLE,
    node_rule,
    signal_direction,
    signs_of,
)
from graphs.runs import run_members

if TYPE_CHECKING:
    from graphs.network import StreetNetwork
    from graphs.profiles import Profile

STRAIGHT_DEG = 35.0
SHARP_DEG = 115.0
"""Up to the first angle a turn is straight on, beyond the second one it is sharp."""

NEAR_JUNCTION_M = 40.0
"""A signal in mid-street this near to a junction belongs to it: it holds up who drives there."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arcs:
    """Directed uses of segments by a profile, (a,) each, sorted by segment, forward first."""

    segment: NDArray[np.int32]
    forward: NDArray[np.bool_]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Turns:
    """All pairs of arcs that follow each other, (t,) each, sorted by `start`.

    `angle_deg` is from -180 (back, left) to 180, positive to the right; `reverses` marks turning
    round on the same segment.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    angle_deg: NDArray[np.float64]
    reverses: NDArray[np.bool_]

    def keep(self, mask: NDArray[np.bool_]) -> Turns:
        """Return some of the turns."""
        return Turns(
            start=self.start[mask],
            end=self.end[mask],
            angle_deg=self.angle_deg[mask],
            reverses=self.reverses[mask],
        )


def all_turns(network: StreetNetwork, arcs: Arcs) -> Turns:
    """Return every pair of arcs of which the second begins where the first ends."""
    by_tail = np.argsort(arcs.tail, kind="stable")
    first = np.searchsorted(arcs.tail[by_tail], np.arange(network.nodes + 1))
    begin, end = first[arcs.head], first[arcs.head + 1]
    start = np.repeat(np.arange(len(arcs.tail)), end - begin)
    follows = by_tail[run_members(begin, end)]
    leaving, arriving = _headings(network, arcs)
    turned = leaving[follows] - arriving[start]
    return Turns(
        start=start,
        end=follows,
        angle_deg=(turned + 180.0) % 360.0 - 180.0,
        reverses=(arcs.segment[start] == arcs.segment[follows])
        & (arcs.forward[start] != arcs.forward[follows]),
    )


def _headings(network: StreetNetwork, arcs: Arcs) -> tuple[NDArray[np.float64], ...]:
    """Return compass directions in degrees at the start and at the end of every arc."""
    offset, segment = network.shape_offset, arcs.segment
    first, last = offset[segment], offset[segment + 1] - 1
    ahead = _direction(network, first, first + 1)
    behind = _direction(network, last, last - 1)
    leaving = np.where(arcs.forward, ahead, behind)
    arriving = np.where(arcs.forward, behind, ahead) + 180.0
    return leaving, arriving


def _direction(
    network: StreetNetwork, here: NDArray[np.int64], there: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return compass directions in degrees from shape positions to others."""
    lat, lon = network.shape_lat, network.shape_lon
    east = (lon[there] - lon[here]) * np.cos(np.radians(lat[here]))
    return np.asarray(np.degrees(np.arctan2(east, lat[there] - lat[here])), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NodeFacts:
    """What nodes do, (n,) each: `passable`, `delay_s`, `signs` (bits of `barriers.signs_of`).

    `arms` counts the ends of open segments at a node; `not_understood` are the barriers unknown.
    """

    passable: NDArray[np.bool_]
    delay_s: NDArray[np.float64]
    signs: NDArray[np.int64]
    arms: NDArray[np.int64]
    not_understood: int


def node_facts(network: StreetNetwork, arcs: Arcs, profile: Profile) -> NodeFacts:
    """Return what every node of a network does to the profile."""
    rules = [node_rule(tags, profile) for tags in network.node_tag_sets]
    index = network.node_tag_set
    used = np.unique(arcs.segment)
    ends = np.concatenate((network.tail[used], network.head[used]))
    return NodeFacts(
        passable=np.array([rule.passable for rule in rules])[index],
        delay_s=np.array([rule.delay_s for rule in rules])[index],
        signs=np.array([signs_of(tags) for tags in network.node_tag_sets], np.int64)[index],
        arms=np.bincount(ends, minlength=network.nodes),
        not_understood=int(np.array([not rule.understood for rule in rules])[index].sum()),
    )


def possible(turns: Turns, arcs: Arcs, nodes: NodeFacts, profile: Profile) -> NDArray[np.bool_]:
    """Return which turns the junction and the vehicle's size allow, (t,).

    Past a barrier nobody drives. Turning round is for dead ends, in front of barriers, where
    nothing else is left, and for vehicles that can do it anywhere.
    """
    node = arcs.head[turns.start]
    onward = ~turns.reverses & nodes.passable[node]
    ways_on = np.bincount(turns.start[onward], minlength=len(arcs.head))
    stuck = (ways_on == 0)[turns.start] | (nodes.arms[node] == 1)
    round_here = (nodes.signs[node] & TURNING_CIRCLE) > 0
    anywhere = profile.turns.u_turn_anywhere_s is not None
    return np.asarray(onward | (turns.reverses & (stuck | round_here | anywhere)))


def turn_times_ms(
    network: StreetNetwork, turns: Turns, arcs: Arcs, nodes: NodeFacts, profile: Profile
) -> NDArray[np.int32]:
    """Return what every turn costs in milliseconds, (t,).

    A bend between two pieces of the same street costs nothing; a junction has three arms or more.
    """
    times, node = profile.turns, arcs.head[turns.start]
    angle = np.abs(turns.angle_deg)
    seconds = np.where(turns.angle_deg > 0, times.right_s, times.left_s)
    seconds = np.where(angle > SHARP_DEG, seconds + times.sharp_s, seconds)
    seconds = np.where(angle <= STRAIGHT_DEG, times.straight_s, seconds)
    seconds = np.where(nodes.arms[node] <= 2, 0.0, seconds)
    seconds = np.where(turns.reverses, _turning_round_s(nodes, node, profile), seconds)
    held_up = _held_up(network, turns, arcs, nodes)
    signs = nodes.signs[node]
    seconds = seconds + nodes.delay_s[node]
    seconds = seconds + np.where(held_up & (signs == SIGNAL), times.signal_s, 0.0)
    seconds = seconds + np.where(held_up & (signs == CROSSING), times.crossing_s, 0.0)
    seconds = seconds + np.where(held_up & (signs == GIVE_WAY), times.give_way_s, 0.0)
    return np.rint(seconds * 1000).astype(np.int32)


def _turning_round_s(
    nodes: NodeFacts, node: NDArray[np.int32], profile: Profile
) -> NDArray[np.float64]:
    """Return the seconds of turning round: half as long where there is a circle for it."""
    times = profile.turns
    dear = times.u_turn_s if times.u_turn_anywhere_s is None else times.u_turn_anywhere_s
    seconds = np.where(nodes.arms[node] == 1, times.u_turn_s, dear)
    return np.where((nodes.signs[node] & TURNING_CIRCLE) > 0, times.u_turn_s / 2, seconds)


def _held_up(
    network: StreetNetwork, turns: Turns, arcs: Arcs, nodes: NodeFacts
) -> NDArray[np.bool_]:
    """Return whether the signal or sign at a turn's node is meant for those who turn there.

    At a junction it is for all. In mid-street a direction given counts along the way; without one
    a signal near a junction is for those who drive towards it, so that nobody waits twice.
    """
    node = arcs.head[turns.start]
    words = [signal_direction(tags) for tags in network.node_tag_sets]
    said = np.array([{"forward": 1, "backward": -1}.get(word, 0) for word in words])
    said = said[network.node_tag_set][node]
    along = np.where(arcs.forward[turns.start], 1, -1)
    come_m = network.length_m[arcs.segment[turns.start]]
    go_m = network.length_m[arcs.segment[turns.end]]
    other_end = arcs.head[turns.end]
    junction_ahead = (go_m <= NEAR_JUNCTION_M) & (nodes.arms[other_end] > 2)
    come_from = arcs.tail[turns.start]
    junction_behind = (come_m <= NEAR_JUNCTION_M) & (nodes.arms[come_from] > 2)
    towards = ~junction_behind | (junction_ahead & (go_m < come_m))
    in_street = np.where(said == 0, towards, said == along)
    return np.asarray((nodes.arms[node] > 2) | in_street, dtype=np.bool_) & ~turns.reverses
