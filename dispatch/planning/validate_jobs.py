"""Faults of jobs: windows, amounts, the shifts they name, and their conflicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.errors import Issue
from dispatch.planning.problem import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.planning.problem import Problem


def p101_job_windows(problem: Problem) -> Iterator[Issue]:
    """Yield jobs without a window, or with one that is inverted or outside the horizon."""
    for number, job in enumerate(problem.jobs):
        if not job.windows:
            yield _issue("P101", number, "it has no time window", "Give it one window")
        for window in job.windows:
            if not 0 <= window.earliest_s <= window.latest_s <= problem.horizon_s:
                yield _issue(
                    "P101",
                    number,
                    f"window {window.earliest_s}..{window.latest_s} s is inverted or outside "
                    f"the horizon of {problem.horizon_s} s",
                    "Clip windows to the day and leave out empty ones",
                )


def p102_job_amounts(problem: Problem) -> Iterator[Issue]:
    """Yield jobs with impossible times, prices, loads or persons, or the wrong number of loads."""
    for number, job in enumerate(problem.jobs):
        times = (job.service_s, job.setup_s, job.release_s)
        prices = (job.leave_price_ueur, job.late_ueur_per_s, job.move_ueur)
        if min(*times, *prices, *job.loads) < 0:
            yield _issue("P102", number, "a time, load or price is negative", "Use zero or more")
        if job.persons < 1:
            yield _issue("P102", number, f"it asks for {job.persons} persons", "Use one or more")
        if len(job.loads) != problem.dimensions:
            yield _issue(
                "P102",
                number,
                f"{len(job.loads)} loads for {problem.dimensions} dimensions",
                "Give one amount per dimension",
            )


def p104_job_shifts(problem: Problem) -> Iterator[Issue]:
    """Yield jobs that are bound to no shift at all, or that name a shift which is not there."""
    shifts = range(len(problem.shifts))
    for number, job in enumerate(problem.jobs):
        if job.shifts is not None and not job.shifts:
            yield _issue(
                "P104",
                number,
                "no shift may do it",
                "Leave it out of the problem, or give it no restriction",
            )
        published = set() if job.published == NOTHING else {job.published}
        for shift in sorted((published | (job.shifts or frozenset())) - set(shifts)):
            yield _issue("P104", number, f"there is no shift {shift}", "Correct the index")


def p105_conflicts(problem: Problem) -> Iterator[Issue]:
    """Yield conflicts of a job with itself, or with a job that is not there."""
    for one, other in problem.conflicts:
        for job in sorted({one, other} - set(range(len(problem.jobs)))):
            yield _issue("P105", job, "a conflict names it, it is not there", "Correct the index")
        if one == other:
            yield _issue("P105", one, "it is in conflict with itself", "Name two jobs")


def p106_job_due(problem: Problem) -> Iterator[Issue]:
    """Yield jobs that are due outside the horizon."""
    for number, job in enumerate(problem.jobs):
        if job.due_s is not None and not 0 <= job.due_s <= problem.horizon_s:
            yield _issue(
                "P106",
                number,
                f"due at {job.due_s} s, outside the horizon of {problem.horizon_s} s",
                "Clip it to the day, or give no time if it is not due that day",
            )


def _issue(code: str, job: int, cause: str, action: str) -> Issue:
    return Issue(code=code, subject=f"job {job}", cause=cause, action=action)
