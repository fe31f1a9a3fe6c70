"""The longest way of every leg over the hours of a shift: what holds whenever the leg begins."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from dispatch.planning.problem import Matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.planning.problem import Problem, ProblemShift


def matrices_of(shift: ProblemShift) -> tuple[int, ...]:
    """Return the matrices in force during the shift, each once, ascending."""
    used, current = set(), shift.matrix
    for period in shift.periods:
        if period.from_s > shift.start_s:
            used.add(current)
        if period.from_s > shift.end_s:
            return tuple(sorted(used))
        current = period.matrix
    return tuple(sorted({*used, current}))


def longest(problem: Problem, shift: ProblemShift) -> Matrix:
    """Return the greatest seconds and metres of every leg; -1 where one of the hours has no road.

    A route that keeps all times by these keeps them by the true ones, leg by leg.
    """
    tables = [problem.matrices[number] for number in matrices_of(shift)]
    return Matrix(
        duration_s=reduce(_greatest, [table.duration_s for table in tables]),
        distance_m=reduce(_greatest, [table.distance_m for table in tables]),
    )


def _greatest(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where((one < 0) | (other < 0), -1, np.maximum(one, other))
