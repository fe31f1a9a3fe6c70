"""The clock of one route: when it is where, where its breaks lie, what it costs, what it breaks.

A route without breaks has one timetable. With breaks every gap between two halts offers pieces
of rest, before the drive or on arrival. The clock carries all promising combinations along the
route (labels) and keeps those that no other equals in every respect: an exact search, cut off at
`MOST` labels a halt.
"""

from __future__ import annotations

from dispatch.planning.kernel.compiled import Ints, compiled, inlined
from dispatch.planning.kernel.labels import (
    BUSY_SUM,
    DELICATE,
    DRIVE_SUM,
    LATE_SUM,
    LATENESS,
    METRE_SUM,
    MOVED_SUM,
    Bench,
)
from dispatch.planning.kernel.tables import (
    AT_ONCE,
    DUE_S,
    END_PLACE,
    END_S,
    FREE,
    LATE_UEUR_PER_S,
    MOVE_UEUR,
    OVERTIME_FROM_S,
    OVERTIME_UEUR,
    PLACE,
    PUBLISHED,
    RELEASE_S,
    SERVICE_S,
    SETUP_S,
    START_PLACE,
    WINDOWS,
    Tables,
)


@inlined
def matrix_at(t: Tables, shift: int, leaves_s: int) -> int:
    """Return the matrix of a leg that begins then."""
    if t.period_from_s.shape[1] == 0:
        return t.period_matrix[shift, 0]
    period = 0
    while period < t.period_from_s.shape[1] and t.period_from_s[shift, period] <= leaves_s:
        period += 1
    return int(t.period_matrix[shift, period])


@inlined
def drive_s(t: Tables, shift: int, origin: int, goal: int, leaves_s: int) -> int:
    """Return the seconds of a leg; zero to the end of an open route and over missing roads."""
    if goal < 0:
        return 0
    return max(0, t.duration_s[matrix_at(t, shift, leaves_s), origin, goal])


@inlined
def drive_m(t: Tables, shift: int, origin: int, goal: int, leaves_s: int) -> int:
    """Return the metres of a leg."""
    if goal < 0:
        return 0
    return max(0, t.distance_m[matrix_at(t, shift, leaves_s), origin, goal])


@inlined
def in_window(t: Tables, visit: int, ready_s: int) -> int:
    """Return the first second from `ready_s` on at which service may start; `ready_s` if late."""
    for w in range(t.visit[visit, WINDOWS]):
        if ready_s <= t.closes_s[visit, w]:
            return max(ready_s, t.opens_s[visit, w])
    return ready_s


@inlined
def lateness_s(t: Tables, visit: int, start_s: int) -> int:
    """Return how long after the last window a start lies."""
    return max(0, start_s - t.closes_s[visit, t.visit[visit, WINDOWS] - 1])


@inlined
def late_cost(t: Tables, visit: int, start_s: int) -> int:
    """Return what a start after the due time costs."""
    return max(0, start_s - t.visit[visit, DUE_S]) * t.visit[visit, LATE_UEUR_PER_S]


@inlined
def overtime_cost(t: Tables, shift: int, end_s: int) -> int:
    """Return what an end after the regular time costs."""
    return max(0, end_s - t.shift[shift, OVERTIME_FROM_S]) * t.shift[shift, OVERTIME_UEUR]


@compiled
def free_from(t: Tables, b: Bench, shift: int, visit: int, start_s: int) -> int:
    """Return when the place has room beside the other shifts during the whole service."""
    limit, service_s = t.visit[visit, AT_ONCE], t.visit[visit, SERVICE_S]
    if limit == FREE or service_s == 0:
        return start_s
    spans, count = b.booked[visit], b.bookings[visit]
    while True:
        blocked_until = -1
        for k in range(-1, count):
            at_s = start_s if k < 0 else spans[k, 0]
            if not start_s <= at_s < start_s + service_s or (k >= 0 and spans[k, 2] == shift):
                continue
            inside, first_end = 0, FREE
            for other in range(count):
                if spans[other, 0] <= at_s < spans[other, 1] and spans[other, 2] != shift:
                    inside += 1
                    first_end = min(first_end, spans[other, 1])
            if inside >= limit:
                blocked_until = max(blocked_until, first_end)
        if blocked_until < 0:
            return start_s
        start_s = in_window(t, visit, blocked_until)


@inlined
def service_from(t: Tables, b: Bench, shift: int, position: int, visit: int, ready_s: int) -> int:
    """Return when service at a halt starts if the crew is ready then."""
    start_s = in_window(t, visit, max(ready_s, b.ready_s[position], b.turn_s[position]))
    if t.visit[visit, AT_ONCE] == FREE:
        return start_s
    return free_from(t, b, shift, visit, start_s)


@inlined
def setup_due_s(t: Tables, shift: int, route: Ints, position: int) -> int:
    """Return the setup of a halt: none where the halt before lies at the same place."""
    before = t.shift[shift, START_PLACE] if position == 0 else t.visit[route[position - 1], PLACE]
    visit = route[position]
    return 0 if before == t.visit[visit, PLACE] else t.visit[visit, SETUP_S]


@compiled
def released_s(t: Tables, b: Bench, route: Ints, n: int) -> int:
    """Set when each reload may start so that the next trip is released; return the first's."""
    latest = 0
    for position in range(n - 1, -1, -1):
        visit = route[position]
        b.ready_s[position] = 0
        if visit < t.jobs:
            latest = max(latest, t.visit[visit, RELEASE_S])
        elif latest > 0:
            b.ready_s[position] = latest - t.visit[visit, SERVICE_S]
            latest = 0
    return latest


@compiled
def plain(t: Tables, b: Bench, shift: int, route: Ints, n: int, begin_s: int) -> int:
    """Fill `times` of a route without breaks and the sums of `totals`; return its end."""
    now, place = begin_s, t.shift[shift, START_PLACE]
    driven, metres, busy, late, late_ueur, moved, delicate = 0, 0, 0, 0, 0, 0, 0
    for position in range(n):
        visit = route[position]
        here, matrix = t.visit[visit, PLACE], matrix_at(t, shift, now)
        leg = max(0, t.duration_s[matrix, place, here])
        driven += leg
        metres += max(0, t.distance_m[matrix, place, here])
        setup = 0 if here == place else t.visit[visit, SETUP_S]
        start = service_from(t, b, shift, position, visit, now + leg + setup)
        busy += setup + t.visit[visit, SERVICE_S]
        late += lateness_s(t, visit, start)
        if t.visit[visit, LATE_UEUR_PER_S] > 0 or t.visit[visit, AT_ONCE] < FREE:
            late_ueur += late_cost(t, visit, start)
            delicate = 1
        if t.visit[visit, PUBLISHED] >= 0 and t.visit[visit, PUBLISHED] != shift:
            moved += t.visit[visit, MOVE_UEUR]
        b.times[position, 0], b.times[position, 1] = now + leg, start
        now, place = start + t.visit[visit, SERVICE_S], here
        b.times[position, 2] = now
    leg = drive_s(t, shift, place, t.shift[shift, END_PLACE], now)
    b.totals[DRIVE_SUM] = driven + leg
    b.totals[METRE_SUM] = metres + drive_m(t, shift, place, t.shift[shift, END_PLACE], now)
    b.totals[BUSY_SUM], b.totals[MOVED_SUM], b.totals[DELICATE] = busy, moved, delicate
    b.totals[LATENESS], b.totals[LATE_SUM] = late, late_ueur
    return now + leg


@compiled
def delay_s(t: Tables, b: Bench, shift: int, route: Ints, n: int) -> int:
    """Return how much later work can begin so that waiting shrinks and nothing else moves."""
    waited, delay = 0, t.shift[shift, END_S]
    for position in range(n):
        visit, start = route[position], b.times[position, 1]
        waited += start - b.times[position, 0] - setup_due_s(t, shift, route, position)
        slack = 0
        for w in range(t.visit[visit, WINDOWS]):
            if t.opens_s[visit, w] <= start <= t.closes_s[visit, w]:
                slack = max(slack, t.closes_s[visit, w] - start)
        delay = min(delay, waited + slack)
    return max(0, min(delay, waited))


@inlined
def needed_s(t: Tables, rule: int, work_s: int) -> int:
    """Return the break that so many seconds of work need."""
    needed = 0
    for step in range(t.steps.shape[1]):
        if work_s > t.steps[rule, step, 0]:
            needed = max(needed, t.steps[rule, step, 1])
    return needed


@inlined
def shortest_rest(t: Tables, rule: int, span_s: int) -> int:
    """Return the shortest break that makes a day of that span lawful."""
    for step in range(-1, t.steps.shape[1]):
        length = t.steps[rule, step, 1] if step >= 0 else 0
        if needed_s(t, rule, span_s - length) <= length:
            return length
    return t.steps[rule, t.steps.shape[1] - 1, 1] if t.steps.shape[1] else 0
