"""Seeded random days: glass, watering, bait and free jobs over a plane of city blocks."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from dispatch.planning.costs import required_extra_ueur
from dispatch.planning.law import ARBZG
from dispatch.planning.problem import (
    Problem,
    ProblemFacility,
    ProblemJob,
    ProblemShift,
    Window,
    matrix_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.problem import Matrix

GLASS, WATER, BAIT, POND = range(4)
"""Skills of the random days; glass has dimensions 0 to 2, water 3, bait 4."""

SIDE_M = 14_000
HORIZON_S = 24 * 3600
EUR = 1_000_000
CAPACITIES = {GLASS: (9000, 9000, 9000, 0, 0), WATER: (0, 0, 0, 2000, 0), BAIT: (0, 0, 0, 0, 60)}


def a_day(seed: int, *, jobs: int, shifts: int, busy: int = 1) -> Problem:
    """Return a random day: reproducible, with breaks, reloads, windows and required jobs.

    `busy` multiplies service times and prices, so that few jobs fill a shift and breaks are needed.
    """
    rng = random.Random(seed)  # noqa: S311  # generated days
    centres = [(rng.uniform(0, SIDE_M), rng.uniform(0, SIDE_M)) for _ in range(8)]
    points = [(SIDE_M / 2, SIDE_M / 2), *(_near(rng, centres) for _ in range(6))]
    points += [_near(rng, centres) for _ in range(max(1, jobs * 2 // 3))]
    matrices = (plane_matrix(points, 8.0), plane_matrix(points, 7.0))
    teams = tuple(_shift(rng, number) for number in range(shifts))
    work = tuple(_job(rng, len(points), busy) for _ in range(jobs))
    return Problem(
        horizon_s=HORIZON_S,
        dimensions=5,
        jobs=work,
        shifts=teams,
        facilities=_facilities(),
        matrices=matrices,
        required_extra_ueur=required_extra_ueur(work, teams, matrices),
    )


def points_near(rng: random.Random, count: int) -> list[tuple[float, float]]:
    """Return points in metres, crowded around eight centres."""
    centres = [(rng.uniform(0, SIDE_M), rng.uniform(0, SIDE_M)) for _ in range(8)]
    return [_near(rng, centres) for _ in range(count)]


def _near(rng: random.Random, centres: Sequence[tuple[float, float]]) -> tuple[float, float]:
    x, y = rng.choice(centres)
    return (
        min(SIDE_M, max(0.0, rng.gauss(x, 1200))),
        min(SIDE_M, max(0.0, rng.gauss(y, 1200))),
    )


def plane_matrix(points: Sequence[tuple[float, float]], speed_m_s: float) -> Matrix:
    """Return seconds and metres along the blocks, and a few seconds for each start."""
    metres = [
        [0 if a == b else round(abs(a[0] - b[0]) + abs(a[1] - b[1])) for b in points]
        for a in points
    ]
    seconds = [[-int(-m // speed_m_s) + (20 if m else 0) for m in row] for row in metres]
    return matrix_of(seconds, metres)


def _shift(rng: random.Random, number: int) -> ProblemShift:
    kind = (GLASS, WATER, BAIT)[number % 3]
    starts_s = rng.choice((6, 6, 7)) * 3600
    return ProblemShift(
        start_location=0,
        end_location=0,
        start_s=starts_s,
        end_s=starts_s + rng.choice((7, 8, 8, 9)) * 3600 + 1800,
        matrix=0 if kind == BAIT else 1,
        capacities=CAPACITIES[kind],
        skills=frozenset({kind} | ({POND} if rng.random() < 0.5 else set())),
        crew_ueur_per_s=rng.choice((12_500, 16_667)),
        ueur_per_m=rng.choice((400, 900)),
        use_ueur=rng.choice((40, 80)) * EUR,
        break_rule=ARBZG,
    )


def _job(rng: random.Random, points: int, busy: int) -> ProblemJob:
    kind = rng.choices((GLASS, WATER, BAIT, POND), (4, 4, 3, 1))[0]
    return ProblemJob(
        location=rng.randrange(7, points),
        windows=_windows(rng),
        service_s=rng.randrange(240, 900, 60) * busy,
        setup_s=120,
        loads=loads_of(rng, kind, glass=(0, 2500, 100), water=(80, 400, 10)),
        skills=frozenset({kind}),
        required=rng.random() < 0.2,
        leave_price_ueur=rng.choice((10, 25, 60)) * EUR * busy,
    )


def _windows(rng: random.Random) -> tuple[Window, ...]:
    if rng.random() < 0.7:
        return (Window(earliest_s=0, latest_s=HORIZON_S),)
    opens_s = rng.randrange(6, 11) * 3600
    first = Window(earliest_s=opens_s, latest_s=opens_s + 7200)
    if rng.random() < 0.7:
        return (first,)
    return (first, Window(earliest_s=opens_s + 3 * 3600, latest_s=opens_s + 4 * 3600))


def loads_of(
    rng: random.Random, kind: int, *, glass: tuple[int, int, int], water: tuple[int, int, int]
) -> tuple[int, ...]:
    """Return what a job of that kind loads; of glass and water from, below and by these steps."""
    if kind == GLASS:
        return (*(rng.randrange(*glass) for _ in range(3)), 0, 0)
    if kind == WATER:
        return (0, 0, 0, rng.randrange(*water), 0)
    return (0, 0, 0, 0, rng.randrange(2, 8)) if kind == BAIT else (0,) * 5


def _facilities() -> tuple[ProblemFacility, ...]:
    glass, water, bait = frozenset({0, 1, 2}), frozenset({3}), frozenset({4})
    kinds = [(1, glass, 1200), (2, water, 900), (3, water, 900), (4, water, 900), (0, bait, 600)]
    return tuple(
        ProblemFacility(
            location=location,
            dimensions=dimensions,
            opens_s=6 * 3600,
            closes_s=18 * 3600,
            service_s=service_s,
        )
        for location, dimensions, service_s in kinds
    )
