"""A large problem cut into parts along its routes, and the parts' plans put together again.

Routes that serve neighbouring jobs belong together. They are laid on a line by an eigenvector of
their neighbourhood graph (Fiedler, Czechoslovak Mathematical Journal 25, 1975), and the line is cut
into pieces of about as many jobs. Every turn cuts elsewhere, so that what was a border lies inside
a part the next time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.plan import StopKind
from dispatch.planning.fit import allowed
from dispatch.planning.nearby import near_jobs
from dispatch.planning.problem import NOTHING, renamed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dispatch.planning.problem import Problem, ProblemJob, Relation, Visit

    Orders = Sequence[Sequence[Visit]]

Ints = NDArray[np.int64]
NEIGHBOURS = 10
"""Nearest jobs of each job that say which routes are neighbours."""


class Part(NamedTuple):
    """Some shifts with their jobs as a problem of its own; their numbers in the whole."""

    problem: Problem
    orders: tuple[tuple[Visit, ...], ...]
    shifts: tuple[int, ...]
    jobs: tuple[int, ...]


def parts_of(problem: Problem, orders: Orders, *, count: int, turn: int) -> list[Part]:
    """Return the problem in at most `count` parts: every shift and job is in one of them at most.

    A job that is in no order goes with the routes of its neighbours, a shift without visits to
    where most of the jobs are that it may do. Another `turn` draws other borders. The price of
    uneven days is no part's alone: it is not asked of them.
    """
    able = allowed(problem)
    near = near_jobs(problem, able, NEIGHBOURS)
    on = _on_routes(_shift_of(problem, orders), near, able)
    part_of = _parts_of_shifts(on, near, able, count, turn)
    numbers = [np.flatnonzero(part_of == part).tolist() for part in range(count)]
    cut = [_part(problem, orders, shifts, _jobs_on(on, shifts)) for shifts in numbers if shifts]
    return [part for part in cut if part.jobs]


def joined(
    orders: Orders, parts: Sequence[Part], answers: Sequence[Orders]
) -> list[tuple[Visit, ...]]:
    """Return the orders of the whole with those of the parts in their places."""
    whole = [tuple(order) for order in orders]
    for part, answer in zip(parts, answers, strict=True):
        old = dict(enumerate(part.jobs))
        for shift, order in zip(part.shifts, answer, strict=True):
            whole[shift] = tuple(renamed(order, old))
    return whole


def _shift_of(problem: Problem, orders: Orders) -> Ints:
    """Return the shift of every job that is in an order, else NOTHING."""
    on = np.full(len(problem.jobs), NOTHING, dtype=np.int64)
    for shift, order in enumerate(orders):
        on[[visit.index for visit in order if visit.kind is StopKind.JOB]] = shift
    return on


def _on_routes(shift_of: Ints, near: Ints, able: Ints) -> Ints:
    """Return the shift of every job; of one that is left, the one that serves its neighbours."""
    on = shift_of.copy()
    for job in np.flatnonzero(shift_of == NOTHING):
        neighbours = near[job][near[job] != NOTHING]
        served = shift_of[neighbours]
        votes = np.bincount(served[served != NOTHING], minlength=able.shape[1]) * able[job]
        if votes.any() or able[job].any():
            on[job] = int(np.argmax(votes if votes.any() else able[job]))
    return on


def _parts_of_shifts(on: Ints, near: Ints, able: Ints, count: int, turn: int) -> Ints:
    """Return the part of every shift."""
    jobs_on = np.bincount(on[on != NOTHING], minlength=able.shape[1])
    busy = np.flatnonzero(jobs_on)
    part_of = np.full(able.shape[1], NOTHING, dtype=np.int64)
    line = busy[_line(_links(on, near, able.shape[1])[np.ix_(busy, busy)], turn)]
    middle = np.cumsum(jobs_on[line]) - jobs_on[line] / 2
    ahead = (turn % 2) / 2  # every other turn, borders lie half a part further on
    piece = (middle / max(1, jobs_on.sum()) * count + ahead).astype(np.int64)
    part_of[line] = piece % count
    for shift in np.flatnonzero(part_of == NOTHING):
        mine = on[(able[:, shift] == 1) & (on != NOTHING)]
        part_of[shift] = np.bincount(part_of[mine], minlength=count).argmax() if len(mine) else 0
    return part_of


def _links(on: Ints, near: Ints, shifts: int) -> NDArray[np.float64]:
    """Return how many neighbours each two shifts serve, the nearest most, (shifts, shifts)."""
    links = np.zeros((shifts, shifts))
    origin = np.repeat(on, near.shape[1])
    ends = np.where(near == NOTHING, NOTHING, on[near]).ravel()
    both = (origin != NOTHING) & (ends != NOTHING)
    closeness = np.tile(1 / np.arange(1, near.shape[1] + 1), len(near))
    np.add.at(links, (origin[both], ends[both]), closeness[both])
    return links + links.T


def _line(links: NDArray[np.float64], turn: int) -> Ints:
    """Return the routes in the order of an eigenvector of their graph's Laplacian.

    The first turns follow the second smallest eigenvalue, the next the third: two directions, as
    north to south and west to east on a map.
    """
    np.fill_diagonal(links, 0.0)
    weight = links.sum(axis=1)
    scale = 1 / np.sqrt(np.maximum(weight, 1.0))
    laplacian = np.diag((weight > 0).astype(np.float64)) - scale[:, None] * links * scale
    _, vectors = np.linalg.eigh(laplacian)
    chosen = min(1 + turn // 2 % 2, len(links) - 1)
    return np.argsort(vectors[:, chosen] * scale, kind="stable")


def _jobs_on(on: Ints, shifts: Sequence[int]) -> list[int]:
    found: list[int] = np.flatnonzero(np.isin(on, shifts)).tolist()
    return found


def _part(problem: Problem, orders: Orders, shifts: Sequence[int], jobs: Sequence[int]) -> Part:
    job_of = {job: number for number, job in enumerate(jobs)}
    shift_of = {shift: number for number, shift in enumerate(shifts)}
    part = replace(
        problem,
        jobs=tuple(_job(problem.jobs[job], shift_of) for job in jobs),
        shifts=tuple(problem.shifts[shift] for shift in shifts),
        relations=tuple(_relations(problem, shift_of, job_of)),
        conflicts=tuple(
            (job_of[a], job_of[b]) for a, b in problem.conflicts if a in job_of and b in job_of
        ),
        uneven_ueur_per_s=0,
    )
    within = tuple(tuple(renamed(orders[shift], job_of)) for shift in shifts)
    return Part(part, within, tuple(shifts), tuple(jobs))


def _job(job: ProblemJob, shift_of: Mapping[int, int]) -> ProblemJob:
    """Return the job with the shifts' numbers in the part.

    One that was published elsewhere is moved whatever the part does: its price is no matter.
    """
    only = job.shifts
    here = None if only is None else frozenset(shift_of[s] for s in only if s in shift_of)
    published = shift_of.get(job.published, NOTHING)
    return replace(
        job,
        shifts=here,
        published=published,
        move_ueur=job.move_ueur if published != NOTHING else 0,
    )


def _relations(
    problem: Problem, shift_of: Mapping[int, int], job_of: Mapping[int, int]
) -> Iterator[Relation]:
    """Yield the relations of the part's shifts; a job that no shift could do is left anyway."""
    for bond in problem.relations:
        if bond.shift in shift_of:
            visits = tuple(renamed(bond.visits, job_of))
            if any(visit.kind is StopKind.JOB for visit in visits):
                yield replace(bond, shift=shift_of[bond.shift], visits=visits)
