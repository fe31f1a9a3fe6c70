"""What remains of a problem when a part of its routes is frozen: jobs, relations, conflicts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from dispatch.domain.plan import StopKind
from dispatch.planning.problem import NOTHING, Order, Visit, renamed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from dispatch.planning.problem import Problem, ProblemJob, Relation
    from dispatch.planning.solution import SolutionStop

    Frozen = Sequence[Sequence[SolutionStop]]
    Orders = Sequence[Sequence[Visit]]


class Remainder(NamedTuple):
    """The problem without what is frozen, the orders in its numbers, and its jobs' old numbers."""

    problem: Problem
    orders: tuple[tuple[Visit, ...], ...]
    jobs: tuple[int, ...]


def remaining_problem(
    problem: Problem,
    orders: Orders,
    frozen: Frozen,
    done: Collection[int],
    *,
    move_ueur: int,
) -> Remainder:
    """Return what remains; the shifts of the problem already stand where the frozen stops end.

    Jobs that a crew passed over on the way to the last frozen stop are in no order any more, but
    still published on that shift.
    """
    behind = [_visits(stops) for stops in frozen]
    gone = {v.index for visits in behind for v in visits if v.kind is StopKind.JOB} | set(done)
    jobs = tuple(job for job in range(len(problem.jobs)) if job not in gone)
    new = {job: number for number, job in enumerate(jobs)}
    published = {v.index: s for s, o in enumerate(orders) for v in o if v.kind is StopKind.JOB}
    barred = _barred(problem, behind)
    work = tuple(
        _remaining_job(problem, job, published.get(job, NOTHING), barred.get(job, set()), move_ueur)
        for job in jobs
    )
    left = replace(
        problem,
        jobs=work,
        relations=tuple(_relations(problem, behind, new)),
        conflicts=tuple((new[a], new[b]) for a, b in problem.conflicts if a in new and b in new),
    )
    rest = tuple(
        tuple(renamed(_after(order, visits), new))
        for order, visits in zip(orders, behind, strict=True)
    )
    return Remainder(left, rest, jobs)


def _remaining_job(
    problem: Problem, job: int, published: int, barred: Collection[int], move_ueur: int
) -> ProblemJob:
    wanted = problem.jobs[job]
    only = frozenset(range(len(problem.shifts))) if wanted.shifts is None else wanted.shifts
    price_ueur = wanted.move_ueur if published == NOTHING else wanted.move_ueur or move_ueur
    return replace(
        wanted,
        published=published if published != NOTHING else wanted.published,
        shifts=only.difference(barred) if barred else wanted.shifts,
        move_ueur=price_ueur,
    )


def _visits(stops: Sequence[SolutionStop]) -> tuple[Visit, ...]:
    kinds = (StopKind.JOB, StopKind.RELOAD)
    return tuple(Visit(kind=s.kind, index=s.index) for s in stops if s.kind in kinds)


def _after(order: Sequence[Visit], behind: Sequence[Visit]) -> tuple[Visit, ...]:
    """Return the order from the last frozen visit on; those passed over on the way are dropped."""
    position = 0
    for visit in behind:
        while position < len(order) and order[position] != visit:
            position += 1
        position += 1
    return tuple(order[position:])


def _barred(problem: Problem, behind: Sequence[Sequence[Visit]]) -> Mapping[int, set[int]]:
    """Return the shifts that may not do a job any more.

    A conflict lies behind them, or they left before what the job needs was released; one that
    loads again on the way could, but is not asked.
    """
    barred: dict[int, set[int]] = {}
    for shift, visits in enumerate(behind):
        on = {v.index for v in visits if v.kind is StopKind.JOB}
        for one, other in problem.conflicts:
            if one in on:
                barred.setdefault(other, set()).add(shift)
            if other in on:
                barred.setdefault(one, set()).add(shift)
    out = [n for n, shift in enumerate(problem.shifts) if shift.underway is not None]
    for number, job in enumerate(problem.jobs):
        for shift in out:
            past = problem.shifts[shift].underway
            if past is not None and job.release_s > past.began_s:
                barred.setdefault(number, set()).add(shift)
    return barred


def _relations(
    problem: Problem, behind: Sequence[Sequence[Visit]], new: Mapping[int, int]
) -> Iterator[Relation]:
    """Yield what remains of the relations; a strict one that has begun goes on at once."""
    for bond in problem.relations:
        visits, begun = bond.visits, False
        if bond.order is Order.STRICT:
            begun_by = _begun(visits, behind[bond.shift])
            visits, begun = visits[begun_by:], 0 < begun_by < len(visits)
        rest = tuple(renamed(visits, new))
        if any(visit.kind is StopKind.JOB for visit in rest):
            yield replace(bond, visits=rest, from_start=bond.from_start or begun)


def _begun(visits: Sequence[Visit], behind: Sequence[Visit]) -> int:
    """Return how many of the first visits of a strict relation are the last that lie behind."""
    counts = range(min(len(visits), len(behind)), 0, -1)
    return next((n for n in counts if tuple(behind[-n:]) == tuple(visits[:n])), 0)
