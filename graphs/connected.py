"""Which states belong together: the main part of a street graph, and what hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from graphs.states import THROUGH

if TYPE_CHECKING:
    from graphs.states import States


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """Which states lie in the main part, can be reached from it, and lead back to it, (s,)."""

    main: NDArray[np.bool_]
    from_main: NDArray[np.bool_]
    to_main: NDArray[np.bool_]


def reach_of(states: States, through: NDArray[np.bool_]) -> Reach:
    """Return the largest strongly connected part of open streets and what is tied to it.

    Of equally large parts the one with the first state counts.
    """
    count = len(states.arc)
    none = np.zeros(count, dtype=np.bool_)
    opened = (states.mode == THROUGH) & through[states.arc] if count else none
    if not opened.any():
        return Reach(main=none, from_main=none, to_main=none)
    ones = np.ones(len(states.tail), dtype=np.int8)
    ahead = csr_array((ones, (states.tail, states.head)), shape=(count, count))
    _, label = connected_components(ahead, directed=True, connection="strong")
    size = np.bincount(label[opened], minlength=int(label.max()) + 1)
    candidates = np.flatnonzero(opened & (size[label] == size[label[opened]].max()))
    main = label == label[candidates[0]]
    root = int(candidates[0])
    return Reach(
        main=main, from_main=_reached(ahead, root), to_main=_reached(ahead.T.tocsr(), root)
    )


def _reached(graph: csr_array, root: int) -> NDArray[np.bool_]:
    """Return what can be reached from one state of a strongly connected part, (s,)."""
    order = breadth_first_order(graph, root, return_predecessors=False)
    reached = np.zeros(graph.shape[0], dtype=np.bool_)
    reached[order] = True
    return reached
