"""The cheapest place for one more job in a plan: gaps are tried by the least they can cost."""

from __future__ import annotations

import numpy as np

from dispatch.planning.kernel.compiled import Grid, compiled, inlined
from dispatch.planning.kernel.gaps import extra_ueur
from dispatch.planning.kernel.insert import QUICK, SOUND, at_gap, barred, put
from dispatch.planning.kernel.labels import (
    Bench,
)
from dispatch.planning.kernel.state import State, gaps, see, touch, weigh
from dispatch.planning.kernel.tables import (
    Tables,
)

FEW_SHIFTS = 6
"""Up to so many shifts all routes are looked at."""
BLINKS = 100
"""One gap in so many is overlooked."""


@inlined
def _push(offers: Grid, count: int, least_ueur: int, code: int) -> None:
    """Add a gap to the heap of that many."""
    at = count
    while at > 0 and offers[(at - 1) // 2, 0] > least_ueur:
        above = (at - 1) // 2
        offers[at, 0], offers[at, 1] = offers[above, 0], offers[above, 1]
        at = above
    offers[at, 0], offers[at, 1] = least_ueur, code


@inlined
def _pop(offers: Grid, count: int) -> None:
    """Take the first gap off the heap of that many."""
    last = count - 1
    key, code, at = offers[last, 0], offers[last, 1], 0
    while 2 * at + 1 < last:
        below = 2 * at + 1
        if below + 1 < last and offers[below + 1, 0] < offers[below, 0]:
            below += 1
        if offers[below, 0] >= key:
            break
        offers[at, 0], offers[at, 1] = offers[below, 0], offers[below, 1]
        at = below
    offers[at, 0], offers[at, 1] = key, code


@inlined
def _ask(s: State, job: int, blink: bool) -> None:
    """Mark the routes in which neighbours of a job are; all of them where they are few."""
    shifts = s.size.shape[0]
    for shift in range(shifts):
        s.asked[shift] = int(not blink or shifts <= FEW_SHIFTS)
    for k in range(s.near.shape[1]):
        if s.near[job, k] >= 0 and s.shift_of[s.near[job, k]] >= 0:
            s.asked[s.shift_of[s.near[job, k]]] = 1


@inlined
def _has_foe(s: State, job: int, shift: int) -> bool:
    found = False
    for k in range(s.foes.shape[1]):
        foe = s.foes[job, k]
        found = found or (foe >= 0 and s.shift_of[foe] == shift)
    return found


@inlined
def _open_to(s: State, job: int, shift: int) -> bool:
    """Tell whether the route is one to look at, and has room in memory."""
    if s.allowed[job, shift] == 0 or s.size[shift] + 2 >= s.routes.shape[1]:
        return False
    if s.size[shift] == 0:
        # Of empty shifts that are alike the first one is as good as any.
        return bool(shift == s.alike[shift] or s.size[s.alike[shift]] > 0)
    return bool(s.asked[shift] == 1)


@compiled
def _offer(t: Tables, s: State, job: int, blink: bool) -> int:
    """Heap up the gaps that may cost less than leaving the job; return how many."""
    chance = np.random.randint(1, 2**30) if blink else 0
    count, width, below = 0, s.routes.shape[1], s.price[job]
    _ask(s, job, blink)
    for shift in range(s.size.shape[0]):
        if not _open_to(s, job, shift) or _has_foe(s, job, shift):
            continue
        n, route = s.size[shift], s.routes[shift]
        for position in range(n + 1):
            chance = (chance * 1103515245 + 12345) & 0x7FFFFFFF
            if (blink and (chance >> 8) % BLINKS == 0) or barred(t, route, n, position):
                continue
            least = extra_ueur(t, shift, route, n, position, job)
            if least < below:
                _push(s.offers, count, least, shift * width + position)
                count += 1
    return count


@compiled
def insert(t: Tables, b: Bench, s: State, job: int, blink: bool) -> bool:
    """Put a job where it costs least, if that is less than leaving it; tell whether it was put.

    With `blink` only the routes in which its neighbours are and one empty shift of every kind are
    looked at, and now and then a gap is overlooked.
    """
    best, where = s.price[job], -1
    gap, chain, place, width = -1, 0, -1, s.routes.shape[1]
    count = _offer(t, s, job, blink)
    while count > 0 and s.offers[0, 0] < best:
        shift, position = s.offers[0, 1] // width, s.offers[0, 1] % width
        _pop(s.offers, count)
        count -= 1
        see(t, b, s, shift)
        extra, kind, reload = at_gap(
            t, b, gaps(s, shift), shift, s.routes[shift], s.size[shift], s.cost[shift], job,
            position, best, QUICK if blink else SOUND,
        )  # fmt: skip
        if extra < best:
            best, where, gap, chain, place = extra, shift, position, kind, reload
    if where < 0:
        return False
    touch(s, where)
    n = put(gaps(s, where), s.routes[where], s.size[where], job, gap, chain, place)
    for k in range(gap, n):
        s.routes[where, k] = s.trial[k]
    s.size[where], s.shift_of[job] = n, where
    return weigh(t, b, s, where)
