"""Turns from arc to arc: which there are, by what angle, and which a vehicle can make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.barriers import TURNING_CIRCLE
from graphs.geo import great_circle_m
from graphs.runs import run_members

if TYPE_CHECKING:
    from graphs.junctions import Junctions
    from graphs.network import StreetNetwork
    from graphs.profiles import Profile

SIGHT_M = 10.0
"""A street's direction at a junction is that of its first metres: the very first shape position is
often only the kerb's or the other carriageway's."""

LOOK_AHEAD = 4
"""So many shape positions are looked at for one that is far enough."""


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
    leaving, arriving = headings_deg(network, arcs.segment, arcs.forward)
    turned = leaving[follows] - arriving[start]
    return Turns(
        start=start,
        end=follows,
        angle_deg=(turned + 180.0) % 360.0 - 180.0,
        reverses=(arcs.segment[start] == arcs.segment[follows])
        & (arcs.forward[start] != arcs.forward[follows]),
    )


def headings_deg(
    network: StreetNetwork, segment: NDArray[np.integer], forward: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return compass directions of arcs where they begin and where they end, (a,) each."""
    first, last = network.shape_offset[segment], network.shape_offset[segment + 1] - 1
    ahead = _direction(network, first, last, 1)
    behind = _direction(network, last, first, -1)
    leaving = np.where(forward, ahead, behind)
    arriving = np.where(forward, behind, ahead) + 180.0
    return leaving, arriving


def _direction(
    network: StreetNetwork, here: NDArray[np.int64], end: NDArray[np.int64], step: int
) -> NDArray[np.float64]:
    """Return compass directions in degrees from one end of shapes towards the other."""
    there = here + step
    look = np.flatnonzero(there != end)
    for ahead in range(2, LOOK_AHEAD + 1):
        look = look[_metres(network, here[look], there[look]) < SIGHT_M]
        there[look] = here[look] + step * np.minimum(ahead, np.abs(end - here)[look])
    return direction_deg(network, here, there)


def _metres(
    network: StreetNetwork, here: NDArray[np.int64], there: NDArray[np.int64]
) -> NDArray[np.float64]:
    lat, lon = network.shape_lat, network.shape_lon
    return great_circle_m(lat[here], lon[here], lat[there], lon[there])


def direction_deg(
    network: StreetNetwork, here: NDArray[np.int64], there: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return compass directions in degrees from shape positions to others."""
    lat, lon = network.shape_lat, network.shape_lon
    east = (lon[there] - lon[here]) * np.cos(np.radians(lat[here]))
    return np.asarray(np.degrees(np.arctan2(east, lat[there] - lat[here])), dtype=np.float64)


def stuck_arcs(turns: Turns, arcs: Arcs, junctions: Junctions) -> NDArray[np.bool_]:
    """Return on which arcs one can only turn round at the end, (a,): dead ends and barriers."""
    node = arcs.head[turns.start]
    onward = ~turns.reverses & junctions.passable[node]
    ways_on = np.bincount(turns.start[onward], minlength=len(arcs.head))
    return np.asarray((ways_on == 0) | (junctions.arms[arcs.head] == 1), dtype=np.bool_)


def possible(
    turns: Turns, arcs: Arcs, junctions: Junctions, stuck: NDArray[np.bool_], profile: Profile
) -> NDArray[np.bool_]:
    """Return which turns the junction and the vehicle's size allow, (t,).

    Past a barrier nobody drives. Turning round is for those who are stuck, for turning circles,
    and for vehicles that can do it anywhere.
    """
    node = arcs.head[turns.start]
    onward = ~turns.reverses & junctions.passable[node]
    room = (junctions.signs[node] & TURNING_CIRCLE) > 0
    anywhere = profile.turns.u_turn_anywhere_s is not None
    return np.asarray(onward | (turns.reverses & (stuck[turns.start] | room | anywhere)))
