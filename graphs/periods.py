"""Hours of departure: how much longer driving takes than outside the rush hour."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from graphs.errors import PointsInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

NIGHT, OFF_PEAK, PEAK = "night", "off_peak", "peak"

_MAIN = ("motorway", "trunk", "primary", "secondary")

# Own estimate. A profile's speeds hold for an ordinary working day outside the rush hour. Traffic
# indices of cities of the Ruhr report journeys a quarter to two fifths longer in the rush hour than
# on free roads, nearly all of it on main roads.
PERIODS: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        NIGHT: MappingProxyType({**dict.fromkeys(_MAIN, 0.88), "tertiary": 0.95}),
        OFF_PEAK: MappingProxyType({}),
        PEAK: MappingProxyType(
            {**dict.fromkeys(_MAIN, 1.35), "tertiary": 1.2, "unclassified": 1.1}
        ),
    }
)
"""Factors on driving times by departure period and road class; a class not named keeps its times,
a link road has those of its class."""


def period_factors(roads: Sequence[str], period: str) -> NDArray[np.float64]:
    """Return the factor of each road class, (k,); raises PointsInvalid G307 for another period."""
    table = PERIODS.get(period)
    if table is None:
        known = ", ".join(PERIODS)
        raise PointsInvalid(
            "G307", f"period '{period}'", "there is no such period", f"Use one of {known}"
        )
    return np.array([table.get(road.removesuffix("_link"), 1.0) for road in roads], np.float64)
