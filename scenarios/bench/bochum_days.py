"""Seeded days of a city: glass lorries, watering, bait and sewer crews of two organisations."""

from __future__ import annotations

import random
from dataclasses import replace
from enum import StrEnum

from dispatch.planning.costs import required_extra_ueur
from dispatch.planning.law import ARBZG, EC_561
from dispatch.planning.problem import Problem, ProblemFacility, ProblemJob, ProblemShift, Window
from scenarios.bench.days import EUR, HORIZON_S, SIDE_M, loads_of, plane_matrix, points_near

GLASS, WATER, BAIT, SEWER, GREEN = range(5)
"""Kinds of work, as skills; glass has the dimensions 0 to 2, water 3, bait 4."""
HOUR_S = 3600
CAPACITIES = {
    GLASS: (9000, 9000, 9000, 0, 0),
    WATER: (0, 0, 0, 3000, 0),
    BAIT: (0, 0, 0, 0, 80),
    SEWER: (0, 0, 0, 0, 80),
}
WEIGHTS = {GLASS: 9, WATER: 8, BAIT: 4, SEWER: 2, GREEN: 2}
TEAMS = (GLASS, WATER, SEWER, GLASS, WATER, BAIT, GLASS, WATER)
"""One round of shifts; sewer crews are of two persons and carry bait too."""
USB, NORTH, SOUTH, WORKS = 0, 1, 2, 3
"""Places: the yard of the waste service, two yards of the parks, and the glass works."""
WATER_POINTS = (NORTH, SOUTH, 4, 5)
PLACES = 6
SPEEDS_M_S = (8.0, 7.0)
"""Vans and lorries in a city, stops at lights included (assumed)."""
JOBS_PER_SHIFT, LEAST_SHIFTS = 33, 4


class Variant(StrEnum):
    """The day in full, without breaks by law, or as far as VROOM can express it."""

    FULL = "full"
    NO_BREAKS = "no breaks"
    SINGLE_TRIP = "single trip"


def shifts_of(jobs: int) -> int:
    """Return how many shifts such a day has: 8 for 150 jobs, 40 for 1200."""
    return LEAST_SHIFTS + round(jobs / JOBS_PER_SHIFT)


def bochum_day(
    seed: int, *, jobs: int, shifts: int | None = None, variant: Variant = Variant.FULL
) -> Problem:
    """Return a day: reproducible, of the same jobs and shifts in every variant."""
    rng = random.Random(seed)  # noqa: S311  # generated days
    count = shifts_of(jobs) if shifts is None else shifts
    points = [(SIDE_M / 2, SIDE_M / 2), *points_near(rng, PLACES - 1 + max(1, jobs * 3 // 4))]
    matrices = tuple(plane_matrix(points, speed) for speed in SPEEDS_M_S)
    teams = tuple(_shift(rng, number) for number in range(count))
    parks = frozenset(n for n, team in enumerate(teams) if WATER in team.skills)
    work = tuple(_job(rng, len(points), parks) for _ in range(jobs))
    return as_variant(
        Problem(
            horizon_s=HORIZON_S,
            dimensions=5,
            jobs=work,
            shifts=teams,
            facilities=_facilities(),
            matrices=matrices,
            required_extra_ueur=required_extra_ueur(work, teams, matrices),
        ),
        variant,
    )


def as_variant(problem: Problem, variant: Variant) -> Problem:
    """Return the day without breaks; for a single trip also without reloads and soft ends."""
    if variant is Variant.FULL:
        return problem
    teams = tuple(replace(shift, break_rule=None) for shift in problem.shifts)
    if variant is Variant.NO_BREAKS:
        return replace(problem, shifts=teams)
    hard = tuple(replace(shift, overtime_from_s=None, overtime_ueur_per_s=0) for shift in teams)
    jobs = tuple(replace(job, due_s=None, late_ueur_per_s=0) for job in problem.jobs)
    return replace(problem, jobs=jobs, shifts=hard, facilities=())


def _shift(rng: random.Random, number: int) -> ProblemShift:
    kind = TEAMS[number % len(TEAMS)]
    yard = rng.choice((NORTH, SOUTH)) if kind == WATER else USB
    starts_s = (7 if kind == GLASS else rng.choice((6, 6, 7))) * HOUR_S
    ends_s = starts_s + rng.choice((8, 8, 9)) * HOUR_S + HOUR_S // 2
    skills = {kind} | ({GREEN} if kind == WATER else set())
    persons = 2 if kind == SEWER or (kind == WATER and rng.random() < 0.5) else 1
    return ProblemShift(
        start_location=yard,
        end_location=yard,
        start_s=starts_s,
        end_s=ends_s + HOUR_S,
        overtime_from_s=ends_s,
        overtime_ueur_per_s=6_250,
        matrix=1 if kind in (GLASS, WATER) else 0,
        capacities=CAPACITIES[kind],
        skills=frozenset(skills | ({BAIT} if kind == SEWER else set())),
        crew_ueur_per_s=12_500 * (persons + 1) // 2,
        ueur_per_m=900 if kind == GLASS else 400,
        use_ueur=(80 if kind == GLASS else 40) * EUR,
        break_rule=EC_561 if kind == GLASS else ARBZG,
        persons=persons,
    )


def _job(rng: random.Random, points: int, parks: frozenset[int]) -> ProblemJob:
    kind = rng.choices(tuple(WEIGHTS), tuple(WEIGHTS.values()))[0]
    urgent = kind in (SEWER, GREEN) and rng.random() < 0.3
    due_s = rng.randrange(8, 13) * HOUR_S if urgent else None
    persons = 2 if kind == SEWER or (kind == GREEN and rng.random() < 0.3) else 1
    return ProblemJob(
        location=rng.randrange(PLACES, points),
        windows=(_window(rng, kind),),
        service_s=rng.randrange(240, 900 if kind in (SEWER, GREEN) else 540, 60),
        setup_s=120,
        loads=loads_of(rng, kind, glass=(200, 1500, 100), water=(80, 500, 10)),
        skills=frozenset({kind}),
        required=rng.random() < 0.15 or urgent,
        leave_price_ueur=rng.choice((10, 25, 60)) * EUR,
        due_s=due_s,
        late_ueur_per_s=10_000 if urgent else 0,
        persons=persons,
        shifts=parks if kind == GREEN and parks else None,
    )


def _window(rng: random.Random, kind: int) -> Window:
    """Return the hours: noisy glass from 7 to 20 o'clock, some places for two hours only."""
    if rng.random() < 0.15:
        opens_s = rng.randrange(7, 13) * HOUR_S
        return Window(earliest_s=opens_s, latest_s=opens_s + 2 * HOUR_S)
    if kind == GLASS:
        return Window(earliest_s=7 * HOUR_S, latest_s=20 * HOUR_S)
    return Window(earliest_s=6 * HOUR_S, latest_s=20 * HOUR_S)


def _facilities() -> tuple[ProblemFacility, ...]:
    """Return the glass works with two bays, water points for one lorry each, and the bait store."""
    works = ProblemFacility(
        location=WORKS,
        dimensions=frozenset({0, 1, 2}),
        opens_s=7 * HOUR_S,
        closes_s=17 * HOUR_S,
        service_s=1200,
        at_once=2,
    )
    point = replace(
        works, dimensions=frozenset({3}), opens_s=6 * HOUR_S, closes_s=20 * HOUR_S, service_s=600
    )
    points = tuple(replace(point, location=place, at_once=1) for place in WATER_POINTS)
    store = replace(point, location=USB, dimensions=frozenset({4}), at_once=None)
    return (works, *points, store)
