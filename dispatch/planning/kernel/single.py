"""The one break that most days need: tried in every gap by how much delay the route can take.

Cheap enough to be asked for every insertion: only where no single break is lawful and in time the
search for several (`rests`) is needed.
"""

from __future__ import annotations

from dispatch.planning.kernel.clock import (
    drive_s,
    late_cost,
    needed_s,
    overtime_cost,
    setup_due_s,
)
from dispatch.planning.kernel.compiled import Ints, compiled, inlined
from dispatch.planning.kernel.labels import (
    AHEAD,
    ON_ARRIVAL,
    RESTS,
    Bench,
)
from dispatch.planning.kernel.tables import (
    END_PLACE,
    END_S,
    FREE,
    LATE_UEUR_PER_S,
    PLACE,
    RESTS_ON_ROAD,
    RULE,
    SPAN_S,
    START_PLACE,
    UNDERWAY,
    WINDOWS,
    Tables,
)

SLACK, WAITS, DRIVEN_BEFORE, LEAVES, REACH, ARRIVES = range(6)
"""Columns of `Bench.slacks`, per gap: delay that the halts after it can take within their windows,
waiting after it, driving before it, departure before it without breaks (the end of the route in
the last row), delay beyond which a halt after it misses its last window, arrival behind it."""


@inlined
def _length(t: Tables, rule: int, rested: int, since: int, span: int) -> int:
    """Return how long the break must be for the law on work and on driving."""
    length = t.law[rule, 4] if since > t.law[rule, 3] else 0
    for step in range(t.steps.shape[1]):
        if needed_s(t, rule, span - rested - length) <= rested + length and length > 0:
            return length
        length = max(length, t.steps[rule, step, 1] - rested)
    return max(length, t.pieces_s[rule, 0])


@inlined
def _rest_start(
    t: Tables,
    b: Bench,
    shift: int,
    route: Ints,
    gap: int,
    side: int,
    length: int,
    rest_end: int,
) -> int:
    """Return when a break there begins: on arrival as late as waiting and the law allow."""
    rule = t.shift[shift, RULE]
    if side == AHEAD:
        return int(b.slacks[gap, LEAVES])
    arrival, start = b.times[gap, 0], b.times[gap, 1]
    latest = start - setup_due_s(t, shift, route, gap) - length
    return max(arrival, min(latest, rest_end + t.law[rule, 0]))


@inlined
def allowed_there(t: Tables, shift: int, route: Ints, n: int, gap: int, side: int) -> bool:
    """Tell whether a break may lie there: never at the very start or end of the route."""
    underway = t.shift[shift, UNDERWAY] == 1
    if side == ON_ARRIVAL:
        if gap == n or t.rests_at[shift, route[gap]] == 0:
            return False
        return gap > 0 or underway or t.shift[shift, START_PLACE] != t.visit[route[0], PLACE]
    if t.shift[shift, RESTS_ON_ROAD] == 0:
        return False
    if gap == 0:
        return underway
    last, home = t.visit[route[gap - 1], PLACE], t.shift[shift, END_PLACE]
    return gap < n or (home >= 0 and home != last)


@inlined
def _leg_before(b: Bench, gap: int, side: int) -> int:
    """Return the driving of the gap's own leg if the break comes after it."""
    if side == AHEAD:
        return 0
    return b.slacks[gap + 1, DRIVEN_BEFORE] - b.slacks[gap, DRIVEN_BEFORE]


@inlined
def _wheels(t: Tables, b: Bench, shift: int, n: int, gap: int, side: int, length: int) -> bool:
    """Tell whether one break there keeps the rule on driving."""
    rule, since = t.shift[shift, RULE], t.far[shift, 8]
    total = since + b.slacks[n + 1, DRIVEN_BEFORE]
    if total <= t.law[rule, 3]:
        return True
    before = since + b.slacks[gap, DRIVEN_BEFORE] + _leg_before(b, gap, side)
    enough = t.law[rule, 6] if t.far[shift, 9] == 1 else t.law[rule, 4]
    return bool(length >= enough and before <= t.law[rule, 3] and total - before <= t.law[rule, 3])


@inlined
def _any_due(t: Tables, route: Ints, n: int) -> bool:
    """Tell whether any halt costs more the later it is."""
    due = False
    for p in range(n):
        due = due or t.visit[route[p], LATE_UEUR_PER_S] > 0
    return due


@inlined
def _lateness_ueur(t: Tables, b: Bench, route: Ints, n: int, gap: int, delay: int) -> int:
    """Return what a delay from that gap on costs in late starts, less what waiting takes up."""
    ueur = 0
    for p in range(gap, n):
        delay -= b.slacks[p, WAITS] - b.slacks[p + 1, WAITS]
        if delay <= 0:
            break
        start = b.times[p, 1]
        ueur += late_cost(t, route[p], start + delay) - late_cost(t, route[p], start)
    return ueur


@inlined
def _lawful(
    t: Tables,
    b: Bench,
    shift: int,
    n: int,
    gap: int,
    side: int,
    rest: int,
    length: int,
    began: int,
    rest_end: int,
    home: int,
) -> bool:
    """Tell whether that one break, and being home then, keeps the law and the longest span."""
    rule, rested = t.shift[shift, RULE], t.far[shift, 6]
    if rest < began + t.law[rule, 2] or rest - rest_end > t.law[rule, 0]:
        return False
    if home - began > t.shift[shift, SPAN_S] or home - rest - length > t.law[rule, 0]:
        return False
    if not _wheels(t, b, shift, n, gap, side, length):
        return False
    return needed_s(t, rule, home - began - rested - length) <= rested + length


@inlined
def _best_gap(
    t: Tables,
    b: Bench,
    shift: int,
    route: Ints,
    n: int,
    begin: int,
    end: int,
    length: int,
) -> int:
    """Write the cheapest single break of that length into `rests`; return when it ends the route.

    Of those that cost the same the one that brings it home first; -1 for none.
    """
    began, rest_end = begin, begin
    if t.shift[shift, UNDERWAY] == 1:
        began, rest_end = t.far[shift, 4], t.far[shift, 5]
    best, gap, side, start, least = FREE, -1, AHEAD, 0, FREE
    late = _any_due(t, route, n)
    for g in range(n + 1):
        for way in (ON_ARRIVAL, AHEAD):
            if not allowed_there(t, shift, route, n, g, way):
                continue
            rest = _rest_start(t, b, shift, route, g, way, length, rest_end)
            delay = length if way == AHEAD else rest + length - b.times[g, 0]
            home = end + max(0, delay - b.slacks[g, WAITS])
            ueur = overtime_cost(t, shift, home)
            if ueur > least or (ueur == least and home >= best) or delay > b.slacks[g, SLACK]:
                continue
            if not _lawful(t, b, shift, n, g, way, rest, length, began, rest_end, home):
                continue
            ueur += _lateness_ueur(t, b, route, n, g, delay) if late else 0
            if ueur < least or (ueur == least and home < best):
                best, gap, side, start, least = home, g, way, rest, ueur
    if gap >= 0:
        row = b.rests[0]
        row[0], row[1], row[2], row[3] = gap, side, start, length
        b.totals[RESTS] = 1
    return best if gap >= 0 else -1


@compiled
def find_rest(t: Tables, b: Bench, shift: int, route: Ints, n: int, begin: int, end: int) -> int:
    """Write the cheapest single break into `rests`; return when it brings the route home.

    -1 if no single break is lawful and in time. `times` must be those without breaks, `slacks`
    those of `prepare`. Exact where a delay only uses up waiting: not with periods or bookings.
    """
    rule, far = t.shift[shift, RULE], t.far[shift]
    began = far[4] if t.shift[shift, UNDERWAY] == 1 else begin
    for piece in range(t.pieces_s.shape[1]):
        length = t.pieces_s[rule, piece]
        if length == FREE:
            break
        if needed_s(t, rule, end - began - far[6] - length) > far[6] + length:
            continue
        home = _best_gap(t, b, shift, route, n, begin, end, length)
        if home >= 0:
            return home
    return -1


@inlined
def cannot_rest(t: Tables, b: Bench, shift: int, begin: int, end: int) -> bool:
    """Tell whether the route ends too late even if all its waiting were rest."""
    rule, far = t.shift[shift, RULE], t.far[shift]
    began = far[4] if t.shift[shift, UNDERWAY] == 1 else begin
    length = _length(t, rule, far[6], 0, end - began)
    home = end + max(0, length - b.slacks[0, WAITS])
    return bool(home > t.shift[shift, END_S] or home - began > t.shift[shift, SPAN_S])


@inlined
def prepare(t: Tables, b: Bench, shift: int, route: Ints, n: int, begin: int, end: int) -> None:
    """Fill `slacks` of the gaps of a route as it is without breaks."""
    slack, waits = t.shift[shift, END_S] - end, 0
    reach = slack
    b.slacks[n, SLACK], b.slacks[n, WAITS], b.slacks[n, REACH] = slack, 0, reach
    b.slacks[n + 1, LEAVES], b.slacks[n + 1, REACH] = end, slack
    for p in range(n - 1, -1, -1):
        visit, start = route[p], b.times[p, 1]
        wait = start - b.times[p, 0] - setup_due_s(t, shift, route, p)
        room = 0
        for w in range(t.visit[visit, WINDOWS]):
            if t.opens_s[visit, w] <= start <= t.closes_s[visit, w]:
                room = t.closes_s[visit, w] - start
        slack = min(slack, room) + wait
        reach = min(reach, t.closes_s[visit, t.visit[visit, WINDOWS] - 1] - start) + wait
        waits += wait
        b.slacks[p, SLACK], b.slacks[p, WAITS], b.slacks[p, REACH] = slack, waits, reach
    driven, leaves, place = 0, begin, t.shift[shift, START_PLACE]
    for p in range(n + 1):
        b.slacks[p, DRIVEN_BEFORE], b.slacks[p, LEAVES] = driven, leaves
        goal = t.shift[shift, END_PLACE] if p == n else t.visit[route[p], PLACE]
        leg = drive_s(t, shift, place, goal, leaves)
        driven += leg
        b.slacks[p, ARRIVES] = leaves + leg
        if p < n:
            leaves, place = b.times[p, 2], goal
    b.slacks[n + 1, DRIVEN_BEFORE] = driven
