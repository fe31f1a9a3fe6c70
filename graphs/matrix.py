"""The travel matrix: a checked value that planning may rely on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graphs.errors import PointsInvalid

NO_WAY = -1
"""What an unreachable cell holds, so that adding it up by mistake shows at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TravelMatrix:
    """Travel times and distances between n points; row = from, column = to.

    `duration_s` (n, n) int32 whole seconds, rounded up once; `distance_m` (n, n) int32 metres of
    that fastest way, rounded; `reachable` (n, n) bool. An unreachable cell is -1 in both and False;
    the diagonal is 0 and True. Need not be symmetric. The arrays are read-only.
    Raises PointsInvalid G303 if that does not hold.
    """

    duration_s: NDArray[np.int32]
    distance_m: NDArray[np.int32]
    reachable: NDArray[np.bool_]

    def __post_init__(self) -> None:
        if fault := self._fault():
            raise PointsInvalid("G303", "travel matrix", fault, "Compute it again")
        for array in (self.duration_s, self.distance_m, self.reachable):
            array.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.duration_s)

    def _fault(self) -> str | None:
        n = len(self.duration_s)
        for array in (self.duration_s, self.distance_m, self.reachable):
            if array.shape != (n, n):
                return f"it has the shapes {array.shape} and {(n, n)}, it must be square"
        if self.duration_s.dtype != np.int32 or self.distance_m.dtype != np.int32:
            return "durations and distances must be 32-bit integers"
        if self.reachable.dtype != np.bool_:
            return "reachable must be true or false"
        return self._value_fault()

    def _value_fault(self) -> str | None:
        for array in (self.duration_s, self.distance_m):
            if np.diagonal(array).any() or not np.diagonal(self.reachable).all():
                return "its diagonal is not zero and reachable"
            if array.size and array.min() < NO_WAY:
                return f"a cell is below {NO_WAY}"
            if not np.array_equal(array >= 0, self.reachable):
                return f"a reachable cell is negative, or an unreachable one not {NO_WAY}"
        return None
