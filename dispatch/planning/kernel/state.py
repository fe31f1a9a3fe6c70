"""A plan as the compiled search holds it, with what is needed to take a step back."""

from __future__ import annotations

from typing import NamedTuple

from dispatch.planning.kernel.compiled import Cube, Grid, Ints, compiled, inlined
from dispatch.planning.kernel.gaps import (
    Gaps,
    look,
)
from dispatch.planning.kernel.judge import judge, timed
from dispatch.planning.kernel.labels import (
    COST,
    WORK,
    Bench,
    copy_row,
)
from dispatch.planning.kernel.tables import (
    AT_ONCE,
    BOUND,
    FREE,
    Tables,
)


class State(NamedTuple):
    """Routes of all shifts (`s`, room for `l` halts), where each job (`j`) is, and the rules.

    `kept_*` is the plan before the current step, of routes that are `touched`; `best_*` the best
    plan so far. `sums` holds the plan's cost, the best one's, and the price of jobs left.
    """

    routes: Grid  # (s, l)
    size: Ints  # (s,)
    cost: Ints  # (s,)
    work: Ints  # (s,)
    shift_of: Ints  # (j,) -1 for a job that is left
    kept_routes: Grid
    kept_size: Ints
    kept_cost: Ints
    kept_work: Ints
    touched: Ints  # (s,)
    best_routes: Grid
    best_size: Ints
    best_cost: Ints
    best_work: Ints
    sums: Ints  # (3,)
    price: Ints  # (j,)
    allowed: Grid  # (j, s)
    alike: Ints  # (s,) the first shift that equals it
    near: Grid  # (j, k) nearest first, -1 beyond the last
    foes: Grid  # (j, f) jobs that may not be on the same route, -1 beyond the last
    uneven: Ints  # (1,) price of a second between the longest and the shortest day
    leaves_s: Grid  # (s, l + 1), as in Gaps, valid where `seen`
    latest_s: Grid
    held: Cube  # (s, l + 1, d)
    trip: Cube
    seen: Ints  # (s,)
    waits_s: Grid  # (s, l + 2)
    trial: Ints  # (l + 3,)
    offers: Grid  # (s (l + 1), 2) a heap of gaps: the least they cost, shift and position
    asked: Ints  # (s,) 1 for routes that are looked at
    keys: Ints  # (j,) by which the pool is put in order
    pool: Ints  # (j,) jobs to insert
    serves: Cube  # (s, l, 3) facility, start and end of the limited services of each route
    served: Ints  # (s,) how many
    kept_serves: Cube  # (s, l, 3)
    kept_served: Ints  # (s,)
    best_serves: Cube  # (s, l, 3)
    best_served: Ints  # (s,)
    limited: int


@compiled
def gaps(s: State, shift: int) -> Gaps:
    """Return what is known of the gaps of a route."""
    return Gaps(
        s.leaves_s[shift],
        s.latest_s[shift],
        s.held[shift],
        s.trip[shift],
        s.trial,
        s.waits_s[shift],
    )


@inlined
def copy_services(
    serves: Cube, served: Ints, goal_serves: Cube, goal_served: Ints, shift: int
) -> None:
    """Copy the services of a route at places with a limit."""
    goal_served[shift] = served[shift]
    for k in range(served[shift]):
        for field in range(3):
            goal_serves[shift, k, field] = serves[shift, k, field]


@compiled
def touch(s: State, shift: int) -> None:
    """Keep a route as it is before it is changed for the first time in a step."""
    if s.touched[shift] == 1:
        return
    n = s.size[shift]
    s.touched[shift] = 1
    for k in range(n):
        s.kept_routes[shift, k] = s.routes[shift, k]
    copy_services(s.serves, s.served, s.kept_serves, s.kept_served, shift)
    s.kept_size[shift], s.kept_cost[shift], s.kept_work[shift] = n, s.cost[shift], s.work[shift]


@compiled
def withdraw(b: Bench, s: State, shift: int) -> None:
    """Take the services of a route out of the book of places with a limit."""
    for k in range(s.served[shift]):
        visit, kept = s.serves[shift, k, 0], 0
        for row in range(b.bookings[visit]):
            if b.booked[visit, row, 2] != shift:
                copy_row(b.booked[visit, kept], b.booked[visit, row])
                kept += 1
        b.bookings[visit] = kept


@compiled
def enter(b: Bench, s: State, shift: int) -> None:
    """Enter the services of a route in the book of places with a limit."""
    for k in range(s.served[shift]):
        visit = s.serves[shift, k, 0]
        count = b.bookings[visit]
        if count < b.booked.shape[1]:
            row = b.booked[visit, count]
            row[0], row[1], row[2] = s.serves[shift, k, 1], s.serves[shift, k, 2], shift
            b.bookings[visit] = count + 1


@compiled
def _book(t: Tables, b: Bench, s: State, shift: int) -> None:
    """Write down when a route is served at places with a limit, as it has been timed."""
    count = 0
    for position in range(s.size[shift]):
        visit = s.routes[shift, position]
        if t.visit[visit, AT_ONCE] < FREE:
            row = s.serves[shift, count]
            row[0], row[1], row[2] = visit, b.times[position, 1], b.times[position, 2]
            count += 1
    s.served[shift] = count
    enter(b, s, shift)


@compiled
def step_back(t: Tables, b: Bench, s: State) -> None:
    """Undo a step."""
    for shift in range(s.size.shape[0]):
        if s.touched[shift] == 0:
            continue
        withdraw(b, s, shift)
        for position in range(s.size[shift]):
            if s.routes[shift, position] < t.jobs:
                s.shift_of[s.routes[shift, position]] = -1
    for shift in range(s.size.shape[0]):
        if s.touched[shift] == 0:
            continue
        n = s.kept_size[shift]
        for k in range(n):
            s.routes[shift, k] = s.kept_routes[shift, k]
        s.size[shift], s.cost[shift], s.work[shift] = n, s.kept_cost[shift], s.kept_work[shift]
        s.seen[shift], s.touched[shift] = 0, 0
        for position in range(n):
            if s.routes[shift, position] < t.jobs:
                s.shift_of[s.routes[shift, position]] = shift
        copy_services(s.kept_serves, s.kept_served, s.serves, s.served, shift)
        enter(b, s, shift)


@compiled
def weigh(t: Tables, b: Bench, s: State, shift: int) -> bool:
    """Judge a changed route; tell whether it keeps all rules."""
    n, shared = s.size[shift], False
    withdraw(b, s, shift)
    s.seen[shift] = s.served[shift] = 0
    if s.limited == 1:
        for position in range(n):
            shared = shared or t.visit[s.routes[shift, position], AT_ONCE] < FREE
    if shared:
        kept = timed(t, b, shift, s.routes[shift], n)
        _book(t, b, s, shift)
    else:
        kept = judge(t, b, shift, s.routes[shift], n, True)
    s.cost[shift], s.work[shift] = b.totals[COST], b.totals[WORK]
    return kept


@compiled
def see(t: Tables, b: Bench, s: State, shift: int) -> None:
    """Make sure that the gaps of a route are known."""
    if s.seen[shift] == 0:
        look(t, b, gaps(s, shift), shift, s.routes[shift], s.size[shift])
        s.seen[shift] = 1


@compiled
def total(s: State) -> int:
    """Return what the plan costs: routes, jobs left, unevenness."""
    cost = 0
    for shift in range(s.size.shape[0]):
        cost += s.cost[shift]
    for job in range(s.shift_of.shape[0]):
        if s.shift_of[job] < 0:
            cost += s.price[job]
    if s.uneven[0] > 0:
        longest, shortest = -1, FREE
        for shift in range(s.size.shape[0]):
            if s.size[shift] > 0:
                longest = max(longest, s.work[shift])
                shortest = min(shortest, s.work[shift])
        if longest >= 0:
            cost += s.uneven[0] * (longest - shortest)
    return int(cost)


@compiled
def drop_idle_reloads(t: Tables, b: Bench, s: State, shift: int) -> None:
    """Take out every reload without which the route still keeps its loads and range."""
    position = 0
    while position < s.size[shift]:
        n, visit = s.size[shift], s.routes[shift, position]
        if visit < t.jobs or t.visit[visit, BOUND] == 1:
            position += 1
            continue
        for k in range(n - 1):
            s.trial[k] = s.routes[shift, k] if k < position else s.routes[shift, k + 1]
        if judge(t, b, shift, s.trial, n - 1, True):
            for k in range(position, n - 1):
                s.routes[shift, k] = s.trial[k]
            s.size[shift] = n - 1
        else:
            position += 1


@compiled
def keep_best(s: State) -> None:
    """Remember the plan as the best one."""
    s.sums[1] = s.sums[0]
    for shift in range(s.size.shape[0]):
        n = s.size[shift]
        s.best_size[shift] = n
        s.best_cost[shift], s.best_work[shift] = s.cost[shift], s.work[shift]
        for k in range(n):
            s.best_routes[shift, k] = s.routes[shift, k]
        copy_services(s.serves, s.served, s.best_serves, s.best_served, shift)
