"""What lies behind a shift that is on the road: work, rests, driving, loads."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.problem import Underway

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.planning.law import BreakRule
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import SolutionStop


def past_of(problem: Problem, shift: int, stops: Sequence[SolutionStop]) -> Underway:
    """Return what a shift has behind it after these stops, the first of which is its START.

    A shift that was underway before keeps what it had behind it then.
    """
    on, first = problem.shifts[shift], stops[0]
    past = on.underway or Underway(
        began_s=first.arrival_s, loads=first.loads, rest_end_s=first.arrival_s
    )
    for before, stop in pairwise(stops):
        leg = (before.location, stop.location, before.departure_s)
        past = driven_on(
            past,
            max(0, problem.travel_s(on, *leg)),
            max(0, problem.travel_m(on, *leg)),
        )
        if stop.kind is StopKind.JOB:
            past = replace(past, stops=past.stops + 1)
        elif stop.kind is StopKind.RELOAD and problem.facilities[stop.index].charges:
            past = replace(past, charged_m=0)
        elif stop.kind is StopKind.BREAK and on.break_rule is not None:
            past = _rested(past, on.break_rule, stop)
    return replace(past, loads=stops[-1].loads)


def driven_on(past: Underway, seconds: int, metres: int) -> Underway:
    """Return the past with one more leg."""
    return replace(
        past,
        driven_s=past.driven_s + seconds,
        driven_since_s=past.driven_since_s + seconds,
        distance_m=past.distance_m + metres,
        charged_m=past.charged_m + metres,
    )


def _rested(past: Underway, rule: BreakRule, stop: SolutionStop) -> Underway:
    """Return the past with a break: what is shorter than the shortest piece counts as work."""
    length_s = stop.departure_s - stop.start_s
    if length_s < min(rule.pieces_s):
        return past
    past = replace(past, rested_s=past.rested_s + length_s, rest_end_s=stop.departure_s)
    if rule.drive is None:
        return past
    first_s, second_s = rule.drive.split_s
    if length_s >= rule.drive.break_s or (past.half_rest and length_s >= second_s):
        return replace(past, driven_since_s=0, half_rest=False)
    return replace(past, half_rest=past.half_rest or length_s >= first_s)
