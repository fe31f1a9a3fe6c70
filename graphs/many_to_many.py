"""Travel matrices from prepared positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphs.matrix import NO_WAY, TravelMatrix
from graphs.packing import REACHED_BELOW, unpack, whole_metres, whole_seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graphs.search import Prepared


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

    In 32 bits, which hold 24 days of milliseconds and are divided twice as fast.
    """
    time_ms, distance_dm = (part.astype(np.int32) for part in unpack(costs))
    seconds, metres = whole_seconds(time_ms), whole_metres(distance_dm)
    lost = costs >= REACHED_BELOW
    if lost.any():
        seconds[lost], metres[lost] = NO_WAY, NO_WAY
    return seconds, metres
