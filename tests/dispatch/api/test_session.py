"""Logging in over HTTP: cookie, CSRF, and who is told what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dispatch.api.app import create_app
from dispatch.api.gate import Doorkeeper
from dispatch.api.sign_in import SignIn
from dispatch.domain.access import Role
from dispatch.service.accounts import AccountChange, change_account, reset_password
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import Answer, call
from tests.helpers.doors import (
    BY_ADMIN,
    GOOD_PASSWORD,
    add_account,
    early_morning,
    login_parts,
    quick_passwords,
)

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

HERE = {"Host": "testserver", "Origin": "http://testserver"}
SESSION = "/api/v1/session"


def an_app(store: Store, web_dir: Path, **sign_in: Any) -> FastAPI:
    """Return the real service: its gate looks into the database."""
    way = SignIn(**{"passwords": quick_passwords(), "secure": False} | sign_in)
    return create_app(
        store,
        street_map=STREET_MAP,
        web_dir=web_dir,
        gate=Doorkeeper(store, way, early_morning),
        now=early_morning,
        sign_in=way,
    )


@pytest.fixture
def app(store: Store, web_dir: Path) -> FastAPI:
    """Return the service with an account."""
    add_account(store, "erika")
    return an_app(store, web_dir)


def log_in(app: FastAPI, password: str = GOOD_PASSWORD, **headers: str) -> Answer:
    """Return what Erika is answered."""
    body = {"login": "erika", "password": password}
    return call(app, "POST", SESSION, json=body, headers=headers)


def cookie_of(answer: Answer) -> dict[str, str]:
    """Return the header with which the browser shows its cookie."""
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


def code_of(answer: Answer) -> str:
    """Return the code of the only fault."""
    (issue,) = answer.json()["issues"]
    code: str = issue["code"]
    return code


def test_login_gives_a_cookie_no_script_reads(app: FastAPI) -> None:
    """HttpOnly and SameSite=Strict, gone with the browser; the answer is not kept anywhere."""
    answer = log_in(app)
    assert answer.status == 201
    _, *attributes = answer.headers["set-cookie"].split("; ")
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=strict"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["role"] == "dispatcher"
    assert "password" not in answer.body.decode().replace("change_password", "")


def test_over_https_the_cookie_is_for_this_host_and_https_only(store: Store, web_dir: Path) -> None:
    """Another host of the city can neither read it nor set it."""
    add_account(store, "erika")
    app = an_app(store, web_dir, secure=True, public_url="https://dispatch.bochum.test")
    answer = log_in(app)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-dispatch=")
    assert "; Secure" in cookie
    assert "max-age=31536000" in answer.headers["strict-transport-security"]


def test_the_cookie_says_who_calls(app: FastAPI) -> None:
    """With it the plans are there, without it they are not."""
    cookie = cookie_of(log_in(app))
    assert call(app, "GET", SESSION, headers=cookie).json()["name"] == "Erika"
    assert call(app, "GET", "/api/v1/plans", headers=cookie).status == 200
    refused = call(app, "GET", "/api/v1/plans")
    assert (refused.status, code_of(refused)) == (401, "Z101")
    assert refused.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "body", [{"login": "erika", "password": "falsch"}, {"login": "x", "password": "falsch"}]
)
def test_a_wrong_login_is_401(app: FastAPI, body: dict[str, str]) -> None:
    """Unknown or wrong is the same answer, and no cookie comes with it."""
    answer = call(app, "POST", SESSION, json=body)
    assert (answer.status, code_of(answer)) == (401, "Z105")
    assert "set-cookie" not in answer.headers


def test_too_many_tries_are_429_and_say_when_to_come_back(app: FastAPI) -> None:
    """After ten failures, the right password waits too."""
    for _ in range(10):
        assert log_in(app, "falsch").status == 401
    answer = log_in(app)
    assert (answer.status, code_of(answer)) == (429, "Z106")
    assert answer.headers["retry-after"] == "900"


def test_logging_out_ends_the_session_and_takes_the_cookie(app: FastAPI) -> None:
    """A copy of the cookie opens nothing afterwards."""
    cookie = cookie_of(log_in(app))
    answer = call(app, "DELETE", SESSION, headers=cookie | HERE)
    assert answer.status == 200
    assert 'dispatch=""' in answer.headers["set-cookie"]
    after = call(app, "GET", SESSION, headers=cookie)
    assert (after.status, code_of(after)) == (401, "Z104")


@pytest.mark.parametrize(
    "origin",
    [
        {},
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.test"},
    ],
)
def test_another_sites_page_cannot_act_with_the_cookie(
    app: FastAPI, origin: dict[str, str]
) -> None:
    """A change with a cookie must name this site as its origin; reading needs nothing."""
    headers = cookie_of(log_in(app)) | {"Host": "testserver"} | origin
    answer = call(app, "DELETE", SESSION, headers=headers)
    assert (answer.status, code_of(answer)) == (403, "Z108")
    assert call(app, "GET", SESSION, headers=headers).status == 200


def test_behind_a_proxy_the_public_address_counts(store: Store, web_dir: Path) -> None:
    """Not what the proxy calls us, and only with the right scheme."""
    add_account(store, "erika")
    app = an_app(store, web_dir, public_url="https://dispatch.bochum.test/")
    cookie = cookie_of(log_in(app))
    for origin, status in (
        ("http://dispatch.bochum.test", 403),
        ("http://testserver", 403),
        ("https://dispatch.bochum.test", 200),
    ):
        headers = cookie | {"Host": "testserver", "Origin": origin}
        assert call(app, "DELETE", SESSION, headers=headers).status == status, origin


def test_another_sites_page_cannot_log_somebody_in(app: FastAPI) -> None:
    """Nobody is made to work under the name of somebody else; a program names no origin."""
    answer = log_in(app, Host="testserver", Origin="https://evil.test")
    assert (answer.status, code_of(answer)) == (403, "Z108")
    assert log_in(app, Host="testserver", Origin="http://testserver").status == 201


def test_a_password_somebody_else_made_opens_only_its_change(app: FastAPI, store: Store) -> None:
    """Until the own one is set, plans stay closed."""
    with store.read() as tx:
        found = tx.account_of_login("erika")
    assert found is not None
    fresh = reset_password(found[0].id, parts=login_parts(store), done=BY_ADMIN)
    answer = log_in(app, fresh)
    assert answer.json()["change_password"] is True
    cookie = cookie_of(answer)
    refused = call(app, "GET", "/api/v1/plans", headers=cookie)
    assert (refused.status, code_of(refused)) == (403, "Z109")
    change = {"present": fresh, "new": "ganz neue Wörter hier"}
    done = call(app, "PUT", f"{SESSION}/password", json=change, headers=cookie | HERE)
    assert (done.status, done.body) == (204, b"")
    assert call(app, "GET", "/api/v1/plans", headers=cookie).status == 200


def test_a_disabled_account_is_out_at_once(app: FastAPI, store: Store) -> None:
    """With the next request, not with the next login."""
    cookie = cookie_of(log_in(app))
    with store.read() as tx:
        (account,) = tx.accounts()
    change_account(account.id, AccountChange(active=False), parts=login_parts(store), done=BY_ADMIN)
    assert call(app, "GET", SESSION, headers=cookie).status == 401


def test_a_token_counts_before_a_cookie(app: FastAPI, store: Store) -> None:
    """Who sends a token means it: a wrong one is not made good by a cookie beside it."""
    add_account(store, "root", role=Role.ADMIN)
    cookie = cookie_of(log_in(app))
    for header, code in (("Bearer bd_wrong", "Z102"), ("Basic eDp5", "Z101"), ("Bearer ", "Z101")):
        answer = call(app, "GET", SESSION, headers=cookie | {"Authorization": header})
        assert (answer.status, code_of(answer)) == (401, code)
