"""Room to work in, and labels: how far a route has come with some breaks behind it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dispatch.planning.kernel.compiled import Cube, Grid, Ints, inlined
from dispatch.planning.kernel.tables import (
    FREE,
    UNDERWAY,
    Tables,
)

MOST = 16
"""Labels kept at a halt: more than 12 were never alive on generated days."""


NOW, REST_END, RESTED, DRIVEN, SINCE, HALF, METRES, LATE_UEUR, LATE, LAWLESS = range(10)


PARENT, SIDE, BEGIN, LENGTH = range(10, 14)


FIELDS = 14


AHEAD, ON_ARRIVAL = 1, 2


class Bench(NamedTuple):
    """Room to work in, for routes of up to `n` halts, and what the clock leaves there.

    `times` is arrival, start and departure per halt; `rests` gap, side, start and length.
    `booked` holds start, end and shift of the services at places with a limit.
    """

    labels: Cube  # (n + 2, MOST, FIELDS)
    alive: Ints  # (n + 2,)
    ready_s: Ints  # (n,)
    turn_s: Ints  # (n,) no service begins before
    times: Grid  # (n, 3)
    rests: Grid  # (8, 4)
    slacks: Grid  # (n + 2, 6)
    totals: Ints  # (16,)
    spare: Grid  # (6, 16) a label or totals put aside
    booked: Cube  # (v, k, 3)
    bookings: Ints  # (v,)


COST, LATENESS, OFFENCE, OVERLOAD, OVERLOADED, WORK, BEGINS, ENDS, RESTS, EXCESS = range(10)
"""What `totals` holds: ueur, seconds late, seconds against the law, amount and dimension of the
greatest overload (FREE: range), seconds of work, begin, end, number of breaks, limits exceeded."""
DRIVE_SUM, METRE_SUM, LATE_SUM, MOVED_SUM, BUSY_SUM, DELICATE = range(10, 16)
"""What `plain` adds up there: seconds and metres of driving, what lateness (with overtime, in the
end) and moved jobs cost, seconds of setup and service, 1 if a delay may cost more than waiting."""
FRESH, SINGLE, RUNNING, GOAL, TIMED, CHOSEN = range(6)
"""Rows of `spare`."""


def bench_for(halts: int, visits: int, bookings: int) -> Bench:
    """Return room for routes of so many halts."""
    return Bench(
        labels=np.zeros((halts + 2, MOST, FIELDS), dtype=np.int64),
        alive=np.zeros(halts + 2, dtype=np.int64),
        ready_s=np.zeros(halts + 1, dtype=np.int64),
        turn_s=np.zeros(halts + 1, dtype=np.int64),
        times=np.zeros((halts + 1, 3), dtype=np.int64),
        rests=np.zeros((8, 4), dtype=np.int64),
        slacks=np.zeros((halts + 3, 6), dtype=np.int64),
        totals=np.zeros(16, dtype=np.int64),
        spare=np.zeros((6, 16), dtype=np.int64),
        booked=np.zeros((visits, max(1, bookings), 3), dtype=np.int64),
        bookings=np.zeros(visits, dtype=np.int64),
    )


@inlined
def copy_label(goal: Ints, source: Ints) -> None:
    """Copy a label."""
    for field in range(FIELDS):
        goal[field] = source[field]


@inlined
def copy_row(goal: Ints, source: Ints) -> None:
    """Copy all of the shorter row into the other."""
    for field in range(min(goal.shape[0], source.shape[0])):
        goal[field] = source[field]


@inlined
def first_label(t: Tables, b: Bench, shift: int, begin_s: int) -> None:
    """Set the label with which a route begins."""
    label = b.labels[0, 0]
    for field in range(FIELDS):
        label[field] = 0
    began, rest_end, rested, driven, since, half = t.far[shift, 4:10]
    underway = t.shift[shift, UNDERWAY] == 1
    label[NOW] = begin_s
    label[REST_END] = rest_end if underway else begin_s
    label[RESTED], label[DRIVEN], label[SINCE], label[HALF] = rested, driven, since, half
    b.alive[0] = 1
    b.totals[BEGINS] = begin_s
    b.totals[EXCESS] = began if underway else begin_s


@inlined
def take_rest(t: Tables, rule: int, label: Ints, start_s: int, length_s: int) -> None:
    """Book a break in a label: stretches of work and of driving end, or half of one."""
    label[LAWLESS] += max(0, start_s - label[REST_END] - t.law[rule, 0])
    label[REST_END] = start_s + length_s
    label[RESTED] += length_s
    label[BEGIN], label[LENGTH] = start_s, length_s
    whole, first, second = t.law[rule, 4], t.law[rule, 5], t.law[rule, 6]
    if length_s >= whole or (label[HALF] == 1 and length_s >= second):
        label[SINCE], label[HALF] = 0, 0
    elif length_s >= first:
        label[HALF] = 1


@inlined
def drive_on(t: Tables, rule: int, label: Ints, seconds: int, metres: int) -> None:
    """Book a leg in a label; driving beyond the stretch is counted once per second."""
    allowed = t.law[rule, 3] if rule >= 0 else FREE
    before = max(0, label[SINCE] - allowed)
    label[SINCE] += seconds
    label[DRIVEN] += seconds
    label[METRES] += metres
    label[LAWLESS] += max(0, label[SINCE] - allowed) - before


@inlined
def no_better(a: Ints, c: Ints) -> bool:
    """Tell whether label `a` is at least as good as `c` in every respect that may still matter."""
    return bool(
        a[NOW] <= c[NOW]
        and a[LAWLESS] <= c[LAWLESS]
        and a[LATE] <= c[LATE]
        and a[LATE_UEUR] <= c[LATE_UEUR]
        and a[RESTED] >= c[RESTED]
        and a[REST_END] >= c[REST_END]
        and a[SINCE] <= c[SINCE]
        and a[HALF] >= c[HALF]
        and a[DRIVEN] <= c[DRIVEN]
    )


@inlined
def _sum(label: Ints) -> int:
    return int(4 * label[LAWLESS] + 2 * label[LATE] + label[NOW] - label[RESTED])


@inlined
def keep(b: Bench, level: int, fresh: Ints) -> None:
    """Add a label to a level unless another is as good; drop those that it makes idle."""
    labels, count, kept, beaten = b.labels[level], b.alive[level], 0, False
    for k in range(count):
        beaten = beaten or no_better(labels[k], fresh)
    if not beaten:
        for k in range(count):
            if not no_better(fresh, labels[k]):
                if kept != k:
                    copy_label(labels[kept], labels[k])
                kept += 1
        if kept < MOST:
            copy_label(labels[kept], fresh)
            kept += 1
        else:
            worst = 0
            for k in range(1, kept):
                if _sum(labels[k]) > _sum(labels[worst]):
                    worst = k
            if _sum(labels[worst]) > _sum(fresh):
                copy_label(labels[worst], fresh)
        b.alive[level] = kept
