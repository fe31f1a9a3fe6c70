"""What one route comes to: its cost in micro-euro, and everything by which it breaks a rule."""

from __future__ import annotations

from dispatch.planning.kernel.clock import (
    delay_s,
    drive_m,
    drive_s,
    late_cost,
    lateness_s,
    needed_s,
    overtime_cost,
    plain,
    released_s,
    setup_due_s,
)
from dispatch.planning.kernel.compiled import Ints, compiled
from dispatch.planning.kernel.labels import (
    BEGINS,
    COST,
    DRIVEN,
    ENDS,
    EXCESS,
    LATE,
    LATE_UEUR,
    LATENESS,
    LAWLESS,
    METRES,
    NOW,
    OFFENCE,
    OVERLOADED,
    RESTS,
    WORK,
    Bench,
)
from dispatch.planning.kernel.loads import carry
from dispatch.planning.kernel.rests import before, replay, search_rests, write_rests
from dispatch.planning.kernel.single import WAITS, allowed_there, cannot_rest, find_rest, prepare
from dispatch.planning.kernel.tables import (
    AT_ONCE,
    CREW_UEUR,
    END_PLACE,
    END_S,
    FREE,
    LATE_UEUR_PER_S,
    METRE_UEUR,
    MOVE_UEUR,
    PLACE,
    PUBLISHED,
    RULE,
    SERVICE_S,
    SPAN_S,
    START_PLACE,
    START_S,
    UNDERWAY,
    USE_UEUR,
    Tables,
)

LATE_SUM = 12
"""Place in `totals` of what lateness and overtime cost without breaks, in ueur."""


@compiled
def _sum_up(t: Tables, b: Bench, shift: int, route: Ints, n: int, begin: int, end: int) -> None:
    """Fill cost, lateness and offence of the route as `plain` has timed it."""
    late, late_ueur, moved, busy = 0, 0, 0, 0
    driven, metres, place, leaves = 0, 0, t.shift[shift, START_PLACE], begin
    for position in range(n):
        visit, start = route[position], b.times[position, 1]
        late += lateness_s(t, visit, start)
        late_ueur += late_cost(t, visit, start)
        if t.visit[visit, PUBLISHED] >= 0 and t.visit[visit, PUBLISHED] != shift:
            moved += t.visit[visit, MOVE_UEUR]
        busy += t.visit[visit, SERVICE_S] + setup_due_s(t, shift, route, position)
        driven += drive_s(t, shift, place, t.visit[visit, PLACE], leaves)
        metres += drive_m(t, shift, place, t.visit[visit, PLACE], leaves)
        place, leaves = t.visit[visit, PLACE], b.times[position, 2]
    driven += drive_s(t, shift, place, t.shift[shift, END_PLACE], leaves)
    metres += drive_m(t, shift, place, t.shift[shift, END_PLACE], leaves)
    began, rest_end, rested, driven_far, since = t.far[shift, 4:9]
    if t.shift[shift, UNDERWAY] == 0:
        began, rest_end = begin, begin
    late += max(0, end - t.shift[shift, END_S]) + max(0, end - began - t.shift[shift, SPAN_S])
    late_ueur += overtime_cost(t, shift, end)
    b.totals[LATENESS], b.totals[LATE_SUM] = late, late_ueur
    b.totals[WORK] = driven + busy
    b.totals[BEGINS], b.totals[ENDS] = begin, end
    b.totals[10], b.totals[11] = driven, metres
    b.totals[COST] = (
        t.shift[shift, USE_UEUR]
        + (driven + busy) * t.shift[shift, CREW_UEUR]
        + metres * t.shift[shift, METRE_UEUR]
        + late_ueur
        + moved
    )
    rule = t.shift[shift, RULE]
    if rule >= 0:
        worked = end - began - rested
        offence = max(0, needed_s(t, rule, worked) - rested)
        offence += max(0, end - rest_end - t.law[rule, 0])
        offence += max(0, since + driven - t.law[rule, 3])
        offence += max(0, driven_far + driven - t.law[rule, 7])
        b.totals[OFFENCE] = offence + max(0, worked - t.law[rule, 1])


@compiled
def _judge_limits(t: Tables, b: Bench, shift: int, route: Ints, n: int) -> None:
    """Book by how much the limits of the shift are exceeded: jobs, driving, metres."""
    jobs = t.far[shift, 0]
    for position in range(n):
        jobs += int(route[position] < t.jobs)
    over = max(0, jobs - t.limits[shift, 0])
    over += max(0, t.far[shift, 1] + b.totals[10] - t.limits[shift, 1])
    over += max(0, t.far[shift, 2] + b.totals[11] - t.limits[shift, 2])
    b.totals[EXCESS] = over


@compiled
def _take_over(t: Tables, b: Bench, shift: int, n: int, best: int, late_ueur: int) -> None:
    """Correct the totals of a route without breaks by those of the label with them."""
    label = b.labels[n + 1, best]
    driven = label[DRIVEN] - t.far[shift, 7]
    b.totals[COST] += label[LATE_UEUR] - late_ueur
    b.totals[COST] += (driven - b.totals[10]) * t.shift[shift, CREW_UEUR]
    b.totals[COST] += (label[METRES] - b.totals[11]) * t.shift[shift, METRE_UEUR]
    b.totals[WORK] += driven - b.totals[10]
    b.totals[10], b.totals[11] = driven, label[METRES]
    b.totals[LATENESS], b.totals[OFFENCE] = label[LATE], label[LAWLESS]


@compiled
def _delay_costs(t: Tables, shift: int, route: Ints, n: int) -> bool:
    """Tell whether a delay does more to a route than use up its waiting."""
    if t.period_from_s.shape[1] > 0 and t.period_from_s[shift, 0] < FREE:
        return True
    for position in range(n):
        visit = route[position]
        if t.visit[visit, LATE_UEUR_PER_S] > 0 or t.visit[visit, AT_ONCE] < FREE:
            return True
    return False


@compiled
def _rest(
    t: Tables, b: Bench, shift: int, route: Ints, n: int, begin: int, end: int, strict: bool
) -> bool:
    """Lay breaks into a route that needs them; False if `strict` and there is no way."""
    totals, late_ueur = b.totals.copy(), b.totals[LATE_SUM]
    prepare(t, b, shift, route, n, begin, end)
    if strict and cannot_rest(t, b, shift, begin, end):
        return False
    home, single = find_rest(t, b, shift, route, n, begin, end), False
    if home >= 0 and strict and not _delay_costs(t, shift, route, n):
        b.totals[COST] += overtime_cost(t, shift, home) - overtime_cost(t, shift, end)
        b.totals[ENDS], b.totals[OFFENCE] = home, 0
        return True
    label = b.labels[n + 1, 0].copy()
    if home >= 0:
        label[:] = replay(t, b, shift, route, n, begin)
        single = label[LAWLESS] == 0 and label[LATE] == 0
    longer = label[LATE_UEUR] > late_ueur or (b.slacks[0, WAITS] > 0 and label[NOW] > end)
    best = 0
    if not single or (longer and not strict):
        best = search_rests(t, b, shift, route, n, begin, strict)
        if best < 0:
            return False
        if single and not before(b.labels[n + 1, best], label):
            b.labels[n + 1, 0], best = label, 0
        else:
            write_rests(b, n, best)
    rests = b.totals[RESTS]
    b.totals[:] = totals
    b.totals[RESTS] = rests
    _take_over(t, b, shift, n, best, late_ueur)
    b.totals[ENDS] = b.labels[n + 1, best, NOW]
    return True


@compiled
def judge(t: Tables, b: Bench, shift: int, route: Ints, n: int, strict: bool) -> bool:
    """Fill `totals` of a route; tell whether it keeps all rules that lie in the route alone.

    With `strict` the answer no comes as soon as one rule is broken, and the totals are void.
    """
    b.totals[:] = 0
    b.totals[OVERLOADED] = -1
    if n == 0 and t.shift[shift, UNDERWAY] == 0:
        return True
    fits = carry(t, b, shift, route, n)
    if strict and not fits:
        return False
    begin = max(t.shift[shift, START_S], released_s(t, b, route, n) if t.any_release else 0)
    end = plain(t, b, shift, route, n, begin)
    if t.shift[shift, SPAN_S] < FREE and t.shift[shift, UNDERWAY] == 0:
        delay = delay_s(t, b, shift, route, n)
        if delay > 0:
            begin += delay
            end = plain(t, b, shift, route, n, begin)
    _sum_up(t, b, shift, route, n, begin, end)
    if strict and b.totals[LATENESS] > 0:
        return False
    if t.shift[shift, RULE] >= 0 and b.totals[OFFENCE] > 0:
        if not _rest(t, b, shift, route, n, begin, end, strict):
            return False
        b.totals[BEGINS] = begin
    _judge_limits(t, b, shift, route, n)
    broken = b.totals[LATENESS] + b.totals[OFFENCE] + b.totals[EXCESS]
    return bool(fits and broken == 0)


@compiled
def _to_the_middle(t: Tables, b: Bench, shift: int, route: Ints, n: int, begin: int) -> None:
    """Move the only break to where the timetable is as good and the middle of the shift nearest."""
    rule = t.shift[shift, RULE]
    best, middle = b.rests[0].copy(), t.shift[shift, START_S] + t.shift[shift, END_S]
    length = best[3]
    goal = replay(t, b, shift, route, n, begin).copy()
    nearest = abs(2 * best[2] + length - middle)
    earliest = begin + t.law[rule, 2]
    plain(t, b, shift, route, n, begin)
    runs = b.times[: n + 1].copy()
    for gap in range(n + 1):
        for side in (1, 2):
            if not allowed_there(t, shift, route, n, gap, side):
                continue
            start = runs[gap - 1, 2] if side == 1 else runs[gap, 0]
            if start < earliest:
                continue
            off = abs(2 * start + length - middle)
            if off >= nearest:
                continue
            b.totals[RESTS] = 1
            b.rests[0, 0], b.rests[0, 1], b.rests[0, 2] = gap, side, start
            found = replay(t, b, shift, route, n, begin)
            if (
                found[LAWLESS] <= goal[LAWLESS]
                and found[LATE] <= goal[LATE]
                and found[LATE_UEUR] <= goal[LATE_UEUR]
                and found[0] <= goal[0]
                and found[METRES] <= goal[METRES]
                and found[DRIVEN] <= goal[DRIVEN]
            ):
                best[:] = b.rests[0]
                nearest = off
    b.rests[0] = best
    b.totals[RESTS] = 1


@compiled
def timed(t: Tables, b: Bench, shift: int, route: Ints, n: int) -> bool:
    """Judge a route and leave `times` and `rests` of its best timetable; see `judge`.

    Of breaks that cost the same, a single one is moved to the middle of the shift.
    """
    kept = judge(t, b, shift, route, n, False)
    if b.totals[RESTS] == 0:
        return kept
    begin = b.totals[BEGINS]
    totals = b.totals.copy()
    if totals[RESTS] == 1:
        _to_the_middle(t, b, shift, route, n, begin)
    rests = b.rests.copy()
    replay(t, b, shift, route, n, begin)
    end = b.totals[ENDS]
    b.totals[:] = totals
    b.totals[ENDS] = end
    b.rests[:] = rests
    return kept
