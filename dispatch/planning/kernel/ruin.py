"""Ruin and recreate: strings of neighbouring routes are taken out and put in again, elsewhere.

After Christiaens and Vanden Berghe, Slack Induction by String Removals (Transportation Science
54(2), 2020); their settings, on a problem with reloads, breaks and prices.
"""

from __future__ import annotations

import numpy as np

from dispatch.planning.kernel.compiled import compiled
from dispatch.planning.kernel.labels import (
    Bench,
)
from dispatch.planning.kernel.offer import insert
from dispatch.planning.kernel.state import (
    State,
    drop_idle_reloads,
    keep_best,
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
FIRST = 2**59
"""Taken off the key of required jobs, which come first."""
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
    way = np.random.random() * 11
    for k in range(pool):
        job = s.pool[k]
        if 4 <= way < 8:
            key = -s.price[job]
        elif way >= 8:
            out = t.duration_s[0, t.shift[0, START_PLACE], t.visit[job, PLACE]]
            key = -out if way < 10 else out
        else:
            key = np.random.randint(0, 2**30)
        if s.price[job] >= s.sums[2]:
            key -= FIRST
        at = k
        while at > 0 and s.keys[at - 1] > key:
            s.keys[at], s.pool[at] = s.keys[at - 1], s.pool[at - 1]
            at -= 1
        s.keys[at], s.pool[at] = key, job


@compiled
def rounds(t: Tables, b: Bench, s: State, count: int, temperature: float) -> int:
    """Take so many steps; return how many of them found a new best plan."""
    found = 0
    for _ in range(count):
        before = s.sums[0]
        for shift in range(s.size.shape[0]):
            s.touched[shift] = 0
        pool = _ruin(t, b, s)
        sound = pool >= 0
        if sound:
            _sort(t, s, pool)
            for k in range(pool):
                insert(t, b, s, s.pool[k], True)
        after = total(s) if sound else before
        threshold = before - temperature * np.log(max(1e-12, np.random.random()))
        if not sound or after >= threshold:
            step_back(t, b, s)
            continue
        s.sums[0] = after
        if after < s.sums[1]:
            found += 1
            keep_best(s)
    return found
