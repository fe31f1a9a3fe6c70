"""What turns cost: by direction, for signals and signs, and for turning round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphs.barriers import CROSSING, GIVE_WAY, SIGNAL, TURNING_CIRCLE
from graphs.junctions import Chains

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graphs.junctions import Junctions
    from graphs.network import StreetNetwork
    from graphs.profiles import Profile
    from graphs.turns import Arcs, Turns

STRAIGHT_DEG = 35.0
SHARP_DEG = 115.0
"""Up to the first angle a turn is straight on, beyond the second one it is sharp."""

ONE_JUNCTION_M = 40.0
"""A signal in mid-street this near to a junction belongs to it, and signals this near to each other
are one: whoever has waited at the first drives on. Own estimate, the width of a large junction."""


def turn_times_ms(
    network: StreetNetwork,
    arcs: Arcs,
    turns: Turns,
    junctions: Junctions,
    stuck: NDArray[np.bool_],
    profile: Profile,
) -> NDArray[np.int32]:
    """Return what every turn costs in milliseconds, (t,).

    A bend between two pieces of the same street costs nothing; a junction has three arms or more,
    and who drives straight past drives and paths only meets none.
    """
    times, node = profile.turns, arcs.head[turns.start]
    angle = np.abs(turns.angle_deg)
    seconds = np.where(turns.angle_deg > 0, times.right_s, times.left_s)
    seconds = np.where(angle > SHARP_DEG, seconds + times.sharp_s, seconds)
    straight = np.where(junctions.streets[node] > 2, times.straight_s, 0.0)
    seconds = np.where(angle <= STRAIGHT_DEG, straight, seconds)
    seconds = np.where(junctions.arms[node] <= 2, 0.0, seconds)
    seconds = np.where(
        turns.reverses, _turning_round_s(arcs, turns, junctions, stuck, profile), seconds
    )
    seconds = seconds + np.where(turns.reverses, 0.0, junctions.delay_s[node])
    held_up = _held_up(network, arcs, turns, junctions)
    signs = junctions.signs[node]
    for sign, wait_s in (
        (SIGNAL, times.signal_s),
        (CROSSING, times.crossing_s),
        (GIVE_WAY, times.give_way_s),
    ):
        seconds = seconds + np.where(held_up & ((signs & sign) > 0), wait_s, 0.0)
    return np.asarray(np.rint(seconds * 1000), dtype=np.int32)


def _turning_round_s(
    arcs: Arcs, turns: Turns, junctions: Junctions, stuck: NDArray[np.bool_], profile: Profile
) -> NDArray[np.float64]:
    """Return the seconds of turning round: half as long where there is a circle for it."""
    times = profile.turns
    dear = times.u_turn_s if times.u_turn_anywhere_s is None else times.u_turn_anywhere_s
    room = (junctions.signs[arcs.head[turns.start]] & TURNING_CIRCLE) > 0
    seconds = np.where(stuck[turns.start], times.u_turn_s, dear)
    return np.where(room, times.u_turn_s / 2, seconds)


def _held_up(
    network: StreetNetwork, arcs: Arcs, turns: Turns, junctions: Junctions
) -> NDArray[np.bool_]:
    """Return who waits at the signal or sign at the node of a turn, (t,).

    At a junction all do. In mid-street a direction that is given counts along the way; without
    one a signal near a junction is for those who drive towards it. Nobody waits twice at one
    junction.
    """
    node = arcs.head[turns.start]
    in_street = (junctions.arms[node] == 2) & ~turns.reverses
    chains = Chains(network.length_m[arcs.segment], turns, in_street)
    ahead_m = chains.ahead_m(junctions.streets[arcs.head] > 2)[turns.end]
    behind_m = chains.behind_m(junctions.streets[arcs.tail] > 2)[turns.start]
    towards = (behind_m > ONE_JUNCTION_M) | (ahead_m <= behind_m)
    along = np.where(arcs.forward[turns.start], 1, -1)
    meant = np.where(junctions.meant[node] == 0, towards, junctions.meant[node] == along)
    waits = ~turns.reverses & (meant | (junctions.arms[node] > 2)) & (junctions.signs[node] > 0)
    waited = np.zeros(len(arcs.head), dtype=np.bool_)
    waited[turns.end[waits & ((junctions.signs[node] & SIGNAL) > 0)]] = True
    return np.asarray(waits & (chains.behind_m(waited)[turns.start] > ONE_JUNCTION_M))
