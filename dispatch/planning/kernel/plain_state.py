"""A plan of a plain problem as its compiled search holds it: one trip each, one window each.

Where few rules hold, what a job costs in a gap can be told from a handful of numbers that are
kept of both sides of the gap: forty thousand steps a second instead of one thousand.
"""

from __future__ import annotations

from typing import NamedTuple

from dispatch.planning.kernel.compiled import Cube, Grid, Ints, compiled, inlined

MATRIX, CREW, METRE, USE, START, END, START_S, END_S, SPAN, KIND = range(10)
"""Columns of `shift`: what drives and costs, from where to where and when, which kind."""
COLUMNS = 10
UNBOUND = 2**40
COST, BEST, STAMP, CHANGED = range(4)
"""What `sums` holds: money now and at best, a running number, how many routes are touched."""


class Facts(NamedTuple):
    """The problem: nodes (`n`) are the jobs (`j`) and then the places where shifts end."""

    seconds: Cube  # (matrix, n, n) from, to; with service at the origin and setup
    metres: Cube
    seconds_to: Cube  # (matrix, n, n) to, from: a column in one piece of memory
    metres_to: Cube
    opens: Ints  # (j,)
    closes: Ints
    loads: Grid  # (j, d)
    price: Ints  # (j,) what leaving costs
    allowed: Grid  # (j, kind)
    shift: Grid  # (s, COLUMNS)
    room: Grid  # (s, d)
    near: Grid  # (j, k) nearest first, -1 beyond the last
    required: int  # prices from here on are of required jobs
    windows: int  # 1 where windows differ


class Plan(NamedTuple):
    """Routes of all shifts (`s`), with their ends (`l` = jobs + 2), and what is known of them.

    Of the way to each position: earliest start there, least time since leaving, latest leaving.
    Of the way from it to the end: least time, earliest and latest start for that.
    """

    route: Grid  # (s, l)
    size: Ints  # (s,) jobs
    cost: Ints  # (s,)
    held: Grid  # (s, d)
    where: Ints  # (j,) -1 for a job that is left
    early: Grid  # (s, l)
    so_far: Grid
    leaves: Grid
    to_go: Grid
    begins: Grid
    late: Grid
    link: Grid  # (s, l) what the leg behind each position costs
    kept: Grid  # (s, l) as before this step, where `touched`
    kept_size: Ints
    touched: Ints
    changed: Ints  # (s,) the touched ones in a row
    best: Grid
    best_size: Ints
    stale: Ints  # (s,) 1 where `best` may differ
    stamp: Ints  # (s,)
    asked: Ints  # (s,) routes to look at
    empty: Ints  # (kind,) an empty shift of each, -1 for none
    pool: Ints  # (j,)
    keys: Ints  # (j,) by what the pool is ordered
    sums: Ints  # (4,)


@compiled
def weigh(f: Facts, p: Plan, r: int) -> bool:
    """Work out all that is known of a route; tell whether it keeps the rules."""
    on, n, before = f.shift[r], p.size[r], p.cost[r]
    p.route[r, 0], p.route[r, n + 1] = on[START], on[END]
    p.held[r] = 0
    for i in range(1, n + 1):
        for d in range(f.loads.shape[1]):
            p.held[r, d] += f.loads[p.route[r, i], d]
    p.cost[r] = 0
    if n == 0:
        _forwards(f, p, r)
        p.link[r, 0], p.cost[r] = 0, 0
        _backwards(f, p, r)
        p.sums[COST] -= before
        return True
    sound = _forwards(f, p, r)
    _backwards(f, p, r)
    p.cost[r] += on[USE]
    p.sums[COST] += p.cost[r] - before
    for d in range(f.loads.shape[1]):
        sound = sound and p.held[r, d] <= f.room[r, d]
    return sound and p.so_far[r, n + 1] <= on[SPAN]


@compiled
def _forwards(f: Facts, p: Plan, r: int) -> bool:
    """Follow a route from its start: times, and the price of every leg."""
    on, n, sound = f.shift[r], p.size[r], True
    p.early[r, 0], p.so_far[r, 0] = on[START_S], 0
    p.leaves[r, 0] = on[END_S] if on[SPAN] < UNBOUND else on[START_S]
    for i in range(1, n + 2):
        a, b = p.route[r, i - 1], p.route[r, i]
        leg_s = f.seconds[on[MATRIX], a, b]
        p.link[r, i - 1] = leg_s * on[CREW] + f.metres[on[MATRIX], a, b] * on[METRE]
        p.cost[r] += p.link[r, i - 1]
        opens, closes = on[START_S], on[END_S]
        if i <= n:
            opens, closes = f.opens[b], f.closes[b]
        arrives = p.early[r, i - 1] + leg_s
        sound = sound and arrives <= closes
        p.early[r, i] = max(arrives, opens)
        way = p.so_far[r, i - 1] + leg_s
        p.so_far[r, i] = way + max(opens - way - p.leaves[r, i - 1], 0)
        p.leaves[r, i] = min(closes - way, p.leaves[r, i - 1])
    return sound


@compiled
def _backwards(f: Facts, p: Plan, r: int) -> None:
    """Follow a route from its end: until when each position may begin, what lies ahead of it."""
    on, n = f.shift[r], p.size[r]
    p.to_go[r, n + 1], p.begins[r, n + 1], p.late[r, n + 1] = 0, on[START_S], on[END_S]
    for i in range(n, -1, -1):
        a, b = p.route[r, i], p.route[r, i + 1]
        leg_s = f.seconds[on[MATRIX], a, b]
        opens, closes = on[START_S], on[END_S]
        if i > 0:
            opens, closes = f.opens[a], f.closes[a]
        wait = max(p.begins[r, i + 1] - leg_s - closes, 0)
        p.to_go[r, i] = p.to_go[r, i + 1] + leg_s + wait
        p.begins[r, i] = max(p.begins[r, i + 1] - leg_s, opens) - wait
        p.late[r, i] = min(p.late[r, i + 1] - leg_s, closes)


@inlined
def _copy(target: Grid, source: Grid, r: int, count: int) -> None:
    for i in range(count):
        target[r, i] = source[r, i]


@compiled
def touch(p: Plan, r: int) -> None:
    """Keep a route as it is before it is changed for the first time in a step."""
    p.stale[r] = 1
    if p.touched[r] == 1:
        return
    n = p.size[r]
    p.touched[r], p.kept_size[r] = 1, n
    _copy(p.kept, p.route, r, n + 2)
    p.changed[p.sums[CHANGED]] = r
    p.sums[CHANGED] += 1


@compiled
def refill(f: Facts, p: Plan, r: int) -> None:
    """Note whether a shift is empty, and which of its kind is, after its size has changed."""
    kind = f.shift[r, KIND]
    if p.size[r] == 0:
        p.empty[kind] = r
    elif p.empty[kind] == r:
        p.empty[kind] = -1
        for other in range(p.size.shape[0]):
            if f.shift[other, KIND] == kind and p.size[other] == 0:
                p.empty[kind] = other
                return


@compiled
def step_back(f: Facts, p: Plan, cost: int) -> None:
    """Undo a step; `cost` is what the plan came to before it."""
    for k in range(p.sums[CHANGED]):
        r = p.changed[k]
        for i in range(1, p.size[r] + 1):
            p.where[p.route[r, i]] = -1
    for k in range(p.sums[CHANGED]):
        r = p.changed[k]
        n = p.kept_size[r]
        _copy(p.route, p.kept, r, n + 2)
        p.size[r], p.touched[r] = n, 0
        for i in range(1, n + 1):
            p.where[p.route[r, i]] = r
        weigh(f, p, r)
        refill(f, p, r)
    p.sums[COST], p.sums[CHANGED] = cost, 0


@compiled
def keep_best(p: Plan) -> None:
    """Remember the plan as the best one."""
    p.sums[BEST] = p.sums[COST]
    for r in range(p.size.shape[0]):
        if p.stale[r] == 1:
            n = p.size[r]
            _copy(p.best, p.route, r, n + 2)
            p.best_size[r], p.stale[r] = n, 0


@compiled
def begin(f: Facts, p: Plan) -> bool:
    """Take the routes as they are; tell whether all of them keep the rules."""
    sound = True
    p.sums[:] = 0
    p.where[:] = -1
    p.stale[:] = 1
    p.empty[:] = -1
    for r in range(p.size.shape[0]):
        for i in range(1, p.size[r] + 1):
            p.where[p.route[r, i]] = r
        sound = weigh(f, p, r) and sound
        if p.size[r] == 0 and p.empty[f.shift[r, KIND]] < 0:
            p.empty[f.shift[r, KIND]] = r
    for job in range(p.where.shape[0]):
        if p.where[job] < 0:
            p.sums[COST] += f.price[job]
    keep_best(p)
    return sound
