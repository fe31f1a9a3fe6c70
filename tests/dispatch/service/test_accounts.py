"""Administrators make and change accounts, and cannot lock everybody out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.access import Role
from dispatch.domain.errors import Conflict, InvalidInput, NotFound
from dispatch.domain.ids import AccountId
from dispatch.domain.job import Organisation
from dispatch.service.accounts import (
    AccountChange,
    NewAccount,
    account_named,
    add_account,
    change_account,
    easy_password,
    reset_password,
)
from tests.helpers.databases import fresh_store
from tests.helpers.doors import BY_ADMIN, GOOD_PASSWORD, login_parts
from tests.helpers.doors import add_account as somebody

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.service.login import LoginParts

NOW = datetime(2026, 7, 15, 4, 30, tzinfo=UTC)


@pytest.fixture
def parts() -> Iterator[LoginParts]:
    """Return what accounts need, over an empty database."""
    store = fresh_store()
    yield login_parts(store)
    store.close()


def a_wish(**parts: Any) -> NewAccount:
    """Return the wish for a dispatcher of USB."""
    defaults: dict[str, Any] = {
        "login": "erika",
        "name": "Erika Muster",
        "role": Role.DISPATCHER,
        "organisation": Organisation.USB,
    }
    return NewAccount(**defaults | parts)


def test_an_account_without_a_password_gets_one_to_be_changed(parts: LoginParts) -> None:
    """Nobody has to think of a first password, and it is not the one to keep."""
    account, password = add_account(a_wish(), parts=parts, done=BY_ADMIN)
    assert account.temporary
    assert re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", password)
    with parts.store.read() as tx:
        kept = tx.account_of_login("erika")
    assert kept is not None
    assert kept[0] == account
    assert parts.passwords.fits(password, kept[1])


def test_first_passwords_differ(parts: LoginParts) -> None:
    """There is no default."""
    assert len({easy_password(parts) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("wish", "subject"),
    [
        (a_wish(login="x"), "login"),
        (a_wish(login="oidc:erika"), "login"),
        (a_wish(organisation=None), "organisation"),
        (a_wish(role=Role.ADMIN), "organisation"),
        (a_wish(role=Role.SOURCE), "role"),
        (a_wish(role=Role.CREW), "role"),
    ],
)
def test_what_cannot_be(parts: LoginParts, wish: NewAccount, subject: str) -> None:
    """A role of machines, a missing organisation and a name nobody can type are refused."""
    with pytest.raises(InvalidInput, match="Z203") as told:
        add_account(wish, parts=parts, done=BY_ADMIN)
    assert [issue.subject for issue in told.value.issues] == [subject]


def test_a_login_name_is_given_once(parts: LoginParts) -> None:
    """Also in other letters: Erika is erika."""
    add_account(a_wish(), parts=parts, done=BY_ADMIN)
    with pytest.raises(Conflict, match="Z204"):
        add_account(a_wish(login="ERIKA"), parts=parts, done=BY_ADMIN)


@pytest.mark.parametrize(
    "change",
    [AccountChange(active=False), AccountChange(role=Role.READER)],
)
def test_the_last_administrator_stays(parts: LoginParts, change: AccountChange) -> None:
    """Neither disabled nor made something else, until another one can log in."""
    first = somebody(parts.store, "anna", role=Role.ADMIN)
    second = somebody(parts.store, "bert", role=Role.ADMIN)
    assert change_account(second.id, change, parts=parts, done=BY_ADMIN) != second
    with pytest.raises(Conflict, match="Z205"):
        change_account(first.id, change, parts=parts, done=BY_ADMIN)
    with parts.store.read() as tx:
        assert tx.account(first.id) == first


def test_a_dispatcher_becomes_administrator(parts: LoginParts) -> None:
    """The organisation goes with the role that needed it."""
    account = somebody(parts.store, "erika")
    changed = change_account(account.id, AccountChange(role=Role.ADMIN), parts=parts, done=BY_ADMIN)
    assert (changed.role, changed.organisation) == (Role.ADMIN, None)


def test_a_dispatcher_cannot_lose_the_organisation(parts: LoginParts) -> None:
    """It would reach everything."""
    account = somebody(parts.store, "erika")
    with pytest.raises(InvalidInput, match="Z203"):
        change_account(account.id, AccountChange(of_none=True), parts=parts, done=BY_ADMIN)
    moved = change_account(
        account.id, AccountChange(organisation=Organisation.PARKS), parts=parts, done=BY_ADMIN
    )
    assert moved.organisation is Organisation.PARKS


def test_unknown_accounts_are_told(parts: LoginParts) -> None:
    """By id and by name."""
    with pytest.raises(NotFound, match="DB212"):
        change_account(AccountId("0"), AccountChange(), parts=parts, done=BY_ADMIN)
    with pytest.raises(NotFound, match="DB212"):
        reset_password(AccountId("0"), parts=parts, done=BY_ADMIN)
    with parts.store.read() as tx, pytest.raises(NotFound, match="Z207"):
        account_named(tx, "nobody")


def test_who_comes_from_elsewhere_has_no_password_here(parts: LoginParts) -> None:
    """A second password beside the city's own would outlive it."""
    account = somebody(parts.store, "erika")
    with parts.store.begin() as tx:
        tx.save_account(replace(account, subject="https://issuer.test erika"))
    with pytest.raises(Conflict, match="Z206"):
        reset_password(account.id, parts=parts, done=BY_ADMIN, password=GOOD_PASSWORD)


def test_who_changed_an_account_is_written_down(parts: LoginParts) -> None:
    """With what it is now, and never with a password."""
    account, password = add_account(a_wish(), parts=parts, done=BY_ADMIN)
    change_account(
        account.id, AccountChange(role=Role.READER, of_none=True), parts=parts, done=BY_ADMIN
    )
    fresh = reset_password(account.id, parts=parts, done=BY_ADMIN)
    with parts.store.read() as tx:
        entries = tx.audit(subject=f"account/{account.id}")
    assert [(entry.action, entry.actor_id) for entry in entries] == [
        ("account.password_reset", "local"),
        ("account.changed", "local"),
        ("account.added", "local"),
    ]
    assert [entry.details["role"] for entry in entries] == ["reader", "reader", "dispatcher"]
    assert password not in repr(entries)
    assert fresh not in repr(entries)
