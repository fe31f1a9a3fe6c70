"""What one route comes to: its cost in micro-euro, and everything by which it breaks a rule."""

from __future__ import annotations

from dispatch.planning.kernel.clock import (
    delay_s,
    needed_s,
    overtime_cost,
    plain,
    released_s,
)
from dispatch.planning.kernel.compiled import Ints, compiled, inlined
from dispatch.planning.kernel.labels import (
    AHEAD,
    BEGINS,
    BUSY_SUM,
    CHOSEN,
    COST,
    DELICATE,
    DRIVE_SUM,
    DRIVEN,
    ENDS,
    EXCESS,
    GOAL,
    LATE,
    LATE_SUM,
    LATE_UEUR,
    LATENESS,
    LAWLESS,
    METRE_SUM,
    METRES,
    MOVED_SUM,
    NOW,
    OFFENCE,
    ON_ARRIVAL,
    OVERLOAD,
    OVERLOADED,
    RESTS,
    SINGLE,
    TIMED,
    WORK,
    Bench,
    copy_label,
    copy_row,
)
from dispatch.planning.kernel.loads import carry
from dispatch.planning.kernel.replay import replay, write_rests
from dispatch.planning.kernel.rests import before, search_rests
from dispatch.planning.kernel.single import (
    ARRIVES,
    LEAVES,
    REACH,
    WAITS,
    allowed_there,
    cannot_rest,
    find_rest,
    prepare,
)
from dispatch.planning.kernel.tables import (
    CREW_UEUR,
    END_S,
    FREE,
    METRE_UEUR,
    RULE,
    SPAN_S,
    START_S,
    UNDERWAY,
    USE_UEUR,
    Tables,
)


@inlined
def _sum_up(t: Tables, b: Bench, shift: int, begin: int, end: int) -> None:
    """Fill cost, lateness and offence of the route as `plain` has timed it."""
    began, rest_end, rested = begin, begin, t.far[shift, 6]
    if t.shift[shift, UNDERWAY] == 1:
        began, rest_end = t.far[shift, 4], t.far[shift, 5]
    driven, busy = b.totals[DRIVE_SUM], b.totals[BUSY_SUM]
    b.totals[LATENESS] += max(0, end - t.shift[shift, END_S])
    b.totals[LATENESS] += max(0, end - began - t.shift[shift, SPAN_S])
    b.totals[LATE_SUM] += overtime_cost(t, shift, end)
    b.totals[WORK] = driven + busy
    b.totals[BEGINS], b.totals[ENDS] = begin, end
    b.totals[COST] = (
        t.shift[shift, USE_UEUR]
        + (driven + busy) * t.shift[shift, CREW_UEUR]
        + b.totals[METRE_SUM] * t.shift[shift, METRE_UEUR]
        + b.totals[LATE_SUM]
        + b.totals[MOVED_SUM]
    )
    rule = t.shift[shift, RULE]
    if rule >= 0:
        worked = end - began - rested
        offence = max(0, needed_s(t, rule, worked) - rested)
        offence += max(0, end - rest_end - t.law[rule, 0])
        offence += max(0, t.far[shift, 8] + driven - t.law[rule, 3])
        offence += max(0, t.far[shift, 7] + driven - t.law[rule, 7])
        b.totals[OFFENCE] = offence + max(0, worked - t.law[rule, 1])


@inlined
def _judge_limits(t: Tables, b: Bench, shift: int, route: Ints, n: int) -> None:
    """Book by how much the limits of the shift are exceeded: jobs, driving, metres."""
    jobs = t.far[shift, 0]
    for position in range(n):
        jobs += int(route[position] < t.jobs)
    over = max(0, jobs - t.limits[shift, 0])
    over += max(0, t.far[shift, 1] + b.totals[DRIVE_SUM] - t.limits[shift, 1])
    over += max(0, t.far[shift, 2] + b.totals[METRE_SUM] - t.limits[shift, 2])
    b.totals[EXCESS] = over


@inlined
def _take_over(t: Tables, b: Bench, shift: int, n: int, best: int, late_ueur: int) -> None:
    """Correct the totals of a route without breaks by those of the label with them."""
    label = b.labels[n + 1, best]
    driven = label[DRIVEN] - t.far[shift, 7]
    b.totals[COST] += label[LATE_UEUR] - late_ueur
    b.totals[COST] += (driven - b.totals[DRIVE_SUM]) * t.shift[shift, CREW_UEUR]
    b.totals[COST] += (label[METRES] - b.totals[METRE_SUM]) * t.shift[shift, METRE_UEUR]
    b.totals[WORK] += driven - b.totals[DRIVE_SUM]
    b.totals[DRIVE_SUM], b.totals[METRE_SUM] = driven, label[METRES]
    b.totals[LATENESS], b.totals[OFFENCE] = label[LATE], label[LAWLESS]


@compiled
def _rest(
    t: Tables, b: Bench, shift: int, route: Ints, n: int, begin: int, end: int, strict: bool
) -> bool:
    """Lay breaks into a route that needs them; False if `strict` and there is no way."""
    late_ueur, single, best = b.totals[LATE_SUM], False, 0
    periods = t.period_from_s.shape[1] > 0 and t.period_from_s[shift, 0] < FREE
    prepare(t, b, shift, route, n, begin, end)
    if strict and cannot_rest(t, b, shift, begin, end):
        return False
    home = find_rest(t, b, shift, route, n, begin, end)
    if home >= 0 and strict and b.totals[DELICATE] == 0 and not periods:
        # A delay does no more to this route than use up its waiting.
        b.totals[COST] += overtime_cost(t, shift, home) - overtime_cost(t, shift, end)
        b.totals[ENDS], b.totals[OFFENCE] = home, 0
        return True
    label = b.spare[SINGLE]
    copy_label(label, b.labels[n + 1, 0])
    if home >= 0:
        replay(t, b, shift, route, n, begin)
        copy_label(label, b.labels[n + 1, 0])
        single = label[LAWLESS] == 0 and label[LATE] == 0
    longer = label[LATE_UEUR] > late_ueur or (b.slacks[0, WAITS] > 0 and label[NOW] > end)
    if not single or (longer and not strict):
        best = search_rests(t, b, shift, route, n, begin, strict or single, single)
        if best < 0 and not single:
            return False
        if single and (best < 0 or not before(b.labels[n + 1, best], label)):
            copy_label(b.labels[n + 1, 0], label)
            best = 0
        else:
            write_rests(b, n, best)
    _take_over(t, b, shift, n, best, late_ueur)
    b.totals[ENDS] = b.labels[n + 1, best, NOW]
    return True


@compiled
def judge(t: Tables, b: Bench, shift: int, route: Ints, n: int, strict: bool) -> bool:
    """Fill `totals` of a route; tell whether it keeps all rules that lie in the route alone.

    With `strict` the answer no comes as soon as one rule is broken, and the totals are void.
    """
    b.totals[OVERLOAD], b.totals[OVERLOADED] = 0, -1
    fits = (n == 0 and t.shift[shift, UNDERWAY] == 0) or carry(t, b, shift, route, n)
    if strict and not fits:
        return False
    return judge_times(t, b, shift, route, n, strict) and fits


@compiled
def judge_times(t: Tables, b: Bench, shift: int, route: Ints, n: int, strict: bool) -> bool:
    """Judge a route as `judge` does, without its loads, range and roads."""
    for total in range(b.totals.shape[0]):
        if total != OVERLOAD and total != OVERLOADED:
            b.totals[total] = 0
    if n == 0 and t.shift[shift, UNDERWAY] == 0:
        return True
    begin = max(t.shift[shift, START_S], released_s(t, b, route, n) if t.any_release else 0)
    end = plain(t, b, shift, route, n, begin)
    if t.shift[shift, SPAN_S] < FREE and t.shift[shift, UNDERWAY] == 0:
        delay = delay_s(t, b, shift, route, n)
        if delay > 0:
            begin += delay
            end = plain(t, b, shift, route, n, begin)
    _sum_up(t, b, shift, begin, end)
    if strict and b.totals[LATENESS] > 0:
        return False
    if t.shift[shift, RULE] >= 0 and b.totals[OFFENCE] > 0:
        if not _rest(t, b, shift, route, n, begin, end, strict):
            return False
        b.totals[BEGINS] = begin
    _judge_limits(t, b, shift, route, n)
    return bool(b.totals[LATENESS] + b.totals[OFFENCE] + b.totals[EXCESS] == 0)


@inlined
def _no_worse(a: Ints, c: Ints) -> bool:
    """Tell whether label `a` at the end is as good as `c`, its driving included."""
    return bool(
        a[LAWLESS] <= c[LAWLESS]
        and a[LATE] <= c[LATE]
        and a[LATE_UEUR] <= c[LATE_UEUR]
        and a[NOW] <= c[NOW]
        and a[METRES] <= c[METRES]
        and a[DRIVEN] <= c[DRIVEN]
    )


@inlined
def _may_move(t: Tables, b: Bench, n: int, gap: int, length: int) -> bool:
    """Tell whether a break at the end of the leg or before it may bring the route home as early."""
    if t.period_from_s.shape[1] > 0:
        return True
    home = b.slacks[n + 1, LEAVES] + max(0, length - b.slacks[gap, WAITS])
    return bool(home <= b.spare[GOAL, NOW] and length <= b.slacks[gap, REACH])


@inlined
def _nearer_middle(
    t: Tables, b: Bench, shift: int, route: Ints, n: int, earliest: int, least: int, most: int
) -> int:
    """Move the only break to where its middle is nearest to that of the shift.

    Return twice the seconds between them, more than `least` and less than `most`; `most` if
    there is no such place.
    """
    rest = b.rests[0]
    length, middle = rest[3], t.shift[shift, START_S] + t.shift[shift, END_S]
    for gap in range(n + 1):
        for side in (AHEAD, ON_ARRIVAL):
            start = b.slacks[gap, LEAVES if side == AHEAD else ARRIVES]
            off = abs(2 * start + length - middle)
            if off <= least or off >= most or start < earliest:
                continue
            if allowed_there(t, shift, route, n, gap, side) and _may_move(t, b, n, gap, length):
                rest[0], rest[1], rest[2] = gap, side, start
                most = off
    return most


@compiled
def _to_the_middle(t: Tables, b: Bench, shift: int, route: Ints, n: int, begin: int) -> None:
    """Move the only break to where the timetable is as good and the middle of the shift nearest."""
    chosen, rest = b.spare[CHOSEN], b.rests[0]
    copy_row(chosen, rest)
    replay(t, b, shift, route, n, begin)
    copy_label(b.spare[GOAL], b.labels[n + 1, 0])
    began = t.far[shift, 4] if t.shift[shift, UNDERWAY] == 1 else begin
    earliest = began + t.law[t.shift[shift, RULE], 2]
    nearest = abs(2 * rest[2] + rest[3] - t.shift[shift, START_S] - t.shift[shift, END_S])
    off = -1
    while True:
        off = _nearer_middle(t, b, shift, route, n, earliest, off, nearest)
        if off == nearest:
            break
        replay(t, b, shift, route, n, begin)
        if _no_worse(b.labels[n + 1, 0], b.spare[GOAL]):
            return
    copy_row(rest, chosen)


@compiled
def timed(t: Tables, b: Bench, shift: int, route: Ints, n: int) -> bool:
    """Judge a route and leave `times` and `rests` of its best timetable; see `judge`.

    Of breaks that cost the same, a single one is moved to the middle of the shift.
    """
    kept = judge(t, b, shift, route, n, False)
    if b.totals[RESTS] == 0:
        return kept
    begin, totals = b.totals[BEGINS], b.spare[TIMED]
    copy_row(totals, b.totals)
    if totals[RESTS] == 1:
        _to_the_middle(t, b, shift, route, n, begin)
    replay(t, b, shift, route, n, begin)
    end = b.totals[ENDS]
    copy_row(b.totals, totals)
    b.totals[ENDS] = end
    return kept
