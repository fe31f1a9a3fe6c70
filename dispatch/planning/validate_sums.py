"""Faults of the sums: required jobs come first, and all prices can be counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.domain.errors import Issue
from dispatch.planning.costs import required_extra_ueur

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.planning.problem import Problem

GREATEST_UEUR = 2**60
"""The solver counts in 64-bit integers; beyond this a sum of penalties could overflow."""


def p503_required_first(problem: Problem) -> Iterator[Issue]:
    """Yield a surcharge too small to put required jobs first, or too great to count with."""
    least = required_extra_ueur(
        problem.jobs,
        problem.shifts,
        problem.matrices,
        uneven_ueur_per_s=problem.uneven_ueur_per_s,
    )
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


def _issue(code: str, subject: str, cause: str, action: str) -> Issue:
    return Issue(code=code, subject=subject, cause=cause, action=action)
