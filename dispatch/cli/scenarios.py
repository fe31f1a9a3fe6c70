"""Scenarios: list them, run one, and fail when it does not show what it should."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dispatch.cli.shared import (
    EXPECTATION_MISSED,
    coded_errors,
    console,
    errors,
    rush_of,
    spare_the_collector,
)
from dispatch.cli.views import jobs_table
from dispatch.planning.solution import Budget
from dispatch.service.workers import SolverProcess
from dispatch.store import Store, open_store
from graphs.plot import plot_routes
from graphs.street_matrix import StreetMatrix
from scenarios.day import DayRun, DaySettings, Tools, run_day
from scenarios.definition import Definition, built_in, definition
from scenarios.metrics import measure, missed
from scenarios.pond_files import run_pond_day
from scenarios.pond_plot import plot_pond_day
from scenarios.progress import Stopwatch
from scenarios.streets import shared_file, streets_of
from scenarios.world import WorldSettings

app = typer.Typer(help="Try situations on the command line.", no_args_is_help=True)


@app.command("list")
@coded_errors
def list_all() -> None:
    """List the scenarios that come with the package."""
    for known in built_in():
        console.print(f"{known.name:<18} {known.title}")


@app.command()
@coded_errors
def run(
    name: Annotated[str, typer.Argument(help="Name of a scenario, or a .toml file.")],
    solve_s: Annotated[float, typer.Option(min=0.1, help="Seconds for the search.")] = 15.0,
    shared: Annotated[
        Path | None, typer.Option(help="Folder with OpenStreetMap extracts and city data.")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Write a picture to this PNG file.")] = None,
) -> None:
    """Run one scenario in a database of its own; exit code 3 when it misses an expectation."""
    spare_the_collector()
    wanted = definition(name)
    store = open_store("sqlite://")
    try:
        if wanted.kind == "pond-files":
            _run_ponds(wanted, shared, plot, store)
        else:
            _run_day(wanted, solve_s, shared, plot, store)
    finally:
        store.close()


def _run_day(
    wanted: Definition, solve_s: float, shared: Path | None, plot: Path | None, store: Store
) -> None:
    watch = Stopwatch(console)
    with watch.step("Street graph") as advance:
        network = streets_of(wanted.streets, shared=shared, progress=advance)
        streets = StreetMatrix(network)
    with SolverProcess() as solver:
        tools = Tools(
            network=network,
            streets=streets,
            rush=rush_of(streets),
            store=store,
            solver=solver,
            reporter=watch,
        )
        done = run_day(_settings(wanted, solve_s), tools)
    metrics = measure(done.plans, list(done.jobs.created))
    for label, figure in asdict(metrics).items():
        shown = ", ".join(figure) if isinstance(figure, tuple) else figure
        console.print(f"{label.replace('_', ' '):<20} {shown}")
    if plot is not None:
        plot_routes(network, _lines(done), file=plot)
    failures = missed(metrics, wanted.expect)
    for failure in failures:
        errors.print(f"missed: {escape(failure)}")
    if failures:
        raise typer.Exit(EXPECTATION_MISSED)


def _run_ponds(wanted: Definition, shared: Path | None, plot: Path | None, store: Store) -> None:
    folder = shared_file(shared, "bochum/ponds")
    result = run_pond_day(folder, wanted.day.date, store=store, reporter=Stopwatch(console))
    ingested = result.ingested
    console.print(f"{ingested.stored} signals stored, {ingested.duplicates} sent twice")
    for grade, count in ingested.grades.most_common():
        console.print(f"  {grade:<14} {count}")
    for look in sorted({look for look, _ in result.jobs}):
        console.print(f"\nJobs as of {look:%d %B %Y %H:%M}")
        console.print(jobs_table(job for at, job in result.jobs if at == look))
    if plot is not None:
        plot_pond_day(result, plot)


def _settings(wanted: Definition, solve_s: float) -> DaySettings:
    world = wanted.world
    return DaySettings(
        world=WorldSettings(
            today=wanted.day.date,
            seed=world.seed,
            glass_sites=world.glass_sites,
            tree_sites=world.tree_sites,
            soil_sensors=world.soil_sensors,
            rat_stations=world.rat_stations,
            ponds=world.ponds,
        ),
        day=wanted.day.date,
        planned_at=wanted.day.now,
        signal_days=wanted.day.signal_days,
        budget=Budget(time_limit_s=solve_s, seed=world.seed),
    )


def _lines(done: DayRun) -> list[list[tuple[float, float]]]:
    """Return the (lat, lon) line of each route."""
    return [
        [
            (point.lat, point.lon)
            for stop in route.stops
            if stop.leg is not None
            for point in stop.leg.geometry
        ]
        for plan in done.plans
        for route in plan.routes
    ]
