"""`dispatch bench replan`: how long the running day waits for its new plan."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from dispatch.cli.shared import coded_errors, console
from scenarios.bench import replanning


@coded_errors
def replan(
    jobs: Annotated[int, typer.Option(min=20, help="Jobs of the day.")] = 500,
    shifts: Annotated[int, typer.Option(min=2, help="Shifts of the day.")] = 36,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the day.")] = 1,
) -> None:
    """Insert an emergency in each scope, lose a crew, time one route again: seconds of each."""
    with console.status("planning a day, then planning it again"):
        rows = replanning.run(jobs=jobs, shifts=shifts, seed=seed)
    table = Table("What", "Seconds", "Goal", "Plan", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row.what, f"{row.seconds:.3f}", f"{row.goal_s:g}", row.remark)
    console.print(table)
