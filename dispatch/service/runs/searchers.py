"""Processes that search side by side and tell of better plans meanwhile; they can be stopped."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection, wait
from time import perf_counter
from typing import TYPE_CHECKING, Any, Self

from dispatch.domain.errors import DispatchError, Issue, PlanningFailed
from dispatch.planning.kernel.compiled import compile_all
from dispatch.planning.replan import Scope, replan
from dispatch.planning.solve import solve
from dispatch.service.parts import is_large, search_in_parts
from dispatch.service.plan_day import Found, judged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Budget, Solution
    from dispatch.service.plan_day import Task
    from dispatch.service.replan_day import RestTask

Watch = Callable[[float, int, int | None], None]
Tick = Callable[[], None]

TICK_S = 0.25
"""So often whoever waits for the searches may look whether they are still wanted."""

ANSWER, ERROR, BETTER = "answer", "error", "better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Who is told: `watch` of every better plan, `tick` all the time; both may raise to stop."""

    watch: Watch
    tick: Tick


class Searchers:
    """As many planning processes as cores, kept warm between searches; a context manager."""

    def __init__(self, *, cores: int = 1) -> None:
        self._workers = [_Worker() for _ in range(cores)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def search(self, task: Task, listening: Listening) -> Found:
        """Return the cheapest plan found, with the checker's verdict and reasons for jobs left.

        Whatever the listener raises ends the search, and its processes at once. Raises
        PlanningFailed (S303) if a process dies, InvalidInput with every fault of the problem.
        """
        try:
            return self._search(task, listening)
        except BaseException:
            self.stop()
            raise

    def answer(self, task: RestTask, listening: Listening) -> Solution:
        """Return the cheapest plan found of the rest of a day; raises as `search`."""
        seeds = _seeds(task.request.budget, len(self._workers))
        searches = [partial(_rest_searched, task.search, budget) for budget in seeds]
        try:
            return _cheapest(self._together(searches, listening=listening))
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the processes whatever they are at; the next search gets new ones."""
        for worker in self._workers:
            worker.stop()

    def _search(self, task: Task, listening: Listening) -> Found:
        together = partial(self._together, listening=listening)
        problem, budget = task.built.problem, task.request.budget
        cores, start = len(self._workers), task.start
        began = perf_counter()
        if start is not None and task.request.scope is not Scope.EVERYTHING:
            scoped = partial(_replanned, problem, start, task.request.scope)
            solution = _cheapest(
                together([partial(scoped, seed) for seed in _seeds(budget, cores)])
            )
        elif is_large(problem, cores=cores):
            solution, _ = search_in_parts(
                problem, budget=budget, cores=cores, together=together, start=start,
                watch=listening.watch,
            )  # fmt: skip
        else:
            seeds = _seeds(budget, cores)
            solution = _cheapest(together([partial(_solved, problem, start, b) for b in seeds]))
        seconds = perf_counter() - began
        verdict = partial(judged, task.built, solution, budget=budget, solve_s=seconds)
        found: Found = together([verdict])[0]
        return found

    def _together(self, tasks: Sequence[Callable[..., Any]], *, listening: Listening) -> list[Any]:
        """Return what the tasks answer, each in a process of its own, in their order."""
        busy = dict(zip(self._workers, tasks, strict=False))
        for worker, task in busy.items():
            worker.ask(task)
        answers: dict[_Worker, Any] = {}
        while len(answers) < len(busy):
            listening.tick()
            pipes = {worker.pipe: worker for worker in busy if worker not in answers}
            for pipe in wait(list(pipes), timeout=TICK_S):
                worker = pipes[pipe]
                kind, what = worker.hear()
                if kind == ANSWER:
                    answers[worker] = what
                elif kind == ERROR:
                    raise what
                else:
                    listening.watch(*what)
        return [answers[worker] for worker in busy]


class _Worker:
    """One process at the other end of a pipe; started when it is first asked."""

    def __init__(self) -> None:
        self._process: Any = None
        self.pipe: Any = None

    def ask(self, task: Callable[..., Any]) -> None:
        if self._process is None or not self._process.is_alive():
            self._start()
        self.pipe.send(task)

    def hear(self) -> tuple[str, Any]:
        try:
            heard: tuple[str, Any] = self.pipe.recv()
        except (EOFError, OSError) as error:
            raise PlanningFailed(_died()) from error
        return heard

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.join()
        self._process.close()
        self.pipe.close()
        self._process = self.pipe = None

    def _start(self) -> None:
        self.stop()
        # Spawn, not fork: the service has threads and open database connections.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()


_PIPE: list[Connection] = []
"""In a worker: where better plans are told."""


def _serve(pipe: Connection) -> None:
    """Answer tasks until the pipe ends; the whole life of a worker."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _PIPE.append(pipe)
    compile_all()
    while True:
        try:
            task = pipe.recv()
        except EOFError:
            return
        try:
            said: tuple[str, Any] = (ANSWER, task())
        except DispatchError as error:
            said = (ERROR, error)
        pipe.send(said)


def _end_with_parent() -> None:
    """End this process with the service that started it, however that ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _tell(seconds: float, ueur: int, left: int | None) -> None:
    _PIPE[0].send((BETTER, (seconds, ueur, left)))


def _solved(problem: Problem, start: Solution | None, budget: Budget) -> Solution:
    return solve(problem, budget=budget, start=start, watch=_tell)


def _replanned(problem: Problem, start: Solution, scope: Scope, budget: Budget) -> Solution:
    return replan(problem, start.orders, scope=scope, budget=budget, progress=_tell)


def _rest_searched(search: Callable[..., Solution], budget: Budget) -> Solution:
    return search(budget=budget, progress=_tell)


def _seeds(budget: Budget, cores: int) -> list[Budget]:
    return [replace(budget, seed=budget.seed + number) for number in range(cores)]


def _cheapest(solutions: Sequence[Solution]) -> Solution:
    return min(solutions, key=lambda one: one.cost_ueur)


def _died() -> Issue:
    return Issue(
        code="S303",
        subject="solver process",
        cause="the process ended before it had a plan (killed or out of memory)",
        action="Plan again; if it happens twice, plan fewer jobs or add memory",
    )
