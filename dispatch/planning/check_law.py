"""Checker rules about breaks: ArbZG paragraph 4, read from the shift's break rule."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind
from dispatch.planning.check_parts import began_s, fault, rest_s

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.plan import Violation
    from dispatch.planning.law import BreakRule
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution, SolutionRoute


def v701_break_missing(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield routes whose breaks are shorter than their work demands, by the seconds lacking."""
    for route, rule in _ruled(problem, solution):
        behind = problem.shifts[route.shift].underway
        rested_s = sum(end - begin for begin, end in _rests(problem, route))
        rested_s += behind.rested_s if behind else 0
        worked_s = route.stops[-1].departure_s - began_s(problem, route) - rested_s
        due_s = 0
        for step in rule.steps:
            if worked_s > step.over_s:
                due_s = max(due_s, step.break_s)
        if rested_s < due_s:
            lacking_s = due_s - rested_s
            yield fault("V701", f"shift {route.shift}", lacking_s, f"{lacking_s} s of break lack")


def v702_stretch_too_long(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield routes with too long a stretch of work between breaks, by the seconds beyond."""
    for route, rule in _ruled(problem, solution):
        behind = problem.shifts[route.shift].underway
        edges = [behind.rest_end_s if behind else route.stops[0].arrival_s]
        for begin, end in _rests(problem, route):
            edges += [begin, end]
        edges.append(route.stops[-1].departure_s)
        stretches = [edges[i + 1] - edges[i] for i in range(0, len(edges), 2)]
        over_s = max(stretches) - rule.max_stretch_s
        if over_s > 0:
            yield fault("V702", f"shift {route.shift}", over_s, f"{over_s} s without a break")


def v703_break_at_the_edge(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield breaks before any work or after all of it: they give no rest within the day.

    A shift underway has work behind it, so it may rest where it is.
    """
    for route, _ in _ruled(problem, solution):
        fresh = began_s(problem, route) >= route.stops[0].arrival_s
        for before, stop in pairwise(route.stops):
            at_start = stop.kind is StopKind.BREAK and before.kind is StopKind.START and fresh
            at_end = before.kind is StopKind.BREAK and stop.kind is StopKind.END
            if (at_start or at_end) and before.location == stop.location:
                yield fault("V703", f"shift {route.shift}", 1, "a break at the start or end")


def v704_break_too_early(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield breaks right after the start of work, by the seconds they are too early."""
    for route, rule in _ruled(problem, solution):
        from_s = began_s(problem, route) + rule.not_before_s
        for start_s, _ in _rests(problem, route):
            if start_s < from_s:
                early_s = from_s - start_s
                yield fault("V704", f"shift {route.shift}", early_s, f"{early_s} s too early")


def _ruled(problem: Problem, solution: Solution) -> Iterator[tuple[SolutionRoute, BreakRule]]:
    for route in solution.routes:
        rule = problem.shifts[route.shift].break_rule
        if route.stops and rule is not None:
            yield route, rule


def _rests(problem: Problem, route: SolutionRoute) -> list[tuple[int, int]]:
    """Return begin and end of every break that counts."""
    return [
        (stop.start_s, stop.departure_s) for stop in route.stops if rest_s(problem, route, stop)
    ]
