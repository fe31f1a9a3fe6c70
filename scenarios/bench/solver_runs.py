"""Runs of the solver's benchmark: each in a fresh process on one core, kept as a line of JSON."""

from __future__ import annotations

import inspect
import json
import os
from typing import TYPE_CHECKING, Any

from dispatch.planning.solve import solve
from dispatch.service.workers import SolverProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from dispatch.planning.problem import Problem
    from dispatch.planning.solution import Budget, Solution

Row = dict[str, Any]
Key = tuple[Any, ...]


class Runs:
    """The rows of one part, in a file: what was done before is not done again."""

    def __init__(self, file: Path, key: tuple[str, ...]) -> None:
        self.file = file
        self.names = key
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        # The last line of a run that was cut short may be half a line.
        self.rows = [row for line in lines if (row := _row(line)) is not None]

    def key(self, row: Row) -> Key:
        """Return what names a run."""
        return tuple(row[name] for name in self.names)

    def complete(
        self,
        tasks: Iterable[tuple[Row, Callable[[], Row]]],
        told: Callable[[str], None],
    ) -> list[Row]:
        """Return the rows of all tasks; those that are not in the file yet are run."""
        asked = list(tasks)
        done = {self.key(row): row for row in self.rows}
        for number, (named, task) in enumerate(asked, 1):
            if self.key(named) in done:
                continue
            told(f"{number} of {len(asked)}: {' '.join(map(str, self.key(named)))}")
            row = {**named, **alone(task)}
            self._keep(row)
            done[self.key(row)] = row
        return [done[self.key(named)] for named, _ in asked]

    def _keep(self, row: Row) -> None:
        self.rows.append(row)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("ab+") as lines:
            end = lines.seek(0, os.SEEK_END)
            lines.seek(max(0, end - 1))
            cut_short = lines.read(1) not in (b"", b"\n")
            lines.write(f"{chr(10) if cut_short else ''}{json.dumps(row)}\n".encode())


def alone(task: Callable[[], Row]) -> Row:
    """Return what a task answers in a process of its own that has one core."""
    with SolverProcess() as process:
        process.run(one_core)
        return process.run(task)


def one_core() -> None:
    """Bind this process, and all threads it will start, to one of the cores it may use."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def watched(problem: Problem, budget: Budget) -> tuple[Solution, list[tuple[float, int]]]:
    """Return what `solve` finds, and the seconds and micro-euro of each better plan on the way."""
    seen: list[tuple[float, int]] = []
    # A `solve` that tells nothing on the way has no trace, but a plan.
    told: dict[str, Any] = {}
    if "watch" in inspect.signature(solve).parameters:
        told["watch"] = lambda seconds, ueur, _left: seen.append((seconds, ueur))
    return solve(problem, budget=budget, **told), seen


def _row(line: str) -> Row | None:
    try:
        row: Row = json.loads(line)
    except ValueError:
        return None
    return row
