"""Exact drives on one street graph under one set of conditions: matrices and single ways."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graphs.customise import Metric
from graphs.hierarchy import Hierarchy
from graphs.labels import Entries, Labels, label_positions
from graphs.packing import DISTANCE_BITS, NEVER
from graphs.products import Tiles, cost_rows, tiles_of
from graphs.same_street import (
    RoundTrips,
    Step,
    groups_on_one_segment,
    own_costs,
    round_trips,
    same_street_costs,
    step_hops,
    with_direct,
)
from graphs.streets import StreetGraph
from graphs.unpack import Unpacker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphs.positions import Positions


@dataclass(frozen=True, kw_only=True, eq=False)
class Searcher:
    """A street graph, its hierarchy, and today's costs on both.

    `arc_cost` (a,) is the packed cost of each arc, NEVER = closed; `turn_cost` (t,) that of each
    turn with the arc it enters; `metric` what follows from them for the hierarchy.
    """

    graph: StreetGraph
    hierarchy: Hierarchy
    arc_cost: NDArray[np.int64]
    turn_cost: NDArray[np.int64]
    metric: Metric

    @cached_property
    def state_segment(self) -> NDArray[np.int32]:
        """The segment of every state, ascending."""
        return self.graph.segment[self.graph.state_arc]

    @cached_property
    def open_today(self) -> NDArray[np.bool_]:
        """Which segments can be driven on today in some direction, (m,)."""
        result = np.zeros(self.graph.network.segments, dtype=np.bool_)
        result[self.graph.segment[self.arc_cost < NEVER]] = True
        return result

    @cached_property
    def _self_turns(self) -> dict[int, int]:
        """Costs of turns from a state into itself, by rank."""
        turns = np.flatnonzero(self.hierarchy.turn_arc < 0)
        to = self.hierarchy.rank[self.graph.turn_to[turns]]
        return dict(zip(to.tolist(), self.turn_cost[turns].tolist(), strict=True))

    def own_ranks(self, segment: int) -> range:
        """Return the ranks of a segment's states."""
        first, end = np.searchsorted(self.state_segment, (segment, segment + 1)).tolist()
        lowest = int(self.hierarchy.rank[first])
        return range(lowest, lowest + end - first)

    def entries(self, positions: Positions) -> tuple[Entries, Entries]:
        """Return where the drives of the positions begin, and where they end."""
        row, column = np.nonzero(positions.arc >= 0)
        arc, ahead = positions.arc[row, column], positions.ahead[row, column]
        rank, begins = self.hierarchy.rank, self.graph.start_state[arc]
        # Some arcs are driven to a stop but not away from it: the vehicle turns round there.
        can = begins >= 0
        starts = Entries(
            position=row[can], rank=rank[begins[can]].astype(np.int64), cost=ahead[can]
        )
        first = np.searchsorted(self.graph.state_arc[self._by_arc], arc)
        count = np.searchsorted(self.graph.state_arc[self._by_arc], arc + 1) - first
        which = np.repeat(np.arange(len(arc)), count)
        entry = np.arange(len(which)) - (np.cumsum(count) - count)[which] + first[which]
        ends = Entries(
            position=row[which],
            rank=rank[self._by_arc[entry]].astype(np.int64),
            cost=-ahead[which],
        )
        return starts, ends

    @cached_property
    def _by_arc(self) -> NDArray[np.int64]:
        """The states sorted by arc."""
        return np.argsort(self.graph.state_arc, kind="stable")

    def labels(self, positions: Positions) -> Labels:
        """Return the labels of positions that are all found."""
        first = np.searchsorted(self.state_segment, positions.segment)
        bottom = self.hierarchy.rank[first].astype(np.int64)
        return label_positions(self.hierarchy, self.metric, bottom, self.entries(positions))

    @cached_property
    def unpacker(self) -> Unpacker:
        """What opens shortcuts, with what it remembers of them."""
        return Unpacker(
            graph=self.graph,
            hierarchy=self.hierarchy,
            turn_cost=self.turn_cost,
            metric=self.metric,
        )

    def step_ranks(self, step: Step) -> list[int]:
        """Return the ranks driven to, in order, from the start of a step."""
        hops = step_hops(self.hierarchy, step)
        return [rank for hop in self.unpacker.ranks(hops) for rank in hop] or [step.end]

    def prepare(self, positions: Positions) -> Prepared:
        """Return everything the matrix of these positions needs, so that it can be had again."""
        found = np.flatnonzero(positions.found)
        mine = positions.take(found)
        labels = self.labels(mine)
        return Prepared(
            count=len(positions),
            found=found,
            labels=labels,
            tiles=tiles_of(labels),
            same_street=self._same_street(mine, labels),
        )

    def _same_street(
        self, positions: Positions, labels: Labels
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return flat places in the matrix of columns, ascending, and the costs there."""
        count, column = len(positions), labels.column
        ends = self.entries(positions)
        place, cost = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for group in groups_on_one_segment(positions):
            ranks = self.own_ranks(int(positions.segment[group[0]]))
            table = same_street_costs(
                labels,
                column[group],
                int(self.hierarchy.depth[ranks[-1]]),
                self.round_trips(ranks),
                (own_costs(ends[0], group, ranks), own_costs(ends[1], group, ranks)),
            )
            cost.append(with_direct(table, positions, group).ravel())
            place.append((column[group][:, None] * count + column[group]).ravel())
        places, costs = np.concatenate(place), np.concatenate(cost)
        order = np.argsort(places)
        return places[order], costs[order]

    def round_trips(self, ranks: range) -> RoundTrips:
        """Return the drives between a segment's own ranks that turn."""
        return round_trips(self.hierarchy, self.metric, ranks, self._self_turns)


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """Positions with their labels: the matrix between them is one product away.

    `found` (k,) are those of `count` positions that a vehicle can halt at; `same_street` holds
    flat places and costs of pairs on one segment.
    """

    count: int
    found: NDArray[np.int64]
    labels: Labels
    tiles: Tiles
    same_street: tuple[NDArray[np.int64], NDArray[np.int64]]

    def cost_rows(self) -> Iterator[tuple[slice, NDArray[np.int64]]]:
        """Yield some rows of packed costs between the found positions, in the order of columns.

        The table is written over by the next rows.
        """
        count = self.tiles.columns
        place, cost = self.same_street
        for span, rows in cost_rows(self.tiles):
            begin, end = np.searchsorted(place, (span.start * count, span.stop * count))
            rows.ravel()[place[begin:end] - span.start * count] = cost[begin:end]
            rows[np.arange(len(rows)), np.arange(span.start, span.stop)] = 0
            yield span, rows

    def column_costs(self) -> NDArray[np.int64]:
        """Return packed costs (k, k) between the found positions in the order of columns."""
        costs = np.empty((self.tiles.columns, self.tiles.columns), dtype=np.int64)
        for span, rows in self.cost_rows():
            costs[span] = rows
        return costs


def turn_costs(graph: StreetGraph, arc_cost: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the packed cost of every turn with the arc it enters, (t,)."""
    entered = arc_cost[graph.state_arc[graph.turn_to]]
    return np.where(
        entered < NEVER, entered + (graph.turn_ms.astype(np.int64) << DISTANCE_BITS), NEVER
    )
