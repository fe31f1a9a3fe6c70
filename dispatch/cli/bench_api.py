"""`dispatch bench api`: the service under a day's traffic, on either database."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from dispatch.cli.bench_sheets import show_sheet
from dispatch.cli.shared import EXPECTATION_MISSED, coded_errors
from scenarios.bench import api_ingest, api_load


@coded_errors
def api(
    database: Annotated[
        str, typer.Option(help="URL of an empty database; without one, SQLite in a folder.")
    ] = "",
    bare_database: Annotated[
        str, typer.Option(help="Another one for the bare route that ingest is compared with.")
    ] = "",
    tablets: Annotated[int, typer.Option(min=1, max=1000, help="Tablets that ask.")] = 200,
    seconds: Annotated[float, typer.Option(min=5, help="How long.")] = 60.0,
    messages: Annotated[int, typer.Option(min=0, help="Messages to compare; 0: none.")] = 2000,
) -> None:
    """Ask the service as tablets, console and sensors do while it plans; 3 for a missed goal."""
    load = api_load.Load(tablets=tablets, seconds=seconds)
    with TemporaryDirectory() as folder:
        sheets = [api_load.run(folder=Path(folder), load=load, url=database)]
        if messages:
            sheets.append(
                api_ingest.run(
                    folder=Path(folder),
                    messages=messages,
                    senders=4,
                    url=database,
                    bare_url=bare_database,
                )
            )
    if sum(show_sheet(sheet) for sheet in sheets):
        raise typer.Exit(EXPECTATION_MISSED)
