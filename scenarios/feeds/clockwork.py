"""Seeded randomness and the sampling times of the demo sensors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from dispatch.domain.clock import BERLIN, day_bounds, to_utc

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPeriod:
    """The days up to `now` for which sensors send, and the seed of the world."""

    now: datetime
    days: int
    seed: int

    @property
    def start(self) -> datetime:
        """The first moment of the first day, in UTC."""
        first = self.now.astimezone(BERLIN).date() - timedelta(days=self.days)
        return to_utc(day_bounds(first)[0])

    @property
    def dates(self) -> list[date]:
        """All local dates touched, the last one only until `now`."""
        last = self.now.astimezone(BERLIN).date()
        return [last - timedelta(days=back) for back in range(self.days, -1, -1)]

    def every(self, hours: float, *, offset_s: float = 0) -> Iterator[datetime]:
        """Yield the moments in UTC, `hours` apart, from start to now."""
        moment = self.start + timedelta(seconds=offset_s)
        end = to_utc(self.now)
        while moment <= end:
            yield moment
            moment += timedelta(hours=hours)

    def rng(self, *keys: str) -> np.random.Generator:
        """Return the random source that belongs to these keys in this world."""
        return rng_for(self.seed, *keys)


def rng_for(seed: int, *keys: str) -> np.random.Generator:
    """Return a random source that depends on nothing but the seed and the keys."""
    return np.random.default_rng([seed, *(crc32(key.encode()) for key in keys)])
