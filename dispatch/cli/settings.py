"""Looking at the settings: whether they are right, and where each comes from."""

from __future__ import annotations

import os
import re

import typer
from pydantic import SecretStr
from rich.markup import escape
from rich.table import Table

from dispatch.cli.shared import coded_errors, console
from dispatch.settings import Settings, read_settings
from dispatch.settings_sources import unknown_variables

app = typer.Typer(help="Look at the settings.", no_args_is_help=True)

MASK = "********"
PASSWORD = re.compile(r"(?<=:)[^:@/]*(?=@)")
"""Of a database URL: between the user's colon and the host's at."""


@app.command("check")
@coded_errors
def check() -> None:
    """Tell all that is wrong with the settings; exit code 2 if anything is."""
    loaded = read_settings(os.environ)
    for hint in unknown_variables(Settings.model_fields, os.environ):
        console.print(f"[yellow]Not a setting[/yellow] {escape(hint)}")
    count = len(loaded.origins)
    console.print(f"The settings are fine: {count} of {len(Settings.model_fields)} are not default")


@app.command("show")
@coded_errors
def show() -> None:
    """List every setting with its value and where it comes from; secrets are masked."""
    loaded = read_settings(os.environ)
    table = Table("Setting", "Value", "From", box=None, pad_edge=False)
    for name in Settings.model_fields:
        value = shown(name, getattr(loaded.settings, name))
        table.add_row(name, escape(value), escape(loaded.origins.get(name, "default")))
    console.print(table)


def shown(name: str, value: object) -> str:
    """Return the value as it may be seen."""
    if isinstance(value, SecretStr):
        return MASK if value.get_secret_value() else ""
    text = "" if value is None else str(value)
    return PASSWORD.sub(MASK, text) if name.endswith("url") else text
