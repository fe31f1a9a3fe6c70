"""What the parts of the routing model share: its nodes, its vehicles and the two OR-Tools objects.

These parts get the objects handed in; only `ortools_engine` imports the library.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dispatch.planning.model_nodes import Node
from dispatch.planning.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from dispatch.planning.problem import ProblemShift

UNBOUNDED = 2**40
"""Capacity of a vehicle without the limit: more seconds, metres or jobs than any day has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A routing model in the making; vehicle v is shift `shifts[v]` of the problem."""

    problem: Problem
    shifts: Sequence[int]
    nodes: Sequence[Node]
    manager: Any
    routing: Any

    @property
    def on(self) -> list[ProblemShift]:
        """The shifts in vehicle order."""
        return [self.problem.shifts[shift] for shift in self.shifts]

    def visits(self) -> Iterator[tuple[int, Node]]:
        """Yield index and node of every job and facility copy."""
        for number, node in enumerate(self.nodes):
            if node.visit is not None:
                yield self.manager.NodeToIndex(number), node

    def tables(
        self,
        key: Callable[[ProblemShift], object],
        table: Callable[[ProblemShift], NDArray[np.int64]],
    ) -> list[int]:
        """Return the registered matrix of every vehicle; shifts of one key share theirs."""
        known: dict[object, int] = {}
        for shift in self.on:
            if key(shift) not in known:
                known[key(shift)] = self.routing.RegisterTransitMatrix(table(shift).tolist())
        return [known[key(shift)] for shift in self.on]

    def add_sum(
        self, name: str, tables: list[int], capacities: list[int], begin: list[int] | None = None
    ) -> Any:
        """Add a dimension that only sums up from `begin` (zeros), and return it."""
        self.routing.AddDimensionWithVehicleTransitAndCapacity(tables, 0, capacities, False, name)
        dimension = self.routing.GetDimensionOrDie(name)
        for vehicle in range(len(capacities)):
            first = begin[vehicle] if begin else 0
            dimension.CumulVar(self.routing.Start(vehicle)).SetValue(first)
        return dimension

    def counter(self, name: str, values: list[int], capacities: list[int]) -> Any:
        """Add a dimension that sums one value per node, and return it."""
        step = self.routing.RegisterUnaryTransitVector(values)
        return self.add_sum(name, [step] * len(capacities), capacities)
