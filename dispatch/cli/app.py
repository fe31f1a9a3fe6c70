"""All commands in one application."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from dispatch.cli import (
    benches,
    databases,
    days,
    demand,
    demo,
    graph_ways,
    graphs,
    quarantine,
    scenarios,
    settings,
    solving,
    tokens,
    users,
)
from dispatch.settings_sources import CONFIG

app = typer.Typer(
    help="Route planning and dispatch for municipal field crews.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def main(
    config: Annotated[
        Path | None,
        typer.Option(envvar=CONFIG, help="TOML file of settings; variables win over it."),
    ] = None,
) -> None:
    """Plan routes for municipal field crews and dispatch them."""
    if config is not None:
        # All that read settings, in processes of their own too, look for it there.
        os.environ[CONFIG] = str(config)


app.command("demo")(demo.demo)
app.command("serve")(demo.serve)
app.command("plan")(days.plan)
app.command("solve")(solving.solve)
app.command("jobs")(days.jobs)
app.command("ingest")(days.ingest_file)
app.add_typer(settings.app, name="settings")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(databases.app, name="db")
app.add_typer(benches.app, name="bench")
app.add_typer(demand.app, name="demand")
graphs.app.command("matrix")(graph_ways.matrix)
# A latitude south of the equator looks like an option.
graphs.app.command("route", context_settings={"ignore_unknown_options": True})(graph_ways.route)
graphs.app.command("plot")(graph_ways.plot)
app.add_typer(graphs.app, name="graph")
app.add_typer(users.app, name="user")
app.add_typer(tokens.app, name="token")
app.add_typer(scenarios.app, name="scenario")
