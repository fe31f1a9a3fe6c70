"""What the commands share: the console, coded errors as exit codes, and the real parts."""

from __future__ import annotations

import functools
import gc
import logging
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer
from rich.console import Console
from rich.markup import escape

from dispatch.domain.errors import DispatchError, InvalidInput, Issue
from dispatch.settings import Settings, load_settings
from dispatch.store import Store, open_store
from graphs.errors import GraphError
from graphs.files import GraphFiles
from graphs.periods import PEAK
from graphs.street_matrix import StreetMatrix
from scenarios.streets import stand_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphs.network import StreetNetwork

Parameters = ParamSpec("Parameters")

BAD_INPUT = 2
EXPECTATION_MISSED = 3

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

DateOption = Annotated[
    datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="Day to plan, YYYY-MM-DD.")
]
MaybeDateOption = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Day of the work, YYYY-MM-DD."),
]
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Days outside are typing errors; before 1893 Berlin even had another offset from UTC."""

DataOption = Annotated[
    Path | None, typer.Option("--data", help="Folder of the database and the graphs.")
]


def coded_errors(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Return the command with our errors printed one issue a line and their exit code set."""

    @functools.wraps(command)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
        try:
            command(*args, **kwargs)
        except DispatchError as error:
            for issue in error.issues:
                errors.print(
                    f"[bold]{issue.code}[/bold] {escape(str(issue)[len(issue.code) + 1 :])}"
                )
            raise typer.Exit(error.exit_code) from error
        except GraphError as error:
            errors.print(escape(str(error)))
            raise typer.Exit(BAD_INPUT) from error

    return run


def settings_for(data: Path | None) -> Settings:
    """Return the settings, with the data folder from the command line if one is given."""
    return load_settings(**({"data_dir": data} if data else {}))


@contextmanager
def opened(url: str) -> Iterator[Store]:
    """Yield the database at the URL and close it afterwards."""
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()


def network_of(settings: Settings) -> StreetNetwork:
    """Return the street graph the user has built, else the stand-in network."""
    files = GraphFiles(settings.graphs_dir)
    return files.load(settings.graph) if files.has(settings.graph) else stand_in()


def streets_of(settings: Settings) -> StreetMatrix:
    """Return travel times on the same streets, with what was compiled for a stored graph."""
    files = GraphFiles(settings.graphs_dir)
    if files.has(settings.graph):
        return StreetMatrix.of_stored(files.open(settings.graph), files.cache)
    return StreetMatrix(stand_in())


def rush_of(streets: StreetMatrix) -> StreetMatrix:
    """Return the same streets as they are driven in the rush hours."""
    return streets.on(replace(streets.today, period=PEAK))


def planning_day(chosen: datetime) -> date:
    """Return the day that was typed; raises InvalidInput C205 for one that cannot be meant."""
    if FIRST_YEAR <= chosen.year <= LAST_YEAR:
        return chosen.date()
    raise InvalidInput(
        Issue(
            code="C205",
            subject=f"--date {chosen:%Y-%m-%d}",
            cause=f"not between {FIRST_YEAR} and {LAST_YEAR}",
            action="Correct the year",
        )
    )


def now() -> datetime:
    """Return the present moment: commands are where the clock is read."""
    return datetime.now(UTC)


def spare_the_collector() -> None:
    """Let the garbage collector run less often: commands that make a million values that live on.

    Collecting them over and over cost a third of the time of an ingest.
    """
    gc.set_threshold(200_000, 20, 20)
