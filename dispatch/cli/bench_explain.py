"""`dispatch bench explain`: whether the causes named for jobs left are the true ones."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from dispatch.cli.shared import coded_errors, console
from scenarios.bench import explanations

HEADINGS = (
    *("First reason", "Jobs", "By it alone", "With further", "All needed"),
    *("Outbid", "Not", "No remedy", "In anyway"),
)


@coded_errors
def explain(
    jobs: Annotated[int, typer.Option(min=1, help="Jobs left that are asked about.")] = 200,
    seconds: Annotated[float, typer.Option(min=0.1, help="Budget of each solve.")] = 0.3,
    seed: Annotated[int, typer.Option(min=1, help="The first random day.")] = 1,
) -> None:
    """Take away just the reasons named for each job left, solve again, and count who gets in."""
    with console.status("solving"):
        asked = explanations.run(jobs=jobs, seconds=seconds, first_seed=seed)
    table = Table(*HEADINGS, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for line in [*explanations.lines(asked), explanations.total(asked)]:
        named = (line.jobs, line.alone, line.together, line.needed)
        rest = (line.outbid, line.not_confirmed, line.no_remedy, line.again)
        table.add_row(line.code, *map(str, (*named, *rest)))
    console.print(table)
