"""Trying to add one job to a plan: every place in every suitable route, and what breaks there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.fit import (
    allowed_shifts,
    can_carry,
    has_persons,
    has_skills,
    helps,
    may_serve,
)
from dispatch.planning.kernel.gaps import (
    detour,
    gaps_for,
    look,
)
from dispatch.planning.kernel.insert import (
    ALONE,
    RELOAD_FIRST,
    cheapest,
)
from dispatch.planning.kernel.judge import judge
from dispatch.planning.kernel.labels import (
    COST,
)
from dispatch.planning.kernel.tables import FREE, numbers, tables_of, visit_of
from dispatch.planning.problem import Visit, job_visit, reload_visit
from dispatch.planning.timing import bench_of, timetable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dispatch.planning.problem import Problem

    Orders = Sequence[Sequence[Visit]]

NEAREST_GAPS = 6
"""Gaps of a route that are looked at for how much a job lacks: those with the least detour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One way to add a job: put `chain` before that position of a shift's order, at extra cost.

    The chain is the job alone, or with a reload just before or just after it. `lacking_s` is how
    late or against the law the new route is, `overload` what is too much on board, `over_limit`
    what exceeds a limit of the shift; all zero if it fits.
    """

    shift: int
    order: tuple[Visit, ...]
    position: int
    chain: tuple[Visit, ...]
    extra_ueur: int
    lacking_s: int = 0
    overload: int = 0
    over_limit: int = 0

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The whole new order of the shift."""
        return (*self.order[: self.position], *self.chain, *self.order[self.position :])


def cheapest_fit(problem: Problem, orders: Orders, job: int, *, below_ueur: int) -> Attempt | None:
    """Return the cheapest way to add the job for less than this, within every rule, or None."""
    foes = foes_of(problem, job)
    best = None
    for shift in allowed_shifts(problem, job):
        order = tuple(orders[shift])
        if meets(order, foes):
            continue
        fit = _cheapest_of_shift(problem, shift, order, job, below_ueur)
        if fit is not None:
            best, below_ueur = fit, fit.extra_ueur
    return best


def cheapest_fit_on(problem: Problem, orders: Orders, job: int, shift: int) -> Attempt | None:
    """Return the cheapest way to add the job to that shift's order, whatever it costs, or None."""
    on, wanted = problem.shifts[shift], problem.jobs[job]
    able = has_skills(on, wanted) and has_persons(on, wanted) and can_carry(on, wanted)
    order = tuple(orders[shift])
    if not able or not may_serve(problem, shift, job) or meets(order, foes_of(problem, job)):
        return None
    return _cheapest_of_shift(problem, shift, order, job, FREE)


def near_misses(problem: Problem, orders: Orders, job: int) -> list[Attempt]:
    """Return ways to add the job to each suitable route, with all that they lack.

    Of each route only the gaps with the least detour are tried, and the job with a reload only
    where it alone is too much to carry.
    """
    return [
        attempt
        for shift in allowed_shifts(problem, job)
        for attempt in _misses_of_shift(problem, shift, tuple(orders[shift]), job)
    ]


def foes_of(problem: Problem, job: int) -> set[int]:
    """Return the jobs that may not be on one route with this one."""
    pairs = [pair for pair in problem.conflicts if job in pair]
    return {other for pair in pairs for other in pair} - {job}


def meets(order: Sequence[Visit], foes: set[int]) -> bool:
    """Tell whether one of these jobs is on the route."""
    return any(visit.kind is StopKind.JOB and visit.index in foes for visit in order)


def _cheapest_of_shift(
    problem: Problem, shift: int, order: tuple[Visit, ...], job: int, below_ueur: int
) -> Attempt | None:
    tables, n = tables_of(problem), len(order)
    bench = bench_of(problem, n + 2)
    gaps = gaps_for(n + 2, problem.dimensions)
    route = numbers(problem, order)
    judge(tables, bench, shift, route, n, False)
    cost_ueur = int(bench.totals[COST])
    look(tables, bench, gaps, shift, route, n)
    extra_ueur, gap, chain, place = cheapest(
        tables, bench, gaps, shift, route, n, cost_ueur, job, min(below_ueur, FREE)
    )
    if gap < 0:
        return None
    visits: tuple[Visit, ...] = (job_visit(job),)
    if chain != ALONE:
        reload = visit_of(problem, place)
        visits = (reload, *visits) if chain == RELOAD_FIRST else (*visits, reload)
    return Attempt(shift=shift, order=order, position=gap, chain=visits, extra_ueur=extra_ueur)


def _misses_of_shift(
    problem: Problem, shift: int, order: tuple[Visit, ...], job: int
) -> Iterator[Attempt]:
    tables, route, n = tables_of(problem), numbers(problem, order), len(order)
    before_ueur = timetable(problem, shift, order).cost_ueur
    ways = [(detour(tables, shift, route, n, gap, job), gap) for gap in range(n + 1)]
    for _, gap in sorted(ways)[:NEAREST_GAPS]:
        for chain in _chains(problem, shift, job):
            visits = (*order[:gap], *chain, *order[gap:])
            table = timetable(problem, shift, visits)
            if table.no_road:
                continue
            attempt = Attempt(
                shift=shift,
                order=order,
                position=gap,
                chain=chain,
                extra_ueur=table.cost_ueur - before_ueur,
                lacking_s=table.late_s + table.law_excess_s,
                overload=table.overload,
                over_limit=table.over_limit,
            )
            yield attempt
            if not attempt.overload:
                break


def _chains(problem: Problem, shift: int, job: int) -> Iterator[tuple[Visit, ...]]:
    """Yield the job alone, and with each facility that takes or gives what it needs."""
    new, on = job_visit(job), problem.shifts[shift]
    yield (new,)
    for number, place in enumerate(problem.facilities):
        loads = any(problem.jobs[job].loads[d] for d in place.dimensions)
        charges = place.charges and on.range_m is not None
        if (loads or charges) and helps(problem, on, place):
            yield (reload_visit(number), new)
            yield (new, reload_visit(number))
