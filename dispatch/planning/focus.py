"""One route and one job as a problem of its own, so that a change is tried in no time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dispatch.domain.plan import StopKind
from dispatch.planning.problem import ANYWHERE, NOTHING, Matrix, Problem, Visit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.planning.problem import ProblemJob, ProblemShift, Relation

ELSEWHERE = 1
"""In a focus, the number of every shift but its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """A problem of one shift, number 0, its order, and the job that is to be added."""

    problem: Problem
    order: tuple[Visit, ...]
    job: int


def focus(problem: Problem, shift: int, order: Sequence[Visit], job: int) -> Focus:
    """Return what of the problem matters for adding the job to that order of the shift.

    Jobs and places that are not on the route go; facilities stay. A relation of the shift stays
    if all its jobs do, and one that binds the job to another shift does too.
    """
    on_route = [visit.index for visit in order if visit.kind is StopKind.JOB]
    numbers = {old: new for new, old in enumerate([*on_route, job])}
    places = _places(problem, shift, numbers)
    return Focus(
        problem=replace(
            problem,
            jobs=tuple(_job(problem.jobs[old], shift, places) for old in numbers),
            shifts=(_shift(problem.shifts[shift], places),),
            facilities=tuple(
                replace(place, location=places[place.location]) for place in problem.facilities
            ),
            matrices=tuple(_cut(matrix, list(places)) for matrix in problem.matrices),
            relations=tuple(_relations(problem, shift, numbers)),
            conflicts=tuple(
                (numbers[a], numbers[b])
                for a, b in problem.conflicts
                if a in numbers and b in numbers
            ),
        ),
        order=tuple(_renumbered(visit, numbers) for visit in order),
        job=numbers[job],
    )


def _places(problem: Problem, shift: int, jobs: Mapping[int, int]) -> dict[int, int]:
    on = problem.shifts[shift]
    used = [on.start_location, on.end_location, *(f.location for f in problem.facilities)]
    used += [problem.jobs[job].location for job in jobs]
    named = dict.fromkeys(place for place in used if place != ANYWHERE)
    return {old: new for new, old in enumerate(named)}


def _job(job: ProblemJob, shift: int, places: Mapping[int, int]) -> ProblemJob:
    shifts = None if job.shifts is None else frozenset({0} if shift in job.shifts else {ELSEWHERE})
    published = job.published
    if published != NOTHING:
        published = 0 if published == shift else ELSEWHERE
    return replace(job, location=places[job.location], shifts=shifts, published=published)


def _shift(shift: ProblemShift, places: Mapping[int, int]) -> ProblemShift:
    end = shift.end_location
    return replace(
        shift,
        start_location=places[shift.start_location],
        end_location=end if end == ANYWHERE else places[end],
    )


def _cut(matrix: Matrix, places: Sequence[int]) -> Matrix:
    cut = np.ix_(places, places)
    return Matrix(duration_s=matrix.duration_s[cut], distance_m=matrix.distance_m[cut])


def _relations(problem: Problem, shift: int, numbers: Mapping[int, int]) -> list[Relation]:
    """Return relations of the route with their visits renumbered; partly planned ones go."""
    kept = []
    for relation in problem.relations:
        jobs = [visit.index for visit in relation.visits if visit.kind is StopKind.JOB]
        number = 0 if relation.shift == shift else ELSEWHERE
        if all(job in numbers for job in jobs) or number == ELSEWHERE:
            visits = tuple(
                _renumbered(visit, numbers)
                for visit in relation.visits
                if visit.kind is not StopKind.JOB or visit.index in numbers
            )
            if visits:
                kept.append(replace(relation, shift=number, visits=visits))
    return kept


def _renumbered(visit: Visit, numbers: Mapping[int, int]) -> Visit:
    return replace(visit, index=numbers[visit.index]) if visit.kind is StopKind.JOB else visit
