"""Accounts and tokens from the command line."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from dispatch.cli import app
from dispatch.cli.doors import is_loopback, sign_in_of, warnings_at_start
from dispatch.cli.shared import opened, settings_for
from dispatch.domain.access import Role
from dispatch.service.access import recognise
from dispatch.settings import load_settings
from tests.helpers.doors import add_account

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: object, typed: str | None = None) -> tuple[int, str]:
    """Return exit code and everything printed, on one line."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=typed)
    return result.exit_code, " ".join(result.output.split())


def test_the_first_administrator(tmp_path: Path) -> None:
    """Made with a password nobody chose; another account of that name is refused."""
    code, said = run("user", "add", "Anna", "--role", "admin", "--data", tmp_path)
    assert code == 0
    assert re.search(
        r"Account anna \(admin\) was made\. One-time password: ([a-z2-9]{5}-?){4}", said
    )
    code, said = run("user", "add", "anna", "--role", "admin", "--data", tmp_path)
    assert (code, said.partition(" ")[0]) == (2, "Z204")
    code, said = run("user", "list", "--data", tmp_path)
    assert "password to be changed" in said


def test_a_password_can_be_typed(tmp_path: Path) -> None:
    """It is not printed, must be a good one, and need not be changed."""
    add = ("user", "add", "anna", "--role", "admin", "--ask", "--data", tmp_path)
    assert run(*add, typed="kurz\nkurz\n")[0] == 2
    code, said = run(*add, typed="vier Wörter sind gut\nvier Wörter sind gut\n")
    assert code == 0
    assert "vier" not in said
    assert "active" in run("user", "list", "--data", tmp_path)[1]


def test_an_account_changes(tmp_path: Path) -> None:
    """Role, password and end; the last administrator stays."""
    data = ("--data", tmp_path)
    run("user", "add", "anna", "--role", "admin", *data)
    run("user", "add", "bert", "--role", "dispatcher", "--organisation", "parks", *data)
    assert run("user", "role", "bert", "--role", "reader", *data)[0] == 0
    assert "One-time password" in run("user", "password", "bert", *data)[1]
    assert run("user", "disable", "bert", *data)[1].endswith("disabled.")
    assert run("user", "disable", "bert", "--undo", *data)[1].endswith("changed.")
    assert run("user", "disable", "anna", *data)[1].startswith("Z205")
    assert run("user", "password", "carl", *data)[1].startswith("Z207")


def test_a_token_for_a_gateway(tmp_path: Path) -> None:
    """Its secret is printed once, opens the door, and does not after it was revoked."""
    data = ("--data", tmp_path)
    code, said = run("token", "add", "gateway", "--format", "ttn", *data)
    assert code == 0
    secret, token_id = said.rpartition(" ")[2], said.split()[1]
    with opened(settings_for(tmp_path).store_url) as store, store.read() as tx:
        actor = recognise(tx, secret, datetime.now(UTC))
    assert (actor.name, actor.formats) == ("gateway", frozenset({"ttn"}))
    assert "never works" in run("token", "list", *data)[1].replace("│", "").replace("  ", " ")
    assert run("token", "revoke", token_id, *data)[0] == 0
    assert "revoked" in run("token", "list", *data)[1]
    assert run("token", "revoke", "0", *data)[1].startswith("DB211")


@pytest.mark.parametrize(
    ("settings", "secure"),
    [
        ({}, False),
        ({"host": "0.0.0.0"}, True),  # noqa: S104  # only looked at
        ({"public_url": "https://dispatch.bochum.test"}, True),
        ({"host": "0.0.0.0", "public_url": "http://dispatch.test"}, False),  # noqa: S104
    ],
)
def test_cookies_go_over_https_unless_it_is_this_machine(
    settings: dict[str, str], *, secure: bool
) -> None:
    """Or an operator says in so many words that the service is reached over HTTP."""
    assert sign_in_of(load_settings(**settings)).secure is secure
    assert [is_loopback(host) for host in ("::1", "localhost", "dispatch.test")] == [
        True,
        True,
        False,
    ]


def test_a_service_nobody_can_enter_says_so(tmp_path: Path) -> None:
    """And how to make the first account; with one, and at home, there is nothing to say."""
    settings = load_settings(data_dir=tmp_path)
    with opened(settings.store_url) as store:
        (warning,) = warnings_at_start(store, settings)
        assert "dispatch user add NAME --role admin" in warning
        add_account(store, "anna", role=Role.ADMIN)
        assert warnings_at_start(store, settings) == []
        (warning,) = warnings_at_start(store, load_settings(host="192.0.2.1"))
        assert "DISPATCH_PUBLIC_URL" in warning
