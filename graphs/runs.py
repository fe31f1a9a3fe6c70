"""Runs of consecutive numbers as flat arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def run_members(begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return all numbers of the runs from `begin` to before `end`, run after run."""
    length = end - begin
    return np.repeat(begin - np.cumsum(length) + length, length) + np.arange(length.sum())
