"""Ruin and recreate of a plain problem: the steps of `ruin`, told from a few numbers per gap.

The sum of money is kept up to date with every change; a step touches only a few routes.
"""

from __future__ import annotations

import numpy as np

from dispatch.planning.kernel.compiled import compiled, inlined
from dispatch.planning.kernel.plain_state import (
    BEST,
    CHANGED,
    COST,
    CREW,
    KIND,
    MATRIX,
    METRE,
    SPAN,
    STAMP,
    START,
    UNBOUND,
    USE,
    Facts,
    Plan,
    keep_best,
    refill,
    step_back,
    touch,
    weigh,
)
from dispatch.planning.kernel.ruin import (
    FIRST,
    LEFT_TRIED,
    LONGEST_STRING,
    MEAN_REMOVED,
    SPLIT_SHARE,
    WHOLE_ROUTE_SHARE,
)

CHANCE = 1024
"""Among so many, chance decides who comes first of jobs that are alike."""
BLINK_EVERY = 100.0
"""Every so many gaps, one is overlooked."""


@inlined
def _next_blink() -> int:
    """Return how many gaps are looked at before one is overlooked."""
    return int(-BLINK_EVERY * np.log(1.0 - np.random.random())) + 1


@compiled
def _take(f: Facts, p: Plan, r: int, first: int, end: int, skip: int, spared: int, out: int) -> int:
    """Take the jobs from `first` to `end` out of a route, but `spared` ones from `skip` on."""
    touch(p, r)
    kept = 1
    for i in range(1, p.size[r] + 1):
        job = p.route[r, i]
        if first < i <= end and not skip < i <= skip + spared:
            p.pool[out], p.where[job] = job, -1
            p.sums[COST] += f.price[job]
            out += 1
        else:
            p.route[r, kept] = job
            kept += 1
    p.size[r] = kept - 1
    weigh(f, p, r)
    refill(f, p, r)
    return out


@compiled
def _string(f: Facts, p: Plan, job: int, longest: float, out: int) -> int:
    """Take out a string of a route around a job, perhaps with a part in its midst spared."""
    r = p.where[job]
    n, at = p.size[r], 0
    length = int(np.random.random() * min(float(n), longest)) + 1
    while p.route[r, at + 1] != job:
        at += 1
    spared = 0
    if 1 < length < n and np.random.random() < SPLIT_SHARE:
        spared = 1
        while length + spared < n and np.random.random() < 0.5:
            spared += 1
    span = length + spared
    first = max(0, min(at - np.random.randint(0, span), n - span))
    skip = first + (np.random.randint(0, length) if spared else 0)
    return _take(f, p, r, first, first + span, skip, spared, out)


@compiled
def _strings(f: Facts, p: Plan, seed: int) -> int:
    """Take strings out of the seed's route and of some routes near it; return how many jobs."""
    used, planned = 0, 0
    for r in range(p.size.shape[0]):
        used += int(p.size[r] > 0)
        planned += p.size[r]
    longest = min(float(LONGEST_STRING), planned / max(1, used))
    strings = int(np.random.random() * (4 * MEAN_REMOVED / (1 + longest))) + 1
    out, taken = 0, 0
    for k in range(-1, f.near.shape[1]):
        job = seed if k < 0 else f.near[seed, k]
        if job < 0 or taken == strings:
            break
        if p.where[job] >= 0 and p.touched[p.where[job]] == 0:
            out = _string(f, p, job, longest, out)
            taken += 1
    return out


@compiled
def _ruin(f: Facts, p: Plan) -> int:
    """Take out jobs around a random one; return how many wait in `pool`, some left before too."""
    seed = np.random.randint(0, p.where.shape[0])
    # Those left before come first into the pool's far end: what is taken out now is left as well.
    left = 0
    for k in range(-1, f.near.shape[1]):
        job = seed if k < 0 else f.near[seed, k]
        if job < 0 or left == LEFT_TRIED:
            break
        if p.where[job] < 0:
            left += 1
            p.pool[p.pool.shape[0] - left] = job
    route = p.where[seed]
    if route >= 0 and np.random.random() < WHOLE_ROUTE_SHARE:
        out = _take(f, p, route, 0, p.size[route], 0, 0, 0)
    else:
        out = _strings(f, p, seed)
    for k in range(left):
        p.pool[out + k] = p.pool[p.pool.shape[0] - left + k]
    return out + left


@inlined
def _key(way: int, load: int, out_s: int, opens: int, closes: int) -> int:
    """Return by what jobs are ordered: load, distance or window, smallest first."""
    if way < 8:
        key = -load
    elif way < 11:
        key = -out_s if way < 10 else out_s
    elif way < 13:
        key = closes - opens
    else:
        key = opens if way < 15 else -closes
    return key


@compiled
def _sort(f: Facts, p: Plan, count: int) -> None:
    """Order the jobs to insert: required ones first; at random, or by a fact of theirs."""
    way = np.random.randint(0, 17 if f.windows else 11)
    m, start = f.shift[0, MATRIX], f.shift[0, START]
    loaded = f.loads.shape[1] > 0
    for k in range(count):
        job, key = p.pool[k], np.random.randint(0, CHANCE)
        if way >= 4:
            load = f.loads[job, 0] if loaded else 0
            fact = _key(way, load, f.seconds[m, start, job], f.opens[job], f.closes[job])
            key += fact * CHANCE
        if f.price[job] >= f.required:
            key -= FIRST
        at = k
        while at > 0 and p.keys[at - 1] > key:
            p.keys[at], p.pool[at] = p.keys[at - 1], p.pool[at - 1]
            at -= 1
        p.keys[at], p.pool[at] = key, job


@compiled
def _routes(f: Facts, p: Plan, job: int) -> int:
    """Write down the routes with room for a job: those of neighbours, an empty one of each kind."""
    count, near = 0, f.near.shape[1]
    p.sums[STAMP] += 1
    for k in range(near + p.empty.shape[0]):
        r = -1
        if k >= near:
            r = p.empty[k - near]
        elif f.near[job, k] >= 0:
            r = p.where[f.near[job, k]]
        if r < 0 or p.stamp[r] == p.sums[STAMP]:
            continue
        p.stamp[r] = p.sums[STAMP]
        fits = f.allowed[job, f.shift[r, KIND]] == 1 and p.size[r] + 3 < p.route.shape[1]
        for d in range(f.loads.shape[1]):
            fits = fits and p.held[r, d] + f.loads[job, d] <= f.room[r, d]
        if fits:
            p.asked[count] = r
            count += 1
    return count


@compiled
def _insert(f: Facts, p: Plan, job: int, blink: int) -> int:
    """Put a job where it costs least, if that is less than leaving it; return the next blink.

    All in one function: handing both tuples to another one takes longer than looking at ten gaps.
    """
    best, where, gap = f.price[job], -1, -1
    o, c = f.opens[job], f.closes[job]
    for k in range(_routes(f, p, job)):
        r = p.asked[k]
        m, crew, metre, most = (
            f.shift[r, MATRIX],
            f.shift[r, CREW],
            f.shift[r, METRE],
            f.shift[r, SPAN],
        )
        use = f.shift[r, USE] if p.size[r] == 0 else 0
        for i in range(p.size[r] + 1):
            if p.early[r, i] > c:
                break
            blink -= 1
            if blink == 0:
                blink = _next_blink()
                continue
            a, b = np.uint64(p.route[r, i]), np.uint64(p.route[r, i + 1])
            extra = (f.metres_to[m, job, a] + f.metres[m, job, b]) * metre - p.link[r, i] + use
            if extra >= best:
                continue
            way_s, on_s = f.seconds_to[m, job, a], f.seconds[m, job, b]
            extra += (way_s + on_s) * crew
            starts = max(p.early[r, i] + way_s, o)
            if extra >= best or starts > c or starts + on_s > p.late[r, i + 1]:
                continue
            if most < UNBOUND:
                way = p.so_far[r, i] + way_s
                latest = min(c - way, p.leaves[r, i])
                way += max(o - way - p.leaves[r, i], 0) + on_s
                way += max(p.begins[r, i + 1] - way - latest, 0)
                if way + p.to_go[r, i + 1] > most:
                    continue
            best, where, gap = extra, r, i
    if where >= 0:
        _put(f, p, where, gap, job)
    return blink


@compiled
def _put(f: Facts, p: Plan, r: int, gap: int, job: int) -> None:
    touch(p, r)
    for i in range(p.size[r] + 1, gap, -1):
        p.route[r, i + 1] = p.route[r, i]
    p.route[r, gap + 1], p.where[job] = job, r
    p.size[r] += 1
    p.sums[COST] -= f.price[job]
    weigh(f, p, r)
    refill(f, p, r)


@compiled
def plain_rounds(f: Facts, p: Plan, count: int, temperature: float) -> int:
    """Take so many steps; return how many of them found a new best plan."""
    found, blink = 0, _next_blink()
    for _ in range(count):
        before = p.sums[COST]
        pool = _ruin(f, p)
        _sort(f, p, pool)
        for k in range(pool):
            blink = _insert(f, p, p.pool[k], blink)
        if p.sums[COST] >= before - temperature * np.log(1.0 - np.random.random()):
            step_back(f, p, before)
            continue
        for k in range(p.sums[CHANGED]):
            p.touched[p.changed[k]] = 0
        p.sums[CHANGED] = 0
        if p.sums[COST] < p.sums[BEST]:
            found += 1
            keep_best(p)
    return found
