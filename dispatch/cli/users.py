"""Accounts of people, from the command line: the first administrator is made here."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from dispatch.cli.doors import by_console, parts_of
from dispatch.cli.shared import DataOption, coded_errors, console, opened, settings_for
from dispatch.domain.access import Role
from dispatch.domain.account import Account
from dispatch.domain.job import Organisation
from dispatch.service.accounts import (
    AccountChange,
    NewAccount,
    account_named,
    add_account,
    change_account,
    reset_password,
)
from dispatch.service.login import LoginParts

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer(help="Accounts of people.", no_args_is_help=True)

LoginArgument = Annotated[str, typer.Argument(help="Login name.")]
RoleOption = Annotated[Role, typer.Option("--role", help="What the person may do.")]
OrganisationOption = Annotated[
    Organisation | None, typer.Option("--organisation", help="Needed for a dispatcher.")
]
AskOption = Annotated[
    bool, typer.Option("--ask", help="Ask for the password instead of making one.")
]


@app.command("add")
@coded_errors
def add(
    login: LoginArgument,
    role: RoleOption,
    organisation: OrganisationOption = None,
    name: Annotated[str, typer.Option("--name", help="Name of the person.")] = "",
    ask: AskOption = False,
    data: DataOption = None,
) -> None:
    """Make an account; its password is printed once, and must be changed at the first login."""
    with _parts(data) as parts:
        wish = NewAccount(
            login=login,
            name=name or login,
            role=role,
            organisation=organisation,
            password=_asked() if ask else None,
            temporary=not ask,
        )
        account, password = add_account(wish, parts=parts, done=by_console())
    console.print(escape(f"Account {account.login} ({account.role}) was made."))
    _tell(password, told=not ask)


@app.command("list")
@coded_errors
def list_accounts(data: DataOption = None) -> None:
    """List the accounts by login name."""
    with _parts(data) as parts, parts.store.read() as tx:
        accounts = tx.accounts()
    table = Table("Login", "Name", "Role", "Organisation", "State")
    for account in accounts:
        table.add_row(
            *(escape(text) for text in (account.login, account.name, account.role.value)),
            account.organisation or "",
            _state(account),
        )
    console.print(table)


@app.command("password")
@coded_errors
def password(login: LoginArgument, ask: AskOption = False, data: DataOption = None) -> None:
    """Give an account another password, and log it out everywhere."""
    with _parts(data) as parts:
        account = _named(parts, login)
        fresh = reset_password(
            account.id, parts=parts, done=by_console(), password=_asked() if ask else None
        )
    console.print(escape(f"Account {account.login} has another password and is logged out."))
    _tell(fresh, told=not ask)


@app.command("role")
@coded_errors
def role(
    login: LoginArgument,
    role: RoleOption,
    organisation: OrganisationOption = None,
    data: DataOption = None,
) -> None:
    """Give an account another role, and log it out everywhere."""
    change = AccountChange(role=role, organisation=organisation)
    with _parts(data) as parts:
        account = change_account(_named(parts, login).id, change, parts=parts, done=by_console())
    console.print(escape(f"Account {account.login} is {account.role} now."))


@app.command("disable")
@coded_errors
def disable(
    login: LoginArgument,
    undo: Annotated[bool, typer.Option("--undo", help="Let the account log in again.")] = False,
    data: DataOption = None,
) -> None:
    """Close an account and log it out everywhere; its name stays for the audit."""
    with _parts(data) as parts:
        account = change_account(
            _named(parts, login).id, AccountChange(active=undo), parts=parts, done=by_console()
        )
    console.print(escape(f"Account {account.login} is {_state(account)}."))


@contextmanager
def _parts(data: Path | None) -> Iterator[LoginParts]:
    settings = settings_for(data)
    with opened(settings.store_url) as store:
        yield parts_of(settings, store)


def _named(parts: LoginParts, login: str) -> Account:
    with parts.store.read() as tx:
        return account_named(tx, login)


def _asked() -> str:
    text: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return text


def _tell(password: str, *, told: bool) -> None:
    if told:
        console.print(f"One-time password: {escape(password)}", soft_wrap=True)


def _state(account: Account) -> str:
    if not account.active:
        return "disabled"
    if account.subject:
        return "through the identity provider"
    return "password to be changed" if account.temporary else "active"
