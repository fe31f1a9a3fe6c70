"""Tokens of machines, from the command line."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_bytes
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from dispatch.cli.doors import AT_THE_CONSOLE
from dispatch.cli.shared import DataOption, coded_errors, console, now, opened, settings_for
from dispatch.domain.access import Role
from dispatch.domain.account import Grant
from dispatch.domain.clock import BERLIN
from dispatch.domain.ids import TokenId
from dispatch.domain.job import Organisation
from dispatch.service.access import issue_token, revoke_token

app = typer.Typer(help="Tokens of sources and programs.", no_args_is_help=True)


@app.command("add")
@coded_errors
def add(
    name: Annotated[str, typer.Argument(help="Name of the source or program.")],
    role: Annotated[Role, typer.Option("--role", help="What it may do.")] = Role.SOURCE,
    organisation: Annotated[Organisation | None, typer.Option("--organisation")] = None,
    formats: Annotated[
        list[str] | None, typer.Option("--format", help="A format a source may send; again.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="Days it lives.")] = 365,
    data: DataOption = None,
) -> None:
    """Issue a token; its secret is printed once and kept nowhere."""
    moment = now()
    grant = Grant(
        name=name,
        role=role,
        expires_at=moment + timedelta(days=days),
        organisation=organisation,
        formats=frozenset(formats) if formats else None,
    )
    with opened(settings_for(data).store_url) as store, store.begin() as tx:
        secret, token_id = issue_token(
            tx, grant, by=AT_THE_CONSOLE, now=moment, random_bytes=token_bytes
        )
    console.print(f"Token {token_id} was issued.")
    console.print(f"Secret: {secret}", soft_wrap=True)


@app.command("list")
@coded_errors
def list_tokens(data: DataOption = None) -> None:
    """List the tokens, newest first."""
    with opened(settings_for(data).store_url) as store, store.read() as tx:
        tokens = tx.tokens()
    table = Table("Id", "Name", "Role", "Until", "Last used", "State")
    moment = now()
    for token in tokens:
        state = "revoked" if token.revoked_at else "works" if token.works(moment) else "expired"
        until = f"{token.grant.expires_at.astimezone(BERLIN):%Y-%m-%d}"
        used = f"{token.used_at.astimezone(BERLIN):%Y-%m-%d %H:%M}" if token.used_at else "never"
        table.add_row(token.id, escape(token.grant.name), token.grant.role, until, used, state)
    console.print(table)


@app.command("revoke")
@coded_errors
def revoke(
    token_id: Annotated[str, typer.Argument(help="Id of the token, not its secret.")],
    data: DataOption = None,
) -> None:
    """Let a token open nothing from now on."""
    with opened(settings_for(data).store_url) as store, store.begin() as tx:
        revoke_token(tx, TokenId(token_id), now(), by=AT_THE_CONSOLE)
    console.print(escape(f"Token {token_id} was revoked."))
