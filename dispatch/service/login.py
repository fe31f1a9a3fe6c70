"""Logging in with a password, and the session that follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from dispatch.domain.account import Account, Session
from dispatch.domain.errors import Issue, NotRecognised, TooMany
from dispatch.domain.ids import AccountId, digest
from dispatch.service.access import new_secret, secret_digest
from dispatch.service.passwords import Passwords, check_password
from dispatch.store import Store, Transaction

SEEN_NOTED_EVERY = timedelta(minutes=1)
"""How exact the last request of a session is: each note is a write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRules:
    """How long sessions live, and how often one may try to log in within a window."""

    idle: timedelta = timedelta(hours=2)
    longest: timedelta = timedelta(hours=12)
    tries_per_account: int = 10
    tries_per_address: int = 50
    window: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginParts:
    """What a login needs."""

    store: Store
    passwords: Passwords
    rules: LoginRules
    random_bytes: Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What somebody typed, and from which network address."""

    login: str
    password: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """Who logged in, and the secret the browser shows from now on."""

    account: Account
    secret: str
    ends_at: datetime


def log_in(typed: Credentials, *, parts: LoginParts, now: datetime) -> LoggedIn:
    """Return the new session; raises NotRecognised (Z105), or TooMany (Z106) without looking.

    A try counts as failed before the password is looked at, so that many tries at the same time
    are not more than many after each other.
    """
    account = prove(typed, parts=parts, now=now)
    with parts.store.begin() as tx:
        return open_session(tx, account.id, parts=parts, now=now)


def prove(typed: Credentials, *, parts: LoginParts, now: datetime) -> Account:
    """Return whose login name and password that are; raises as `log_in` does."""
    login = login_name(typed.login)
    _count_try(login, typed.address, parts, now)
    with parts.store.read() as tx:
        found = tx.account_of_login(login)
    account, kept = found or (None, None)
    # Nobody is told which of these it was, nor by how long the answer takes.
    if not parts.passwords.fits(typed.password, kept) or account is None or not account.active:
        raise NotRecognised(
            Issue(
                code="Z105",
                subject="login",
                cause="the login name or the password is wrong",
                action="Try again, or ask an administrator for a new password",
            )
        )
    with parts.store.begin() as tx:
        tx.forget_login_tries(_account_key(login))
        if kept is not None and parts.passwords.is_outdated(kept):
            tx.set_password(account.id, parts.passwords.hashed(typed.password))
    return account


def open_session(
    tx: Transaction, account_id: AccountId, *, parts: LoginParts, now: datetime, hint: str = ""
) -> LoggedIn:
    """Return a new session of that account, and forget all sessions that are over."""
    rules = parts.rules
    account = tx.account(account_id)
    secret = new_secret(parts.random_bytes)
    ends_at = now + rules.longest
    tx.forget_sessions(ended_by=now, unseen_since=now - rules.idle)
    tx.add_session(
        Session(
            digest=secret_digest(secret),
            account_id=account.id,
            created_at=now,
            seen_at=now,
            ends_at=ends_at,
            hint=hint,
        )
    )
    return LoggedIn(account=account, secret=secret, ends_at=ends_at)


def session_shown(
    tx: Transaction, secret: str, *, rules: LoginRules, now: datetime
) -> tuple[Session, Account]:
    """Return the session and who is logged in; raises NotRecognised (Z104) for one that is over.

    The account is read each time: who is disabled or gets another role feels it at once.
    """
    found = tx.session_of(secret_digest(secret))
    if found is not None:
        session, account = found
        if account.active and now < session.ends_at and now < session.seen_at + rules.idle:
            return session, account
    raise NotRecognised(
        Issue(
            code="Z104",
            subject="session",
            cause="it is over",
            action="Log in again",
        )
    )


def sight_is_news(session: Session, now: datetime) -> bool:
    """Tell whether this request of the session should be noted."""
    return now - session.seen_at >= SEEN_NOTED_EVERY


def change_password(
    session: Session, typed: Credentials, new: str, *, parts: LoginParts, now: datetime
) -> None:
    """Replace the own password and end all other sessions.

    Raises as `log_in` when the present one is wrong, InvalidInput (Z202) for a bad new one.
    """
    account = prove(typed, parts=parts, now=now)
    check_password(new, login=account.login)
    hashed = parts.passwords.hashed(new)
    with parts.store.begin() as tx:
        tx.save_account(replace(tx.account(account.id), temporary=False))
        tx.set_password(account.id, hashed)
        tx.end_sessions(account.id, but=session.digest)


def login_name(typed: str) -> str:
    """Return the login name as it is kept."""
    return typed.strip().lower()


def _count_try(login: str, address: str, parts: LoginParts, now: datetime) -> None:
    """Count the try; raises TooMany (Z106) when there were too many within the window."""
    rules = parts.rules
    account_key, address_key = _account_key(login), _address_key(address)
    since = now - rules.window
    with parts.store.begin() as tx:
        # All services on this database count together.
        tx.take_turn(f"login of {account_key}")
        tx.take_turn(f"login from {address_key}")
        tx.forget_old_login_tries(since)
        of_account = tx.login_tries(since=since, account_key=account_key)
        from_address = tx.login_tries(since=since, address_key=address_key)
        _refuse_at(of_account, rules.tries_per_account, rules, now)
        _refuse_at(from_address, rules.tries_per_address, rules, now)
        tx.add_login_try(parts.random_bytes(8).hex(), account_key, address_key, now)


def _refuse_at(tries: list[datetime], limit: int, rules: LoginRules, now: datetime) -> None:
    if len(tries) < limit:
        return
    free_at = tries[-limit] + rules.window
    wait_s = max(1, -(-(free_at - now) // timedelta(seconds=1)))
    raise TooMany(
        Issue(
            code="Z106",
            subject="login",
            cause=f"there were {limit} failed logins within {rules.window}",
            action=f"Try again in {wait_s} s; who is logged in is not concerned",
        ),
        retry_after_s=wait_s,
    )


def _account_key(login: str) -> str:
    # As a digest: people type their password where the name belongs.
    return digest("account", login)


def _address_key(address: str) -> str:
    """Return whom an address counts for: one line has a whole /64 of IPv6 addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return digest("address", address)
    if isinstance(parsed, IPv6Address):
        return digest("address", f"{int(parsed) >> 64:x}")
    return digest("address", str(parsed))
