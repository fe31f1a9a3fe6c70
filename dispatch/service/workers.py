"""Where solving happens: a process of its own, because the search holds the interpreter lock."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from dispatch.domain.errors import Issue, PlanningFailed
from dispatch.planning.kernel.compiled import compile_all
from dispatch.planning.solve import solve

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Budget, Solution


Answer = TypeVar("Answer")


class Solver(Protocol):
    """Anything that answers a problem within a budget."""

    def solve(self, problem: Problem, *, budget: Budget, start: Solution | None = None) -> Solution:
        """Return a solution, from `start` on; raises PlanningFailed when none could be had."""


class Runner(Protocol):
    """Anything that works on a task while the caller waits."""

    def run(self, task: Callable[[], Answer]) -> Answer:
        """Return what comes of a task that can be pickled; raises PlanningFailed."""


class InProcess:
    """Solves right here, for callers that are a process of their own or have nobody waiting."""

    def solve(self, problem: Problem, *, budget: Budget, start: Solution | None = None) -> Solution:
        """Return the solution, holding up this thread and all others."""
        return solve(problem, budget=budget, start=start)

    def run(self, task: Callable[[], Answer]) -> Answer:
        """Return what comes of the task, likewise."""
        return task()


class SolverProcess:
    """One spawned worker process, kept warm between solves; a context manager."""

    def __init__(self) -> None:
        self._pool = _pool()

    def __enter__(self) -> Self:
        # The worker starts and imports while the caller still gets its problem ready.
        self._pool.submit(_ready)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def warm_up(self) -> None:
        """Start the worker now, with all that it imports, and come back when it is ready."""
        self._pool.submit(_ready).result()

    def solve(self, problem: Problem, *, budget: Budget, start: Solution | None = None) -> Solution:
        """Return the worker's solution; raises PlanningFailed (S303) if the process dies."""
        return self.run(partial(solve, problem, budget=budget, start=start))

    def run(self, task: Callable[[], Answer]) -> Answer:
        """Return what the worker makes of a task that can be pickled; raises PlanningFailed (S303).

        The next call gets a new process: a pool that broke once refuses everything.
        """
        pool = self._pool
        try:
            return pool.submit(task).result()
        except BrokenProcessPool as error:
            pool.shutdown(wait=False)
            if self._pool is pool:  # another thread may have replaced it already
                self._pool = _pool()
            raise PlanningFailed(
                Issue(
                    code="S303",
                    subject="solver process",
                    cause="the process ended before it had a plan (killed or out of memory)",
                    action="Plan again; if it happens twice, plan fewer jobs or add memory",
                )
            ) from error


def _ready() -> None:
    """Read the planner's machine code, in a worker that has imported this module for it.

    A second that would else come off the first plan's time.
    """
    compile_all()


def _pool() -> ProcessPoolExecutor:
    # Spawn, not fork: the service has threads and open database connections.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(max_workers=1, mp_context=context)
