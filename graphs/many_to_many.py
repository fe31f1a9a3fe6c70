"""Travel matrices from prepared positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphs.matrix import NO_WAY, TravelMatrix
from graphs.packing import REACHED_BELOW, unpack, whole_metres, whole_seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graphs.search import Prepared

ROWS_AT_ONCE = 64
"""Rows that are turned into seconds and metres together, so that they stay in the cache."""


def travel_matrix(prepared: Prepared) -> TravelMatrix:
    """Return times and distances between all prepared positions.

    A position that was not found is unreachable from and to everything but itself.
    """
    count, found = prepared.count, prepared.found
    seconds = np.full((count, count), NO_WAY, dtype=np.int32)
    metres = np.full((count, count), NO_WAY, dtype=np.int32)
    costs = prepared.column_costs()
    columns = prepared.labels.order
    whole = len(found) == count
    for start in range(0, len(costs), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        time_s, way_m = _rounded(costs[part])
        rows = found[columns[part]]
        if whole:
            # One row after the other: numpy is slow at scattering into two dimensions.
            place = np.argsort(columns)
            seconds[rows], metres[rows] = time_s[:, place], way_m[:, place]
        else:
            seconds[rows[:, None], found[columns]] = time_s
            metres[rows[:, None], found[columns]] = way_m
    for table in (seconds, metres):
        np.fill_diagonal(table, 0)
    return TravelMatrix(duration_s=seconds, distance_m=metres, reachable=seconds >= 0)


def _rounded(costs: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return packed costs as whole seconds (up) and metres (nearest), NO_WAY where there is none."""
    time_ms, distance_dm = unpack(costs)
    lost = costs >= REACHED_BELOW
    seconds = whole_seconds(time_ms).astype(np.int32)
    metres = whole_metres(distance_dm).astype(np.int32)
    seconds[lost], metres[lost] = NO_WAY, NO_WAY
    return seconds, metres
