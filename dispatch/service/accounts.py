"""Accounts of people: added, changed and disabled by administrators."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from dispatch.domain.access import Actor, Role
from dispatch.domain.account import Account
from dispatch.domain.errors import Conflict, InvalidInput, Issue, NotFound
from dispatch.domain.ids import AccountId
from dispatch.domain.job import Organisation
from dispatch.service.login import login_name
from dispatch.service.passwords import check_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.service.login import LoginParts
    from dispatch.store import Transaction

LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
"""No colon: the names of those who come from an identity provider have one."""
ROLES_OF_PEOPLE = frozenset({Role.ADMIN, Role.DISPATCHER, Role.READER})
"""Who logs in with a name; crews' devices are paired, sources have tokens."""
# Letters and digits that are not taken for each other when read from paper.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LETTERS = 4, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account to be made; without a password it gets one that must be changed at once."""

    login: str
    name: str
    role: Role
    organisation: Organisation | None = None
    password: str | None = None
    temporary: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """What shall be otherwise; None leaves it. `of_none` takes the organisation away."""

    name: str | None = None
    role: Role | None = None
    organisation: Organisation | None = None
    of_none: bool = False
    active: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Who changes accounts, and when."""

    by: Actor
    at: datetime


def add_account(wish: NewAccount, *, parts: LoginParts, done: Change) -> tuple[Account, str]:
    """Return the new account and its password.

    Raises InvalidInput (Z202, Z203) for what cannot be, Conflict (Z204) for a name that is taken.
    """
    account = Account(
        id=AccountId(parts.random_bytes(8).hex()),
        login=login_name(wish.login),
        name=wish.name.strip() or wish.login,
        role=wish.role,
        created_at=done.at,
        organisation=wish.organisation,
        temporary=wish.temporary,
    )
    _must_fit(account)
    password = wish.password or easy_password(parts)
    check_password(password, login=account.login)
    hashed = parts.passwords.hashed(password)
    with parts.store.begin() as tx:
        tx.take_turn("accounts")
        if tx.account_of_login(account.login) is not None:
            raise Conflict(
                Issue(
                    code="Z204",
                    subject=f"account {account.login}",
                    cause="the login name is taken",
                    action="Take another one; a name is never given twice",
                )
            )
        tx.add_account(account, hashed)
        _note(tx, "account.added", account, done)
    return account, password


def change_account(
    account_id: AccountId, change: AccountChange, *, parts: LoginParts, done: Change
) -> Account:
    """Return the account as it is now; who is disabled or has another role is logged out.

    Raises NotFound, InvalidInput (Z203), and Conflict (Z205) for the last administrator.
    """
    with parts.store.begin() as tx:
        tx.take_turn("accounts")
        before = tx.account(account_id)
        after = _changed(before, change)
        _must_fit(after)
        _keep_an_admin(tx, before, after)
        tx.save_account(after)
        _note(tx, "account.changed", after, done)
        if not after.active or (after.role, after.organisation) != (
            before.role,
            before.organisation,
        ):
            tx.end_sessions(account_id)
    return after


def reset_password(
    account_id: AccountId, *, parts: LoginParts, done: Change, password: str | None = None
) -> str:
    """Return the account's new password, which must be changed at once; ends its sessions.

    Raises NotFound, and Conflict (Z206) for somebody who has a password elsewhere.
    """
    with parts.store.read() as tx:
        account = tx.account(account_id)
    if account.subject:
        raise Conflict(
            Issue(
                code="Z206",
                subject=f"account {account.login}",
                cause="it logs in through the identity provider and has no password here",
                action="Change the password there",
            )
        )
    fresh = password or easy_password(parts)
    check_password(fresh, login=account.login)
    hashed = parts.passwords.hashed(fresh)
    with parts.store.begin() as tx:
        tx.save_account(replace(tx.account(account_id), temporary=True))
        tx.set_password(account_id, hashed)
        tx.end_sessions(account_id)
        _note(tx, "account.password_reset", account, done)
    return fresh


def account_named(tx: Transaction, login: str) -> Account:
    """Return the account with that login name; raises NotFound (Z207)."""
    found = tx.account_of_login(login_name(login))
    if found is None:
        raise NotFound(
            Issue(
                code="Z207",
                subject=f"account {login}",
                cause="nobody has that login name",
                action="`dispatch user list` shows the names there are",
            )
        )
    return found[0]


def easy_password(parts: LoginParts) -> str:
    """Return a password of 20 readable letters (99 bits) to be read out or typed from paper."""
    letters: list[str] = []
    while len(letters) < GROUPS * GROUP_LETTERS:
        # The few bytes that would make some letters likelier are thrown away.
        usable = len(READABLE) * (256 // len(READABLE))
        letters += [READABLE[b % len(READABLE)] for b in parts.random_bytes(8) if b < usable]
    text = "".join(letters[: GROUPS * GROUP_LETTERS])
    return "-".join(
        text[start : start + GROUP_LETTERS] for start in range(0, len(text), GROUP_LETTERS)
    )


def _note(tx: Transaction, action: str, account: Account, done: Change) -> None:
    tx.note(
        done.by,
        action,
        f"account/{account.id}",
        {
            "login": account.login,
            "role": account.role.value,
            "active": account.active,
            "organisation": account.organisation and account.organisation.value,
        },
        at=done.at,
        organisation=account.organisation,
    )


def _changed(account: Account, change: AccountChange) -> Account:
    role = change.role or account.role
    organisation = None if change.of_none else change.organisation or account.organisation
    return replace(
        account,
        name=(change.name or "").strip() or account.name,
        role=role,
        # An administrator belongs to none, whatever the account was before.
        organisation=None if role is Role.ADMIN and change.organisation is None else organisation,
        active=account.active if change.active is None else change.active,
    )


def _must_fit(account: Account) -> None:
    faults = list(_faults(account))
    if faults:
        raise InvalidInput(
            *(
                Issue(code="Z203", subject=subject, cause=cause, action="Correct the account")
                for subject, cause in faults
            )
        )


def _faults(account: Account) -> Iterator[tuple[str, str]]:
    if not account.subject and not LOGIN_NAME.fullmatch(account.login):
        yield "login", "a login name has 2 to 64 of: a-z, 0-9, dot, @, hyphen and underscore"
    if account.role not in ROLES_OF_PEOPLE:
        yield "role", f"{account.role} is no role of people: pair a tablet or issue a token"
    if account.role is Role.DISPATCHER and account.organisation is None:
        yield "organisation", "a dispatcher belongs to one"
    if account.role is Role.ADMIN and account.organisation is not None:
        yield "organisation", "an administrator belongs to none"


def _keep_an_admin(tx: Transaction, before: Account, after: Account) -> None:
    def rules(account: Account) -> bool:
        return account.role is Role.ADMIN and account.active

    if rules(before) and not rules(after) and tx.count_admins(without=before.id) == 0:
        raise Conflict(
            Issue(
                code="Z205",
                subject=f"account {before.login}",
                cause="it is the last administrator",
                action="Make somebody else an administrator first",
            )
        )
