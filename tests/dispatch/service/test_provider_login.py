"""Groups at the identity provider say who somebody is here, each time anew."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.domain.access import Role
from dispatch.domain.errors import InvalidInput, NotAllowed, NotRecognised
from dispatch.domain.job import Organisation
from dispatch.service.accounts import AccountChange, change_account
from dispatch.service.identity import IdentityProvider
from dispatch.service.login import Credentials, log_in, session_shown
from dispatch.service.openid import Client, Identity
from dispatch.service.provider_login import ProviderLogin, Standing, let_in, standings_of
from tests.helpers.databases import fresh_store
from tests.helpers.doors import BY_ADMIN, add_account, login_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dispatch.domain.account import Account
    from dispatch.service.login import LoginParts

NOW = datetime(2026, 7, 15, 4, 30, tzinfo=UTC)
ROLES = {"chefs": "admin", "usb-leitung": "dispatcher:usb", "gaeste": "reader"}


@pytest.fixture
def parts() -> Iterator[LoginParts]:
    """Return what a login needs, over an empty database."""
    store = fresh_store()
    yield login_parts(store)
    store.close()


def nobody(
    url: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """Answer nothing: here nobody asks the provider."""
    raise AssertionError(url, form, headers)


def a_way(issuer: str = "https://issuer.test") -> ProviderLogin:
    """Return the city's provider with the roles of its groups."""
    client = Client(issuer=issuer, client_id="x", client_secret="", redirect_uri="https://x.test")
    provider = IdentityProvider(client, nobody, lambda: NOW)
    return ProviderLogin(provider=provider, name="Stadt", standings=standings_of(ROLES))


def erika(*groups: str, **parts: Any) -> Identity:
    """Return Erika as the provider vouches for her."""
    defaults = {"subject": "4711", "name": "Erika Muster", "hint": "signed"}
    return Identity(groups=frozenset(groups), **defaults | parts)


def accounts(parts: LoginParts) -> list[Account]:
    """Return all accounts."""
    with parts.store.read() as tx:
        return tx.accounts()


def test_the_first_login_makes_the_account(parts: LoginParts) -> None:
    """Nobody has to add people who are known to the city already."""
    done = let_in(erika("usb-leitung", "alle"), a_way(), parts=parts, now=NOW)
    assert (done.account.role, done.account.organisation) == (Role.DISPATCHER, Organisation.USB)
    assert done.account.login == "oidc:4711"
    with parts.store.read() as tx:
        session, account = session_shown(tx, done.secret, rules=parts.rules, now=NOW)
    assert (session.hint, account.name) == ("signed", "Erika Muster")


def test_the_account_follows_the_groups(parts: LoginParts) -> None:
    """Who changes office there has other rights here, and sessions with the old ones end."""
    old = let_in(erika("usb-leitung"), a_way(), parts=parts, now=NOW)
    let_in(erika("gaeste", name="Erika Beispiel"), a_way(), parts=parts, now=NOW)
    (account,) = accounts(parts)
    assert (account.role, account.organisation) == (Role.READER, None)
    assert account.name == "Erika Beispiel"
    with parts.store.read() as tx, pytest.raises(NotRecognised, match="Z104"):
        session_shown(tx, old.secret, rules=parts.rules, now=NOW)


def test_the_first_group_of_the_setting_counts(parts: LoginParts) -> None:
    """Of several, whatever order the provider names them in."""
    assert let_in(erika("gaeste", "chefs"), a_way(), parts=parts, now=NOW).account.role == "admin"


@pytest.mark.parametrize("groups", [(), ("alle", "Chefs")])
def test_who_is_in_no_group_stays_outside(parts: LoginParts, groups: tuple[str, ...]) -> None:
    """And leaves no account behind."""
    with pytest.raises(NotAllowed, match="Z408"):
        let_in(erika(*groups), a_way(), parts=parts, now=NOW)
    assert accounts(parts) == []


def test_who_was_disabled_here_stays_outside(parts: LoginParts) -> None:
    """Whatever the provider says."""
    account = let_in(erika("gaeste"), a_way(), parts=parts, now=NOW).account
    change_account(account.id, AccountChange(active=False), parts=parts, done=BY_ADMIN)
    with pytest.raises(NotAllowed, match="Z409"):
        let_in(erika("chefs"), a_way(), parts=parts, now=NOW)
    assert accounts(parts)[0].role is Role.READER


def test_a_name_does_not_lead_to_somebody_elses_account(parts: LoginParts) -> None:
    """The provider's people choose their names; only its own id of a person counts."""
    own = add_account(parts.store, "erika", role=Role.ADMIN)
    done = let_in(erika("gaeste", subject="erika", name="erika"), a_way(), parts=parts, now=NOW)
    assert done.account.id != own.id


def test_the_same_id_at_another_provider_is_another_person(parts: LoginParts) -> None:
    """A city that changes its provider keeps the old names apart."""
    first = let_in(erika("gaeste"), a_way(), parts=parts, now=NOW).account
    second = let_in(erika("gaeste"), a_way("https://new.test"), parts=parts, now=NOW).account
    assert first.id != second.id
    assert first.login != second.login


def test_there_is_no_password_to_guess(parts: LoginParts) -> None:
    """An account of the provider cannot be entered with a password, an empty one included."""
    account = let_in(erika("gaeste"), a_way(), parts=parts, now=NOW).account
    for password in ("", "signed"):
        typed = Credentials(login=account.login, password=password, address="::1")
        with pytest.raises(NotRecognised, match="Z105"):
            log_in(typed, parts=parts, now=NOW)


def test_what_groups_can_be() -> None:
    """Roles of people, with an organisation where they need one."""
    assert standings_of({"a": " reader:parks "}) == {
        "a": Standing(role=Role.READER, organisation=Organisation.PARKS)
    }
    wrong = {"a": "dispatcher", "b": "admin:usb", "c": "crew", "d": "boss", "e": "dispatcher:moon"}
    with pytest.raises(InvalidInput) as told:
        standings_of(wrong | {"f": "admin"})
    assert [issue.subject for issue in told.value.issues] == [f"group {name}" for name in wrong]
    assert {issue.code for issue in told.value.issues} == {"Z410"}
