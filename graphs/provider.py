"""Where travel times come from: a seam with real streets, straight lines or a memory behind it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

import numpy as np

from graphs.geo import columns, great_circle_m
from graphs.matrix import TravelMatrix
from graphs.path import PathLeg
from graphs.profiles import profile_named
from graphs.snap import UnreachablePoint, check_points

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetSourceInfo:
    """What the travel times rest on; a stand-in is never passed off as real."""

    name: str
    stand_in: bool
    attribution: str


class MatrixProvider(Protocol):
    """Travel times, legs and reachability between (lat, lon) points for a named profile."""

    @property
    def source(self) -> StreetSourceInfo:
        """Return what the times rest on."""

    def matrix(self, points: Sequence[tuple[float, float]], *, profile: str) -> TravelMatrix:
        """Return seconds and metres between all points; row = from, column = to."""

    def legs(self, points: Sequence[tuple[float, float]], *, profile: str) -> tuple[PathLeg, ...]:
        """Return the n - 1 legs between neighbouring points, equal to the matrix cells."""

    def snap_report(
        self, points: Sequence[tuple[float, float]], profile: str
    ) -> tuple[UnreachablePoint, ...]:
        """Return the points that this profile cannot reach, with the reason."""


class CrowFlies:
    """Straight lines times a detour factor at one speed: for tests, and where no streets are.

    1.35 and 25 km/h are typical of lorries in a town (own estimate); every profile is alike.
    """

    def __init__(self, *, speed_kmh: float = 25.0, detour_factor: float = 1.35) -> None:
        self._speed_kmh = speed_kmh
        self._detour_factor = detour_factor

    @property
    def source(self) -> StreetSourceInfo:
        """Return a name that says no streets are involved."""
        return StreetSourceInfo(
            name=f"straight lines x {self._detour_factor:g} at {self._speed_kmh:g} km/h",
            stand_in=True,
            attribution="no street data",
        )

    def matrix(self, points: Sequence[tuple[float, float]], *, profile: str) -> TravelMatrix:
        """Return estimated seconds (rounded up) and metres; everything is reachable."""
        profile_named(profile)
        check_points(points)
        lat, lon = columns(points)
        metres = great_circle_m(lat[:, None], lon[:, None], lat, lon) * self._detour_factor
        # Rounding to the millisecond first keeps equal places at exactly zero.
        seconds = np.ceil(np.round(metres * 3.6 / self._speed_kmh, 3))
        return TravelMatrix(
            duration_s=seconds.astype(np.int32),
            distance_m=np.rint(metres).astype(np.int32),
            reachable=np.ones(metres.shape, dtype=np.bool_),
        )

    def legs(self, points: Sequence[tuple[float, float]], *, profile: str) -> tuple[PathLeg, ...]:
        """Return straight legs without street names."""
        table = self.matrix(points, profile=profile)
        return tuple(
            PathLeg(
                duration_s=int(table.duration_s[i, i + 1]),
                distance_m=int(table.distance_m[i, i + 1]),
                geometry=(points[i], points[i + 1]),
                street_names=(),
            )
            for i in range(len(points) - 1)
        )

    def snap_report(
        self, points: Sequence[tuple[float, float]], profile: str
    ) -> tuple[UnreachablePoint, ...]:
        """Return nothing: a crow reaches every point."""
        profile_named(profile)
        check_points(points)
        return ()


class Cached:
    """Remembers the latest matrices of another provider by the content of the question."""

    def __init__(self, provider: MatrixProvider, *, max_entries: int = 64) -> None:
        self._provider = provider
        self._max_entries = max_entries
        self._matrices: OrderedDict[str, TravelMatrix] = OrderedDict()

    @property
    def source(self) -> StreetSourceInfo:
        """Return the source of the provider behind."""
        return self._provider.source

    def matrix(self, points: Sequence[tuple[float, float]], *, profile: str) -> TravelMatrix:
        """Return the remembered matrix, or compute and remember it."""
        key = _question(points, profile)
        found = self._matrices.get(key)
        if found is None:
            found = self._provider.matrix(points, profile=profile)
            self._matrices[key] = found
            if len(self._matrices) > self._max_entries:
                self._matrices.popitem(last=False)
        else:
            self._matrices.move_to_end(key)
        return found

    def legs(self, points: Sequence[tuple[float, float]], *, profile: str) -> tuple[PathLeg, ...]:
        """Return the legs of the provider behind."""
        return self._provider.legs(points, profile=profile)

    def snap_report(
        self, points: Sequence[tuple[float, float]], profile: str
    ) -> tuple[UnreachablePoint, ...]:
        """Return the report of the provider behind."""
        return self._provider.snap_report(points, profile)


def _question(points: Sequence[tuple[float, float]], profile: str) -> str:
    """Return the digest of what is asked."""
    table = np.asarray(points, dtype=np.float64)
    return blake2b(table.tobytes(), key=profile.encode()[:64], digest_size=16).hexdigest()
