"""Who has the password gets in, who guesses does not, and a session ends."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from dispatch.domain.access import Role
from dispatch.domain.errors import InvalidInput, NotRecognised, TooMany
from dispatch.service.accounts import AccountChange, change_account, reset_password
from dispatch.service.login import (
    Credentials,
    LoginParts,
    LoginRules,
    change_password,
    log_in,
    session_shown,
    sight_is_news,
)
from dispatch.service.retain import retain
from dispatch.store import open_store
from tests.helpers.databases import fresh_store, postgresql_url
from tests.helpers.doors import BY_ADMIN, GOOD_PASSWORD, add_account, login_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.account import Account, Session
    from dispatch.store import Store

NOW = datetime(2026, 7, 15, 4, 30, tzinfo=UTC)
RULES = LoginRules()
OLD_HASH = (
    "$argon2id$v=19$m=8,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$1TYe36I7LNpVGIPcGvpw8lkQHAhB9VOU0UmmI2rhVzM"
)
"""Of "correct horse battery", with other costs than today's."""


@pytest.fixture
def store() -> Iterator[Store]:
    """Return a database in which Erika has an account."""
    store = fresh_store()
    add_account(store, "erika")
    yield store
    store.close()


@pytest.fixture
def parts(store: Store) -> LoginParts:
    """Return what a login needs."""
    return login_parts(store)


def typed(
    password: str = GOOD_PASSWORD, *, login: str = "erika", address: str = "::1"
) -> Credentials:
    """Return what Erika types."""
    return Credentials(login=login, password=password, address=address)


def shown(parts: LoginParts, secret: str, now: datetime = NOW) -> tuple[Session, Account]:
    """Return whose session it is."""
    with parts.store.read() as tx:
        return session_shown(tx, secret, rules=parts.rules, now=now)


def fail(parts: LoginParts, times: int, **who: str) -> None:
    """Type a wrong password so many times."""
    for _ in range(times):
        with pytest.raises(NotRecognised, match="Z105"):
            log_in(typed("falsches Passwort", **who), parts=parts, now=NOW)


def test_the_right_password_opens_a_session(parts: LoginParts) -> None:
    """The login name counts however it is written."""
    done = log_in(typed(login=" Erika "), parts=parts, now=NOW)
    session, account = shown(parts, done.secret)
    assert account.login == "erika"
    assert session.ends_at == done.ends_at == NOW + RULES.longest
    with pytest.raises(NotRecognised, match="Z104"):
        shown(parts, done.secret + "x")


@pytest.mark.parametrize("login", ["erika", "nobody", "max"])
def test_all_failures_look_alike(parts: LoginParts, login: str) -> None:
    """A wrong password, no such account and a disabled account give the same words."""
    disabled = add_account(parts.store, "max")
    change_account(disabled.id, AccountChange(active=False), parts=parts, done=BY_ADMIN)
    password = GOOD_PASSWORD if login == "max" else "falsches Passwort"
    with pytest.raises(NotRecognised) as told:
        log_in(typed(password, login=login), parts=parts, now=NOW)
    assert [str(issue) for issue in told.value.issues] == [
        "Z105 login: the login name or the password is wrong. "
        "Try again, or ask an administrator for a new password."
    ]


def test_ten_failures_close_the_account_for_a_while(parts: LoginParts) -> None:
    """Then even the right password waits, from wherever; after the window it works again."""
    fail(parts, 10)
    with pytest.raises(TooMany, match="Z106") as told:
        log_in(typed(address="192.0.2.1"), parts=parts, now=NOW + timedelta(minutes=5))
    assert told.value.retry_after_s == 600
    assert log_in(typed(), parts=parts, now=NOW + RULES.window).account.login == "erika"


def test_a_login_forgets_the_failures_before(parts: LoginParts) -> None:
    """Who mistypes now and then is never locked out."""
    for _ in range(3):
        fail(parts, 9)
        log_in(typed(), parts=parts, now=NOW)


def test_an_address_cannot_try_all_accounts(parts: LoginParts) -> None:
    """One password against many accounts is stopped, whatever own login comes in between."""
    for number in range(50):
        if number == 25:
            log_in(typed(address="2001:db8::7"), parts=parts, now=NOW)
        fail(parts, 1, login=f"guess{number}", address=f"2001:db8::{number:x}")
    with pytest.raises(TooMany, match="Z106"):
        log_in(typed(address="2001:db8::ffff"), parts=parts, now=NOW)
    assert log_in(typed(address="2001:db8:0:1::1"), parts=parts, now=NOW)


def test_two_services_count_together(parts: LoginParts) -> None:
    """Half of the tries at each of two services are as many as all at one."""
    other = login_parts(parts.store)
    fail(parts, 5)
    fail(other, 5)
    for service in (parts, other):
        with pytest.raises(TooMany):
            log_in(typed(), parts=service, now=NOW)


def test_old_failures_are_forgotten(parts: LoginParts) -> None:
    """What was tried, and from where, is kept for the window only."""
    fail(parts, 3, address="192.0.2.1")
    log_in(typed(), parts=parts, now=NOW + RULES.window)
    with parts.store.read() as tx:
        assert tx.login_tries(since=NOW - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("seen", "asked", "works"),
    [
        (timedelta(0), timedelta(hours=2, seconds=-1), True),
        (timedelta(0), timedelta(hours=2), False),
        (timedelta(hours=11), timedelta(hours=12, seconds=-1), True),
        (timedelta(hours=11), timedelta(hours=12), False),
    ],
)
def test_a_session_ends_idle_and_at_the_latest(
    parts: LoginParts, seen: timedelta, asked: timedelta, *, works: bool
) -> None:
    """Two hours without a request end it, and half a day in any case."""
    secret = log_in(typed(), parts=parts, now=NOW).secret
    session, _ = shown(parts, secret)
    with parts.store.begin() as tx:
        tx.note_session_use(session.digest, NOW + seen)
    if works:
        assert shown(parts, secret, NOW + asked)
        return
    with pytest.raises(NotRecognised, match="Z104"):
        shown(parts, secret, NOW + asked)


def test_a_request_is_noted_once_a_minute(parts: LoginParts) -> None:
    """A page that asks each second does not write each second."""
    session, _ = shown(parts, log_in(typed(), parts=parts, now=NOW).secret)
    assert not sight_is_news(session, NOW + timedelta(seconds=59))
    assert sight_is_news(session, NOW + timedelta(seconds=60))


def test_sessions_that_are_over_are_forgotten(parts: LoginParts) -> None:
    """With each login, those that ended leave the database."""
    secret = log_in(typed(), parts=parts, now=NOW).secret
    log_in(typed(), parts=parts, now=NOW + RULES.idle)
    with parts.store.begin() as tx:
        assert tx.forget_sessions(ended_by=NOW, unseen_since=NOW) == 0
    with pytest.raises(NotRecognised):
        shown(parts, secret)


def test_nothing_of_a_login_stays_for_long(parts: LoginParts) -> None:
    """Where nobody logs in any more, the retention job clears up what is left."""
    log_in(typed(), parts=parts, now=NOW)
    fail(parts, 2)
    done = {"logins": 3}
    later = NOW + timedelta(days=2)
    assert retain({"logins": 1}, store=parts.store, now=NOW) == {"logins": 0}
    assert retain({"logins": 1}, store=parts.store, now=later) == done


def test_disabling_an_account_ends_its_sessions(parts: LoginParts) -> None:
    """Who is dismissed is out with the next request."""
    done = log_in(typed(), parts=parts, now=NOW)
    change_account(done.account.id, AccountChange(active=False), parts=parts, done=BY_ADMIN)
    with pytest.raises(NotRecognised, match="Z104"):
        shown(parts, done.secret)


def test_a_new_role_ends_the_sessions(parts: LoginParts) -> None:
    """A page opened with the old rights does not go on with others."""
    done = log_in(typed(), parts=parts, now=NOW)
    change_account(done.account.id, AccountChange(role=Role.READER), parts=parts, done=BY_ADMIN)
    with pytest.raises(NotRecognised, match="Z104"):
        shown(parts, done.secret)


def test_changing_the_own_password_ends_the_other_sessions(parts: LoginParts) -> None:
    """Whoever had stolen one is out, and this one goes on."""
    stolen = log_in(typed(), parts=parts, now=NOW)
    own = log_in(typed(), parts=parts, now=NOW)
    session, _ = shown(parts, own.secret)
    change_password(session, typed(), "ganz neue Wörter hier", parts=parts, now=NOW)
    assert shown(parts, own.secret)
    with pytest.raises(NotRecognised, match="Z104"):
        shown(parts, stolen.secret)
    with pytest.raises(NotRecognised, match="Z105"):
        log_in(typed(), parts=parts, now=NOW)
    assert log_in(typed("ganz neue Wörter hier"), parts=parts, now=NOW)


def test_the_password_changes_only_for_who_knows_it(parts: LoginParts) -> None:
    """A page left open is not enough, and a bad new one changes nothing."""
    session, _ = shown(parts, log_in(typed(), parts=parts, now=NOW).secret)
    with pytest.raises(NotRecognised, match="Z105"):
        change_password(session, typed("geraten"), "ganz neue Wörter", parts=parts, now=NOW)
    with pytest.raises(InvalidInput, match="Z202"):
        change_password(session, typed(), "kurz", parts=parts, now=NOW)
    assert log_in(typed(), parts=parts, now=NOW)


def test_a_reset_password_must_be_changed(parts: LoginParts) -> None:
    """An administrator has seen it, so it is no secret yet; the own one after it is."""
    done = log_in(typed(), parts=parts, now=NOW)
    fresh = reset_password(done.account.id, parts=parts, done=BY_ADMIN)
    again = log_in(typed(fresh), parts=parts, now=NOW)
    assert again.account.temporary
    session, _ = shown(parts, again.secret)
    change_password(session, typed(fresh), "ganz neue Wörter hier", parts=parts, now=NOW)
    assert not shown(parts, again.secret)[1].temporary


def test_an_old_hash_is_made_anew_at_login(parts: LoginParts) -> None:
    """When the costs rise, accounts follow with their next login."""
    with parts.store.begin() as tx:
        found = tx.account_of_login("erika")
        assert found is not None
        account, kept = found
        assert kept is not None
        tx.set_password(account.id, OLD_HASH)
    log_in(typed("correct horse battery"), parts=parts, now=NOW)
    with parts.store.read() as tx:
        changed = tx.account_of_login("erika")
    assert changed is not None
    assert changed[1] not in (OLD_HASH, kept)


@pytest.mark.services
def test_many_tries_at_once_at_two_services_are_not_more_than_ten() -> None:
    """On PostgreSQL, where two may read before either writes: the eleventh is not looked at."""
    url = postgresql_url()
    stores = [open_store(url), open_store(url)]
    add_account(stores[0], "erika")
    services = [login_parts(store) for store in stores]

    def guess(number: int) -> str:
        try:
            log_in(typed(f"geraten {number}"), parts=services[number % 2], now=NOW)
        except (NotRecognised, TooMany) as error:
            return error.issues[0].code
        return "let in"

    with ThreadPoolExecutor(8) as pool:
        told = Counter(pool.map(guess, range(60)))
    assert told["Z105"] + told["Z107"] == 10
    assert told["Z106"] == 50
    for store in stores:
        store.close()
