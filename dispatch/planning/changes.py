"""Changes of a problem that may get a job in, as values, and the problem with them made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.planning.costs import required_extra_ueur
from dispatch.planning.problem import NOTHING, Window, job_visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dispatch.planning.problem import Problem, ProblemJob, ProblemShift


class Kind(StrEnum):
    """What is changed: of the shift, of the job, or of what binds both."""

    SKILLS = "skills"
    PERSONS = "persons"
    SHIFTS = "shifts"
    CAPACITY = "capacity"
    RANGE = "range"
    STOPS = "stops"
    DRIVE = "drive"
    DISTANCE = "distance"
    LATER_END = "later_end"
    EARLIER_START = "earlier_start"
    WINDOW_LATER = "window_later"
    WINDOW_EARLIER = "window_earlier"
    CONFLICT = "conflict"
    BINDING = "binding"
    RELATION = "relation"
    PRICE = "price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change and its amount: persons, load, metres, seconds, jobs or micro-euro.

    Skills, allowed shifts, conflicts, bindings and relations have no amount; only CAPACITY has a
    dimension. BINDING are the relations of the job, RELATION those of the shift.
    """

    kind: Kind
    amount: int = 0
    dimension: int = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRemedy:
    """Changes that together get a job onto that shift, none of which is enough alone."""

    job: int
    shift: int
    changes: tuple[Change, ...]


def apply(problem: Problem, remedy: ProblemRemedy) -> Problem:
    """Return the problem with just these changes; horizon and surcharge grow where they must."""
    for change in remedy.changes:
        problem = _MAKE[change.kind](problem, remedy, change)
    horizon_s = max([problem.horizon_s, *(shift.end_s for shift in problem.shifts)])
    least_ueur = required_extra_ueur(
        problem.jobs,
        problem.shifts,
        problem.matrices,
        uneven_ueur_per_s=problem.uneven_ueur_per_s,
    )
    surcharge_ueur = max(problem.required_extra_ueur, least_ueur)
    return replace(problem, horizon_s=horizon_s, required_extra_ueur=surcharge_ueur)


def _on_shift(
    edit: Callable[[ProblemShift, ProblemJob, Change], ProblemShift],
) -> Callable[[Problem, ProblemRemedy, Change], Problem]:
    def make(problem: Problem, remedy: ProblemRemedy, change: Change) -> Problem:
        job, number = problem.jobs[remedy.job], remedy.shift
        shifts = list(problem.shifts)
        shifts[number] = edit(shifts[number], job, change)
        return replace(problem, shifts=tuple(shifts))

    return make


def _on_job(
    edit: Callable[[ProblemJob, Problem, ProblemRemedy, Change], ProblemJob],
) -> Callable[[Problem, ProblemRemedy, Change], Problem]:
    def make(problem: Problem, remedy: ProblemRemedy, change: Change) -> Problem:
        jobs = list(problem.jobs)
        jobs[remedy.job] = edit(jobs[remedy.job], problem, remedy, change)
        return replace(problem, jobs=tuple(jobs))

    return make


def _longer(shift: ProblemShift, change: Change) -> ProblemShift:
    """Return the shift with that much more time; a longest span grows along."""
    by = change.amount
    span_s = None if shift.max_span_s is None else shift.max_span_s + by
    if change.kind is Kind.LATER_END:
        return replace(shift, end_s=shift.end_s + by, max_span_s=span_s)
    return replace(shift, start_s=shift.start_s - by, max_span_s=span_s)


def _larger(shift: ProblemShift, change: Change) -> ProblemShift:
    capacities = list(shift.capacities)
    capacities[change.dimension] += change.amount
    return replace(shift, capacities=tuple(capacities))


def _more(limit: int | None, change: Change) -> int | None:
    return None if limit is None else limit + change.amount


def _wider(job: ProblemJob, problem: Problem, _remedy: ProblemRemedy, change: Change) -> ProblemJob:
    """Return the job with all of its windows longer on one side; what then overlaps is one."""
    earlier = change.amount if change.kind is Kind.WINDOW_EARLIER else 0
    later = change.amount if change.kind is Kind.WINDOW_LATER else 0
    spans = (
        (max(0, w.earliest_s - earlier), min(problem.horizon_s, w.latest_s + later))
        for w in job.windows
    )
    return replace(job, windows=tuple(_united(spans)))


def _united(spans: Iterable[tuple[int, int]]) -> list[Window]:
    windows: list[Window] = []
    for earliest_s, latest_s in sorted(spans):
        if windows and earliest_s <= windows[-1].latest_s:
            last = windows.pop()
            earliest_s, latest_s = last.earliest_s, max(last.latest_s, latest_s)
        windows.append(Window(earliest_s=earliest_s, latest_s=latest_s))
    return windows


def _also_on(
    job: ProblemJob, _problem: Problem, remedy: ProblemRemedy, _change: Change
) -> ProblemJob:
    allowed = None if job.shifts is None else job.shifts | {remedy.shift}
    return replace(job, shifts=allowed)


def _dearer(
    job: ProblemJob, _problem: Problem, _remedy: ProblemRemedy, change: Change
) -> ProblemJob:
    return replace(job, leave_price_ueur=job.leave_price_ueur + change.amount)


def _at_peace(problem: Problem, remedy: ProblemRemedy, _change: Change) -> Problem:
    kept = tuple(pair for pair in problem.conflicts if remedy.job not in pair)
    return replace(problem, conflicts=kept)


def _unbound(problem: Problem, remedy: ProblemRemedy, _change: Change) -> Problem:
    new = job_visit(remedy.job)
    return replace(problem, relations=tuple(r for r in problem.relations if new not in r.visits))


def _unfixed(problem: Problem, remedy: ProblemRemedy, _change: Change) -> Problem:
    kept = tuple(r for r in problem.relations if r.shift != remedy.shift)
    return replace(problem, relations=kept)


_MAKE: dict[Kind, Callable[[Problem, ProblemRemedy, Change], Problem]] = {
    Kind.SKILLS: _on_shift(lambda s, job, _: replace(s, skills=s.skills | job.skills)),
    Kind.PERSONS: _on_shift(lambda s, _, change: replace(s, persons=s.persons + change.amount)),
    Kind.SHIFTS: _on_job(_also_on),
    Kind.CAPACITY: _on_shift(lambda s, _, change: _larger(s, change)),
    Kind.RANGE: _on_shift(lambda s, _, change: replace(s, range_m=_more(s.range_m, change))),
    Kind.STOPS: _on_shift(lambda s, _, change: replace(s, max_stops=_more(s.max_stops, change))),
    Kind.DRIVE: _on_shift(
        lambda s, _, change: replace(s, max_drive_s=_more(s.max_drive_s, change))
    ),
    Kind.DISTANCE: _on_shift(
        lambda s, _, change: replace(s, max_distance_m=_more(s.max_distance_m, change))
    ),
    Kind.LATER_END: _on_shift(lambda s, _, change: _longer(s, change)),
    Kind.EARLIER_START: _on_shift(lambda s, _, change: _longer(s, change)),
    Kind.WINDOW_LATER: _on_job(_wider),
    Kind.WINDOW_EARLIER: _on_job(_wider),
    Kind.CONFLICT: _at_peace,
    Kind.BINDING: _unbound,
    Kind.RELATION: _unfixed,
    Kind.PRICE: _on_job(_dearer),
}
