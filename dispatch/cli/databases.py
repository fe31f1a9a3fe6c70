"""The care of the database: its version, backups, faults, and what is not kept for ever."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from dispatch.cli.shared import (
    EXPECTATION_MISSED,
    DataOption,
    coded_errors,
    console,
    errors,
    now,
    opened,
    settings_for,
)
from dispatch.cli.views import counted
from dispatch.domain.clock import BERLIN
from dispatch.service.retain import retain
from dispatch.store import backup as backups
from dispatch.store.backup_file import SavedTable
from dispatch.store.check import check as faults_of

app = typer.Typer(help="Care of the database.", no_args_is_help=True)


@app.command("upgrade")
@coded_errors
def upgrade(data: DataOption = None) -> None:
    """Bring the tables up to date, in one transaction; an empty database gets them."""
    before, after = backups.upgrade(settings_for(data).store_url)
    if before == after:
        console.print(f"The tables have version {after} already.")
    else:
        console.print(f"The tables now have version {after} (before: {before or 'none'}).")


@app.command("backup")
@coded_errors
def backup(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="File to write; without one, a new one in backups/ of the data folder."
        ),
    ] = None,
    data: DataOption = None,
) -> None:
    """Write one state of the whole database into a file; the service may go on meanwhile."""
    settings = settings_for(data)
    moment = now()
    name = f"dispatch-{moment.astimezone(BERLIN):%Y-%m-%d-%H%M%S}.zip"
    target = file or settings.data_dir / "backups" / name
    made = backups.back_up(settings.store_url, target, now=moment, on_table=_tell)
    size = target.stat().st_size
    console.print(
        f"{counted(made.rows, 'row', 'rows')} of version {made.revision} in "
        f"{escape(str(target))} ({size / 1e6:.1f} MB)",
        soft_wrap=True,
    )


@app.command("restore")
@coded_errors
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `dispatch db backup` has written.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Throw away what the database holds now.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Bring a backup back into an empty database, SQLite or PostgreSQL; stop the service first."""
    back = backups.restore(settings_for(data).store_url, file, replace=replace, on_table=_tell)
    console.print(f"{counted(back.rows, 'row', 'rows')} restored, as of {back.made_at}")


@app.command("check")
@coded_errors
def check(data: DataOption = None) -> None:
    """Look for faults in what the database holds; exit code 3 if there are any."""
    found = faults_of(settings_for(data).store_url, on_step=lambda step: errors.print(step))
    for issue in found:
        console.print(f"[bold]{issue.code}[/bold] {escape(str(issue)[len(issue.code) + 1 :])}")
    if found:
        raise typer.Exit(EXPECTATION_MISSED)
    console.print("No faults.")


@app.command("retain")
@coded_errors
def retain_command(data: DataOption = None) -> None:
    """Delete what is older than the settings `DISPATCH_KEEP_..._DAYS` say; to be run each night."""
    settings = settings_for(data)
    with opened(settings.store_url) as store:
        deleted = retain(settings.keep_days, store=store, now=now())
    for name, count in deleted.items():
        days = settings.keep_days[name]
        console.print(f"{name.replace('_', ' ')}: {count} older than {days} days")


def _tell(table: SavedTable) -> None:
    errors.print(f"{table.name}: {table.rows}")
