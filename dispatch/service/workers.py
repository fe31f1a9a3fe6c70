"""Where solving happens: a process of its own, because the search holds the interpreter lock."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Protocol, Self

from dispatch.domain.errors import Issue, PlanningFailed
from dispatch.planning.solve import solve

if TYPE_CHECKING:
    from types import TracebackType

    from dispatch.planning.problem import Budget, Problem, Solution


class Solver(Protocol):
    """Anything that answers a problem within a budget."""

    def solve(self, problem: Problem, *, budget: Budget) -> Solution:
        """Return a solution; raises PlanningFailed when none could be had."""


class InProcess:
    """Solves right here; for tests and scenarios that are processes themselves."""

    def solve(self, problem: Problem, *, budget: Budget) -> Solution:
        """Return the solution, holding up this thread and all others."""
        return solve(problem, budget=budget)


class SolverProcess:
    """One spawned worker process, kept warm between solves; a context manager."""

    def __init__(self) -> None:
        # Spawn, not fork: the service has threads and open database connections.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(max_workers=1, mp_context=context)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def solve(self, problem: Problem, *, budget: Budget) -> Solution:
        """Return the worker's solution; raises PlanningFailed if the process dies."""
        try:
            return self._pool.submit(solve, problem, budget=budget).result()
        except BrokenProcessPool as error:
            raise PlanningFailed(
                Issue(
                    code="S303",
                    subject="solver process",
                    cause="the process ended before it had a plan (killed or out of memory)",
                    action="Plan again; if it happens twice, plan fewer jobs or add memory",
                )
            ) from error
