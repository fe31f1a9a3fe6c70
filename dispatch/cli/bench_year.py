"""`dispatch bench year`: random days with every rule, and whether each plan keeps them."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from dispatch.cli.shared import coded_errors, console
from scenarios.bench import year as year_bench


@coded_errors
def year(
    days: Annotated[int, typer.Option(min=1, help="How many days.")] = 365,
    seconds: Annotated[float, typer.Option(min=0.05, help="Budget of each day.")] = 1.0,
    first: Annotated[int, typer.Option(min=0, help="Seed of the first day.")] = 0,
) -> None:
    """Plan random days with every rule, and judge each plan without trusting the solver."""
    with console.status("planning") as status:
        outcomes = year_bench.run(
            range(first, first + days), seconds=seconds, told=lambda text: status.update(text)
        )
    table = Table("Rule", "Days on", "With faults", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for line in year_bench.summary(outcomes):
        table.add_row(line.rule, str(line.days), str(line.bad))
    console.print(table)
    for one in outcomes:
        if one.faults:
            console.print(f"[red]day {one.seed}[/red]: {', '.join(one.faults)}")
    left, required = (sum(one.left for one in outcomes), sum(one.required_left for one in outcomes))
    console.print(
        f"{sum(one.jobs for one in outcomes)} jobs, {left} left, {required} of them required; "
        f"asked twice: {sum(one.twice for one in outcomes)} days"
    )
    over_s = year_bench.worst_over_s(outcomes, seconds)
    allowed_s = year_bench.allowed_s(seconds) - seconds
    console.print(f"worst overrun {over_s:+.2f} s, allowed {allowed_s:.2f} s")
    if any(one.faults for one in outcomes):
        raise typer.Exit(1)
