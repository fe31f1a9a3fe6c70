"""Travel matrices from prepared positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphs.matrix import NO_WAY, TravelMatrix
from graphs.packing import DISTANCE_BITS, REACHED_BELOW, unpack, whole_metres, whole_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graphs.packing import Whole
    from graphs.search import Prepared

_FAR = (2**31 - 1000) << DISTANCE_BITS
"""Packed costs from which the milliseconds, or their rounding, do not fit into 32 bits."""


def travel_matrix(prepared: Prepared) -> TravelMatrix:
    """Return times and distances between all prepared positions.

    A position that was not found is unreachable from and to everything but itself.
    """
    count, found = prepared.count, prepared.found
    whole = len(found) == count
    tables = [np.empty((count, count), dtype=np.int32) for _ in ("seconds", "metres")]
    if not whole:
        for table in tables:
            table[...] = NO_WAY
    columns = found[prepared.labels.order]
    place = np.argsort(columns)
    for span, costs in prepared.cost_rows():
        for table, rows in zip(tables, _rounded(costs), strict=True):
            if whole:
                # One row after the other: numpy is slow at scattering into two dimensions.
                table[columns[span]] = rows.take(place, axis=1)
            else:
                table[columns[span, None], columns] = rows
    for table in tables:
        np.fill_diagonal(table, 0)
    seconds, metres = tables
    return TravelMatrix(duration_s=seconds, distance_m=metres, reachable=seconds >= 0)


def _rounded(costs: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return packed costs as whole seconds (up) and metres (nearest), NO_WAY where there is none.

    In 32 bits, which are divided twice as fast, where they hold the milliseconds: below 24 days.
    """
    seconds, metres = _whole(*(part.astype(np.int32) for part in unpack(costs)))
    far = costs >= _FAR
    if far.any():
        lost = costs[far] >= REACHED_BELOW
        wide = _whole(*unpack(costs[far]))
        seconds[far], metres[far] = (np.where(lost, NO_WAY, part) for part in wide)
    return seconds, metres


def _whole(time_ms: NDArray[Whole], distance_dm: NDArray[Whole]) -> Sequence[NDArray[Whole]]:
    return whole_seconds(time_ms), whole_metres(distance_dm)
