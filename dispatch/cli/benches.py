"""Benchmarks: measured claims as tables."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.table import Table

from dispatch.cli.shared import coded_errors, console, spare_the_collector
from scenarios.bench import house as house_bench
from scenarios.streets import shared_file

app = typer.Typer(help="Measure, and print a table.", no_args_is_help=True)
EXTRACT = "osm/heidelberg_ors.osm.pbf"


@app.callback()
def benches() -> None:
    """Measure, and print a table."""


@app.command()
@coded_errors
def house(
    shared: Annotated[Path | None, typer.Option(help="Folder with OpenStreetMap extracts.")] = None,
    large: Annotated[bool, typer.Option(help="Also a network of a million edges.")] = False,
) -> None:
    """Time streets, matrices, legs, intake and demand on this machine."""
    spare_the_collector()
    extract = shared_file(shared, EXTRACT) if shared else None
    with TemporaryDirectory() as folder, console.status("measuring"):
        bench = house_bench.run(folder=Path(folder), extract=extract, large=large)
    table = Table("What", "Seconds", "Amount", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for what, seconds, amount in bench.rows:
        table.add_row(what, f"{seconds:.2f}", amount)
    console.print(table)
