"""Which pieces of the stand-in's lines become streets, and which are one-way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graphs.standin_arterials import RESIDENTIAL

if TYPE_CHECKING:
    from graphs.standin_lines import Streets


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pieces:
    """Parts of lines between two nodes, in order along each line."""

    line: NDArray[np.int64]
    start_at: NDArray[np.float64]
    end_at: NDArray[np.float64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> Pieces:
        """Return some of the pieces."""
        return Pieces(
            line=self.line[rows],
            start_at=self.start_at[rows],
            end_at=self.end_at[rows],
            tail=self.tail[rows],
            head=self.head[rows],
        )


def pieces_of(streets: Streets) -> Pieces:
    """Return every line cut at its nodes."""
    lines = np.arange(len(streets.ends))
    hosted = np.flatnonzero(streets.node_line >= 0)
    line = np.concatenate((lines, lines, streets.node_line[hosted]))
    at = np.concatenate((np.zeros(len(lines)), np.ones(len(lines)), streets.node_at[hosted]))
    node = np.concatenate((streets.ends[:, 0], streets.ends[:, 1], hosted))
    order = np.lexsort((at, line))
    line, at, node = line[order], at[order], node[order]
    same = np.flatnonzero(line[1:] == line[:-1])
    return Pieces(
        line=line[same],
        start_at=at[same],
        end_at=at[same + 1],
        tail=node[same],
        head=node[same + 1],
    )


def thin_out(
    pieces: Pieces, streets: Streets, *, rim_lines: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Return which pieces stay: some local ones make way for larger blocks, half of the rim too.

    `rim_lines` (e,) marks the first lines, the main roads.
    """
    local = streets.road[pieces.line] >= RESIDENTIAL
    chance = np.where(local, 0.07, 0.0)
    main = pieces.line < len(rim_lines)
    chance[main] = np.where(rim_lines[pieces.line[main]], 0.5, 0.0)
    return np.asarray(rng.random(len(pieces.line)) >= chance)


def largest_part(pieces: Pieces, nodes: int) -> Pieces:
    """Return the largest connected part."""
    links = csr_array(
        (np.ones(len(pieces.tail), np.int8), (pieces.tail, pieces.head)), shape=(nodes, nodes)
    )
    _, label = connected_components(links, directed=False)
    size = np.bincount(label[pieces.tail], minlength=int(label.max()) + 1)
    return pieces.take(label[pieces.tail] == size.argmax())


def merge_through(pieces: Pieces) -> Pieces:
    """Return the pieces with those joined that meet on their line where nothing else does."""
    degree = np.bincount(np.concatenate((pieces.tail, pieces.head)))
    follows = (pieces.line[1:] == pieces.line[:-1]) & (pieces.tail[1:] == pieces.head[:-1])
    joined = follows & (degree[pieces.tail[1:]] == 2)
    first = np.flatnonzero(np.concatenate(([True], ~joined)))
    last = np.append(first[1:] - 1, len(pieces.line) - 1)
    return replace(pieces.take(first), end_at=pieces.end_at[last], head=pieces.head[last])


def one_ways(
    pieces: Pieces, streets: Streets, *, share: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Return which pieces are one-way: whole streets, as long as everything stays reachable.

    `share` (lines,) is each line's chance.
    """
    chosen = (rng.random(len(share)) < share) & (streets.road == RESIDENTIAL)
    oneway = chosen[pieces.line]
    used, ends = np.unique(np.concatenate((pieces.tail, pieces.head)), return_inverse=True)
    tail, head = np.split(ends, 2)
    while True:
        back = ~oneway
        rows = np.concatenate((tail, head[back]))
        columns = np.concatenate((head, tail[back]))
        links = csr_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(len(used),) * 2)
        parts, label = connected_components(links, directed=True, connection="strong")
        if parts == 1:
            return np.asarray(oneway)
        # Every street between two parts is one-way, or they would be one part.
        oneway &= label[tail] == label[head]
