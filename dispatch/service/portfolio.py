"""Several searches of one problem side by side, each in a process of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from dispatch.service.workers import SolverProcess

if TYPE_CHECKING:
    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Budget, Solution


class Searched(NamedTuple):
    """The cheapest solution, and how long the searches took once their processes were ready."""

    solution: Solution
    seconds: float


def solve_on(problem: Problem, *, budget: Budget, cores: int) -> Searched:
    """Return the cheapest of as many solutions as cores; each search has the next seed.

    Raises InvalidInput with every fault of the problem, PlanningFailed if a process dies.
    """
    with ExitStack() as stack:
        solvers = [stack.enter_context(SolverProcess()) for _ in range(cores)]
        threads = stack.enter_context(ThreadPoolExecutor(max_workers=cores))
        for ready in [threads.submit(solver.warm_up) for solver in solvers]:
            ready.result()
        begun = perf_counter()
        running = [
            threads.submit(solver.solve, problem, budget=replace(budget, seed=budget.seed + number))
            for number, solver in enumerate(solvers)
        ]
        found = min((done.result() for done in running), key=lambda one: one.cost_ueur)
        return Searched(found, perf_counter() - begun)
