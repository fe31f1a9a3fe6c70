"""Several searches of one problem side by side, each in a process of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from dispatch.planning.solve import solve
from dispatch.service.parts import is_large, search_in_parts
from dispatch.service.workers import SolverProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Budget, Solution

    Watched = tuple[Solution, "Progress"]

Answer = TypeVar("Answer")
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
    """Return the cheapest plan that so many processes find.

    A large problem is searched in parts; of any other as many solutions are made as there are
    cores, each with the next seed. All of them improve on `start`. Raises InvalidInput with every
    fault of the problem, PlanningFailed if a process dies.
    """
    with ExitStack() as stack:
        solvers = [stack.enter_context(SolverProcess()) for _ in range(cores)]
        threads = stack.enter_context(ThreadPoolExecutor(max_workers=cores))
        for ready in [threads.submit(solver.warm_up) for solver in solvers]:
            ready.result()

        def together(tasks: Sequence[Callable[[], Answer]]) -> list[Answer]:
            """Run at most as many tasks as there are processes, all at the same time."""
            running = [threads.submit(s.run, t) for s, t in zip(solvers, tasks, strict=False)]
            return [done.result() for done in running]

        begun = perf_counter()
        if is_large(problem, cores=cores):
            found, told = search_in_parts(
                problem, budget=budget, cores=cores, together=together, start=start
            )
        else:
            found, told = _side_by_side(problem, budget, cores, together, start)
        seconds = perf_counter() - begun
    first_s = min((moment for moment, _ in told), default=None)
    return Searched(found, seconds, first_s, cheapest_of([*told, (seconds, found.cost_ueur)]))


def _side_by_side(
    problem: Problem,
    budget: Budget,
    cores: int,
    together: Callable[[Sequence[Callable[[], Watched]]], list[Watched]],
    start: Solution | None,
) -> tuple[Solution, list[tuple[float, int]]]:
    """Return the cheapest solution of several seeds, and what all of them told."""
    seeds = [replace(budget, seed=budget.seed + number) for number in range(cores)]
    answers = together([partial(_watched, problem, seed, start) for seed in seeds])
    found = min((solution for solution, _ in answers), key=lambda one: one.cost_ueur)
    return found, [event for _, progress in answers for event in progress]


def cheapest_of(events: Iterable[tuple[float, int]]) -> Progress:
    """Return, in order of time, the events that are cheaper than all before them."""
    kept: list[tuple[float, int]] = []
    for moment, cost in sorted(events):
        if not kept or cost < kept[-1][1]:
            kept.append((moment, cost))
    return tuple(kept)


def _watched(problem: Problem, budget: Budget, start: Solution | None) -> Watched:
    """Solve, in a worker, and note each better plan on the way."""
    seen: list[tuple[float, int]] = []

    def note(seconds: float, cost_ueur: int, left: int | None) -> None:
        del left
        seen.append((seconds, cost_ueur))

    return solve(problem, budget=budget, start=start, watch=note), tuple(seen)
