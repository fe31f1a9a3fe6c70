"""Seeded random days with every rule of a problem switched on at random, never impossible ones.

A day begins as one of `days.a_day`; each rule then changes shifts, jobs or facilities. Amounts are
drawn so that rules bind on many days: limits near what a shift would use, charges for half a day.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dispatch.planning.costs import required_extra_ueur
from dispatch.planning.law import EC_561
from dispatch.planning.problem import ANYWHERE, Matrix, Period, Problem, ProblemFacility, Underway
from scenarios.bench.days import EUR, HORIZON_S, a_day
from scenarios.bench.random_relations import with_relations, without_dead_ends

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.planning.problem import ProblemJob, ProblemShift

HOUR_S = 3600
CHARGER, REST_PLACE, OTHER_YARD = 5, 6, 6
"""Places of `a_day` that no job has; the other yard has room for resting crews."""
SHARE_ON = 0.35
"""How often a rule is on: about eight of them on a day, any two together on every eighth."""
SHARE_OF_SHIFTS, SHARE_OF_JOBS = 0.6, 0.3
"""Of the shifts and jobs of a day, how many a rule concerns."""


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


def _each_shift(
    rng: random.Random, problem: Problem, change: Callable[[ProblemShift], ProblemShift]
) -> Problem:
    shifts = tuple(
        change(shift) if rng.random() < SHARE_OF_SHIFTS else shift for shift in problem.shifts
    )
    return replace(problem, shifts=shifts)


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


def _periods(rng: random.Random, problem: Problem) -> Problem:
    """Add a rush hour: slower legs from some second on, the usual ones again later."""
    slow = tuple(
        Matrix(
            duration_s=one.duration_s + (one.duration_s > 0) * (one.duration_s * 2 // 3),
            distance_m=one.distance_m,
        )
        for one in problem.matrices
    )

    def change(shift: ProblemShift) -> ProblemShift:
        begins_s = rng.randrange(7, 12) * HOUR_S + 60 * rng.randrange(60)
        rush = Period(from_s=begins_s, matrix=shift.matrix + len(slow))
        calm = Period(from_s=begins_s + rng.choice((1, 2)) * HOUR_S, matrix=shift.matrix)
        return replace(shift, periods=(rush, calm))

    return _each_shift(rng, replace(problem, matrices=(*problem.matrices, *slow)), change)


def _two_yards(rng: random.Random, problem: Problem) -> Problem:
    return _each_shift(
        rng,
        problem,
        lambda shift: replace(
            shift, start_location=OTHER_YARD, end_location=rng.choice((0, OTHER_YARD))
        ),
    )


def _open_end(rng: random.Random, problem: Problem) -> Problem:
    return _each_shift(rng, problem, lambda shift: replace(shift, end_location=ANYWHERE))


def _ec_561(rng: random.Random, problem: Problem) -> Problem:
    return _each_shift(rng, problem, lambda shift: replace(shift, break_rule=EC_561))


def _no_breaks(rng: random.Random, problem: Problem) -> Problem:
    return _each_shift(rng, problem, lambda shift: replace(shift, break_rule=None))


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
    return _each_shift(rng, more, lambda shift: replace(shift, rest_places=places))


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
    return _each_shift(
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


def _max_stops(rng: random.Random, problem: Problem) -> Problem:
    return _each_shift(rng, problem, lambda shift: replace(shift, max_stops=rng.randint(2, 12)))


def _max_drive(rng: random.Random, problem: Problem) -> Problem:
    return _each_shift(
        rng, problem, lambda shift: replace(shift, max_drive_s=rng.randrange(3600, 14_400, 300))
    )


def _max_distance(rng: random.Random, problem: Problem) -> Problem:
    return _each_shift(
        rng,
        problem,
        lambda shift: replace(shift, max_distance_m=rng.randrange(30_000, 110_000, 1000)),
    )


def _span(rng: random.Random, problem: Problem) -> Problem:
    return _each_shift(
        rng, problem, lambda shift: replace(shift, max_span_s=rng.randrange(4, 9) * HOUR_S)
    )


def _overtime(rng: random.Random, problem: Problem) -> Problem:
    return _each_shift(
        rng,
        problem,
        lambda shift: replace(
            shift,
            overtime_from_s=shift.end_s - rng.randrange(1, 5) * HOUR_S,
            overtime_ueur_per_s=rng.choice((3_000, 12_500)),
        ),
    )


def _underway(rng: random.Random, problem: Problem) -> Problem:
    places = len(problem.matrices[0].duration_s)

    def change(shift: ProblemShift) -> ProblemShift:
        out_s = rng.randrange(1, 5) * HOUR_S
        rested_s = rng.choice((0, 900, 1800)) if out_s > 2 * HOUR_S else 0
        driven_s = rng.randrange(0, out_s // 2, 60)
        behind = Underway(
            began_s=shift.start_s,
            loads=tuple(rng.randint(0, most) for most in shift.capacities),
            rest_end_s=shift.start_s + (2 * HOUR_S if rested_s else 0),
            rested_s=rested_s,
            driven_s=driven_s,
            driven_since_s=driven_s // 2 if rested_s else driven_s,
            half_rest=rested_s == 900,
            distance_m=7 * driven_s,
            charged_m=5 * driven_s,
            stops=rng.randint(0, 4),
        )
        place = rng.randrange(places)
        return replace(shift, start_s=shift.start_s + out_s, start_location=place, underway=behind)

    return _each_shift(rng, problem, change)


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
    pairs = _each_shift(rng, problem, lambda shift: replace(shift, persons=2))
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
    "periods": _periods,
    "two_yards": _two_yards,
    "open_end": _open_end,
    "ec_561": _ec_561,
    "no_breaks": _no_breaks,
    "rest_places": _rest_places,
    "range": _range,
    "at_once": _at_once,
    "max_stops": _max_stops,
    "max_drive": _max_drive,
    "max_distance": _max_distance,
    "span": _span,
    "overtime": _overtime,
    "underway": _underway,
    "uneven": _uneven,
    "due": _due,
    "releases": _releases,
    "persons": _persons,
    "job_shifts": _job_shifts,
    "published": _published,
    "conflicts": _conflicts,
}
"""What a day may have, in the order in which it is built; relations come after all of them."""
