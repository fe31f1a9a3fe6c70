"""What a public instance says, in its own numbers, before any class's rounding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_PLACES = 5000
"""Places of one instance: the tables of more do not fit into the memory of a small machine."""
MOST_VEHICLES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """One vehicle; `clients` are the places it may serve, None for all of them."""

    depot: int = 0
    capacity: int | None = None
    clients: frozenset[int] | None = None
    fixed_cost: float = 0
    unit_cost: float = 1
    max_duration: float | None = None
    max_distance: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place: a depot or a customer. `prize` is what leaving it costs, None if it must be."""

    demand: int = 0
    window: tuple[float, float] | None = None
    service: float = 0
    release: float = 0
    prize: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Facts:
    """One instance: the first `depots` places are depots; distances are (n, n), not rounded.

    `reloads` are the depots where vehicles may fill up on the way. `vehicles_named` tells whether
    a route's number says which vehicle drives it.
    """

    name: str
    kind: str
    distances: NDArray[np.float64]
    depots: int
    places: tuple[Place, ...]
    fleet: tuple[Vehicle, ...]
    reloads: tuple[int, ...] = ()
    vehicles_named: bool = False
    notes: tuple[str, ...] = ()

    @property
    def customers(self) -> range:
        """The places that are no depots."""
        return range(self.depots, len(self.places))


def euclidean(points: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Return straight distances between points, (n, n)."""
    x, y = np.array(points, dtype=np.float64).reshape(-1, 2).T
    return np.asarray(np.sqrt((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2))
