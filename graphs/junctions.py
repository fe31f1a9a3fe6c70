"""Junctions of a profile: how many streets meet, what stands there, and how far the next one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.barriers import node_rule, signal_direction, signs_of

if TYPE_CHECKING:
    from graphs.network import StreetNetwork
    from graphs.profiles import Profile
    from graphs.turns import Arcs, Turns

_NO_STREET = frozenset({"service", "track", "footway", "path", "cycleway", "bridleway"})
"""Where only these join a street, those on it drive on as if there were no junction."""

MOST_PIECES = 6
"""A street is followed over so many pieces for the next junction or signal."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Junctions:
    """What nodes are to a profile, (n,) each.

    `arms` counts the ends of open segments, `streets` those that are no drives, tracks and paths.
    `passable` and `delay_s` come from barriers, `signs` are bits of `barriers.signs_of`, `meant`
    is 1 or -1 where a sign is only for those who drive along or against the way it stands on.
    """

    arms: NDArray[np.int64]
    streets: NDArray[np.int64]
    passable: NDArray[np.bool_]
    delay_s: NDArray[np.float64]
    signs: NDArray[np.int64]
    meant: NDArray[np.int64]
    unknown_barriers: int


def junctions_of(network: StreetNetwork, arcs: Arcs, profile: Profile) -> Junctions:
    """Return what every node of a network is to the profile."""
    sets, index = network.node_tag_sets, network.node_tag_set
    rules = [node_rule(tags, profile) for tags in sets]
    side = {"forward": 1, "backward": -1}
    opened = np.zeros(network.segments, dtype=np.bool_)
    opened[arcs.segment] = True
    used = np.flatnonzero(opened)
    street = np.array([tags.get("highway") not in _NO_STREET for tags in network.tag_sets])
    main = used[street[network.tag_set[used]]]
    arms, streets = (
        np.bincount(
            np.concatenate((network.tail[some], network.head[some])), minlength=network.nodes
        )
        for some in (used, main)
    )
    odd = np.array([not rule.understood for rule in rules])[index]
    return Junctions(
        arms=arms,
        streets=streets,
        passable=np.array([rule.passable for rule in rules])[index],
        delay_s=np.array([rule.delay_s for rule in rules])[index],
        signs=np.array([signs_of(tags) for tags in sets], np.int64)[index],
        meant=np.array([side.get(signal_direction(tags), 0) for tags in sets], np.int64)[index],
        unknown_barriers=int((odd & (arms > 0)).sum()),
    )


class Chains:
    """Follows streets through nodes where they only go on, ahead of arcs and behind them."""

    def __init__(self, length_m: NDArray[np.float64], turns: Turns, in_street: NDArray[np.bool_]):
        """Take lengths of arcs (a,) and which turns (t,) lead on in mid-street."""
        self._length_m = length_m
        self._next = np.full(len(length_m), -1, dtype=np.int64)
        self._previous = self._next.copy()
        self._next[turns.start[in_street]] = turns.end[in_street]
        self._previous[turns.end[in_street]] = turns.start[in_street]

    def ahead_m(self, at_head: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return how far it is from the tail of arcs to the first of these heads, (a,)."""
        return self._followed(at_head, self._next)

    def behind_m(self, at_tail: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return how far the last of these tails lies behind the head of arcs, (a,)."""
        return self._followed(at_tail, self._previous)

    def _followed(self, found: NDArray[np.bool_], step: NDArray[np.int64]) -> NDArray[np.float64]:
        far = np.full(len(found), np.inf)
        for _ in range(MOST_PIECES):
            further = np.where(step >= 0, far[step], np.inf)
            far = self._length_m + np.where(found, 0.0, further)
        return far
