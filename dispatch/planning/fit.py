"""Which shift could do which job at all, whatever else it does: the static part of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.domain.plan import StopKind
from dispatch.planning.kernel.alone import could_do
from dispatch.planning.kernel.labels import (
    bench_for,
)
from dispatch.planning.kernel.tables import tables_of
from dispatch.planning.problem import job_visit
from dispatch.planning.recent import of_recent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.planning.problem import Problem, ProblemFacility, ProblemJob, ProblemShift


def has_skills(shift: ProblemShift, job: ProblemJob) -> bool:
    """Tell whether crew and vehicle can do this kind of work."""
    return job.skills <= shift.skills


def has_persons(shift: ProblemShift, job: ProblemJob) -> bool:
    """Tell whether the crew is large enough."""
    return job.persons <= shift.persons


def may_serve(problem: Problem, shift: int, job: int) -> bool:
    """Tell whether the job's list of shifts and the relations allow this one."""
    only = problem.jobs[job].shifts
    visit = job_visit(job)
    bound = {r.shift for r in problem.relations if visit in r.visits}
    return (only is None or shift in only) and bound <= {shift}


def can_carry(shift: ProblemShift, job: ProblemJob) -> bool:
    """Tell whether the job's loads fit into the empty (or freshly filled) vehicle."""
    return all(a <= b for a, b in zip(job.loads, shift.capacities, strict=True))


def can_reach(problem: Problem, shift: ProblemShift, location: int) -> bool:
    """Tell whether roads lead from the shift's start to the place and on to its end."""
    there = problem.travel_s(shift, shift.start_location, location)
    back = problem.travel_s(shift, location, shift.end_location)
    return there >= 0 and back >= 0


def allowed_shifts(problem: Problem, job: int) -> tuple[int, ...]:
    """Return the shifts that could do the job if they did nothing else."""
    return tuple(np.flatnonzero(allowed(problem)[job]).tolist())


@of_recent
def allowed(problem: Problem) -> NDArray[np.int64]:
    """Return 1 where a shift could do a job if it did nothing else, (jobs, shifts)."""
    able = np.zeros((len(problem.jobs), len(problem.shifts)), dtype=np.int64)
    for number, shift in enumerate(problem.shifts):
        for job, wanted in enumerate(problem.jobs):
            only = wanted.shifts
            able[job, number] = (
                has_skills(shift, wanted)
                and has_persons(shift, wanted)
                and can_carry(shift, wanted)
                and (only is None or number in only)
            )
    pinned = pinned_shifts(problem)
    for job, only_on in pinned.items():
        able[job, np.arange(len(problem.shifts)) != only_on] = 0
    if able.size:
        bench = bench_for(1, len(problem.jobs) + len(problem.facilities), 0)
        # Shifts that equal each other may still differ in what they are allowed by number.
        named = pinned or any(job.shifts is not None for job in problem.jobs)
        alike = list(range(len(problem.shifts))) if named else first_alike(problem.shifts)
        route = np.zeros(1, dtype=np.int64)
        could_do(tables_of(problem), bench, able, np.array(alike, dtype=np.int64), route)
    return able


def pinned_shifts(problem: Problem) -> dict[int, int]:
    """Return the shift of every job that a relation binds to one."""
    return {
        visit.index: relation.shift
        for relation in problem.relations
        for visit in relation.visits
        if visit.kind is StopKind.JOB
    }


def first_alike(shifts: tuple[ProblemShift, ...]) -> tuple[int, ...]:
    """Return for every shift the first one that equals it: a fleet has many equal shifts."""
    first: dict[ProblemShift, int] = {}
    return tuple(first.setdefault(shift, number) for number, shift in enumerate(shifts))


def helps(problem: Problem, shift: ProblemShift, facility: ProblemFacility) -> bool:
    """Tell whether the shift carries anything that this facility empties, refills or charges."""
    useful = any(shift.capacities[d] > 0 for d in facility.dimensions)
    useful = useful or (facility.charges and shift.range_m is not None)
    return useful and can_reach(problem, shift, facility.location)


def usable(problem: Problem) -> tuple[int, ...]:
    """Return the shifts whose way from start to end exists and fits into their interval."""
    return tuple(
        number
        for number, shift in enumerate(problem.shifts)
        if 0
        <= problem.travel_s(shift, shift.start_location, shift.end_location)
        <= shift.end_s - shift.start_s
    )
