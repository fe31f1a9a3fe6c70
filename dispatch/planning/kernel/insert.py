"""The cheapest place for one more job in a route, alone or with a reload beside it."""

from __future__ import annotations

from dispatch.planning.kernel.clock import late_cost, shortest_rest
from dispatch.planning.kernel.compiled import Ints, compiled, inlined
from dispatch.planning.kernel.gaps import Gaps, extra_ueur, has_road, leg_ueur
from dispatch.planning.kernel.judge import judge, judge_times
from dispatch.planning.kernel.labels import (
    COST,
    Bench,
)
from dispatch.planning.kernel.tables import (
    CHARGES,
    CREW_UEUR,
    END_PLACE,
    END_S,
    FREE,
    GLUED,
    HEAD,
    PLACE,
    RESTS_ON_ROAD,
    RULE,
    SERVICE_S,
    SETUP_S,
    START_PLACE,
    UNDERWAY,
    USE_UEUR,
    WINDOWS,
    Tables,
)

ALONE, RELOAD_FIRST, RELOAD_AFTER = 0, 1, 2
"""Chains: the job; a reload, then the job; the job, then a reload."""
UNKNOWN, SOUND, QUICK = 0, 1, 2
"""Care: a route that may break rules; one that keeps all; the same, and of ways through a reload
only those where the job lacks room, range or rest."""


@inlined
def _room(t: Tables, g: Gaps, shift: int, position: int, job: int) -> bool:
    """Tell whether the trip of that gap can take the job's loads as well."""
    for d in range(t.loads.shape[1]):
        more = t.loads[job, d]
        if more > 0 and g.trip[position, d] + more > t.capacity[shift, d]:
            return False
    return True


@inlined
def put(g: Gaps, route: Ints, n: int, job: int, position: int, chain: int, place: int) -> int:
    """Write the route with the chain in that gap into `trial`; return its length."""
    trial, size = g.trial, 1
    for k in range(position):
        trial[k] = route[k]
    trial[position] = job
    if chain == RELOAD_FIRST:
        trial[position], trial[position + 1], size = place, job, 2
    elif chain == RELOAD_AFTER:
        trial[position + 1], size = place, 2
    for k in range(position, n):
        trial[k + size] = route[k]
    return n + size


@compiled
def _tried(
    t: Tables,
    b: Bench,
    g: Gaps,
    shift: int,
    route: Ints,
    n: int,
    cost_ueur: int,
    job: int,
    position: int,
    chain: int,
    place: int,
    care: int,
) -> int:
    """Return the exact extra cost of the chain there; FREE if a rule is broken.

    Of a sound route, gaps that have room for the loads have been told from the others.
    """
    size = put(g, route, n, job, position, chain, place)
    if care != UNKNOWN and t.limits[shift, 3] == FREE:
        kept = judge_times(t, b, shift, g.trial, size, True)
    else:
        kept = judge(t, b, shift, g.trial, size, True)
    return int(b.totals[COST]) - cost_ueur if kept else FREE


@inlined
def _helps(t: Tables, g: Gaps, shift: int, position: int, job: int, place: int, kind: int) -> bool:
    """Tell whether a reload there makes room for the job, or may give it range or a rest."""
    if t.visit[place, CHARGES] == 1 and t.limits[shift, 3] < FREE:
        return True
    useful = t.shift[shift, RESTS_ON_ROAD] == 0 and t.rests_at[shift, place] == 1
    for d in range(t.loads.shape[1]):
        more, capacity = t.loads[job, d], t.capacity[shift, d]
        if more == 0:
            continue
        if t.resets[place, d] == 0:
            if g.trip[position, d] + more > capacity:
                return False
            continue
        useful = True
        part = g.held[position, d]
        if kind == RELOAD_FIRST:
            part = g.trip[position, d] - part
        if part + more > capacity:
            return False
    return useful


@inlined
def _detour_via(
    t: Tables, shift: int, route: Ints, n: int, position: int, job: int, place: int, kind: int
) -> int:
    """Return a lower bound of what job and reload cost there: legs and service, no setups.

    FREE where a road is missing.
    """
    before = t.shift[shift, START_PLACE] if position == 0 else t.visit[route[position - 1], PLACE]
    after = t.shift[shift, END_PLACE] if position == n else t.visit[route[position], PLACE]
    first, second = t.visit[place, PLACE], t.visit[job, PLACE]
    if kind == RELOAD_AFTER:
        first, second = second, first
    if not (
        has_road(t, shift, before, first)
        and has_road(t, shift, first, second)
        and has_road(t, shift, second, after)
    ):
        return FREE
    extra = leg_ueur(t, shift, before, first) + leg_ueur(t, shift, first, second)
    extra += leg_ueur(t, shift, second, after)
    out = n > 0 or t.shift[shift, UNDERWAY] == 1
    extra -= leg_ueur(t, shift, before, after) if out else -t.shift[shift, USE_UEUR]
    work = t.visit[job, SERVICE_S] + t.visit[place, SERVICE_S]
    if position < n and after == second:
        work -= t.visit[route[position], SETUP_S]
    return extra + work * t.shift[shift, CREW_UEUR]


@inlined
def _via(
    t: Tables,
    b: Bench,
    g: Gaps,
    shift: int,
    route: Ints,
    n: int,
    cost_ueur: int,
    job: int,
    position: int,
    below_ueur: int,
    care: int,
) -> tuple[int, int, int]:
    """Return extra cost, chain and facility of the job with the best reload in that gap."""
    best, chain, facility = below_ueur, ALONE, -1
    for place in range(t.jobs, t.visit.shape[0]):
        for kind in (RELOAD_FIRST, RELOAD_AFTER):
            if not _helps(t, g, shift, position, job, place, kind):
                continue
            if _detour_via(t, shift, route, n, position, job, place, kind) >= best:
                continue
            extra = _tried(t, b, g, shift, route, n, cost_ueur, job, position, kind, place, care)
            if extra < best:
                best, chain, facility = extra, kind, place
    return best, chain, facility


@inlined
def barred(t: Tables, route: Ints, n: int, position: int) -> bool:
    """Tell whether a relation forbids anything in that gap."""
    if position > 0 and t.visit[route[position - 1], GLUED] == 1:
        return True
    return bool(position < n and t.visit[route[position], HEAD] == 1)


@inlined
def _late_ueur(t: Tables, g: Gaps, shift: int, route: Ints, n: int, position: int, job: int) -> int:
    """Return the least that the job costs for being late there.

    FREE where it or what follows misses its windows even if nobody rests.
    """
    if t.period_from_s.shape[1] > 0:
        return 0
    matrix = t.period_matrix[shift, 0]
    before = t.shift[shift, START_PLACE] if position == 0 else t.visit[route[position - 1], PLACE]
    here = t.visit[job, PLACE]
    ready = g.leaves_s[position] + t.duration_s[matrix, before, here]
    if before != here:
        ready += t.visit[job, SETUP_S]
    start = -1
    for w in range(t.visit[job, WINDOWS]):
        if ready <= t.closes_s[job, w]:
            start = max(ready, t.opens_s[job, w])
            break
    if start < 0:
        return FREE
    ueur = late_cost(t, job, start)
    after = t.shift[shift, END_PLACE] if position == n else t.visit[route[position], PLACE]
    leg = 0 if after < 0 else t.duration_s[matrix, here, after]
    arrives = start + t.visit[job, SERVICE_S] + leg
    if arrives > g.latest_s[position]:
        return FREE
    rule = t.shift[shift, RULE]
    if rule < 0 or t.shift[shift, UNDERWAY] == 1:
        return ueur
    # With the shortest lawful break the route must still end in time, however it is laid.
    leg = 0 if after < 0 else t.duration_s[matrix, before, after]
    delay = max(0, arrives - g.leaves_s[position] - leg - g.waits_s[position])
    end = g.waits_s[n + 1] + delay if n > 0 else arrives
    rest = shortest_rest(t, rule, end - g.leaves_s[0])
    end += max(0, rest - g.waits_s[0] - start + ready)
    return ueur if end <= t.shift[shift, END_S] else FREE


@compiled
def at_gap(
    t: Tables,
    b: Bench,
    g: Gaps,
    shift: int,
    route: Ints,
    n: int,
    cost_ueur: int,
    job: int,
    position: int,
    below_ueur: int,
    care: int,
) -> tuple[int, int, int]:
    """Return extra cost, chain and facility of the job in that gap, if less than `below_ueur`.

    FREE if there is no such way within all rules; what is beside the job comes in only where the
    job alone does not fit.
    """
    before = t.shift[shift, START_PLACE] if position == 0 else t.visit[route[position - 1], PLACE]
    after = t.shift[shift, END_PLACE] if position == n else t.visit[route[position], PLACE]
    here, best, chain, facility = t.visit[job, PLACE], FREE, ALONE, -1
    late = _late_ueur(t, g, shift, route, n, position, job)
    if late == FREE or extra_ueur(t, shift, route, n, position, job) + late >= below_ueur:
        return FREE, ALONE, -1
    roads = has_road(t, shift, before, here) and has_road(t, shift, here, after)
    room = _room(t, g, shift, position, job)
    if roads and room:
        best = _tried(t, b, g, shift, route, n, cost_ueur, job, position, ALONE, -1, care)
    tired = t.shift[shift, RESTS_ON_ROAD] == 0 or t.any_release == 1
    if best == FREE and (care != QUICK or not room or tired or t.limits[shift, 3] < FREE):
        best, chain, facility = _via(
            t, b, g, shift, route, n, cost_ueur, job, position, below_ueur, care
        )
    return (best, chain, facility) if best < below_ueur else (FREE, ALONE, -1)


@compiled
def cheapest(
    t: Tables,
    b: Bench,
    g: Gaps,
    shift: int,
    route: Ints,
    n: int,
    cost_ueur: int,
    job: int,
    below_ueur: int,
) -> tuple[int, int, int, int]:
    """Return extra cost, gap, chain and facility of the cheapest place within all rules.

    `g` must be what `look` says of the route, whose cost is `cost_ueur`. The extra cost is FREE
    if no place costs less than `below_ueur`.
    """
    best, gap, chain, facility = min(below_ueur, FREE), -1, ALONE, -1
    for position in range(n + 1):
        if barred(t, route, n, position):
            continue
        if extra_ueur(t, shift, route, n, position, job) >= best:
            continue
        extra, kind, place = at_gap(
            t, b, g, shift, route, n, cost_ueur, job, position, best, UNKNOWN
        )
        if extra < best:
            best, gap, chain, facility = extra, position, kind, place
    if gap < 0:
        return FREE, -1, ALONE, -1
    return best, gap, chain, facility
