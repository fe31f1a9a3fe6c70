"""Costs between positions the plain way: scipy's Dijkstra over states, no hierarchy, no labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graphs.positions import Positions
    from graphs.search import Searcher

CLOSED = 2**60


def oracle_costs(
    searcher: Searcher, positions: Positions, rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return packed costs from some positions (rows) to all; inf = no way.

    Every row is a vertex of its own that leads to whatever follows the arcs it lies on, so that a
    drive comes back to its own arc only by really turning.
    """
    graph = searcher.graph
    tail = [np.repeat(np.arange(graph.states), np.diff(graph.turn_offset))]
    head, cost = [graph.turn_to], [searcher.turn_cost]
    for row, position in enumerate(rows.tolist()):
        for side in (0, 1):
            arc = int(positions.arc[position, side])
            state = int(graph.start_state[arc]) if arc >= 0 else -1
            turns = _turns(graph.turn_offset, state)
            tail.append(np.full(len(turns), graph.states + row))
            head.append(graph.turn_to[turns])
            cost.append(positions.ahead[position, side] + searcher.turn_cost[turns])
    sources = graph.states + np.arange(len(rows))
    edges = (np.concatenate(tail), np.concatenate(head), np.concatenate(cost))
    distance = np.asarray(dijkstra(_least(*edges, graph.states + len(rows)), indices=sources))
    result = np.full((len(rows), len(positions)), np.inf)
    for side in (0, 1):
        arc = positions.arc[:, side]
        state, end = np.nonzero(graph.state_arc[:, None] == np.where(arc < 0, -2, arc))
        came = distance[:, state] - positions.ahead[end, side].astype(np.float64)
        np.minimum.at(result.T, end, came.T)
    for end in range(len(positions)):
        for row, start in enumerate(rows.tolist()):
            if positions.segment[start] == positions.segment[end]:
                result[row, end] = min(result[row, end], _direct(positions, start, end))
    return result


def _turns(offset: NDArray[np.int64], state: int) -> NDArray[np.int64]:
    return np.arange(*(offset[[state, state + 1]] if state >= 0 else (0, 0)), dtype=np.int64)


def _least(
    tail: NDArray[np.int64], head: NDArray[np.int64], cost: NDArray[np.int64], size: int
) -> csr_array:
    """Return the open edges as a matrix; scipy would add parallel ones up."""
    order = np.lexsort((cost, head, tail))
    order = order[cost[order] < CLOSED]
    tail, head, cost = tail[order], head[order], cost[order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    data = (cost[first].astype(np.float64), (tail[first], head[first]))
    return csr_array(data, shape=(size, size))


def _direct(positions: Positions, start: int, end: int) -> float:
    """Return the cost of driving straight on along the segment."""
    if start == end:
        return 0.0
    best = np.inf
    for side in (0, 1):
        arc = positions.arc[start, side]
        gain = int(positions.passed[end, side]) - int(positions.passed[start, side])
        if arc >= 0 and arc == positions.arc[end, side] and gain >= 0:
            best = min(best, float(gain))
    return best
