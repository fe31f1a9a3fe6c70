"""Ruin and recreate: strings of neighbouring routes are taken out and put in again, elsewhere.

After Christiaens and Vanden Berghe, Slack Induction by String Removals (Transportation Science
54(2), 2020); their settings, on a problem with reloads, breaks and prices.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dispatch.planning.kernel.compiled import compiled
from dispatch.planning.kernel.insert import (
    cheapest,
    put,
)
from dispatch.planning.kernel.labels import (
    Bench,
)
from dispatch.planning.kernel.state import (
    State,
    drop_idle_reloads,
    gaps,
    see,
    step_back,
    total,
    touch,
    weigh,
)
from dispatch.planning.kernel.tables import (
    BOUND,
    PLACE,
    START_PLACE,
    Tables,
)

MEAN_REMOVED, LONGEST_STRING = 10, 10
"""Jobs taken out in a step on average, and of one route at most (their section 5)."""
SPLIT_SHARE = 0.5
WHOLE_ROUTE_SHARE = 0.02
"""How often a whole route is taken out, so that a vehicle may stay at home (own choice)."""
FEW_SHIFTS = 6
LEFT_TRIED = 12
"""Jobs left that are tried in a step, those nearest to the seed (own choice)."""


@compiled
def seed_random(seed: int) -> None:
    """Begin the sequence of random numbers of the compiled code."""
    np.random.seed(seed)


@compiled
def _take(
    t: Tables,
    s: State,
    shift: int,
    first: int,
    end: int,
    skip: int,
    spared: int,
    pool: int,
) -> int:
    """Take the jobs from `first` to `end` out of a route, but `spared` ones from `skip` on.

    Reloads and visits bound by a relation stay. Jobs taken out are marked -2 until the pool is
    complete, so that none comes in twice.
    """
    touch(s, shift)
    kept = 0
    for position in range(s.size[shift]):
        visit = s.routes[shift, position]
        inside = first <= position < end and not skip <= position < skip + spared
        if inside and visit < t.jobs and t.visit[visit, BOUND] == 0:
            s.pool[pool] = visit
            s.shift_of[visit] = -2
            pool += 1
        else:
            s.routes[shift, kept] = visit
            kept += 1
    s.size[shift] = kept
    return pool


@compiled
def _strings(t: Tables, s: State, seed: int) -> int:
    """Take a string out of the seed's route and of some routes near it; return how many jobs."""
    used, planned = 0, 0
    for shift in range(s.size.shape[0]):
        used += int(s.size[shift] > 0)
        planned += s.size[shift]
    mean = planned / max(1, used)
    longest = min(float(LONGEST_STRING), mean)
    strings = int(np.random.random() * (4 * MEAN_REMOVED / (1 + longest))) + 1
    pool, taken = 0, 0
    for k in range(-1, s.near.shape[1]):
        job = seed if k < 0 else s.near[seed, k]
        if job < 0 or taken == strings:
            break
        shift = s.shift_of[job]
        if shift < 0 or s.touched[shift] == 1:
            continue
        n = s.size[shift]
        length = int(np.random.random() * min(float(n), longest)) + 1
        at = 0
        while s.routes[shift, at] != job:
            at += 1
        spared = 0
        if length > 1 and length < n and np.random.random() < SPLIT_SHARE:
            spared = 1
            while length + spared < n and np.random.random() > 0.01:
                spared += 1
                if np.random.random() < 0.5:
                    break
        span = length + spared
        first = max(0, min(at - np.random.randint(0, span), n - span))
        skip = first + (np.random.randint(0, length) if spared else 0)
        pool = _take(t, s, shift, first, first + span, skip if spared else -1, spared, pool)
        taken += 1
    return pool


@compiled
def _ruin(t: Tables, b: Bench, s: State) -> int:
    """Take out jobs around a random one; return how many wait in `pool`, -1 if a route broke."""
    seed = np.random.randint(0, s.shift_of.shape[0])
    if np.random.random() < WHOLE_ROUTE_SHARE and s.shift_of[seed] >= 0:
        pool = _take(t, s, s.shift_of[seed], 0, s.size[s.shift_of[seed]], -1, 0, 0)
    else:
        pool = _strings(t, s, seed)
    for shift in range(s.size.shape[0]):
        if s.touched[shift] == 1:
            drop_idle_reloads(t, b, s, shift)
            if not weigh(t, b, s, shift):
                return -1
    left = 0
    for k in range(-1, s.near.shape[1]):
        job = seed if k < 0 else s.near[seed, k]
        if job < 0 or left == LEFT_TRIED or pool == s.pool.shape[0]:
            break
        if s.shift_of[job] == -1:
            s.pool[pool] = job
            pool, left = pool + 1, left + 1
    for k in range(pool):
        if s.shift_of[s.pool[k]] == -2:
            s.shift_of[s.pool[k]] = -1
    return pool


@compiled
def _sort(t: Tables, s: State, pool: int) -> None:
    """Order the jobs to insert: at random, dearest first, farthest first or nearest first."""
    keys = np.random.random(pool)
    way = np.random.random() * 11
    for k in range(pool):
        job = s.pool[k]
        if 4 <= way < 8:
            keys[k] = -float(s.price[job])
        elif way >= 8:
            out = float(t.duration_s[0, t.shift[0, START_PLACE], t.visit[job, PLACE]])
            keys[k] = -out if way < 10 else out
        if s.price[job] >= s.sums[2]:
            keys[k] -= 1e18
    s.pool[:pool] = s.pool[:pool][np.argsort(keys)]


@compiled
def keep_best(s: State) -> None:
    """Remember the plan as the best one."""
    s.sums[1] = s.sums[0]
    s.best_routes[:] = s.routes
    s.best_size[:] = s.size
    s.best_cost[:] = s.cost
    s.best_work[:] = s.work
    if s.limited == 1:
        s.best_serves[:] = s.serves
        s.best_served[:] = s.served


@compiled
def _routes_nearby(s: State, job: int) -> NDArray[np.bool_]:
    """Return the routes in which neighbours of a job are; all of them where they are few."""
    shifts = s.size.shape[0]
    asked = np.zeros(shifts, dtype=np.bool_)
    if shifts <= FEW_SHIFTS:
        asked[:] = True
    for k in range(s.near.shape[1]):
        if s.near[job, k] >= 0 and s.shift_of[s.near[job, k]] >= 0:
            asked[s.shift_of[s.near[job, k]]] = True
    return asked


@compiled
def _has_foe(s: State, job: int, shift: int) -> bool:
    for k in range(s.foes.shape[1]):
        foe = s.foes[job, k]
        if foe < 0:
            return False
        if s.shift_of[foe] == shift:
            return True
    return False


@compiled
def insert(t: Tables, b: Bench, s: State, job: int, blink: bool) -> bool:
    """Put a job where it costs least, if that is less than leaving it; tell whether it was put.

    With `blink` only the routes in which its neighbours are and one empty shift of every kind are
    looked at, and now and then a gap is overlooked.
    """
    best, where = s.price[job], -1
    gap, chain, place = -1, 0, -1
    chance = np.random.randint(1, 2**30) if blink else 0
    asked = _routes_nearby(s, job) if blink else np.ones(s.size.shape[0], dtype=np.bool_)
    for shift in range(s.size.shape[0]):
        if s.allowed[job, shift] == 0 or _has_foe(s, job, shift):
            continue
        if s.size[shift] == 0:
            # Of empty shifts that are alike the first one is as good as any.
            if shift != s.alike[shift] and s.size[s.alike[shift]] == 0:
                continue
        elif not asked[shift] or s.size[shift] + 2 >= s.routes.shape[1]:
            continue
        see(t, b, s, shift)
        extra, position, kind, reload = cheapest(
            t, b, gaps(s, shift), shift, s.routes[shift], s.size[shift], s.cost[shift], job, best,
            chance,
        )  # fmt: skip
        if extra < best:
            best, where, gap, chain, place = extra, shift, position, kind, reload
    if where < 0:
        return False
    touch(s, where)
    see(t, b, s, where)
    n = put(gaps(s, where), s.routes[where], s.size[where], job, gap, chain, place)
    s.routes[where, :n] = s.trial[:n]
    s.size[where], s.shift_of[job] = n, where
    return weigh(t, b, s, where)


@compiled
def rounds(t: Tables, b: Bench, s: State, count: int, temperature: float) -> int:
    """Take so many steps; return how many of them found a new best plan."""
    found = 0
    for _ in range(count):
        before = s.sums[0]
        s.touched[:] = 0
        pool = _ruin(t, b, s)
        sound = pool >= 0
        if sound:
            _sort(t, s, pool)
            for k in range(pool):
                insert(t, b, s, s.pool[k], True)
        after = total(s) if sound else before
        threshold = before - temperature * np.log(max(1e-12, np.random.random()))
        if not sound or after >= threshold:
            step_back(t, s)
            continue
        s.sums[0] = after
        if after < s.sums[1]:
            found += 1
            keep_best(s)
    return found
