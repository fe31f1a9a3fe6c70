"""What a decoder takes and gives: one payload in, its signals and its faults out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dispatch.domain.errors import Issue
from dispatch.domain.signal import Payload, Signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """The signals of one payload, and an issue for each row or field that could not be used."""

    signals: tuple[Signal, ...] = ()
    issues: tuple[Issue, ...] = ()


Decoder = Callable[[Payload], Decoded]
"""Raises InvalidInput when the payload is unusable as a whole, and nothing else."""
