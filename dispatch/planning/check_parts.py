"""What the checker's rules share: how a fault looks and how stops are walked."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from dispatch.domain.plan import StopKind, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution, SolutionRoute, SolutionStop


def fault(code: str, about: str, amount: int, text: str) -> Violation:
    """Return a hard violation."""
    return Violation(code=code, subject=about, amount=amount, text=text)


def subject(route: SolutionRoute, stop: SolutionStop) -> str:
    """Return whom a stop concerns: its job, its facility, else the shift."""
    if stop.kind is StopKind.JOB:
        return f"job {stop.index}"
    if stop.kind is StopKind.RELOAD:
        return f"facility {stop.index}"
    return f"shift {route.shift}"


def moves(solution: Solution) -> Iterator[tuple[SolutionRoute, SolutionStop, SolutionStop]]:
    """Yield every pair of neighbouring stops with its route."""
    for route in solution.routes:
        for before, stop in pairwise(route.stops):
            yield route, before, stop


def setup_due_s(problem: Problem, route: SolutionRoute, stop: SolutionStop) -> int:
    """Return the setup a job owes: its own, or none if work went on at the same place."""
    if stop.kind is not StopKind.JOB:
        return 0
    earlier = route.stops[: route.stops.index(stop)]
    place = next((s.location for s in reversed(earlier) if s.kind is not StopKind.BREAK), None)
    return 0 if place == stop.location else problem.jobs[stop.index].setup_s


def service_due_s(problem: Problem, stop: SolutionStop) -> int:
    """Return the seconds of service a stop needs; none at start, end and breaks."""
    if stop.kind is StopKind.JOB:
        return problem.jobs[stop.index].service_s
    if stop.kind is StopKind.RELOAD:
        return problem.facilities[stop.index].service_s
    return 0
