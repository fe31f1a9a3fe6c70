"""Travel matrices of the city in, those of a Problem out: by profile and hour of departure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

import numpy as np

from dispatch.domain.errors import InvalidInput, Issue
from dispatch.planning.problem import Matrix, Period
from graphs.matrix import TravelMatrix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

RushHours = tuple[tuple[time, time], ...]
"""From inclusive, to exclusive, by the clock on the wall; ascending and apart."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HourlyMatrix:
    """Travel times of one profile that change with the hour of departure.

    A leg that begins within `rush_hours` is driven by `rush`, any other by `usual`. Both are over
    the same places and must know the same roads.
    """

    usual: TravelMatrix
    rush: TravelMatrix
    rush_hours: RushHours


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProfileTravel:
    """Which of the problem's matrices a profile uses: `matrix` until the first of `periods`."""

    matrix: int
    periods: tuple[Period, ...] = ()


def travel_tables(
    given: Mapping[str, TravelMatrix | HourlyMatrix],
    profiles: Iterable[str],
    *,
    size: int,
    second_of: Callable[[time], int],
) -> tuple[tuple[Matrix, ...], dict[str, ProfileTravel]]:
    """Return the matrices of a problem over `size` places, and what each profile uses of them.

    `second_of` turns a wall-clock time into seconds of the planning day. Raises InvalidInput
    (P403) for a matrix that is missing, of another size, or without the roads of its other hours.
    """
    tables: list[Matrix] = []
    uses: dict[str, ProfileTravel] = {}
    for profile in profiles:
        found = given.get(profile)
        usual, rush = len(tables), len(tables) + 1
        if not isinstance(found, HourlyMatrix):
            tables.append(_matrix(found, profile, size))
            uses[profile] = ProfileTravel(matrix=usual)
            continue
        tables.append(_matrix(found.usual, profile, size))
        tables.append(_matrix(found.rush, profile, size))
        _check_roads(found, profile)
        changes = [
            change for begin, end in found.rush_hours for change in ((begin, rush), (end, usual))
        ]
        periods = tuple(Period(from_s=second_of(at), matrix=table) for at, table in changes)
        uses[profile] = ProfileTravel(matrix=usual, periods=periods)
    return tuple(tables), uses


def _matrix(given: TravelMatrix | None, profile: str, size: int) -> Matrix:
    if given is None or given.duration_s.shape != (size, size):
        found = "missing" if given is None else f"of shape {given.duration_s.shape}"
        raise _unfit(profile, f"it is {found}, the places need ({size}, {size})")
    duration_s = np.where(given.reachable, given.duration_s, -1).astype(np.int64)
    distance_m = np.where(given.reachable, given.distance_m, -1).astype(np.int64)
    # A few metres may round to no time at all; a leg that costs distance takes a second.
    duration_s[(duration_s == 0) & (distance_m > 0)] = 1
    return Matrix(duration_s=duration_s, distance_m=distance_m)


def _check_roads(hourly: HourlyMatrix, profile: str) -> None:
    # A job that can be reached at noon only would have no road in every other hour's plan.
    if not np.array_equal(hourly.usual.reachable, hourly.rush.reachable):
        raise _unfit(profile, "it lacks roads in the rush hour that it has at other times")


def _unfit(profile: str, cause: str) -> InvalidInput:
    return InvalidInput(
        Issue(
            code="P403",
            subject=f"travel matrix of profile {profile}",
            cause=cause,
            action="Compute it for places_of the same jobs, shifts and facilities",
        )
    )
