"""Trying to add one job to a plan: every place in every suitable route, with what breaks there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.costs import leave_price_ueur, route_costs
from dispatch.planning.fit import allowed_shifts, helps
from dispatch.planning.problem import Visit, job_visit, reload_visit
from dispatch.planning.timing import halt_of, late_without_break_s, timetable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dispatch.planning.problem import Problem

    Orders = Sequence[Sequence[Visit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One way to add a job: the new order of a shift, its extra cost, and what does not fit.

    `over` is the greatest excess of a load with its dimension, (0, 0) if all loads fit.
    """

    shift: int
    visits: tuple[Visit, ...]
    extra_ueur: int
    over: tuple[int, int]


def attempts(problem: Problem, orders: Orders, job: int) -> list[Attempt]:
    """Return all ways to add the job, cheapest first; places without a road are left away.

    Where the loads do not fit, a reload just before or after the job is tried as well.
    """
    found = [
        attempt
        for shift in allowed_shifts(problem, job)
        for attempt in _on_shift(problem, shift, tuple(orders[shift]), job)
    ]
    return sorted(found, key=lambda attempt: (attempt.extra_ueur, attempt.shift))


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
        if attempt.over[0] == 0 and in_time(problem, attempt):
            return attempt
    return None


def with_jobs_that_pay(problem: Problem, orders: Orders) -> tuple[tuple[Visit, ...], ...]:
    """Return the orders with every left job added that costs less than leaving it.

    Dearest to leave first, and again until nothing more pays. After this, a job that is left is
    left because it does not fit or does not pay, and `explain` can say so truthfully.
    """
    now = tuple(tuple(order) for order in orders)
    while (more := _one_round(problem, now)) != now:
        now = more
    return now


def _one_round(
    problem: Problem, orders: tuple[tuple[Visit, ...], ...]
) -> tuple[tuple[Visit, ...], ...]:
    now = list(orders)
    served = {v.index for order in now for v in order if v.kind is StopKind.JOB}
    left = [job for job in range(len(problem.jobs)) if job not in served]
    for job in sorted(left, key=lambda job: -leave_price_ueur(problem, job)):
        price_ueur = leave_price_ueur(problem, job)
        fit = cheapest_fit(problem, now, job, below_ueur=price_ueur)
        if fit is not None:
            now[fit.shift] = fit.visits
    return tuple(now)


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


def overload(problem: Problem, shift: int, visits: Sequence[Visit]) -> tuple[int, int]:
    """Return the greatest amount over capacity on this order, and its dimension."""
    capacities = problem.shifts[shift].capacities
    held = [0] * problem.dimensions
    worst = (0, 0)
    for visit in visits:
        if visit.kind is StopKind.RELOAD:
            for dimension in problem.facilities[visit.index].dimensions:
                held[dimension] = 0
            continue
        for dimension, amount in enumerate(problem.jobs[visit.index].loads):
            if amount:
                held[dimension] += amount
                worst = max(worst, (held[dimension] - capacities[dimension], dimension))
    return worst if worst[0] > 0 else (0, 0)


def _on_shift(
    problem: Problem, shift: int, order: tuple[Visit, ...], job: int
) -> Iterator[Attempt]:
    before_ueur = route_costs(problem, shift, order).total()
    on = problem.shifts[shift]
    reloads = [
        reload_visit(number)
        for number, place in enumerate(problem.facilities)
        if helps(problem, on, place) and any(problem.jobs[job].loads[d] for d in place.dimensions)
    ]
    for position in range(len(order) + 1):
        head, tail, new = order[:position], order[position:], job_visit(job)
        plain = _attempt(problem, shift, (*head, new, *tail), before_ueur)
        yield from plain
        if plain and plain[0].over[0] == 0:
            continue
        for reload in reloads:
            yield from _attempt(problem, shift, (*head, reload, new, *tail), before_ueur)
            yield from _attempt(problem, shift, (*head, new, reload, *tail), before_ueur)


def _attempt(
    problem: Problem, shift: int, visits: tuple[Visit, ...], before_ueur: int
) -> list[Attempt]:
    """Return the attempt, or nothing if a road is missing."""
    on = problem.shifts[shift]
    places = [on.start_location, *(halt_of(problem, v).location for v in visits), on.end_location]
    if any(problem.travel_s(on, a, b) < 0 for a, b in pairwise(places)):
        return []
    return [
        Attempt(
            shift=shift,
            visits=visits,
            extra_ueur=route_costs(problem, shift, visits).total() - before_ueur,
            over=overload(problem, shift, visits),
        )
    ]
