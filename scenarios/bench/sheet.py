"""A table of a benchmark: what was measured, in words that a person reads."""

from __future__ import annotations

from typing import NamedTuple


class Sheet(NamedTuple):
    """Rows under named columns; every cell is text already, with its unit.

    `goals` are what the project wants to show with it, each with whether it was reached; None
    where the data to tell it from is not there.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    goals: tuple[tuple[str, bool | None], ...] = ()
