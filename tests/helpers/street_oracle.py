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
    tail = np.repeat(np.arange(graph.states), np.diff(graph.turn_offset))
    edges = [
        (int(t), int(h), int(c))
        for t, h, c in zip(tail, graph.turn_to, searcher.turn_cost, strict=True)
        if c < CLOSED
    ]
    for row, position in enumerate(rows.tolist()):
        for side in (0, 1):
            arc = int(positions.arc[position, side])
            state = int(graph.start_state[arc]) if arc >= 0 else -1
            for turn in _turns(graph.turn_offset, state):
                cost = int(positions.ahead[position, side]) + int(searcher.turn_cost[turn])
                if cost < CLOSED:
                    edges.append((graph.states + row, int(graph.turn_to[turn]), cost))
    distance = dijkstra(
        _least(edges, graph.states + len(rows)),
        indices=graph.states + rows * 0 + np.arange(len(rows)),
    )
    result = np.full((len(rows), len(positions)), np.inf)
    for end in range(len(positions)):
        for side in (0, 1):
            arc = int(positions.arc[end, side])
            for state in np.flatnonzero(graph.state_arc == arc) if arc >= 0 else ():
                came = distance[:, state] - float(positions.ahead[end, side])
                result[:, end] = np.minimum(result[:, end], came)
        for row, start in enumerate(rows.tolist()):
            result[row, end] = min(result[row, end], _direct(positions, start, end))
    return result


def _turns(offset: NDArray[np.int64], state: int) -> range:
    return range(int(offset[state]), int(offset[state + 1])) if state >= 0 else range(0)


def _least(edges: list[tuple[int, int, int]], size: int) -> csr_array:
    """Return the edges as a matrix; scipy would add parallel ones up."""
    least: dict[tuple[int, int], int] = {}
    for tail, head, cost in edges:
        least[tail, head] = min(cost, least.get((tail, head), CLOSED))
    ends = np.array(list(least), dtype=np.int64).reshape(-1, 2)
    costs = np.array(list(least.values()), dtype=np.float64)
    return csr_array((costs, (ends[:, 0], ends[:, 1])), shape=(size, size))


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
