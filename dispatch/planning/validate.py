"""Every fault of a problem at once, each with a P-code and its cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.planning.validate_jobs import (
    p101_job_windows,
    p102_job_amounts,
    p104_job_shifts,
    p105_conflicts,
    p106_job_due,
)
from dispatch.planning.validate_places import (
    p301_facility,
    p301_rest_places,
    p401_locations,
    p402_matrices,
)
from dispatch.planning.validate_relations import (
    p701_relation_members,
    p702_relation_twice,
    p703_relation_alone,
    p704_relation_conflict,
)
from dispatch.planning.validate_shifts import (
    p201_shift_interval,
    p202_shift_amounts,
    p203_shift_lawful,
    p205_underway,
)
from dispatch.planning.validate_sums import countable, p503_required_first

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dispatch.domain.errors import Issue
    from dispatch.planning.problem import Problem

__all__ = ["countable", "validate"]


def validate(problem: Problem) -> list[Issue]:
    """Return all faults of the problem, in the order of the checks; empty if it is sound.

    Places, indices and amounts come first, whole relations last: while a stage has faults, what
    is built on it is not looked at.
    """
    for stage in STAGES:
        found = [issue for check in stage for issue in check(problem)]
        if found:
            return found
    return []


STAGES: tuple[tuple[Callable[[Problem], Iterable[Issue]], ...], ...] = (
    (
        p402_matrices,
        p401_locations,
        p102_job_amounts,
        p104_job_shifts,
        p105_conflicts,
        p202_shift_amounts,
        p301_rest_places,
        p701_relation_members,
    ),
    (
        p101_job_windows,
        p106_job_due,
        p201_shift_interval,
        p203_shift_lawful,
        p205_underway,
        p301_facility,
        p503_required_first,
        p702_relation_twice,
        p704_relation_conflict,
    ),
    (p703_relation_alone,),
)
