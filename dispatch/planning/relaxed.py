"""The problem without breaks, in one money matrix per kind of shift: what PyVRP is asked."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dispatch.domain.plan import StopKind
from dispatch.planning.costs import leave_price_ueur
from dispatch.planning.fit import helps
from dispatch.planning.model_nodes import among, work_s

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dispatch.planning.model_nodes import Node
    from dispatch.planning.problem import Problem, ProblemJob, ProblemShift, Window

FINEST = 20_000
"""Units of money that the dearest leg has: half a cent each on a day in a city.

With far more of them the price of overload, which starts low, would take long to outweigh prizes.
"""
NO_ROAD_S = 4 * 3600
"""What a missing road takes: seldom worth it, and no huge number, on which the search hangs."""


class Table(NamedTuple):
    """Units of money and seconds between nodes, (n, n), row = from, column = to."""

    money: NDArray[np.int64]
    seconds: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """What a search without breaks needs beside the problem itself.

    `prizes` is per job, `ends_s` and `profile_of` per usable shift,
    `spans_s` per shift whose span is limited, `dimensions` are those in
    which anything is loaded. All money is in `unit_ueur`; what a shift pays is its table's money
    times `factor_of` it, so that dear and cheap vehicles of one kind share a table.
    """

    unit_ueur: int
    prizes: dict[int, int]
    tables: tuple[Table, ...]
    profile_of: dict[int, int]
    factor_of: dict[int, int]
    ends_s: dict[int, int]
    spans_s: dict[int, int]
    dimensions: tuple[int, ...]


def relaxed(problem: Problem, shifts: Sequence[int], nodes: Sequence[Node]) -> Relaxed:
    """Return the tables, prizes and ends of the usable shifts; shifts that are alike share one."""
    kinds: dict[tuple[int, int, int, frozenset[int]], int] = {}
    barred = _barred(nodes, shifts)
    profile_of, factor_of = {}, _factors(problem, shifts, barred)
    for shift in shifts:
        on, factor = problem.shifts[shift], factor_of[shift]
        rates = on.crew_ueur_per_s // factor, on.ueur_per_m // factor
        kind = (on.matrix, *rates, barred[shift])
        profile_of[shift] = kinds.setdefault(kind, len(kinds))
    works = {matrix: _seconds(problem, nodes, on) for matrix, on in _one_each(problem, shifts)}
    moneys = [_money_ueur(problem, nodes, works, kind[:3]) for kind in kinds]
    unit_ueur = max(1, max(int(money.max(initial=0)) for money in moneys) // FINEST)
    dearest = [factor_of[s] * int(moneys[profile_of[s]].max(initial=0)) for s in shifts]
    prices = _prices_ueur(problem, nodes, max(dearest))
    tables = []
    for kind, money in zip(kinds, moneys, strict=True):
        # Whoever may not do a job would pay its price on the way there: never worth it.
        money += np.array([prices[n] + unit_ueur if n in kind[3] else 0 for n in range(len(nodes))])
        np.fill_diagonal(money, 0)
        tables.append(Table(money // unit_ueur, works[kind[0]]))
    return Relaxed(
        unit_ueur=unit_ueur,
        prizes={
            node.visit.index: price // unit_ueur
            for node, price in zip(nodes, prices, strict=True)
            if node.visit is not None and node.visit.kind is StopKind.JOB
        },
        tables=tuple(tables),
        profile_of=profile_of,
        factor_of=factor_of,
        ends_s={s: problem.shifts[s].end_s - _reserve_s(problem.shifts[s]) for s in shifts},
        spans_s={
            shift: span_s - _reserve_s(problem.shifts[shift])
            for shift in shifts
            if (span_s := problem.shifts[shift].max_span_s) is not None
        },
        dimensions=tuple(
            d for d in range(problem.dimensions) if any(job.loads[d] for job in problem.jobs)
        ),
    )


def full_resets(problem: Problem, shift: int) -> set[int]:
    """Return the facilities that leave nothing aboard: PyVRP knows no other kind of reload.

    A facility that resets only some of what the vehicle carries is left to the exact search.
    """
    on = problem.shifts[shift]
    carried = {
        d
        for d, capacity in enumerate(on.capacities)
        if capacity and any(job.loads[d] for job in problem.jobs)
    }
    return {
        number
        for number, place in enumerate(problem.facilities)
        if carried <= place.dimensions and helps(problem, on, place)
    }


def hours_told(job: ProblemJob, window: Window, known: Relaxed) -> tuple[int, int, int]:
    """Return from when until when service may start, and the release: what PyVRP is told of them.

    PyVRP refuses a release after the window. Where spans are limited it is told of no release,
    only of a later window: its local search does not end when a problem has both (0.14.1).
    """
    release_s = min(job.release_s, window.latest_s)
    if known.spans_s:
        return max(window.earliest_s, release_s), window.latest_s, 0
    return window.earliest_s, window.latest_s, release_s


def _barred(nodes: Sequence[Node], shifts: Sequence[int]) -> dict[int, frozenset[int]]:
    """Return the nodes of the visits that each shift may not do."""
    may: dict[int, set[int]] = {shift: set() for shift in shifts}
    for number, node in enumerate(nodes):
        for shift in node.shifts:
            may[shift].add(number)
    visits = frozenset(n for n, node in enumerate(nodes) if node.visit is not None)
    return {shift: visits - may[shift] for shift in shifts}


def _factors(
    problem: Problem, shifts: Sequence[int], barred: dict[int, frozenset[int]]
) -> dict[int, int]:
    """Return by how much each shift is dearer than the table that it shares.

    A table for each rate would slow the search: 200 jobs on nine kinds of vehicles ran at a third
    of the speed. The price that keeps a shift off a job must not be multiplied, so a shift that
    may not do everything has its own table.
    """
    scale, common = {}, dict[tuple[int, int, int], int]()
    for shift in shifts:
        on = problem.shifts[shift]
        scale[shift] = gcd(on.crew_ueur_per_s, on.ueur_per_m) or 1
        kind = _proportion(on, scale[shift])
        common[kind] = gcd(common.get(kind, 0), scale[shift])
    return {
        s: 1 if barred[s] else scale[s] // common[_proportion(problem.shifts[s], scale[s])]
        for s in shifts
    }


def _proportion(on: ProblemShift, scale: int) -> tuple[int, int, int]:
    return on.matrix, on.crew_ueur_per_s // scale, on.ueur_per_m // scale


def _one_each(problem: Problem, shifts: Sequence[int]) -> list[tuple[int, ProblemShift]]:
    return list({problem.shifts[s].matrix: problem.shifts[s] for s in shifts}.items())


def _seconds(problem: Problem, nodes: Sequence[Node], shift: ProblemShift) -> NDArray[np.int64]:
    table = work_s(problem, nodes, shift)
    missing = among(nodes, problem.matrices[shift.matrix].duration_s) < 0
    table[missing] += NO_ROAD_S
    np.fill_diagonal(table, 0)
    return table


def _money_ueur(
    problem: Problem,
    nodes: Sequence[Node],
    works: dict[int, NDArray[np.int64]],
    rates: tuple[int, int, int],
) -> NDArray[np.int64]:
    matrix, crew_ueur_per_s, ueur_per_m = rates
    metres = among(nodes, problem.matrices[matrix].distance_m).clip(min=0)
    return np.asarray(works[matrix] * crew_ueur_per_s + metres * ueur_per_m, dtype=np.int64)


def _prices_ueur(problem: Problem, nodes: Sequence[Node], leg_ueur: int) -> list[int]:
    """Return what leaving each node's job costs, with a surcharge for required ones.

    It outweighs any ten optional jobs, a vehicle's day and the dearest detour; the true one would
    drown all else.
    """
    most = max((job.leave_price_ueur for job in problem.jobs), default=0)
    use = max((shift.use_ueur for shift in problem.shifts), default=0)
    surcharge = 10 * most + use + 4 * leg_ueur
    prices = []
    for node in nodes:
        if node.visit is None or node.visit.kind is not StopKind.JOB:
            prices.append(0)
            continue
        job = node.visit.index
        prices.append(
            min(leave_price_ueur(problem, job), problem.jobs[job].leave_price_ueur + surcharge)
        )
    return prices


def _reserve_s(shift: ProblemShift) -> int:
    """Return the length of the break that a whole day of the shift needs."""
    longest_s = shift.end_s - shift.start_s
    if shift.max_span_s is not None:
        longest_s = min(longest_s, shift.max_span_s)
    return shift.break_rule.reserve_s(longest_s) if shift.break_rule else 0
