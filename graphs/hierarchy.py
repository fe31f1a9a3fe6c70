"""The contraction hierarchy of a street graph: its shape, which no change of weights touches.

Customisable contraction hierarchies: Dibbelt, Strasser, Wagner (2016), Customizable Contraction
Hierarchies. Vertices are the states of a street graph, renumbered in elimination order ("ranks").
All states of one segment have neighbouring ranks and are tied together, so that every position on
a segment has one chain of ancestors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.dissection import dissection_order, neighbours

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Order = Callable[[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]], NDArray[np.int64]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Hierarchy:
    """Chordal supergraph of n ranks with e upward arcs.

    `rank` (n,) gives each state's rank, `state` (n,) the reverse. Upward arcs of rank v are
    `offset[v]:offset[v + 1]` of `head` (e,), ascending. `parent` (n,) is the lowest of them, -1 at
    a root, and all of them lie on the chain of parents. `depth` (n,) counts from the root.
    `place` (n,) numbers the ranks so that every subtree is a run. `down` (e,) lists the arcs sorted
    by head, `down_offset` (n + 1,) where each head begins. `turn_arc` (t,) is the upward arc of
    each turn of the street graph and `turn_up` whether the turn leads upward along it.
    """

    rank: NDArray[np.int32]
    state: NDArray[np.int32]
    offset: NDArray[np.int64]
    head: NDArray[np.int32]
    parent: NDArray[np.int32]
    depth: NDArray[np.int32]
    place: NDArray[np.int32]
    down: NDArray[np.int32]
    down_offset: NDArray[np.int64]
    turn_arc: NDArray[np.int32]
    turn_up: NDArray[np.bool_]

    @property
    def size(self) -> int:
        """Number of ranks."""
        return len(self.rank)

    @property
    def arcs(self) -> int:
        """Number of upward arcs."""
        return len(self.head)

    def tails(self) -> NDArray[np.int32]:
        """Return the lower end of every arc, (e,)."""
        ranks = np.arange(self.size, dtype=np.int32)
        return np.repeat(ranks, np.diff(self.offset))


def build_hierarchy(
    group: NDArray[np.int32],
    turns: tuple[NDArray[np.int64], NDArray[np.int64]],
    xy: NDArray[np.float64],
    *,
    order_of: Order = dissection_order,
) -> Hierarchy:
    """Return the hierarchy for n states, (n,) their segment, ascending from 0 without gaps.

    `turns` are tail and head states (t,), `xy` (groups, 2) where the segments lie, in metres;
    `order_of` says in which order the segments are taken out.
    """
    tail, head = (group[end].astype(np.int64) for end in turns)
    order = order_of(tail, head, xy)
    group_rank = np.empty(len(order), dtype=np.int64)
    group_rank[order] = np.arange(len(order))
    states_of = np.bincount(group, minlength=len(order))[order]
    rank = np.empty(len(group), dtype=np.int32)
    state = np.lexsort((np.arange(len(group)), group_rank[group])).astype(np.int32)
    rank[state] = np.arange(len(group), dtype=np.int32)
    above = _eliminate(*neighbours(group_rank[tail], group_rank[head], len(order)))
    offset, upper = _spread(states_of, *above)
    parts = _tree(offset, upper)
    down = np.argsort(upper, kind="stable").astype(np.int32)
    turn_arc, turn_up = _arcs_of_turns(rank, offset, upper, turns)
    return Hierarchy(
        rank=rank,
        state=state,
        offset=offset,
        head=upper,
        parent=parts["parent"],
        depth=parts["depth"],
        place=parts["place"],
        down=down,
        down_offset=np.searchsorted(upper[down], np.arange(len(rank) + 1)),
        turn_arc=turn_arc,
        turn_up=turn_up,
    )


def _eliminate(
    offset: NDArray[np.int64], neighbour: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the upper neighbours of every vertex when they are taken out in order: CSR.

    A vertex hands its upper neighbours on to the lowest of them, which is enough to make all of
    them neighbours of each other (Gilbert, Ng, Peyton 1994).
    """
    count = len(offset) - 1
    start, beside = offset.tolist(), neighbour.tolist()
    inherited: list[list[list[int]] | None] = [None] * count
    found: list[int] = []
    sizes = np.zeros(count, dtype=np.int64)
    for vertex in range(count):
        above = {other for other in beside[start[vertex] : start[vertex + 1]] if other > vertex}
        above.update(*(inherited[vertex] or ()))
        above.discard(vertex)
        inherited[vertex] = None
        ordered = sorted(above)
        sizes[vertex] = len(ordered)
        found += ordered
        if len(ordered) > 1:
            lowest = ordered[0]
            waiting = inherited[lowest]
            if waiting is None:
                inherited[lowest] = [ordered]
            else:
                waiting.append(ordered)
    return np.concatenate(([0], np.cumsum(sizes))), np.array(found, dtype=np.int64)


def _spread(
    states_of: NDArray[np.int64], offset: NDArray[np.int64], upper: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the arcs between states for arcs between groups of `states_of` (g,) states each.

    A state sees the later states of its own group and all states of the groups above.
    """
    first = np.concatenate(([0], np.cumsum(states_of)))
    group = np.repeat(np.arange(len(states_of)), states_of)
    own = first[group + 1] - np.arange(len(group)) - 1
    # Runs of consecutive ranks: one for the own group, then one for each group above.
    above = np.diff(offset)[group]
    run_of = np.repeat(np.arange(len(group)), above + 1)
    lead = np.cumsum(above + 1) - above - 1
    begin = np.empty(len(run_of), dtype=np.int64)
    length = np.empty(len(run_of), dtype=np.int64)
    begin[lead], length[lead] = np.arange(len(group)) + 1, own
    rest = np.ones(len(run_of), dtype=np.bool_)
    rest[lead] = False
    which = np.arange(len(run_of))[rest]
    entry = offset[group[run_of[which]]] + which - lead[run_of[which]] - 1
    begin[which], length[which] = first[upper[entry]], states_of[upper[entry]]
    heads = np.repeat(begin - np.cumsum(length) + length, length) + np.arange(length.sum())
    degree = np.bincount(run_of, weights=length, minlength=len(group)).astype(np.int64)
    return np.concatenate(([0], np.cumsum(degree))), heads.astype(np.int32)


def _tree(offset: NDArray[np.int64], head: NDArray[np.int32]) -> Mapping[str, NDArray[np.int32]]:
    """Return parent, depth and place (subtrees are runs) of every rank."""
    count = len(offset) - 1
    parent = np.full(count, -1, dtype=np.int32)
    inner = np.flatnonzero(np.diff(offset))
    parent[inner] = head[offset[inner]]
    above = parent.tolist()
    depth, size, place = [0] * count, [1] * count, [0] * count
    for vertex in range(count):
        if above[vertex] >= 0:
            size[above[vertex]] += size[vertex]
    taken, free = [0] * count, 0
    for vertex in range(count - 1, -1, -1):
        up = above[vertex]
        if up < 0:
            place[vertex], free = free, free + size[vertex]
        else:
            depth[vertex] = depth[up] + 1
            place[vertex] = taken[up]
            taken[up] += size[vertex]
        taken[vertex] = place[vertex] + 1
    named = {"depth": depth, "place": place}
    return {"parent": parent, **{k: np.array(v, dtype=np.int32) for k, v in named.items()}}


def _arcs_of_turns(
    rank: NDArray[np.int32],
    offset: NDArray[np.int64],
    head: NDArray[np.int32],
    turns: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Return each turn's arc, -1 for a turn into itself, and whether it leads upward."""
    tail, to = rank[turns[0]].astype(np.int64), rank[turns[1]].astype(np.int64)
    arc = find_arcs(offset, head, np.minimum(tail, to), np.maximum(tail, to))
    return np.where(tail == to, -1, arc).astype(np.int32), tail < to


def find_arcs(
    offset: NDArray[np.int64],
    head: NDArray[np.int32],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the arc from each `low` to each `high` rank, -1 where there is none."""
    if len(head) == 0:
        return np.full(len(low), -1, dtype=np.int64)
    begin, end = offset[low], offset[low + 1]
    left, right = begin.copy(), end.copy()
    for _ in range(int((end - begin).max(initial=0)).bit_length()):
        middle = (left + right) // 2
        below = (middle < right) & (head[np.minimum(middle, len(head) - 1)] < high)
        left, right = np.where(below, middle + 1, left), np.where(below, right, middle)
    found = (left < end) & (head[np.minimum(left, len(head) - 1)] == high)
    return np.where(found, left, -1)
