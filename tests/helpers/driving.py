"""Drives through compiled streets, named by the nodes they pass."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphs.streets import StreetGraph


def arc_between(graph: StreetGraph, tail: int, head: int) -> int:
    """Return the arc from one node to another, -1 if there is none."""
    found = np.flatnonzero((graph.tail == tail) & (graph.head == head))
    return int(found[0]) if len(found) else -1


def turn_costs_s(graph: StreetGraph, nodes: Sequence[int]) -> list[float] | None:
    """Return the seconds of every turn on a drive over these nodes, None if it is not allowed.

    The drive begins on the street between the first two nodes and ends on the last one.
    """
    arcs = [arc_between(graph, a, b) for a, b in pairwise(nodes)]
    if -1 in arcs or graph.start_state[arcs[0]] < 0:
        return None
    state, costs = int(graph.start_state[arcs[0]]), []
    for arc in arcs[1:]:
        turns = range(*graph.turn_offset[[state, state + 1]].tolist())
        onward = [turn for turn in turns if graph.state_arc[graph.turn_to[turn]] == arc]
        if not onward:
            return None
        assert len(onward) == 1
        state = int(graph.turn_to[onward[0]])
        costs.append(float(graph.turn_ms[onward[0]]) / 1000)
    return costs


def can_drive(graph: StreetGraph, *nodes: int) -> bool:
    """Tell whether a drive over these nodes is allowed."""
    return turn_costs_s(graph, nodes) is not None
