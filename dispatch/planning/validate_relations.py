"""Faults of relations: unknown members, double bonds, and bonds that cannot be kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.domain.errors import Issue
from dispatch.domain.plan import StopKind
from dispatch.planning.check import check
from dispatch.planning.problem import NOTHING, Order
from dispatch.planning.reschedule import reschedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.plan import Violation
    from dispatch.planning.problem import Problem, Relation


def p701_relation_members(problem: Problem) -> Iterator[Issue]:
    """Yield relations that are empty, name what is not there, or ask for what their order lacks."""
    sizes = {StopKind.JOB: len(problem.jobs), StopKind.RELOAD: len(problem.facilities)}
    for number, relation in enumerate(problem.relations):
        if not 0 <= relation.shift < len(problem.shifts):
            yield _issue("P701", number, f"there is no shift {relation.shift}", "Correct the index")
        if not relation.visits:
            yield _issue("P701", number, "it has no visits", "Leave it out")
        for visit in relation.visits:
            if not 0 <= visit.index < sizes.get(visit.kind, 0):
                cause = f"there is no {visit.kind} {visit.index} to visit"
                yield _issue("P701", number, cause, "Use jobs and facilities of this problem only")
        strict = relation.order is Order.STRICT
        if not strict and any(visit.kind is StopKind.RELOAD for visit in relation.visits):
            cause = f"a facility in a relation of order {relation.order}"
            yield _issue("P701", number, cause, "Name facilities in a strict relation only")
        if relation.from_start and not strict:
            cause = f"it is to be first in order {relation.order}"
            yield _issue("P701", number, cause, "Make it strict")


def p702_relation_twice(problem: Problem) -> Iterator[Issue]:
    """Yield jobs that are bound twice, and shifts that are to begin with two relations."""
    bound = Counter(job for relation in problem.relations for job in _jobs(relation))
    for job, times in sorted(bound.items()):
        if times > 1:
            yield Issue(
                code="P702",
                subject=f"job {job}",
                cause=f"{times} visits of relations are this job",
                action="Bind each job once",
            )
    first = Counter(relation.shift for relation in problem.relations if relation.from_start)
    for shift, times in sorted(first.items()):
        if times > 1:
            yield Issue(
                code="P702",
                subject=f"shift {shift}",
                cause=f"it is to begin with each of {times} relations",
                action="Join them into one",
            )


def p703_relation_alone(problem: Problem) -> Iterator[Issue]:
    """Yield relations in order that their shift cannot keep even if it does nothing else.

    A relation in any order is kept by leaving its jobs, so it is not judged.
    """
    firm = [bond for bond in enumerate(problem.relations) if bond[1].order is not Order.ANY]
    alone = {shift: _alone(problem, shift) for shift in {bond.shift for _, bond in firm}}
    for number, relation in firm:
        broken = _broken_alone(problem, relation, alone[relation.shift])
        causes = [*_unfit(problem, relation), *broken]
        if causes:
            yield _issue(
                "P703",
                number,
                f"shift {relation.shift} cannot keep it even alone: {', '.join(causes)}",
                "Take visits out of it, or bind them to another shift",
            )


def p704_relation_conflict(problem: Problem) -> Iterator[Issue]:
    """Yield conflicts between jobs of one relation, or that relations in order put on one shift."""
    bonds = [(f"relation {n}", set(_jobs(bond))) for n, bond in enumerate(problem.relations)]
    for shift in range(len(problem.shifts)):
        on_it = [bond for bond in problem.relations if bond.shift == shift]
        firm = [job for bond in on_it if bond.order is not Order.ANY for job in _jobs(bond)]
        bonds.append((f"shift {shift}", set(firm)))
    for one, other in problem.conflicts:
        subject = next((subject for subject, jobs in bonds if {one, other} <= jobs), None)
        if subject is not None:
            yield Issue(
                code="P704",
                subject=subject,
                cause=f"jobs {one} and {other} may not share a route",
                action="Take one of them out of its relation",
            )


def _unfit(problem: Problem, relation: Relation) -> Iterator[str]:
    """Yield what the shift lacks for the jobs: permission and room.

    Between visits in sequence, and before a strict relation that is not the first, a facility may
    empty the vehicle; so loads count from the last visit at which nothing can come between.
    """
    shift, behind = problem.shifts[relation.shift], problem.shifts[relation.shift].underway
    resets = frozenset[int]().union(*(place.dimensions for place in problem.facilities))
    held = list(behind.loads) if behind else [0] * problem.dimensions
    if not relation.from_start:
        held = [0 if d in resets else amount for d, amount in enumerate(held)]
    for visit in relation.visits:
        if visit.kind is StopKind.RELOAD:
            dropped = problem.facilities[visit.index].dimensions
            held = [0 if d in dropped else amount for d, amount in enumerate(held)]
            continue
        job = problem.jobs[visit.index]
        if job.shifts is not None and relation.shift not in job.shifts:
            yield f"V503 job {visit.index}"
        if relation.order is Order.SEQUENCE:
            held = [0 if d in resets else amount for d, amount in enumerate(held)]
        held = [amount + more for amount, more in zip(held, job.loads, strict=True)]
        if any(have > most for have, most in zip(held, shift.capacities, strict=True)):
            yield f"V401 job {visit.index}"


def _broken_alone(problem: Problem, relation: Relation, alone: Problem) -> Iterator[str]:
    """Yield the rules that a route of these visits alone breaks, with the subject of each."""
    route = reschedule(alone, (relation.visits,))
    for violation in check(alone, route):
        if violation.code not in NOT_JUDGED and not _curable(problem, relation, violation):
            about = violation.subject
            about = f"shift {relation.shift}" if about.startswith("shift ") else about
            yield f"{violation.code} {about}"


NOT_JUDGED = frozenset({"V103", "V401", "V402", "V801"})
"""Other jobs are left on purpose, loads are judged apart, sums say nothing here."""


def _alone(problem: Problem, shift: int) -> Problem:
    """Return the problem with that shift only, free of what ties jobs to others."""
    jobs = tuple(replace(job, shifts=None, published=NOTHING) for job in problem.jobs)
    return replace(problem, jobs=jobs, shifts=(problem.shifts[shift],), relations=(), conflicts=())


def _curable(problem: Problem, relation: Relation, violation: Violation) -> bool:
    """Tell whether further visits may mend it: rest at a facility, or a charge on the way."""
    shift = problem.shifts[relation.shift]
    if violation.code.startswith("V7"):
        return shift.rest_places is not None
    chargers = any(place.charges for place in problem.facilities)
    within = relation.from_start and not violation.subject.startswith("shift ")
    return violation.code == "V403" and chargers and not within


def _jobs(relation: Relation) -> list[int]:
    return [visit.index for visit in relation.visits if visit.kind is StopKind.JOB]


def _issue(code: str, relation: int, cause: str, action: str) -> Issue:
    return Issue(code=code, subject=f"relation {relation}", cause=cause, action=action)
