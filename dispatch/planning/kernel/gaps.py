"""What is known of the gaps of a route, and what a detour costs there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dispatch.planning.kernel.clock import (
    plain,
    setup_due_s,
)
from dispatch.planning.kernel.compiled import Grid, Ints, compiled, inlined
from dispatch.planning.kernel.labels import (
    Bench,
)
from dispatch.planning.kernel.tables import (
    CREW_UEUR,
    END_PLACE,
    END_S,
    METRE_UEUR,
    MOVE_UEUR,
    PLACE,
    PUBLISHED,
    SERVICE_S,
    SETUP_S,
    START_PLACE,
    START_S,
    UNDERWAY,
    USE_UEUR,
    WINDOWS,
    Tables,
)


class Gaps(NamedTuple):
    """What is known of the gaps of one route before anything is tried.

    Per gap: the earliest departure before it, the latest arrival after it, what is on board in
    it, and what the trip that it lies in will hold at its end. `trial` is room for a new order.
    """

    leaves_s: Ints  # (n + 1,)
    latest_s: Ints  # (n + 1,)
    held: Grid  # (n + 1, d)
    trip: Grid  # (n + 1, d)
    trial: Ints  # (n + 3,)
    waits_s: Ints  # (n + 2,) waiting after each gap, then the end of the route


def gaps_for(halts: int, dimensions: int) -> Gaps:
    """Return room for routes of up to so many halts."""
    return Gaps(
        leaves_s=np.zeros(halts + 1, dtype=np.int64),
        latest_s=np.zeros(halts + 1, dtype=np.int64),
        held=np.zeros((halts + 1, dimensions), dtype=np.int64),
        trip=np.zeros((halts + 1, dimensions), dtype=np.int64),
        trial=np.zeros(halts + 3, dtype=np.int64),
        waits_s=np.zeros(halts + 2, dtype=np.int64),
    )


@compiled
def look(t: Tables, b: Bench, g: Gaps, shift: int, route: Ints, n: int) -> None:
    """Fill what is known of the gaps of a route, breaks aside."""
    begin = t.shift[shift, START_S]
    if t.any_release:
        for position in range(n):
            b.ready_s[position] = 0
    g.waits_s[n + 1] = plain(t, b, shift, route, n, begin)
    g.waits_s[n] = 0
    g.leaves_s[0] = begin
    for d in range(t.loads.shape[1]):
        g.held[0, d] = t.far[shift, 10 + d]
    matrix = t.period_matrix[shift, 0]
    for position in range(n):
        visit = route[position]
        g.leaves_s[position + 1] = b.times[position, 2]
        for d in range(t.loads.shape[1]):
            held = 0 if t.resets[visit, d] == 1 else g.held[position, d]
            g.held[position + 1, d] = held + t.loads[visit, d]
    g.latest_s[n] = t.shift[shift, END_S]
    for d in range(t.loads.shape[1]):
        g.trip[n, d] = g.held[n, d]
    after = t.shift[shift, END_PLACE]
    for position in range(n - 1, -1, -1):
        visit = route[position]
        wait = b.times[position, 1] - b.times[position, 0]
        wait -= setup_due_s(t, shift, route, position)
        g.waits_s[position] = g.waits_s[position + 1] + wait
        leg = 0 if after < 0 else max(0, t.duration_s[matrix, t.visit[visit, PLACE], after])
        left = g.latest_s[position + 1] - leg - t.visit[visit, SERVICE_S]
        closes = t.closes_s[visit, t.visit[visit, WINDOWS] - 1]
        g.latest_s[position] = min(left, closes)
        for d in range(t.loads.shape[1]):
            reset = t.resets[visit, d] == 1
            g.trip[position, d] = g.held[position, d] if reset else g.trip[position + 1, d]
        after = t.visit[visit, PLACE]


@inlined
def has_road(t: Tables, shift: int, origin: int, goal: int) -> bool:
    """Tell whether a road leads there; always to the end of an open route."""
    return bool(goal < 0 or t.duration_s[t.period_matrix[shift, 0], origin, goal] >= 0)


@inlined
def leg_ueur(t: Tables, shift: int, origin: int, goal: int) -> int:
    """Return what a leg costs in the first period; nothing to the end of an open route."""
    if goal < 0:
        return 0
    matrix = t.period_matrix[shift, 0]
    seconds = max(0, t.duration_s[matrix, origin, goal])
    metres = max(0, t.distance_m[matrix, origin, goal])
    return seconds * t.shift[shift, CREW_UEUR] + metres * t.shift[shift, METRE_UEUR]


@inlined
def extra_ueur(t: Tables, shift: int, route: Ints, n: int, position: int, job: int) -> int:
    """Return what the legs, setup and service of one more job cost there, at the first period."""
    before = t.shift[shift, START_PLACE] if position == 0 else t.visit[route[position - 1], PLACE]
    after = t.shift[shift, END_PLACE] if position == n else t.visit[route[position], PLACE]
    here = t.visit[job, PLACE]
    extra = leg_ueur(t, shift, before, here) + leg_ueur(t, shift, here, after)
    if n > 0 or t.shift[shift, UNDERWAY] == 1:  # one underway drives home in any case
        extra -= leg_ueur(t, shift, before, after)
    else:
        extra += t.shift[shift, USE_UEUR]
    crew = t.shift[shift, CREW_UEUR]
    extra += crew * t.visit[job, SERVICE_S]
    if here != before:
        extra += crew * t.visit[job, SETUP_S]
    if position < n:
        setup = t.visit[route[position], SETUP_S]
        extra += crew * setup * (int(here != after) - int(before != after))
    if t.visit[job, PUBLISHED] >= 0 and t.visit[job, PUBLISHED] != shift:
        extra += t.visit[job, MOVE_UEUR]
    return extra


@compiled
def detour(t: Tables, shift: int, route: Ints, n: int, position: int, job: int) -> int:
    """Return `extra_ueur` where it is asked for once."""
    return extra_ueur(t, shift, route, n, position, job)
