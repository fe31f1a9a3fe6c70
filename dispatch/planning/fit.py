"""Which shift could do which job at all, whatever else it does: the static part of the rules."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from dispatch.planning.problem import job_visit
from dispatch.planning.timing import timetable

if TYPE_CHECKING:
    from dispatch.planning.problem import (
        Problem,
        ProblemFacility,
        ProblemJob,
        ProblemShift,
    )


def has_skills(shift: ProblemShift, job: ProblemJob) -> bool:
    """Tell whether crew and vehicle can do this kind of work."""
    return job.skills <= shift.skills


def can_carry(shift: ProblemShift, job: ProblemJob) -> bool:
    """Tell whether the job's loads fit into the empty (or freshly filled) vehicle."""
    return all(a <= b for a, b in zip(job.loads, shift.capacities, strict=True))


def can_reach(problem: Problem, shift: ProblemShift, location: int) -> bool:
    """Tell whether roads lead from the shift's start to the place and on to its end."""
    there = problem.travel_s(shift, shift.start_location, location)
    back = problem.travel_s(shift, location, shift.end_location)
    return there >= 0 and back >= 0


def in_time_alone(problem: Problem, shift: ProblemShift, job: int) -> bool:
    """Tell whether the shift keeps all times if this job is all it does."""
    return timetable(problem, shift, (job_visit(job),)).kept


def allowed_shifts(problem: Problem, job: int) -> tuple[int, ...]:
    """Return the shifts that could do the job if they did nothing else."""
    first = first_alike(problem.shifts)
    able = {f: _could_do(problem, problem.shifts[f], job) for f in set(first)}
    return tuple(shift for shift, f in enumerate(first) if able[f])


@lru_cache(maxsize=4)
def first_alike(shifts: tuple[ProblemShift, ...]) -> tuple[int, ...]:
    """Return for every shift the first one that equals it: a fleet has many equal shifts."""
    first: dict[ProblemShift, int] = {}
    return tuple(first.setdefault(shift, number) for number, shift in enumerate(shifts))


def _could_do(problem: Problem, shift: ProblemShift, job: int) -> bool:
    wanted = problem.jobs[job]
    return (
        has_skills(shift, wanted)
        and can_carry(shift, wanted)
        and can_reach(problem, shift, wanted.location)
        and in_time_alone(problem, shift, job)
    )


def helps(problem: Problem, shift: ProblemShift, facility: ProblemFacility) -> bool:
    """Tell whether the shift carries anything that this facility empties or refills."""
    useful = any(shift.capacities[d] > 0 for d in facility.dimensions)
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
