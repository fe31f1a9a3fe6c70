"""What is on board along a route, and how far its battery takes it."""

from __future__ import annotations

from dispatch.planning.kernel.clock import (
    drive_m,
)
from dispatch.planning.kernel.compiled import Ints, compiled, inlined
from dispatch.planning.kernel.labels import (
    OVERLOAD,
    OVERLOADED,
    Bench,
)
from dispatch.planning.kernel.tables import (
    CHARGES,
    END_PLACE,
    FREE,
    PLACE,
    START_PLACE,
    Tables,
)

NO_ROAD = -2
"""Stands in `OVERLOADED` where the greatest fault is a leg without a road."""


@inlined
def _load(t: Tables, shift: int, route: Ints, n: int, worst: int, where: int) -> tuple[int, int]:
    """Return the greatest overload, if it is more than `worst`, and its dimension."""
    for d in range(t.loads.shape[1]):
        held = t.far[shift, 10 + d]
        for position in range(n):
            visit = route[position]
            if t.resets[visit, d] == 1:
                held = 0
            held += t.loads[visit, d]
            if t.loads[visit, d] > 0 and held - t.capacity[shift, d] > worst:
                worst, where = held - t.capacity[shift, d], d
    return worst, where


@compiled
def carry(t: Tables, b: Bench, shift: int, route: Ints, n: int) -> bool:
    """Book loads and range of a route; tell whether they keep within what the vehicle has."""
    metres, place = t.far[shift, 3], t.shift[shift, START_PLACE]
    worst, where = 0, -1
    range_m = t.limits[shift, 3]
    for position in range(n):
        visit = route[position]
        if range_m < FREE:
            metres += drive_m(t, shift, place, t.visit[visit, PLACE], 0)
        if t.duration_s[t.period_matrix[shift, 0], place, t.visit[visit, PLACE]] < 0:
            worst, where = FREE, NO_ROAD
        place = t.visit[visit, PLACE]
        if metres - range_m > worst:
            worst, where = metres - range_m, FREE
        if t.visit[visit, CHARGES] == 1:
            metres = 0
    if metres + drive_m(t, shift, place, t.shift[shift, END_PLACE], 0) - range_m > worst:
        worst = metres + drive_m(t, shift, place, t.shift[shift, END_PLACE], 0) - range_m
        where = FREE
    home = t.shift[shift, END_PLACE]
    if home >= 0 and t.duration_s[t.period_matrix[shift, 0], place, home] < 0:
        worst, where = FREE, NO_ROAD
    worst, where = _load(t, shift, route, n, worst, where)
    b.totals[OVERLOAD], b.totals[OVERLOADED] = worst, where
    return worst == 0
