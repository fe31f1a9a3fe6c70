"""Relations and shifts underway of random days, kept only where some plan can keep them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.planning.check import check
from dispatch.planning.problem import Order, Problem, Relation, job_visit, reload_visit
from dispatch.planning.reschedule import reschedule
from dispatch.planning.validate import validate

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from dispatch.planning.problem import Visit

TRIES = 40
"""Random groups of jobs for one relation, before the day goes without it."""


def without_dead_ends(problem: Problem) -> Problem:
    """Return the problem with shifts underway only where they can drive home within the rules."""
    for number, shift in enumerate(problem.shifts):
        if shift.underway is None:
            continue
        empty = replace(problem, jobs=(), conflicts=(), shifts=(shift,))
        if check(empty, reschedule(empty, [()])):
            home = replace(shift, underway=None)
            shifts = (*problem.shifts[:number], home, *problem.shifts[number + 1 :])
            problem = replace(problem, shifts=shifts)
    return problem


def with_relations(
    rng: random.Random, problem: Problem, kinds: Sequence[str]
) -> tuple[Problem, list[str]]:
    """Return the problem with a relation of each kind that some plan keeps, and those kinds.

    A kind is `any`, `sequence`, `strict` or `from_start`. That a plan exists is shown by one: the
    bound jobs alone, each relation in order on a shift of its own.
    """
    bound = []
    for kind in kinds:
        for _ in range(TRIES):
            longer = replace(problem, relations=(*problem.relations, _relation(rng, problem, kind)))
            if _can_be_kept(longer):
                problem = longer
                bound.append(kind)
                break
    return problem, bound


def _relation(rng: random.Random, problem: Problem, kind: str) -> Relation:
    number = rng.randrange(len(problem.shifts))
    shift = problem.shifts[number]
    fitting = [
        index
        for index, job in enumerate(problem.jobs)
        if job.skills <= shift.skills and job.persons <= shift.persons
    ]
    size = min(len(fitting), rng.randint(2, 4))
    visits: list[Visit] = [job_visit(job) for job in rng.sample(fitting, size)]
    if kind in ("strict", "from_start") and rng.random() < 0.3:
        visits.append(reload_visit(rng.randrange(len(problem.facilities))))
    order = Order.STRICT if kind == "from_start" else Order(kind)
    return Relation(
        order=order, shift=number, visits=tuple(visits), from_start=kind == "from_start"
    )


def _can_be_kept(problem: Problem) -> bool:
    firm = [bond for bond in problem.relations if bond.order is not Order.ANY]
    if len({bond.shift for bond in firm}) < len(firm) or validate(problem):
        return False
    alone = {bond.shift: bond.visits for bond in firm}
    orders = [alone.get(shift, ()) for shift in range(len(problem.shifts))]
    return not check(problem, reschedule(problem, orders))
