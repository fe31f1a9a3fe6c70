"""The public holidays of North Rhine-Westphalia: days without noisy work (32. BImSchV)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from holidays import country_holidays

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date


def public_holidays(years: Iterable[int]) -> frozenset[date]:
    """Return the public holidays of these years."""
    return frozenset(country_holidays("DE", subdiv="NW", years=sorted(set(years))))


def holidays_around(day: date) -> frozenset[date]:
    """Return the public holidays of the year of that day, the one before and the one after."""
    return _of_years(day.year - 1, day.year, day.year + 1)


@lru_cache(maxsize=32)  # working them out takes two milliseconds
def _of_years(*years: int) -> frozenset[date]:
    return public_holidays(years)
