"""Where the breaks of a route lie: labels carried from halt to halt, and the way back."""

from __future__ import annotations

from dispatch.planning.kernel.clock import (
    drive_m,
    drive_s,
    late_cost,
    lateness_s,
    needed_s,
    overtime_cost,
    service_from,
    setup_due_s,
    shortest_rest,
)
from dispatch.planning.kernel.compiled import Ints, compiled, inlined
from dispatch.planning.kernel.labels import (
    AHEAD,
    DRIVEN,
    EXCESS,
    FRESH,
    LATE,
    LATE_UEUR,
    LAWLESS,
    LENGTH,
    NOW,
    ON_ARRIVAL,
    PARENT,
    REST_END,
    RESTED,
    SIDE,
    SINCE,
    SINGLE,
    Bench,
    copy_label,
    drive_on,
    first_label,
    keep,
    take_rest,
)
from dispatch.planning.kernel.single import LEAVES, REACH, WAITS
from dispatch.planning.kernel.tables import (
    END_PLACE,
    END_S,
    FREE,
    PLACE,
    RESTS_ON_ROAD,
    RULE,
    SERVICE_S,
    SPAN_S,
    START_PLACE,
    UNDERWAY,
    Tables,
)


@compiled
def before(a: Ints, c: Ints) -> bool:
    """Tell whether a label at the end is better: lawful, less late, cheaper, earlier home."""
    for field in (LAWLESS, LATE, LATE_UEUR, NOW):
        if a[field] != c[field]:
            return bool(a[field] < c[field])
    return False


@compiled
def close_labels(t: Tables, b: Bench, shift: int, n: int, strict: bool) -> int:
    """Close all labels at the end; return the lawful, least late, cheapest, earliest one."""
    rule, best = t.shift[shift, RULE], -1
    for k in range(b.alive[n + 1]):
        label = b.labels[n + 1, k]
        end = label[NOW]
        worked = end - b.totals[EXCESS] - label[RESTED]
        label[LAWLESS] += max(0, needed_s(t, rule, worked) - label[RESTED])
        label[LAWLESS] += max(0, end - label[REST_END] - t.law[rule, 0])
        label[LAWLESS] += max(0, label[DRIVEN] - t.law[rule, 7])
        label[LAWLESS] += max(0, worked - t.law[rule, 1])
        label[LATE] += max(0, end - t.shift[shift, END_S])
        label[LATE] += max(0, end - b.totals[EXCESS] - t.shift[shift, SPAN_S])
        label[LATE_UEUR] += overtime_cost(t, shift, end)
        if strict and label[LAWLESS] + label[LATE] > 0:
            continue
        if best < 0 or before(label, b.labels[n + 1, best]):
            best = k
    return best


@inlined
def _may_rest(
    t: Tables, shift: int, route: Ints, n: int, position: int, side: int, origin: int, goal: int
) -> bool:
    """Tell whether a break may lie there: within the day, and at a place that is allowed."""
    if side == ON_ARRIVAL:
        if position == n or t.rests_at[shift, route[position]] == 0:
            return False
        return position > 0 or origin != goal or t.shift[shift, UNDERWAY] == 1
    if t.shift[shift, RESTS_ON_ROAD] == 0:
        return False
    if position == 0:
        return t.shift[shift, UNDERWAY] == 1
    return position < n or (origin != goal and goal >= 0)


@inlined
def _arrive(
    t: Tables,
    b: Bench,
    shift: int,
    route: Ints,
    position: int,
    length: int,
    side: int,
    earliest: int,
    fresh: Ints,
) -> bool:
    """Book a halt in a label that has just arrived; False if its break would come too early."""
    rule, visit, arrival = t.shift[shift, RULE], route[position], fresh[NOW]
    setup = setup_due_s(t, shift, route, position)
    start = service_from(t, b, shift, position, visit, arrival + setup)
    if side == ON_ARRIVAL:
        # Into the wait, as late as it costs no time and the stretch of work before allows.
        latest = min(start - setup - length, fresh[REST_END] + t.law[rule, 0])
        rest = max(arrival, latest)
        if rest < earliest:
            return False
        take_rest(t, rule, fresh, rest, length)
        start = service_from(t, b, shift, position, visit, rest + length + setup)
    fresh[LATE] += lateness_s(t, visit, start)
    fresh[LATE_UEUR] += late_cost(t, visit, start)
    fresh[NOW] = start + t.visit[visit, SERVICE_S]
    return True


@inlined
def _too_late(t: Tables, b: Bench, position: int, now: int) -> bool:
    """Tell whether what follows cannot be in time, whatever waiting takes up of the delay."""
    if t.period_from_s.shape[1] > 0:
        return False
    return bool(now - b.slacks[position + 1, LEAVES] > b.slacks[position + 1, REACH])


@inlined
def _no_gain(t: Tables, b: Bench, shift: int, n: int, position: int, label: Ints) -> bool:
    """Tell whether the label cannot come before the one of a single break."""
    if t.period_from_s.shape[1] > 0:
        return False
    delay = max(0, label[NOW] - b.slacks[position + 1, LEAVES])
    home = b.slacks[n + 1, LEAVES] + max(0, delay - b.slacks[position + 1, WAITS])
    ueur = label[LATE_UEUR] + overtime_cost(t, shift, home)
    single = b.spare[SINGLE]
    return bool(ueur > single[LATE_UEUR] or (ueur == single[LATE_UEUR] and home >= single[NOW]))


@inlined
def _step(
    t: Tables,
    b: Bench,
    shift: int,
    route: Ints,
    n: int,
    position: int,
    length: int,
    side: int,
    strict: bool,
    fresh: Ints,
) -> bool:
    """Take a label to the next halt, or to the end, with this break on the way, if that may be."""
    rule = t.shift[shift, RULE]
    origin = t.shift[shift, START_PLACE] if position == 0 else t.visit[route[position - 1], PLACE]
    goal = t.shift[shift, END_PLACE] if position == n else t.visit[route[position], PLACE]
    if side and not _may_rest(t, shift, route, n, position, side, origin, goal):
        return False
    earliest = b.totals[EXCESS] + t.law[rule, 2]
    if side == AHEAD:
        if fresh[NOW] < earliest:
            return False
        take_rest(t, rule, fresh, fresh[NOW], length)
        fresh[NOW] += length
    drive = drive_s(t, shift, origin, goal, fresh[NOW])
    drive_on(t, rule, fresh, drive, drive_m(t, shift, origin, goal, fresh[NOW]))
    fresh[NOW] += drive
    if position < n and not _arrive(t, b, shift, route, position, length, side, earliest, fresh):
        return False
    if not strict:
        return True
    lawless = fresh[LAWLESS] + fresh[LATE] + max(0, fresh[NOW] - fresh[REST_END] - t.law[rule, 0])
    return bool(lawless == 0 and not _too_late(t, b, position, fresh[NOW]))


@inlined
def _most_s(t: Tables, b: Bench, shift: int) -> int:
    """Return the longest break that a day of this shift can need."""
    span_s = min(t.shift[shift, END_S] - b.totals[EXCESS], t.shift[shift, SPAN_S])
    return shortest_rest(t, t.shift[shift, RULE], span_s)


@inlined
def _useful(t: Tables, shift: int, label: Ints, length: int, most_s: int) -> bool:
    """Tell whether a break of that length may help a label."""
    rule = t.shift[shift, RULE]
    drives = t.law[rule, 3] < FREE
    open_need = label[RESTED] < most_s or (drives and label[SINCE] > 0)
    long_stretch = label[REST_END] + t.law[rule, 0] < t.shift[shift, END_S]
    fits = length <= max(most_s - label[RESTED], t.pieces_s[rule, 0]) or drives
    return bool((open_need or long_stretch) and length < FREE and fits)


@compiled
def search_rests(
    t: Tables,
    b: Bench,
    shift: int,
    route: Ints,
    n: int,
    begin_s: int,
    strict: bool,
    beat: bool,
) -> int:
    """Carry all promising labels to the end; return the best one's place there, -1 for none.

    `strict` drops whatever breaks a rule at once, `beat` what cannot be better than the label
    `SINGLE` that is put aside. `slacks` must be those of `prepare`.
    """
    first_label(t, b, shift, begin_s)
    most_s, fresh, rule = _most_s(t, b, shift), b.spare[FRESH], t.shift[shift, RULE]
    for position in range(n + 1):
        b.alive[position + 1] = 0
        for k in range(b.alive[position]):
            # Without a break, then every piece ahead of the drive and on arrival.
            for way in range(-1, 2 * t.pieces_s.shape[1]):
                length, side = 0, 0
                if way >= 0:
                    length, side = t.pieces_s[rule, way // 2], way % 2 + AHEAD
                    if not _useful(t, shift, b.labels[position, k], length, most_s):
                        continue
                copy_label(fresh, b.labels[position, k])
                fresh[PARENT], fresh[SIDE], fresh[LENGTH] = k, side, 0
                if not _step(t, b, shift, route, n, position, length, side, strict, fresh):
                    continue
                if not (beat and _no_gain(t, b, shift, n, position, fresh)):
                    keep(b, position + 1, fresh)
    return close_labels(t, b, shift, n, strict)
