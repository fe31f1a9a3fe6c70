"""A timetable with breaks that are known: the way back of a label, and what it comes to."""

from __future__ import annotations

from dispatch.planning.kernel.clock import (
    drive_m,
    drive_s,
    late_cost,
    lateness_s,
    service_from,
    setup_due_s,
)
from dispatch.planning.kernel.compiled import Ints, compiled, inlined
from dispatch.planning.kernel.labels import (
    AHEAD,
    BEGIN,
    BEGINS,
    ENDS,
    LATE,
    LATE_UEUR,
    LENGTH,
    NOW,
    ON_ARRIVAL,
    PARENT,
    REST_END,
    RESTS,
    RUNNING,
    SIDE,
    Bench,
    copy_label,
    drive_on,
    first_label,
    take_rest,
)
from dispatch.planning.kernel.rests import close_labels
from dispatch.planning.kernel.tables import (
    END_PLACE,
    PLACE,
    RULE,
    SERVICE_S,
    START_PLACE,
    Tables,
)


@compiled
def write_rests(b: Bench, n: int, best: int) -> None:
    """Write the breaks of a label at the end into `rests`, in their order."""
    count, k = 0, best
    for level in range(n + 1, 0, -1):
        label = b.labels[level, k]
        if label[LENGTH] > 0 and count < b.rests.shape[0]:
            row = b.rests[count]
            row[0], row[1], row[2], row[3] = level - 1, label[SIDE], label[BEGIN], label[LENGTH]
            count += 1
        k = label[PARENT]
    for i in range(count // 2):
        for field in range(4):
            other = count - 1 - i
            b.rests[i, field], b.rests[other, field] = b.rests[other, field], b.rests[i, field]
    b.totals[RESTS] = count


@inlined
def _due(b: Bench, number: int, gap: int, side: int) -> bool:
    """Tell whether the next break lies in this gap on that side."""
    if number >= b.totals[RESTS]:
        return False
    return bool(b.rests[number, 0] == gap and b.rests[number, 1] == side)


@compiled
def replay(t: Tables, b: Bench, shift: int, route: Ints, n: int, begin_s: int) -> None:
    """Fill `times` of a route whose breaks are in `rests`; leave its only label at the end."""
    first_label(t, b, shift, begin_s)
    label, rule, next_rest = b.spare[RUNNING], t.shift[shift, RULE], 0
    copy_label(label, b.labels[0, 0])
    b.totals[BEGINS] = begin_s
    for position in range(n + 1):
        origin = (
            t.shift[shift, START_PLACE] if position == 0 else t.visit[route[position - 1], PLACE]
        )
        goal = t.shift[shift, END_PLACE] if position == n else t.visit[route[position], PLACE]
        if _due(b, next_rest, position, AHEAD):
            take_rest(t, rule, label, label[NOW], b.rests[next_rest, 3])
            label[NOW] = label[REST_END]
            next_rest += 1
        drive = drive_s(t, shift, origin, goal, label[NOW])
        drive_on(t, rule, label, drive, drive_m(t, shift, origin, goal, label[NOW]))
        label[NOW] += drive
        if position < n:
            b.times[position, 0] = label[NOW]
            ready = label[NOW]
            if _due(b, next_rest, position, ON_ARRIVAL):
                take_rest(t, rule, label, b.rests[next_rest, 2], b.rests[next_rest, 3])
                ready = label[REST_END]
                next_rest += 1
            visit = route[position]
            setup = setup_due_s(t, shift, route, position)
            start = service_from(t, b, shift, position, visit, ready + setup)
            label[LATE] += lateness_s(t, visit, start)
            label[LATE_UEUR] += late_cost(t, visit, start)
            label[NOW] = start + t.visit[visit, SERVICE_S]
            b.times[position, 1], b.times[position, 2] = start, label[NOW]
    b.totals[ENDS] = label[NOW]
    copy_label(b.labels[n + 1, 0], label)
    b.alive[n + 1] = 1
    close_labels(t, b, shift, n, False)
