"""What a decoder takes and gives: one payload in, its signals and its faults out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.domain.errors import Issue
from dispatch.domain.notice import Notice
from dispatch.domain.signal import Payload, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """By which key a sender marks a message that it may deliver more than once.

    `at` is when the message says it came about. The same key within `lasts` of that moment is
    the same message; None means for ever.
    """

    key: str
    at: datetime
    lasts: timedelta | None = None

    def repeats(self, earlier: datetime) -> bool:
        """Tell whether this is the message that had the same key at an earlier (or later) time."""
        return self.lasts is None or abs(self.at - earlier) <= self.lasts


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The signals of one payload, and an issue for each row or field that could not be used.

    `notices` are what people told in it. `delivery` is set where a sender's own key says more
    about repeated messages than their signals' ids, which are made from device, kind and time.
    """

    signals: tuple[Signal, ...] = ()
    issues: tuple[Issue, ...] = ()
    notices: tuple[Notice, ...] = ()
    delivery: Delivery | None = None


Decoder = Callable[[Payload], Decoded]
"""Raises InvalidInput when the payload is unusable as a whole, and nothing else."""
