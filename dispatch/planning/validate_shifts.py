"""Faults of shifts: interval, amounts, lawful length, and what lies behind one underway."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from dispatch.domain.errors import Issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.planning.problem import Problem, ProblemShift, Underway


def p201_shift_interval(problem: Problem) -> Iterator[Issue]:
    """Yield shifts whose interval, span, overtime or periods are inverted or off the horizon."""
    for number, shift in enumerate(problem.shifts):
        if not 0 <= shift.start_s < shift.end_s <= problem.horizon_s:
            yield _issue(
                "P201",
                number,
                f"{shift.start_s}..{shift.end_s} s is inverted or outside the horizon of "
                f"{problem.horizon_s} s",
                "Plan each shift on the day on which it starts",
            )
        if shift.max_span_s is not None and shift.max_span_s <= 0:
            yield _issue(
                "P201",
                number,
                f"its longest span is {shift.max_span_s} s",
                "Use more than zero, or none for no limit",
            )
        if shift.overtime_from_s is not None and not 0 <= shift.overtime_from_s <= (
            problem.horizon_s
        ):
            yield _issue(
                "P201",
                number,
                f"overtime from {shift.overtime_from_s} s, outside the horizon of "
                f"{problem.horizon_s} s",
                "Clip it to the day, or give none for no overtime",
            )
        if any(one.from_s >= other.from_s for one, other in pairwise(shift.periods)):
            yield _issue(
                "P201", number, "its periods are not in ascending order", "Sort them, one each"
            )


def p202_shift_amounts(problem: Problem) -> Iterator[Issue]:
    """Yield shifts with impossible rates, capacities, limits, persons or range."""
    if problem.uneven_ueur_per_s < 0:
        yield Issue(
            code="P202",
            subject="unevenness",
            cause="its price is negative",
            action="Use zero or more",
        )
    for number, shift in enumerate(problem.shifts):
        rates = (shift.crew_ueur_per_s, shift.ueur_per_m, shift.use_ueur)
        if min(*rates, shift.overtime_ueur_per_s, *shift.capacities) < 0:
            yield _issue("P202", number, "a rate or capacity is negative", "Use zero or more")
        limits = (shift.max_stops, shift.max_drive_s, shift.max_distance_m)
        if any(limit is not None and limit < 0 for limit in limits):
            yield _issue(
                "P202", number, "a limit is negative", "Use zero or more, or none for no limit"
            )
        if shift.persons < 1:
            yield _issue("P202", number, f"a crew of {shift.persons}", "Use one person or more")
        if shift.range_m is not None and shift.range_m <= 0:
            yield _issue(
                "P202",
                number,
                f"its range is {shift.range_m} m",
                "Use more than zero, or none if it needs no charging",
            )
        if len(shift.capacities) != problem.dimensions:
            yield _issue(
                "P202",
                number,
                f"{len(shift.capacities)} capacities for {problem.dimensions} dimensions",
                "Give one capacity per dimension, zero for what it cannot carry",
            )


def p203_shift_lawful(problem: Problem) -> Iterator[Issue]:
    """Yield shifts longer than the law allows even with their break.

    A longest span shortens them; what a shift underway has behind it counts.
    """
    for number, shift in enumerate(problem.shifts):
        rule = shift.break_rule
        span_s = shift.end_s - (shift.underway.began_s if shift.underway else shift.start_s)
        if shift.max_span_s is not None:
            span_s = min(span_s, shift.max_span_s)
        if rule and span_s - rule.reserve_s(span_s) > rule.max_work_s:
            yield _issue(
                "P203",
                number,
                f"{span_s / 3600:.2f} h is more than {rule.max_work_s / 3600:.0f} h of work "
                "and the break",
                "Shorten the shift",
            )


def p205_underway(problem: Problem) -> Iterator[Issue]:
    """Yield shifts underway whose past is impossible."""
    for number, shift in enumerate(problem.shifts):
        if shift.underway is not None:
            for cause, action in _impossible(problem, shift, shift.underway):
                yield _issue("P205", number, cause, action)


def _impossible(
    problem: Problem, shift: ProblemShift, behind: Underway
) -> Iterator[tuple[str, str]]:
    if len(behind.loads) != problem.dimensions:
        yield (
            f"{len(behind.loads)} loads on board for {problem.dimensions} dimensions",
            "Give one amount per dimension",
        )
    elif any(have > most for have, most in zip(behind.loads, shift.capacities, strict=True)):
        yield "it has more on board than it can carry", "Correct load or capacity"
    metres = (behind.distance_m, behind.charged_m)
    times = (behind.rested_s, behind.driven_s, behind.driven_since_s)
    if min(*metres, *times, behind.stops, *behind.loads) < 0:
        yield "a load, time, distance or number of stops is negative", "Use zero or more"
    if not behind.began_s <= behind.rest_end_s <= shift.start_s:
        yield (
            f"began at {behind.began_s} s, rested until {behind.rest_end_s} s, goes on at "
            f"{shift.start_s} s",
            "Give these three in order",
        )
    elif max(behind.rested_s, behind.driven_s) > shift.start_s - behind.began_s:
        yield "it rested or drove for longer than it is out", "Correct the seconds"
    if behind.driven_since_s > behind.driven_s:
        yield "it drove longer since its break than in all", "Correct the seconds"


def _issue(code: str, shift: int, cause: str, action: str) -> Issue:
    return Issue(code=code, subject=f"shift {shift}", cause=cause, action=action)
