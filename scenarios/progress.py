"""How long work tells where it stands: a callback, drawn by rich or by nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Advance = Callable[[int], None]
"""Told how many pieces of the step are done so far."""


class Reporter(Protocol):
    """Takes note of the steps of long work."""

    def step(self, label: str, total: int | None = None) -> AbstractContextManager[Advance]:
        """Return a context for one step; `total` pieces if they are known."""


@dataclass(slots=True)
class Stopwatch:
    """A reporter that draws bars on a console and remembers how long each step took."""

    console: Console
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, label: str, total: int | None = None) -> Iterator[Advance]:
        """Draw one bar while the step runs."""
        columns = (
            TextColumn("{task.description:<22}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        started = perf_counter()
        with Progress(*columns, console=self.console, transient=True) as bars:
            task = bars.add_task(label, total=total)
            yield lambda done: bars.update(task, completed=done)
        self.seconds[label] = perf_counter() - started
        self.console.print(f"{label:<22} {self.seconds[label]:6.1f} s")


class Silent:
    """A reporter for tests: says nothing."""

    @contextmanager
    def step(self, label: str, total: int | None = None) -> Iterator[Advance]:
        """Do nothing."""
        del label, total
        yield lambda _: None
