"""All reasons why a job is not in a plan, each with the change that takes it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.planning.causes import Cause, cause_of
from dispatch.planning.changes import Change, Kind, ProblemRemedy
from dispatch.planning.remedies import CURES, remedies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.problem import Problem, Visit

CODES: dict[Kind, str] = {
    Kind.SKILLS: "no_skill",
    Kind.PERSONS: "no_crew_size",
    Kind.SHIFTS: "not_allowed",
    Kind.BINDING: "not_allowed",
    Kind.CAPACITY: "no_room",
    Kind.RANGE: "no_range",
    Kind.STOPS: "limit",
    Kind.DRIVE: "limit",
    Kind.DISTANCE: "limit",
    Kind.LATER_END: "no_time",
    Kind.EARLIER_START: "no_time",
    Kind.WINDOW_LATER: "no_time",
    Kind.WINDOW_EARLIER: "no_time",
    Kind.CONFLICT: "conflict",
    Kind.RELATION: "relation",
    Kind.PRICE: "left_on_cost",
}
"""The reason that each kind of change takes away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Why a job was left, and what would get it in.

    `cause` is what was found without any change, `code` the reason that is named first: the
    cause's, unless the smallest remedy does not touch it. With the `further` reasons it says what
    the smallest remedy changes, no more and no less; `beyond` are its changes that the cause
    does not name. Without a remedy only the cause is known.
    """

    cause: Cause
    code: str
    further: tuple[str, ...] = ()
    beyond: tuple[Change, ...] = ()
    remedies: tuple[ProblemRemedy, ...] = ()


def diagnose(
    problem: Problem, orders: Sequence[Sequence[Visit]], job: int, *, most: int = 3
) -> Diagnosis:
    """Return why the job is in none of these orders, with up to so many remedies."""
    cause = cause_of(problem, orders, job)
    found = remedies(problem, orders, job, cause=cause, most=most)
    if not found:
        return Diagnosis(cause=cause, code=cause.code)
    changes = found[0].changes
    own = {kind for kinds in CURES.get(cause.code, ((Kind.PRICE,),)) for kind in kinds}
    beyond = tuple(change for change in changes if change.kind not in own)
    named = len(beyond) < len(changes)
    codes = tuple(dict.fromkeys(CODES[change.kind] for change in beyond))
    return Diagnosis(
        cause=cause,
        code=cause.code if named else codes[0],
        further=codes if named else codes[1:],
        beyond=beyond,
        remedies=found,
    )
