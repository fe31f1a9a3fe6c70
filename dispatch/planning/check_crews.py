"""Checker rules about who does what: skills, persons, shifts allowed, conflicts and relations."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.check_parts import fault, stops_of
from dispatch.planning.problem import Order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.plan import Violation
    from dispatch.planning.problem import Problem, Relation
    from dispatch.planning.solution import Solution


def v501_skill(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield jobs on a shift that lacks one of their skills, by the number of skills."""
    for route, _, stop in stops_of(solution, StopKind.JOB):
        missing = problem.jobs[stop.index].skills - problem.shifts[route.shift].skills
        if missing:
            yield fault("V501", f"job {stop.index}", len(missing), "the shift lacks it")


def v502_too_few_persons(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield jobs on a shift with too small a crew, by the persons lacking."""
    for route, _, stop in stops_of(solution, StopKind.JOB):
        lacking = problem.jobs[stop.index].persons - problem.shifts[route.shift].persons
        if lacking > 0:
            yield fault("V502", f"job {stop.index}", lacking, f"the crew is {lacking} too few")


def v503_shift_not_allowed(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield jobs that are on none of the shifts they are bound to."""
    for route, _, stop in stops_of(solution, StopKind.JOB):
        allowed = problem.jobs[stop.index].shifts
        if allowed is not None and route.shift not in allowed:
            yield fault("V503", f"job {stop.index}", 1, "this shift may not do it")


def v504_conflict(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield the second job of every pair in conflict that shares a route."""
    for route in solution.routes:
        here = {stop.index for stop in route.stops if stop.kind is StopKind.JOB}
        for one, other in problem.conflicts:
            if {one, other} <= here:
                yield fault("V504", f"job {other}", 1, "it may not go with another job there")


def v505_relation(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield relations that are broken, by the jobs elsewhere or the visits that lack.

    Where nothing lacks and only the order is broken, the amount is 1.
    """
    for relation in problem.relations:
        if relation.order is Order.ANY:
            yield from _strayed(solution, relation)
        else:
            yield from _disordered(solution, relation)


def _strayed(solution: Solution, relation: Relation) -> Iterator[Violation]:
    bound = {visit.index for visit in relation.visits}
    for route, _, stop in stops_of(solution, StopKind.JOB):
        if stop.index in bound and route.shift != relation.shift:
            yield fault("V505", f"job {stop.index}", 1, "it belongs to another shift")


def _disordered(solution: Solution, relation: Relation) -> Iterator[Violation]:
    about = f"shift {relation.shift}"
    done = [v for route in solution.routes if route.shift == relation.shift for v in route.visits]
    lacking = sum(visit not in done for visit in relation.visits)
    if lacking:
        yield fault("V505", about, lacking, "visits bound to it are not on its route")
        return
    wanted = list(relation.visits)
    if relation.order is Order.SEQUENCE:
        kept = all(done.index(one) < done.index(other) for one, other in pairwise(wanted))
    else:
        last = 0 if relation.from_start else len(done) - len(wanted)
        kept = any(done[at : at + len(wanted)] == wanted for at in range(last + 1))
    if not kept:
        yield fault("V505", about, 1, "visits bound to each other are not in their order")
