"""From what a sensor measures to what matters at its site."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dispatch.domain.signal import Grade, Signal, SignalKind, says_moved
from dispatch.domain.site import Container, Device, GlassBank, Site

if TYPE_CHECKING:
    from collections.abc import Iterable

TOLERANCE_PCT: Final = 5.0
"""A distance may lie this far beyond empty or full: glass heaps up, and sensors sit unevenly."""

_BY_DISTANCE: Final = frozenset({SignalKind.FILL_DISTANCE, SignalKind.FILL_LEVEL})


def calibrate(signal: Signal, *, site: Site, device: Device) -> Signal:
    """Return the signal at its site and part, a distance turned into a fill level in percent.

    The id stays: it is the same observation. A level up to 5 points beyond 0 to 100 is taken as
    0 or 100; farther out it keeps its figure and is graded OUT_OF_RANGE, so that a sensor that
    looks past its container shows up instead of vanishing.
    """
    placed = replace(signal, site_id=site.id, part_id=device.part_id)
    container = _container(site, device)
    if signal.kind is not SignalKind.FILL_DISTANCE or container is None:
        return placed
    span_mm = container.empty_mm - container.full_mm
    level_pct = 100 * (container.empty_mm - signal.value) / span_mm
    if -TOLERANCE_PCT <= level_pct <= 100 + TOLERANCE_PCT:
        level_pct = min(max(level_pct, 0.0), 100.0)
        return replace(placed, kind=SignalKind.FILL_LEVEL, value=round(level_pct, 2))
    return replace(
        placed,
        kind=SignalKind.FILL_LEVEL,
        value=round(level_pct, 2),
        grade=Grade.OUT_OF_RANGE,
    )


def _container(site: Site, device: Device) -> Container | None:
    if not isinstance(site.asset, GlassBank):
        return None
    found = (c for c in site.asset.containers if c.id == device.part_id)
    return next(found, None)


def mark_tilted(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Return the signals, distances and levels graded TILTED where their device said so.

    A device that lies on its side, or was moved, measures the wall. Tilt and distance come in the
    same uplink, so the same device at the same moment is meant.
    """
    found = tuple(signals)
    tilted = {
        (s.device_id, s.observed_at)
        for s in found
        if says_moved(s) or (s.kind is SignalKind.TILT and s.value > 0)
    }
    if not tilted:
        return found
    return tuple(
        replace(s, grade=Grade.TILTED)
        if s.kind in _BY_DISTANCE and (s.device_id, s.observed_at) in tilted
        else s
        for s in found
    )
