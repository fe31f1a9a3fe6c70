"""Trying to add one job to a plan: every place in every suitable route, and what breaks there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.fit import allowed_shifts, helps
from dispatch.planning.problem import Visit, job_visit, reload_visit
from dispatch.planning.timing import Halt, halt_of, late_without_break_s, timetable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dispatch.planning.problem import Problem, ProblemShift

    Orders = Sequence[Sequence[Visit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One way to add a job: put `chain` before that position of a shift's order, at extra cost.

    The chain is the job alone, or with a reload just before or just after it.
    """

    shift: int
    order: tuple[Visit, ...]
    position: int
    chain: tuple[Visit, ...]
    extra_ueur: int

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The whole new order of the shift."""
        return (*self.order[: self.position], *self.chain, *self.order[self.position :])


def attempts(problem: Problem, orders: Orders, job: int) -> list[Attempt]:
    """Return all ways to add the job, cheapest first, fitting or not; none over missing roads."""
    found = [
        attempt
        for shift in allowed_shifts(problem, job)
        for attempt in attempts_of_shift(problem, shift, tuple(orders[shift]), job)
    ]
    return sorted(found, key=lambda attempt: (attempt.extra_ueur, attempt.shift, attempt.position))


def attempts_of_shift(
    problem: Problem, shift: int, order: tuple[Visit, ...], job: int
) -> Iterator[Attempt]:
    """Yield all ways to add the job to one shift's order, in no order of cost."""
    for chain in _chains(problem, shift, job):
        yield from _along(problem, shift, order, chain)


def overload(problem: Problem, attempt: Attempt) -> tuple[int, int]:
    """Return the greatest excess over capacity on the new order and its dimension, or (0, 0)."""
    capacities = problem.shifts[attempt.shift].capacities
    held = [0] * problem.dimensions
    worst = (0, 0)
    for visit in attempt.visits:
        if visit.kind is StopKind.RELOAD:
            for dimension in problem.facilities[visit.index].dimensions:
                held[dimension] = 0
            continue
        for dimension, amount in enumerate(problem.jobs[visit.index].loads):
            if amount:
                held[dimension] += amount
                worst = max(worst, (held[dimension] - capacities[dimension], dimension))
    return worst if worst[0] > 0 else (0, 0)


def in_time(problem: Problem, attempt: Attempt) -> bool:
    """Tell whether the attempt keeps windows, end of shift and break rule."""
    on = problem.shifts[attempt.shift]
    # Most attempts fail without any break, and that is ten times cheaper to find out.
    if late_without_break_s(problem, on, attempt.visits):
        return False
    return timetable(problem, on, attempt.visits).kept


def cheapest_fit(problem: Problem, orders: Orders, job: int, *, below_ueur: int) -> Attempt | None:
    """Return the cheapest way to add the job for less than this, within every rule, or None."""
    for attempt in attempts(problem, orders, job):
        if attempt.extra_ueur >= below_ueur:
            return None
        if not overload(problem, attempt)[0] and in_time(problem, attempt):
            return attempt
    return None


def least_lacking(problem: Problem, tried: Sequence[Attempt]) -> tuple[int, int]:
    """Return the fewest seconds that any of these attempts lacks, and its shift."""
    bounds = sorted(
        (late_without_break_s(problem, problem.shifts[a.shift], a.visits), a.shift, number)
        for number, a in enumerate(tried)
    )
    best = (problem.horizon_s, bounds[0][1])
    for bound_s, shift, number in bounds:
        # A break only makes it later, so the plain run is a lower bound.
        if bound_s >= best[0]:
            break
        table = timetable(problem, problem.shifts[shift], tried[number].visits)
        best = min(best, (table.late_s + table.law_excess_s, shift))
    return best


def _chains(problem: Problem, shift: int, job: int) -> Iterator[tuple[Visit, ...]]:
    """Yield the job alone, and with each facility that takes or gives what it needs."""
    new = job_visit(job)
    yield (new,)
    for number, place in enumerate(problem.facilities):
        concerned = any(problem.jobs[job].loads[d] for d in place.dimensions)
        if concerned and helps(problem, problem.shifts[shift], place):
            yield (reload_visit(number), new)
            yield (new, reload_visit(number))


def _along(
    problem: Problem, shift: int, order: tuple[Visit, ...], chain: tuple[Visit, ...]
) -> Iterator[Attempt]:
    """Yield the chain at every position of the order, with the exact difference in cost."""
    on = problem.shifts[shift]
    added = [halt_of(problem, visit) for visit in chain]
    halts = [
        Halt(on.start_location, (), 0, 0),
        *(halt_of(problem, visit) for visit in order),
        Halt(on.end_location, (), 0, 0),
    ]
    fixed_ueur = sum(halt.service_s for halt in added) * on.crew_ueur_per_s
    if not order:
        fixed_ueur += on.use_ueur
    for position, (before, after) in enumerate(pairwise(halts)):
        legs = [_leg_ueur(problem, on, a, b) for a, b in pairwise([before, *added, after])]
        saved_ueur = _leg_ueur(problem, on, before, after) if order else 0
        if None not in legs:
            yield Attempt(
                shift=shift,
                order=order,
                position=position,
                chain=chain,
                extra_ueur=fixed_ueur + sum(leg or 0 for leg in legs) - (saved_ueur or 0),
            )


def _leg_ueur(problem: Problem, on: ProblemShift, origin: Halt, target: Halt) -> int | None:
    """Return what the way to a halt and its setup cost; None where no road leads."""
    travel_s = problem.travel_s(on, origin.location, target.location)
    if travel_s < 0:
        return None
    setup_s = target.setup_s if origin.location != target.location else 0
    travel_m = problem.travel_m(on, origin.location, target.location)
    return (travel_s + setup_s) * on.crew_ueur_per_s + travel_m * on.ueur_per_m
