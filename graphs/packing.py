"""Time and distance travelling together in one whole number.

`time_ms * 2**26 + distance_dm` in 64 bits: of two sums the smaller one is faster, and of two
equally fast ways it is the shorter one. Sums are exact; differences of a way and its beginning too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Whole = TypeVar("Whole", np.int32, np.int64)

DISTANCE_BITS = 26
"""2**26 decimetres are 6,700 km; no city asks for more."""

NEVER = 2**61
"""Stands for no way while sums are compared: two of them still fit. It never leaves this package:
a matrix marks what is unreachable."""

REACHED_BELOW = 2**60
"""Sums with NEVER in them stay above this, true costs far below."""

LATEST_MS = REACHED_BELOW >> DISTANCE_BITS
"""Milliseconds, half a year, from which on a way counts as none."""


def pack(time_ms: NDArray[np.int64], distance_dm: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return time and distance as one whole number."""
    return (time_ms.astype(np.int64) << DISTANCE_BITS) + distance_dm


def unpack(packed: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return milliseconds and decimetres."""
    return packed >> DISTANCE_BITS, packed & (2**DISTANCE_BITS - 1)


def whole_seconds(time_ms: NDArray[Whole]) -> NDArray[Whole]:
    """Return seconds, rounded up: nobody arrives early by rounding."""
    return (time_ms + 999) // 1000


def whole_metres(distance_dm: NDArray[Whole]) -> NDArray[Whole]:
    """Return metres, half a metre rounded up."""
    return (distance_dm + 5) // 10
