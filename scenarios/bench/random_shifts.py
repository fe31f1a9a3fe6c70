"""What random days change about shifts: places, hours, limits, law, and what lies behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.planning.law import EC_561
from dispatch.planning.problem import ANYWHERE, Matrix, Period, Underway

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from dispatch.planning.problem import Problem, ProblemShift

HOUR_S = 3600
OTHER_YARD = 6
"""A place of `a_day` that no job has."""
SHARE_OF_SHIFTS = 0.6
"""How many shifts of a day a rule concerns."""


def each_shift(
    rng: random.Random, problem: Problem, change: Callable[[ProblemShift], ProblemShift]
) -> Problem:
    """Return the day with some of its shifts changed."""
    shifts = tuple(
        change(shift) if rng.random() < SHARE_OF_SHIFTS else shift for shift in problem.shifts
    )
    return replace(problem, shifts=shifts)


def two_yards(rng: random.Random, problem: Problem) -> Problem:
    """Let some shifts start, or start and end, at another yard."""
    return each_shift(
        rng,
        problem,
        lambda shift: replace(
            shift, start_location=OTHER_YARD, end_location=rng.choice((0, OTHER_YARD))
        ),
    )


def open_end(rng: random.Random, problem: Problem) -> Problem:
    """Let some shifts end wherever their last stop is."""
    return each_shift(rng, problem, lambda shift: replace(shift, end_location=ANYWHERE))


def driving_law(rng: random.Random, problem: Problem) -> Problem:
    """Bind some crews by the driving law too."""
    return each_shift(rng, problem, lambda shift: replace(shift, break_rule=EC_561))


def no_breaks(rng: random.Random, problem: Problem) -> Problem:
    """Free some crews of breaks."""
    return each_shift(rng, problem, lambda shift: replace(shift, break_rule=None))


def max_stops(rng: random.Random, problem: Problem) -> Problem:
    """Limit the jobs of some shifts."""
    return each_shift(rng, problem, lambda shift: replace(shift, max_stops=rng.randint(2, 12)))


def max_drive(rng: random.Random, problem: Problem) -> Problem:
    """Limit the driving of some shifts."""
    return each_shift(
        rng, problem, lambda shift: replace(shift, max_drive_s=rng.randrange(3600, 14_400, 300))
    )


def max_distance(rng: random.Random, problem: Problem) -> Problem:
    """Limit the way of some shifts."""
    return each_shift(
        rng,
        problem,
        lambda shift: replace(shift, max_distance_m=rng.randrange(30_000, 110_000, 1000)),
    )


def longest_span(rng: random.Random, problem: Problem) -> Problem:
    """Limit the hours of some shifts, which may then begin later."""
    return each_shift(
        rng, problem, lambda shift: replace(shift, max_span_s=rng.randrange(4, 9) * HOUR_S)
    )


def overtime(rng: random.Random, problem: Problem) -> Problem:
    """Let overtime begin before some shifts end."""
    return each_shift(
        rng,
        problem,
        lambda shift: replace(
            shift,
            overtime_from_s=shift.end_s - rng.randrange(1, 5) * HOUR_S,
            overtime_ueur_per_s=rng.choice((3_000, 12_500)),
        ),
    )


def out_already(rng: random.Random, problem: Problem) -> Problem:
    """Put some shifts on the road, with loads, driving and breaks behind them."""
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

    return each_shift(rng, problem, change)


def rush_hour(rng: random.Random, problem: Problem) -> Problem:
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

    return each_shift(rng, replace(problem, matrices=(*problem.matrices, *slow)), change)
