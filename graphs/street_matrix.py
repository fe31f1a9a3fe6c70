"""Exact travel times on a street network, under the conditions of the day."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from graphs.closures import ORDINARY, DayConditions, closed_segments
from graphs.compiled import CompiledStreets, compiled_streets
from graphs.drives import Drive, shortest_drives
from graphs.grid import SegmentGrid, grid_of
from graphs.manoeuvres import Guide
from graphs.many_to_many import travel_matrix
from graphs.path import PathLeg, leg_of
from graphs.positions import Positions, positions_of
from graphs.profiles import profile_named
from graphs.provider import StreetSourceInfo
from graphs.snap import (
    DEFAULT_MAX_SNAP_M,
    Side,
    SnapCode,
    Snapped,
    UnreachablePoint,
    allowed_directions,
    check_points,
    joined,
    replaced,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphs.files import CompiledCache, StoredNetwork
    from graphs.matrix import TravelMatrix
    from graphs.network import StreetNetwork
    from graphs.profiles import Profile
    from graphs.search import Prepared, Searcher
    from graphs.streets import StreetGraph

FEW, MOST_POINTS = 4, 10_000
"""Points are remembered one by one if they come in such small numbers, and so many of them."""

AS_NEAR_M = 1e-3
"""Streets whose distances differ by less touch the point at one junction."""

MOST_REMEMBERED = 16
"""Sets of points whose labels are kept for the next question about them."""


class _Shared:
    """What does not depend on the day: the network, its grid, and the compiled profiles."""

    def __init__(
        self, network: StreetNetwork, grid: SegmentGrid | None, cache: CompiledCache | None
    ) -> None:
        self.network = network
        self.grid = grid if grid is not None else grid_of(network)
        self._cache = cache
        self._compiled: dict[str, CompiledStreets] = {}

    def compiled(self, profile: Profile) -> CompiledStreets:
        """Return the compiled streets of a profile, made on first use."""
        content = repr(profile)
        made = self._compiled.get(content)
        if made is None:
            made = self._compiled[content] = compiled_streets(self.network, profile, self._cache)
        return made


class StreetMatrix:
    """Exact times on a street network; a profile's streets are compiled on first use and kept.

    `grid` and `cache` come from stored networks (`of_stored`); without them both are made here.
    `profiles` adds vehicle classes to the table, or replaces some of it, by name.
    """

    def __init__(
        self,
        network: StreetNetwork,
        *,
        grid: SegmentGrid | None = None,
        cache: CompiledCache | None = None,
        max_snap_m: float = DEFAULT_MAX_SNAP_M,
        profiles: Sequence[Profile] = (),
    ) -> None:
        self._shared = _Shared(network, grid, cache)
        self._max_snap_m = max_snap_m
        self._profiles = {profile.name: profile for profile in profiles}
        self._today = ORDINARY
        self._searchers: dict[str, Searcher] = {}
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._snapped: dict[str, dict[tuple[float, float], Snapped]] = {}

    @classmethod
    def of_stored(cls, stored: StoredNetwork, cache: CompiledCache) -> StreetMatrix:
        """Return the times on a stored network; what was compiled before is only mapped."""
        return cls(stored.network, grid=stored.grid, cache=cache)

    def on(self, today: DayConditions) -> StreetMatrix:
        """Return the same streets under other conditions; nothing is read or compiled again.

        Raises PointsInvalid G308 for a closed street that the network does not have.
        """
        closed_segments(self.network, today)
        other = object.__new__(type(self))
        other._shared, other._max_snap_m = self._shared, self._max_snap_m
        other._profiles, other._today = self._profiles, today
        other._searchers, other._prepared, other._snapped = {}, OrderedDict(), self._snapped
        return other

    @property
    def network(self) -> StreetNetwork:
        """The network below."""
        return self._shared.network

    @property
    def today(self) -> DayConditions:
        """The conditions these times hold for."""
        return self._today

    @property
    def source(self) -> StreetSourceInfo:
        """Return the network's name, attribution and whether it is a stand-in."""
        return StreetSourceInfo(
            name=self.network.name,
            stand_in=self.network.stand_in,
            attribution=self.network.attribution,
        )

    def graph(self, profile: str) -> StreetGraph:
        """Return the street graph of a profile."""
        return self.searcher(profile).graph

    def searcher(self, profile: str) -> Searcher:
        """Return what finds drives for a profile today."""
        made = self._searchers.get(profile)
        if made is None:
            chosen = self._profiles.get(profile) or profile_named(profile)
            made = self._shared.compiled(chosen).searcher(self._today)
            self._searchers[profile] = made
        return made

    def matrix(
        self,
        points: Sequence[tuple[float, float]],
        *,
        profile: str,
        sides: Sequence[Side] | None = None,
    ) -> TravelMatrix:
        """Return exact seconds and metres; points out of reach are unreachable cells.

        `sides` say on which side of the vehicle each stop must lie, None = wherever.
        """
        question = _question(points, profile, sides)
        prepared = self._prepared.get(question)
        if prepared is None:
            positions = self.positions(points, profile, sides)
            prepared = self._prepared[question] = self.searcher(profile).prepare(positions)
            if len(self._prepared) > MOST_REMEMBERED:
                self._prepared.popitem(last=False)
        else:
            self._prepared.move_to_end(question)
        return travel_matrix(prepared)

    def legs(
        self,
        points: Sequence[tuple[float, float]],
        *,
        profile: str,
        sides: Sequence[Side] | None = None,
        manoeuvres: bool = False,
    ) -> tuple[PathLeg, ...]:
        """Return the n - 1 legs; raises PointsInvalid G305 where there is no way."""
        graph = self.graph(profile)
        guide = Guide(graph) if manoeuvres else None
        return tuple(leg_of(graph, drive, guide) for drive in self.drives(points, profile, sides))

    def drives(
        self,
        points: Sequence[tuple[float, float]],
        profile: str,
        sides: Sequence[Side] | None = None,
    ) -> list[Drive]:
        """Return the n - 1 shortest drives as arcs; raises as `legs` does."""
        positions = self.positions(points, profile, sides)
        pairs = [(i, i + 1) for i in range(len(points) - 1)]
        return shortest_drives(self.searcher(profile), positions, pairs)

    def snap_report(
        self, points: Sequence[tuple[float, float]], profile: str
    ) -> tuple[UnreachablePoint, ...]:
        """Return the points without a usable street within reach, with the reason."""
        lost = np.flatnonzero(~self.positions(points, profile).found)
        return tuple(self._reason(int(i), points[int(i)], profile) for i in lost)

    def positions(
        self,
        points: Sequence[tuple[float, float]],
        profile: str,
        sides: Sequence[Side] | None = None,
    ) -> Positions:
        """Return where the points lie on the streets of a profile."""
        searcher = self.searcher(profile)
        graph = searcher.graph
        snapped = self._reopened(points, searcher, self._snap(points, profile))
        one_way = (graph.forward_arc < 0) != (graph.backward_arc < 0)
        allowed = allowed_directions(snapped, sides, one_way)
        return positions_of(graph, searcher.arc_cost, snapped, allowed)

    def _reopened(
        self, points: Sequence[tuple[float, float]], searcher: Searcher, snapped: Snapped
    ) -> Snapped:
        """Return the positions with those at a junction moved off streets that are closed today.

        Only to a street that is as near: no point is moved away from its street.
        """
        closed = np.flatnonzero(snapped.found & ~searcher.open_today[snapped.segment])
        if len(closed) == 0:
            return snapped
        usable = searcher.graph.usable_segment & searcher.open_today
        other = self._shared.grid.nearest(
            [points[index] for index in closed.tolist()],
            usable,
            max_distance_m=float(snapped.distance_m[closed].max()) + AS_NEAR_M,
        )
        as_near = other.distance_m <= snapped.distance_m[closed] + AS_NEAR_M
        return replaced(snapped, closed[as_near], other, as_near)

    def _snap(self, points: Sequence[tuple[float, float]], profile: str) -> Snapped:
        """Return the points on segments; single ones are remembered, for leg after leg."""
        usable = self.searcher(profile).graph.usable_segment
        nearest = partial(self._shared.grid.nearest, max_distance_m=self._max_snap_m)
        if len(points) > FEW:
            return nearest(points, usable)
        # Asked one by one, every faulty point would be number 0.
        check_points(points)
        places = [(lat, lon) for lat, lon in points]
        memory = self._snapped.setdefault(profile, {})
        if len(memory) > MOST_POINTS:
            memory.clear()
        for place in places:
            if place not in memory:
                memory[place] = nearest([place], usable)
        return joined([memory[place] for place in places])

    def _reason(self, index: int, point: tuple[float, float], profile: str) -> UnreachablePoint:
        """Return why a point has no position: no street, none it may use, an island, closed."""
        grid, graph = self._shared.grid, self.graph(profile)
        every = np.ones(self.network.segments, dtype=np.bool_)
        gap_m = float(grid.nearest([point], every, max_distance_m=np.inf).distance_m[0])

        def near(usable: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> bool:
            found = grid.nearest([point], usable, max_distance_m=self._max_snap_m)
            return bool(found.found[0])

        code = SnapCode.NO_ACCESS
        if gap_m > self._max_snap_m:
            code = SnapCode.TOO_FAR
        elif near(graph.usable_segment):
            code = SnapCode.CLOSED_TODAY
        elif near(graph.open_segment):
            code = SnapCode.ISLAND
        return UnreachablePoint(index=index, code=code, distance_m=round(gap_m, 1))


def _question(
    points: Sequence[tuple[float, float]], profile: str, sides: Sequence[Side] | None
) -> str:
    """Return the digest of what is asked."""
    table = np.asarray(points, dtype=np.float64)
    state = blake2b(table.tobytes(), digest_size=16)
    state.update("/".join((profile, *(() if sides is None else sides))).encode())
    return state.hexdigest()
