"""How often each facility may be visited in the model: one optional copy per visit."""

from __future__ import annotations

from collections import Counter
from math import ceil
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.fit import can_carry, can_reach, has_skills, helps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.planning.problem import Problem, ProblemFacility, ProblemShift, Visit

CHARGES_PER_SHIFT = 2
"""Charges on the way that a model offers per electric vehicle (assumed: one at noon, one spare)."""


def copies_of(
    problem: Problem, shifts: Sequence[int], start: Iterable[Sequence[Visit]] = ()
) -> list[int]:
    """Return the number of copies per facility, never fewer than the start already uses.

    All loads that the facility's dimensions must take, divided by what its shifts carry, is the
    number of trips; each facility gets its share of them and two to choose from. Chargers share
    the charges of all electric vehicles in the same way.
    """
    used = Counter(
        visit.index for order in start for visit in order if visit.kind is StopKind.RELOAD
    )
    return [max(used[f], _wanted(problem, shifts, f)) for f in range(len(problem.facilities))]


def serves(problem: Problem, shift: ProblemShift, place: ProblemFacility) -> bool:
    """Tell whether the facility empties, refills or charges anything of this shift."""
    return helps(problem, shift, place) or (
        place.charges and shift.range_m is not None and can_reach(problem, shift, place.location)
    )


def _wanted(problem: Problem, shifts: Sequence[int], facility: int) -> int:
    place = problem.facilities[facility]
    served = [s for s in shifts if serves(problem, problem.shifts[s], place)]
    if not served:
        return 0
    trips = max((_trips(problem, served, d) for d in place.dimensions), default=0)
    alike = sum(bool(place.dimensions & other.dimensions) for other in problem.facilities)
    share = min(trips, ceil(trips / alike) + 2) if trips else 0
    return max(share, _charges(problem, served) if place.charges else 0)


def _charges(problem: Problem, served: Sequence[int]) -> int:
    electric = sum(problem.shifts[s].range_m is not None for s in served)
    chargers = sum(place.charges for place in problem.facilities)
    trips = electric * CHARGES_PER_SHIFT
    return min(trips, ceil(trips / chargers) + 2)


def _trips(problem: Problem, served: Sequence[int], dimension: int) -> int:
    """Return how many full loads the jobs of these shifts make, at the smallest vehicle."""
    on = [problem.shifts[s] for s in served if problem.shifts[s].capacities[dimension] > 0]
    demand = sum(
        job.loads[dimension]
        for job in problem.jobs
        if any(has_skills(shift, job) and can_carry(shift, job) for shift in on)
    )
    smallest = min((shift.capacities[dimension] for shift in on), default=0)
    return ceil(demand / smallest) if smallest else 0
