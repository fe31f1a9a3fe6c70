"""Several searches of one problem side by side, each in a process of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from dispatch.planning.solve import solve
from dispatch.service.workers import SolverProcess

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Budget, Solution

Progress = tuple[tuple[float, int], ...]
"""Seconds since the start of the search, and the cost in micro-euro of each better plan."""


class Searched(NamedTuple):
    """The cheapest solution, and how long the searches took once their processes were ready.

    `first_s` is when the first of them had a plan under all rules, None if none of them told;
    `progress` is how the cheapest plan of all became cheaper.
    """

    solution: Solution
    seconds: float
    first_s: float | None
    progress: Progress


def solve_on(
    problem: Problem, *, budget: Budget, cores: int, start: Solution | None = None
) -> Searched:
    """Return the cheapest of as many solutions as cores; each search has the next seed.

    All of them improve on `start`. Raises InvalidInput with every fault of the problem,
    PlanningFailed if a process dies.
    """
    with ExitStack() as stack:
        solvers = [stack.enter_context(SolverProcess()) for _ in range(cores)]
        threads = stack.enter_context(ThreadPoolExecutor(max_workers=cores))
        for ready in [threads.submit(solver.warm_up) for solver in solvers]:
            ready.result()
        begun = perf_counter()
        running = [
            threads.submit(
                solver.run,
                partial(_watched, problem, replace(budget, seed=budget.seed + number), start),
            )
            for number, solver in enumerate(solvers)
        ]
        answers = [done.result() for done in running]
        seconds = perf_counter() - begun
    found = min((solution for solution, _ in answers), key=lambda one: one.cost_ueur)
    told = [event for _, progress in answers for event in progress]
    first_s = min((moment for moment, _ in told), default=None)
    return Searched(found, seconds, first_s, cheapest_of([*told, (seconds, found.cost_ueur)]))


def cheapest_of(events: Iterable[tuple[float, int]]) -> Progress:
    """Return, in order of time, the events that are cheaper than all before them."""
    kept: list[tuple[float, int]] = []
    for moment, cost in sorted(events):
        if not kept or cost < kept[-1][1]:
            kept.append((moment, cost))
    return tuple(kept)


def _watched(problem: Problem, budget: Budget, start: Solution | None) -> tuple[Solution, Progress]:
    """Solve, in a worker, and note each better plan on the way."""
    seen: list[tuple[float, int]] = []

    def note(seconds: float, cost_ueur: int) -> None:
        seen.append((seconds, cost_ueur))

    return solve(problem, budget=budget, start=start, watch=note), tuple(seen)
