"""Remembering what was made of the last few problems: many small questions are asked of one."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.planning.problem import Problem

Made = TypeVar("Made")

KEPT = 4


def of_recent(make: Callable[[Problem], Made]) -> Callable[[Problem], Made]:
    """Return the function with a memory of the last few problems, told apart by identity.

    Comparing problems by value would take longer than most of what is made of them.
    """
    recent: list[tuple[Problem, Made]] = []

    @wraps(make)
    def remembered(problem: Problem) -> Made:
        for known, made in recent:
            if known is problem:
                return made
        made = make(problem)
        recent.append((problem, made))
        del recent[:-KEPT]
        return made

    return remembered
