"""Every fault of a problem at once, each with a P-code and its cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.domain.errors import Issue
from dispatch.planning.costs import required_extra_ueur

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dispatch.planning.problem import Problem

GREATEST_UEUR = 2**60
"""The solver counts in 64-bit integers; beyond this a sum of penalties could overflow."""


def validate(problem: Problem) -> list[Issue]:
    """Return all faults of the problem, in the order of the checks; empty if it is sound.

    Places and matrices come first: while they are broken, nothing built on them is looked at.
    """
    broken = [issue for check in FIRST_CHECKS for issue in check(problem)]
    return broken or [issue for check in CHECKS for issue in check(problem)]


def p101_job_windows(problem: Problem) -> Iterator[Issue]:
    """Yield jobs without a window, or with one that is inverted or outside the horizon."""
    for number, job in enumerate(problem.jobs):
        if not job.windows:
            yield _issue("P101", f"job {number}", "it has no time window", "Give it one window")
        for window in job.windows:
            if not 0 <= window.earliest_s <= window.latest_s <= problem.horizon_s:
                yield _issue(
                    "P101",
                    f"job {number}",
                    f"window {window.earliest_s}..{window.latest_s} s is inverted or outside "
                    f"the horizon of {problem.horizon_s} s",
                    "Clip windows to the day and leave out empty ones",
                )


def p102_job_amounts(problem: Problem) -> Iterator[Issue]:
    """Yield jobs with negative times, prices or loads, or loads of the wrong length."""
    for number, job in enumerate(problem.jobs):
        amounts = (job.service_s, job.setup_s, job.release_s, job.leave_price_ueur, *job.loads)
        if min(amounts) < 0:
            yield _issue(
                "P102", f"job {number}", "a time, load or price is negative", "Use zero or more"
            )
        if len(job.loads) != problem.dimensions:
            yield _issue(
                "P102",
                f"job {number}",
                f"{len(job.loads)} loads for {problem.dimensions} dimensions",
                "Give one amount per dimension",
            )


def p201_shift_interval(problem: Problem) -> Iterator[Issue]:
    """Yield shifts that end before they start or lie outside the horizon."""
    for number, shift in enumerate(problem.shifts):
        if not 0 <= shift.start_s < shift.end_s <= problem.horizon_s:
            yield _issue(
                "P201",
                f"shift {number}",
                f"{shift.start_s}..{shift.end_s} s is inverted or outside the horizon of "
                f"{problem.horizon_s} s",
                "Plan each shift on the day on which it starts",
            )
        if shift.max_span_s is not None and shift.max_span_s <= 0:
            yield _issue(
                "P201",
                f"shift {number}",
                f"its longest span is {shift.max_span_s} s",
                "Use more than zero, or none for no limit",
            )


def p202_shift_amounts(problem: Problem) -> Iterator[Issue]:
    """Yield shifts with negative rates or capacities, or capacities of the wrong length."""
    for number, shift in enumerate(problem.shifts):
        amounts = (shift.crew_ueur_per_s, shift.ueur_per_m, shift.use_ueur, *shift.capacities)
        if min(amounts) < 0:
            yield _issue(
                "P202", f"shift {number}", "a rate or capacity is negative", "Use zero or more"
            )
        if len(shift.capacities) != problem.dimensions:
            yield _issue(
                "P202",
                f"shift {number}",
                f"{len(shift.capacities)} capacities for {problem.dimensions} dimensions",
                "Give one capacity per dimension, zero for what it cannot carry",
            )


def p203_shift_lawful(problem: Problem) -> Iterator[Issue]:
    """Yield shifts longer than the law allows even with their break."""
    for number, shift in enumerate(problem.shifts):
        rule, span_s = shift.break_rule, shift.end_s - shift.start_s
        if rule and span_s - rule.reserve_s(span_s) > rule.max_work_s:
            yield _issue(
                "P203",
                f"shift {number}",
                f"{span_s / 3600:.2f} h is more than {rule.max_work_s / 3600:.0f} h of work "
                "and the break",
                "Shorten the shift",
            )


def p301_facility(problem: Problem) -> Iterator[Issue]:
    """Yield facilities that are never open long enough, or that reset unknown dimensions."""
    for number, place in enumerate(problem.facilities):
        if place.service_s < 0 or not 0 <= place.opens_s <= place.closes_s - place.service_s:
            yield _issue(
                "P301",
                f"facility {number}",
                f"open {place.opens_s}..{place.closes_s} s with {place.service_s} s of service",
                "Its service must fit into its hours",
            )
        if not place.dimensions <= set(range(problem.dimensions)):
            yield _issue(
                "P301", f"facility {number}", "it resets an unknown dimension", "Correct the index"
            )


def p401_locations(problem: Problem) -> Iterator[Issue]:
    """Yield everything that refers to a matrix or a location which is not there."""
    for number, shift in enumerate(problem.shifts):
        if not 0 <= shift.matrix < len(problem.matrices):
            yield _issue(
                "P401", f"shift {number}", f"there is no matrix {shift.matrix}", "Correct the index"
            )
    sizes = [len(matrix.duration_s) for matrix in problem.matrices]
    size = min(sizes, default=None)
    if size is None:
        return
    for subject, location in _places(problem):
        if not 0 <= location < size:
            yield _issue(
                "P401",
                subject,
                f"location {location} is not among the {size} of the matrix",
                "Compute the matrix for all places of the problem",
            )


def p402_matrices(problem: Problem) -> Iterator[Issue]:
    """Yield matrices of the wrong shape or type, or with impossible entries."""
    for number, matrix in enumerate(problem.matrices):
        tables = (matrix.duration_s, matrix.distance_m)
        shape = matrix.duration_s.shape
        if any(t.shape != shape or t.ndim != 2 or t.shape[0] != t.shape[1] for t in tables):
            yield _issue("P402", f"matrix {number}", "it is not square", "Use (n, n) for both")
        elif any(t.dtype.kind != "i" or (t < -1).any() or np.diag(t).any() for t in tables):
            yield _issue(
                "P402",
                f"matrix {number}",
                "entries must be integers of at least -1, zero on the diagonal",
                "Round up, mark missing roads with -1",
            )
        elif ((tables[0] < 0) != (tables[1] < 0)).any():
            yield _issue(
                "P402",
                f"matrix {number}",
                "a pair has a duration but no distance, or the reverse",
                "Mark a missing road in both tables",
            )
        elif ((tables[0] == 0) & (tables[1] > 0)).any():
            yield _issue(
                "P402", f"matrix {number}", "some metres take no time", "Round durations up"
            )


def p503_required_first(problem: Problem) -> Iterator[Issue]:
    """Yield a surcharge too small to put required jobs first, or too great to count with."""
    least = required_extra_ueur(problem.jobs, problem.shifts, problem.matrices)
    if problem.required_extra_ueur < least:
        yield _issue(
            "P503",
            "required jobs",
            f"their surcharge of {problem.required_extra_ueur} ueur is below {least}",
            "Use costs.required_extra_ueur",
        )
    if not countable(problem):
        yield _issue(
            "P504",
            "required jobs",
            "their surcharge is too great for 64-bit sums",
            "Look for a price or rate with a wrong unit",
        )


def countable(problem: Problem) -> bool:
    """Tell whether the surcharges of all jobs together fit into the solver's 64-bit sums."""
    return (len(problem.jobs) + 1) * problem.required_extra_ueur <= GREATEST_UEUR


def _places(problem: Problem) -> Iterator[tuple[str, int]]:
    for number, job in enumerate(problem.jobs):
        yield f"job {number}", job.location
    for number, shift in enumerate(problem.shifts):
        yield f"shift {number}", shift.start_location
        yield f"shift {number}", shift.end_location
    for number, place in enumerate(problem.facilities):
        yield f"facility {number}", place.location


def _issue(code: str, subject: str, cause: str, action: str) -> Issue:
    return Issue(code=code, subject=subject, cause=cause, action=action)


FIRST_CHECKS: tuple[Callable[[Problem], Iterable[Issue]], ...] = (
    p402_matrices,
    p401_locations,
    p102_job_amounts,
    p202_shift_amounts,
)
CHECKS: tuple[Callable[[Problem], Iterable[Issue]], ...] = (
    p101_job_windows,
    p201_shift_interval,
    p203_shift_lawful,
    p301_facility,
    p503_required_first,
)
