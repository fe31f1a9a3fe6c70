"""The streets of one profile, ready for searching: arcs, states, and turns between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphs.connected import Reach, reach_of
from graphs.errors import NetworkInvalid
from graphs.junctions import junctions_of
from graphs.network import StreetNetwork
from graphs.profiles import Profile
from graphs.restrictions import RestrictionResult, forbidden_sequences
from graphs.rules import passages_of
from graphs.states import States, states_of
from graphs.turns import Arcs, Turns, all_turns, possible, stuck_arcs
from graphs.unknown_tags import unknown_counts
from graphs.waiting import turn_times_ms

if TYPE_CHECKING:
    from graphs.restrictions import Word

MS_PER_M_AT_KMH = 3600.0
"""Milliseconds for one metre at 1 km/h."""

DM_PER_M = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CompileReport:
    """What became of a network for a profile.

    `island_segments` are open but cannot be reached and left again, `stop_only_segments` may be
    entered for a stop but not driven through; `closing_barriers` are nodes nobody gets past;
    `unknown` counts street pieces by the kind of value that was not understood.
    """

    segments: int
    used_segments: int
    closed_segments: int
    island_segments: int
    stop_only_segments: int
    closing_barriers: int
    states: int
    turns: int
    unknown: Mapping[str, int]
    restrictions: tuple[RestrictionResult, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class StreetGraph:
    """Arcs of one profile, and the states of driving on them.

    Arcs (a,) are directed uses of segments, sorted by segment, forward first; `tail` and `head` are
    nodes of the network, times whole milliseconds and distances decimetres, both at least 1.
    `through` is False where the vehicle may drive only to stop there. `forward_arc` and
    `backward_arc` (m,) give the arc along or against a segment, -1 = none; `open_segment` (m,)
    marks what the profile may use at all, `usable_segment` (m,) what can be reached and left again.

    States (s,) are arcs driven to their end and what must be remembered, sorted by segment; a drive
    that begins on arc x is in `start_state[x]` at its end (-1 = not to be left) and may end in any
    state of its last arc. The turns from state i are `turn_offset[i]:turn_offset[i + 1]`; each
    leads to the state `turn_to` and costs `turn_ms` and the time of the arc entered.
    """

    network: StreetNetwork
    profile: Profile
    segment: NDArray[np.int32]
    forward: NDArray[np.bool_]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    time_ms: NDArray[np.int64]
    distance_dm: NDArray[np.int64]
    through: NDArray[np.bool_]
    forward_arc: NDArray[np.int32]
    backward_arc: NDArray[np.int32]
    open_segment: NDArray[np.bool_]
    usable_segment: NDArray[np.bool_]
    state_arc: NDArray[np.int32]
    start_state: NDArray[np.int32]
    turn_offset: NDArray[np.int64]
    turn_to: NDArray[np.int32]
    turn_ms: NDArray[np.int32]
    report: CompileReport

    @property
    def arcs(self) -> int:
        """Number of directed arcs."""
        return len(self.segment)

    @property
    def states(self) -> int:
        """Number of states."""
        return len(self.state_arc)


def compile_streets(network: StreetNetwork, profile: Profile) -> StreetGraph:
    """Return the streets the profile can use; raises NetworkInvalid G203 if there are none."""
    use = passages_of(network.tag_sets, profile)[network.tag_set]
    arcs, through, kmh = _arcs(network, use)
    driving = _driving(network, arcs, profile)
    states = states_of(through, driving.turns, [w for w in driving.words if len(w) > 2])
    reach = reach_of(states, through)
    if not reach.main.any():
        raise NetworkInvalid(
            "G203",
            f"network '{network.name}', profile '{profile.name}'",
            "no connected street is open to this vehicle",
            "Check the area that was read, and the profile's limits",
        )
    kept = _kept_states(states, reach)
    turn = kept.pop("turn")
    opened, stop_only = _opened(network, arcs, through)
    usable = _usable(network, arcs, states, reach)
    report = CompileReport(
        segments=network.segments,
        used_segments=int(usable.sum()),
        closed_segments=int((~opened).sum()),
        island_segments=int((opened & ~usable).sum()),
        stop_only_segments=int(stop_only.sum()),
        closing_barriers=driving.closing_barriers,
        states=len(kept["state_arc"]),
        turns=len(turn),
        unknown=unknown_counts(network, profile) | driving.unknown,
        restrictions=tuple(driving.restrictions),
    )
    return StreetGraph(
        network=network,
        profile=profile,
        **_arc_fields(network, arcs, kmh),
        through=through,
        open_segment=opened,
        usable_segment=usable,
        turn_ms=driving.turn_ms[turn],
        report=report,
        **kept,
    )


def _arc_fields(network: StreetNetwork, arcs: Arcs, kmh: NDArray[np.float64]) -> dict[str, Any]:
    """Return the fields of a StreetGraph that tell of arcs alone."""
    length_m = network.length_m[arcs.segment]
    arc_of = np.full((network.segments, 2), -1, dtype=np.int32)
    arc_of[arcs.segment, np.where(arcs.forward, 0, 1)] = np.arange(len(arcs.segment))
    return {
        "segment": arcs.segment,
        "forward": arcs.forward,
        "tail": arcs.tail,
        "head": arcs.head,
        "time_ms": _at_least_one(length_m * MS_PER_M_AT_KMH / kmh),
        "distance_dm": _at_least_one(length_m * DM_PER_M),
        "forward_arc": arc_of[:, 0].copy(),
        "backward_arc": arc_of[:, 1].copy(),
    }


def _opened(
    network: StreetNetwork, arcs: Arcs, through: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which segments are open at all, and which of them for stops only, (m,) each."""
    opened = np.zeros(network.segments, dtype=np.bool_)
    opened[arcs.segment] = True
    stop_only = opened.copy()
    stop_only[arcs.segment[through]] = False
    return opened, stop_only


def _arcs(
    network: StreetNetwork, use: NDArray[np.float64]
) -> tuple[Arcs, NDArray[np.bool_], NDArray[np.float64]]:
    """Return the arcs of a profile, which of them are open to through traffic, and their speed."""
    segment, side = np.nonzero(use[:, :2] > 0)
    forward = side == 0
    tail = np.where(forward, network.tail[segment], network.head[segment])
    head = np.where(forward, network.head[segment], network.tail[segment])
    arcs = Arcs(segment=segment.astype(np.int32), forward=forward, tail=tail, head=head)
    return arcs, use[segment, side + 2] > 0, use[segment, side]


class _Driving(NamedTuple):
    """The turns that are allowed with their times, and what barriers and restrictions did."""

    turns: Turns
    turn_ms: NDArray[np.int32]
    words: list[Word]
    restrictions: list[RestrictionResult]
    closing_barriers: int
    unknown: dict[str, int]


def _driving(network: StreetNetwork, arcs: Arcs, profile: Profile) -> _Driving:
    """Return the turns of a profile; of the forbidden `words` those of two arcs are taken out."""
    junctions = junctions_of(network, arcs, profile)
    turns = all_turns(network, arcs)
    stuck = stuck_arcs(turns, arcs, junctions)
    turns = turns.keep(possible(turns, arcs, junctions, stuck, profile))
    words, results = forbidden_sequences(network, arcs, turns, profile)
    pairs = np.array([word for word in words if len(word) == 2], np.int64).reshape(-1, 2)
    count = len(arcs.segment)
    banned = np.isin(turns.start * count + turns.end, pairs[:, 0] * count + pairs[:, 1])
    odd = junctions.unknown_barriers
    return _Driving(
        turns=turns.keep(~banned),
        turn_ms=turn_times_ms(network, arcs, turns, junctions, stuck, profile)[~banned],
        words=words,
        restrictions=results,
        closing_barriers=int((~junctions.passable & (junctions.arms > 0)).sum()),
        unknown={"unknown barrier": odd} if odd else {},
    )


def _kept_states(states: States, reach: Reach) -> dict[str, NDArray[Any]]:
    """Return the fields of a StreetGraph for states that are tied to the main part.

    States are renumbered by segment, turns sorted by where they begin.
    """
    keep = np.flatnonzero(reach.from_main | reach.to_main)
    # Arcs are sorted by segment, and so are states that are sorted by arc.
    order = keep[np.argsort(states.arc[keep], kind="stable")]
    number = np.full(len(states.arc), -1, dtype=np.int64)
    number[order] = np.arange(len(order))
    tail, head = number[states.tail], number[states.head]
    inside = np.flatnonzero((tail >= 0) & (head >= 0))
    inside = inside[np.argsort(tail[inside] * len(order) + head[inside], kind="stable")]
    return {
        "state_arc": states.arc[order].astype(np.int32),
        "start_state": number[states.start].astype(np.int32),
        "turn_offset": np.searchsorted(tail[inside], np.arange(len(order) + 1)),
        "turn_to": head[inside].astype(np.int32),
        "turn": states.turn[inside],
    }


def _usable(network: StreetNetwork, arcs: Arcs, states: States, reach: Reach) -> NDArray[np.bool_]:
    """Return which segments can be reached and left again, turning round at the stop, (m,)."""
    entered = np.zeros(network.segments, dtype=np.bool_)
    entered[arcs.segment[states.arc[reach.from_main]]] = True
    left = np.zeros(network.segments, dtype=np.bool_)
    left[arcs.segment[np.flatnonzero(reach.to_main[states.start])]] = True
    return entered & left


def _at_least_one(amount: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return whole numbers; zero would make different positions indistinguishable."""
    return np.maximum(1, np.rint(amount)).astype(np.int64)
