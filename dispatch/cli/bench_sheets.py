"""How a benchmark's sheet looks on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from dispatch.cli.shared import console

if TYPE_CHECKING:
    from scenarios.bench.sheet import Sheet


def show_sheet(sheet: Sheet) -> int:
    """Print a sheet with its goals; return how many were not reached."""
    console.print(f"\n[bold]{escape(sheet.title)}[/bold]")
    if sheet.rows:
        table = Table(*map(escape, sheet.columns), box=None, pad_edge=False)
        for column in table.columns[1:]:
            column.justify = "right"
        for row in sheet.rows:
            table.add_row(*map(escape, row))
        console.print(table)
    words = {True: "[green]reached[/green]", False: "[red]missed[/red]", None: "no data for it"}
    for goal, reached in sheet.goals:
        console.print(f"{escape(goal)}: {words[reached]}")
    return sum(reached is False for _, reached in sheet.goals)
