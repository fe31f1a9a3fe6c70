"""Benchmarks: measured claims as tables."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.table import Table

from dispatch.cli.bench_api import api
from dispatch.cli.bench_demand import demand
from dispatch.cli.bench_edits import edit
from dispatch.cli.bench_explain import explain
from dispatch.cli.bench_replan import replan
from dispatch.cli.bench_solver import solver
from dispatch.cli.bench_year import year
from dispatch.cli.shared import coded_errors, console, spare_the_collector
from scenarios.bench import durations as durations_bench
from scenarios.bench import house as house_bench
from scenarios.bench import matrix as matrix_bench
from scenarios.streets import shared_file

app = typer.Typer(help="Measure, and print a table.", no_args_is_help=True)
app.command()(solver)
app.command()(explain)
app.command()(edit)
app.command()(replan)
app.command()(year)
app.command()(demand)
app.command()(api)
EXTRACT = "osm/heidelberg_ors.osm.pbf"


@app.callback()
def benches() -> None:
    """Measure, and print a table."""


@app.command()
@coded_errors
def house(
    shared: Annotated[Path | None, typer.Option(help="Folder with OpenStreetMap extracts.")] = None,
    large: Annotated[bool, typer.Option(help="Also a network of a million edges.")] = False,
    database: Annotated[
        str, typer.Option(help="URL of an empty database for the signals; else an SQLite file.")
    ] = "",
) -> None:
    """Time streets, matrices, legs, intake and demand on this machine."""
    spare_the_collector()
    extract = shared_file(shared, EXTRACT) if shared else None
    with TemporaryDirectory() as folder, console.status("measuring"):
        url = database or f"sqlite:///{Path(folder) / 'bench.sqlite'}"
        bench = house_bench.run(database=url, extract=extract, large=large)
    table = Table("What", "Seconds", "Amount", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for what, seconds, amount in bench.rows:
        table.add_row(what, f"{seconds:.2f}", amount)
    console.print(table)


SharedOption = Annotated[Path | None, typer.Option(help="Folder with OpenStreetMap extracts.")]


@app.command()
@coded_errors
def matrix(
    shared: SharedOption = None,
    large: Annotated[bool, typer.Option(help="Also a network of a million edges.")] = True,
) -> None:
    """Time travel matrices beside networkx, scipy and Valhalla, on one core."""
    extract = shared_file(shared, EXTRACT) if shared else None
    with TemporaryDirectory() as folder, console.status("measuring"):
        figures = matrix_bench.run(folder=Path(folder), extract=extract, large=large)
    table = Table("What", "Seconds", "Goal", "", box=None, pad_edge=False)
    for column in table.columns[1:3]:
        column.justify = "right"
    for row in figures.rows:
        goal = "" if row.goal_s is None else f"{row.goal_s:g}"
        missed = row.goal_s is not None and row.seconds > row.goal_s
        seconds = f"[red]{row.seconds:.4f}[/red]" if missed else f"{row.seconds:.4f}"
        table.add_row(row.what, seconds, goal, row.remark)
    console.print(table)


@app.command()
@coded_errors
def durations(
    shared: Annotated[Path, typer.Option(help="Folder with OpenStreetMap extracts.")],
) -> None:
    """Set our driving times beside Valhalla's truck costing on 200 random pairs."""
    with console.status("measuring"):
        pairs = durations_bench.run(shared_file(shared, EXTRACT))
    if pairs is None:
        console.print("Valhalla is not installed; the extra `bench` brings it where it has wheels.")
        return
    console.print(
        f"{len(pairs)} pairs, median of our duration over theirs "
        f"{durations_bench.median_ratio(pairs):.2f}; the ones farthest from it:"
    )
    middle = durations_bench.median_ratio(pairs)
    table = Table("From", "To", "Ratio", "Ours", "Theirs", "Why", box=None, pad_edge=False)
    for pair in durations_bench.worst(pairs):
        table.add_row(
            f"{pair.start[0]:.4f},{pair.start[1]:.4f}",
            f"{pair.end[0]:.4f},{pair.end[1]:.4f}",
            f"{pair.ratio:.2f}",
            f"{pair.ours_s / 60:.1f} min {pair.ours_km:.1f} km {pair.ours_kmh:.0f} km/h",
            f"{pair.theirs_s / 60:.1f} min {pair.theirs_km:.1f} km {pair.theirs_kmh:.0f} km/h",
            durations_bench.why(pair, middle),
        )
    console.print(table)
