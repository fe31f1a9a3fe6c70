"""The widest changes that are thought of, from which the smallest is sought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.planning.changes import Change, Kind
from dispatch.planning.insertion import foes_of
from dispatch.planning.problem import job_visit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dispatch.planning.problem import Problem, ProblemJob, ProblemShift, Visit

MOST_HOURS_S = 6 * 3600
"""By how much a shift is made longer at most; the law may allow less."""
MOST_M = 500_000
"""By how much a day's distance or a battery's range is raised at most."""


def widest(problem: Problem, order: Sequence[Visit], job: int, kind: Kind) -> tuple[Change, ...]:
    """Return the widest change of this kind in a problem of one shift; none if nothing changes.

    `order` are the visits of that shift. Capacity changes in every dimension that the job loads.
    """
    on, wanted = problem.shifts[0], problem.jobs[job]
    if kind is Kind.CAPACITY:
        return tuple(
            Change(kind=kind, amount=load, dimension=d)
            for d, load in enumerate(wanted.loads)
            if load > 0
        )
    if kind is Kind.CONFLICT:
        met = foes_of(problem, job) & {visit.index for visit in order}
        return (Change(kind=kind),) if met else ()
    if kind in _OF_RELATIONS:
        return (Change(kind=kind),) if _OF_RELATIONS[kind](problem, job) else ()
    if kind in _PLAIN:
        return (Change(kind=kind),) if _PLAIN[kind](on, wanted) else ()
    amount = _AMOUNTS[kind](problem, on, wanted)
    return (Change(kind=kind, amount=amount),) if amount > 0 else ()


_PLAIN: dict[Kind, Callable[[ProblemShift, ProblemJob], bool]] = {
    Kind.SKILLS: lambda on, job: not job.skills <= on.skills,
    Kind.SHIFTS: lambda _, job: job.shifts is not None and 0 not in job.shifts,
}


def _bound(problem: Problem, job: int) -> bool:
    return any(job_visit(job) in relation.visits for relation in problem.relations)


_OF_RELATIONS: dict[Kind, Callable[[Problem, int], bool]] = {
    Kind.BINDING: _bound,
    Kind.RELATION: lambda problem, _: any(r.shift == 0 for r in problem.relations),
}


def _longer_s(on: ProblemShift) -> int:
    """Return by how much the shift may grow within the law."""
    if on.break_rule is None:
        return MOST_HOURS_S
    rule = on.break_rule
    span_s = on.end_s - (on.underway.began_s if on.underway else on.start_s)
    if on.max_span_s is not None:
        span_s = min(span_s, on.max_span_s)
    return min(MOST_HOURS_S, rule.max_work_s + rule.needed_s(rule.max_work_s) - span_s)


def _earlier_s(on: ProblemShift) -> int:
    return 0 if on.underway else min(_longer_s(on), on.start_s)


_AMOUNTS: dict[Kind, Callable[[Problem, ProblemShift, ProblemJob], int]] = {
    Kind.PERSONS: lambda _, on, job: job.persons - on.persons,
    Kind.RANGE: lambda _, on, __: 0 if on.range_m is None else MOST_M,
    Kind.STOPS: lambda _, on, __: 0 if on.max_stops is None else 1,
    Kind.DRIVE: lambda _, on, __: 0 if on.max_drive_s is None else MOST_HOURS_S,
    Kind.DISTANCE: lambda _, on, __: 0 if on.max_distance_m is None else MOST_M,
    Kind.LATER_END: lambda _, on, __: _longer_s(on),
    Kind.EARLIER_START: lambda _, on, __: _earlier_s(on),
    Kind.WINDOW_LATER: lambda problem, _, __: problem.horizon_s,
    Kind.WINDOW_EARLIER: lambda problem, _, __: problem.horizon_s,
}
