"""What could not be used: look at it, and try it again once its cause is mended."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from dispatch.cli.shared import DataOption, coded_errors, console, now, opened, settings_for
from dispatch.cli.views import counted
from dispatch.domain.clock import BERLIN
from dispatch.service.quarantine import Wanted, replay, waiting

app = typer.Typer(help="Payloads that could not be used yet.", no_args_is_help=True)

CodeOption = Annotated[str, typer.Option("--code", help="Only entries with this code, as I201.")]
DeviceOption = Annotated[str, typer.Option("--device", help="Only entries of this device.")]


@app.command("list")
@coded_errors
def list_entries(
    code: CodeOption = "",
    device: DeviceOption = "",
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Those that a replay made use of.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Show at most so many.")] = 50,
    data: DataOption = None,
) -> None:
    """List what waits, newest first, each with its reason and cure."""
    with opened(settings_for(data).store_url) as store:
        found = waiting(Wanted(code=code, device=device), store=store, resolved=resolved)
    for entry in found[:limit]:
        moment = entry.resolved_at or entry.received_at
        console.print(escape(f"{moment.astimezone(BERLIN):%Y-%m-%d %H:%M} {entry.issue}"))
    state = "resolved" if resolved else "waiting"
    console.print(f"{counted(len(found), 'entry', 'entries')} {state}")


@app.command("replay")
@coded_errors
def replay_entries(
    code: CodeOption = "", device: DeviceOption = "", data: DataOption = None
) -> None:
    """Decode again what waits; what is usable now is stored, the rest keeps its reason."""
    with opened(settings_for(data).store_url) as store:
        done = replay(Wanted(code=code, device=device), store=store, now=now())
    taken = done.taken
    notices = f", {counted(taken.notices, 'notice', 'notices')}" if taken.notices else ""
    console.print(
        f"{counted(taken.payloads, 'payload', 'payloads')} tried again: {taken.stored} signals "
        f"stored{notices}, {taken.duplicates} known already; "
        f"{counted(done.resolved, 'entry', 'entries')} resolved, {done.open} still open"
    )
