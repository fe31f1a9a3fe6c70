"""Checker rules about loads: what accumulates between resets fits into the vehicle.

A shift underway begins with what it has on board.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.domain.plan import StopKind
from dispatch.planning.check_parts import fault, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dispatch.domain.plan import Violation
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Solution, SolutionRoute, SolutionStop


def v401_capacity(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield stops after which a dimension holds more than the vehicle can, by the amount."""
    for route in solution.routes:
        capacity = np.array(problem.shifts[route.shift].capacities, dtype=np.int64)
        for stop, held in _held(problem, route):
            over = held - capacity
            if stop.kind is StopKind.JOB and (over > 0).any():
                worst = int(over.argmax())
                text = f"{over[worst]} too much in dimension {worst}"
                yield fault("V401", f"job {stop.index}", int(over[worst]), text)


def v402_loads_recorded(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Yield stops whose recorded loads are not what has accumulated."""
    for route in solution.routes:
        for stop, held in _held(problem, route):
            wrong = int(np.abs(held - np.array(stop.loads, dtype=np.int64)).sum())
            if wrong:
                yield fault("V402", subject(route, stop), wrong, "loads do not add up")


def _held(
    problem: Problem, route: SolutionRoute
) -> Iterator[tuple[SolutionStop, NDArray[np.int64]]]:
    """Yield each stop with what the vehicle holds in every dimension when it leaves."""
    behind = problem.shifts[route.shift].underway
    at_first = behind.loads if behind else (0,) * problem.dimensions
    held = np.array(at_first, dtype=np.int64)
    for stop in route.stops:
        if stop.kind is StopKind.JOB:
            held = held + np.array(problem.jobs[stop.index].loads, dtype=np.int64)
        elif stop.kind is StopKind.RELOAD:
            held = held.copy()
            held[list(problem.facilities[stop.index].dimensions)] = 0
        yield stop, held
