"""Faults of places: facilities, locations and travel matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.domain.errors import Issue
from dispatch.planning.problem import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.planning.problem import Problem


def p301_facility(problem: Problem) -> Iterator[Issue]:
    """Yield facilities never open long enough, with no room, or that reset unknown dimensions."""
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
        if place.at_once is not None and place.at_once < 1:
            yield _issue(
                "P301",
                f"facility {number}",
                f"it serves {place.at_once} vehicles at once",
                "Use one or more, or none for no limit",
            )


def p301_rest_places(problem: Problem) -> Iterator[Issue]:
    """Yield shifts that are to rest at a facility which is not there."""
    known = set(range(len(problem.facilities)))
    for number, shift in enumerate(problem.shifts):
        for place in sorted((shift.rest_places or frozenset()) - known):
            yield _issue(
                "P301",
                f"shift {number}",
                f"there is no facility {place} to rest at",
                "Correct the index",
            )


def p401_locations(problem: Problem) -> Iterator[Issue]:
    """Yield everything that refers to a matrix or a location which is not there."""
    for number, shift in enumerate(problem.shifts):
        used = {shift.matrix, *(period.matrix for period in shift.periods)}
        for matrix in sorted(used - set(range(len(problem.matrices)))):
            yield _issue(
                "P401", f"shift {number}", f"there is no matrix {matrix}", "Correct the index"
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


def _places(problem: Problem) -> Iterator[tuple[str, int]]:
    for number, job in enumerate(problem.jobs):
        yield f"job {number}", job.location
    for number, shift in enumerate(problem.shifts):
        yield f"shift {number}", shift.start_location
        if shift.end_location != ANYWHERE:
            yield f"shift {number}", shift.end_location
    for number, place in enumerate(problem.facilities):
        yield f"facility {number}", place.location


def _issue(code: str, subject: str, cause: str, action: str) -> Issue:
    return Issue(code=code, subject=subject, cause=cause, action=action)
