"""Seeded random days with every rule of a problem switched on at random, never impossible ones.

A day begins as one of `days.a_day`; each rule then changes shifts, jobs or facilities. Amounts are
drawn so that rules bind on many days: limits near what a shift would use, charges for half a day.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.planning.costs import required_extra_ueur
from dispatch.planning.problem import Matrix, Problem, ProblemFacility
from scenarios.bench.days import EUR, HORIZON_S, a_day
from scenarios.bench.random_relations import with_relations, without_dead_ends
from scenarios.bench.random_shifts import (
    HOUR_S,
    SHARE_OF_SHIFTS,
    driving_law,
    each_shift,
    longest_span,
    max_distance,
    max_drive,
    max_stops,
    no_breaks,
    open_end,
    out_already,
    overtime,
    rush_hour,
    two_yards,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.planning.problem import ProblemJob

CHARGER, REST_PLACE = 5, 6
"""Places of `a_day` that no job has; crews rest at the other yard."""
SHARE_ON = 0.35
"""How often a rule is on: about eight of them on a day, any two together on every eighth."""
SHARE_OF_JOBS = 0.3
"""How many jobs of a day a rule concerns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomDay:
    """A sound problem and the names of the rules that are on."""

    seed: int
    problem: Problem
    rules: tuple[str, ...]


def random_day(seed: int, *, least_jobs: int = 20, most_jobs: int = 60) -> RandomDay:
    """Return the day of that seed: 3 to 8 shifts, any rules."""
    rng = random.Random(f"rules {seed}")  # noqa: S311  # generated days
    jobs, shifts = rng.randint(least_jobs, most_jobs), rng.randint(3, 8)
    problem = a_day(seed, jobs=jobs, shifts=shifts, busy=rng.choice((1, 1, 2, 3)))
    names = [name for name in RULES if rng.random() < SHARE_ON]
    for name in names:
        problem = RULES[name](rng, problem)
    problem = with_surcharge(without_dead_ends(problem))
    if all(shift.underway is None for shift in problem.shifts):
        names = [name for name in names if name != "underway"]
    kinds = [name for name in ("any", "sequence", "strict", "from_start") if rng.random() < 0.3]
    problem, bound = with_relations(rng, problem, kinds)
    return RandomDay(seed=seed, problem=problem, rules=(*names, *bound))


def with_surcharge(problem: Problem) -> Problem:
    """Return the problem with the surcharge that its prices ask for."""
    extra = required_extra_ueur(
        problem.jobs,
        problem.shifts,
        problem.matrices,
        uneven_ueur_per_s=problem.uneven_ueur_per_s,
    )
    return replace(problem, required_extra_ueur=extra)


def _each_job(
    rng: random.Random, problem: Problem, change: Callable[[ProblemJob], ProblemJob]
) -> Problem:
    jobs = tuple(change(job) if rng.random() < SHARE_OF_JOBS else job for job in problem.jobs)
    return replace(problem, jobs=jobs)


def _far(_: random.Random, problem: Problem) -> Problem:
    """Make all legs three times as long, so that driving fills the day."""
    matrices = tuple(
        Matrix(duration_s=3 * one.duration_s, distance_m=3 * one.distance_m)
        for one in problem.matrices
    )
    return replace(problem, matrices=matrices)


def _no_road(rng: random.Random, problem: Problem) -> Problem:
    """Take some roads away, in one profile."""
    seconds, metres = (
        table.copy() for table in (problem.matrices[0].duration_s, problem.matrices[0].distance_m)
    )
    for _ in range(len(seconds)):
        one, other = rng.sample(range(len(seconds)), 2)
        seconds[one, other] = metres[one, other] = -1
    changed = Matrix(duration_s=seconds, distance_m=metres)
    return replace(problem, matrices=(changed, *problem.matrices[1:]))


def _rest_places(rng: random.Random, problem: Problem) -> Problem:
    canteen = ProblemFacility(
        location=REST_PLACE,
        dimensions=frozenset(),
        opens_s=6 * HOUR_S,
        closes_s=18 * HOUR_S,
        service_s=rng.choice((0, 120)),
    )
    places = frozenset({len(problem.facilities), *rng.sample(range(len(problem.facilities)), 2)})
    more = replace(problem, facilities=(*problem.facilities, canteen))
    return each_shift(rng, more, lambda shift: replace(shift, rest_places=places))


def _range(rng: random.Random, problem: Problem) -> Problem:
    charger = ProblemFacility(
        location=CHARGER,
        dimensions=frozenset(),
        opens_s=0,
        closes_s=HORIZON_S,
        service_s=1800,
        charges=True,
    )
    more = replace(problem, facilities=(*problem.facilities, charger))
    return each_shift(
        rng, more, lambda shift: replace(shift, range_m=rng.randrange(40_000, 110_000, 5000))
    )


def _at_once(rng: random.Random, problem: Problem) -> Problem:
    places = tuple(
        replace(place, at_once=rng.choice((1, 1, 2)), service_s=place.service_s + 900)
        if rng.random() < SHARE_OF_SHIFTS
        else place
        for place in problem.facilities
    )
    return replace(problem, facilities=places)


def _uneven(rng: random.Random, problem: Problem) -> Problem:
    return replace(problem, uneven_ueur_per_s=rng.choice((500, 5_000)))


def _due(rng: random.Random, problem: Problem) -> Problem:
    return _each_job(
        rng,
        problem,
        lambda job: replace(
            job, due_s=rng.randrange(7, 14) * HOUR_S, late_ueur_per_s=rng.choice((1_000, 10_000))
        ),
    )


def _releases(rng: random.Random, problem: Problem) -> Problem:
    return _each_job(
        rng, problem, lambda job: replace(job, release_s=rng.randrange(6, 12) * HOUR_S)
    )


def _persons(rng: random.Random, problem: Problem) -> Problem:
    pairs = each_shift(rng, problem, lambda shift: replace(shift, persons=2))
    return _each_job(rng, pairs, lambda job: replace(job, persons=rng.choice((2, 2, 2, 3))))


def _job_shifts(rng: random.Random, problem: Problem) -> Problem:
    every = range(len(problem.shifts))
    return _each_job(rng, problem, lambda job: replace(job, shifts=frozenset(rng.sample(every, 2))))


def _published(rng: random.Random, problem: Problem) -> Problem:
    every = range(len(problem.shifts))
    return _each_job(
        rng,
        problem,
        lambda job: replace(
            job, published=rng.choice(every), move_ueur=rng.choice((1, 5, 30)) * EUR
        ),
    )


def _conflicts(rng: random.Random, problem: Problem) -> Problem:
    every = range(len(problem.jobs))
    pairs = {(min(pair), max(pair)) for pair in (rng.sample(every, 2) for _ in every)}
    return replace(problem, conflicts=tuple(sorted(pairs)))


RULES: dict[str, Callable[[random.Random, Problem], Problem]] = {
    "far": _far,
    "no_road": _no_road,
    "periods": rush_hour,
    "two_yards": two_yards,
    "open_end": open_end,
    "ec_561": driving_law,
    "no_breaks": no_breaks,
    "rest_places": _rest_places,
    "range": _range,
    "at_once": _at_once,
    "max_stops": max_stops,
    "max_drive": max_drive,
    "max_distance": max_distance,
    "span": longest_span,
    "overtime": overtime,
    "underway": out_already,
    "uneven": _uneven,
    "due": _due,
    "releases": _releases,
    "persons": _persons,
    "job_shifts": _job_shifts,
    "published": _published,
    "conflicts": _conflicts,
}
"""What a day may have, in the order in which it is built; relations come after all of them."""
