"""Tokens over HTTP: told once, used as bearer, revoked; and accounts beside them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.api.app import create_app
from dispatch.api.gate import Doorkeeper
from dispatch.api.sign_in import SignIn
from dispatch.domain.access import Role
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import Answer, call
from tests.helpers.doors import NOW, add_account, early_morning, quick_passwords

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

TOKENS, ACCOUNTS = "/api/v1/tokens", "/api/v1/accounts"
GATEWAY = {"name": "glass-gateway", "role": "source", "formats": ["ttn"]}


@pytest.fixture
def real(store: Store, web_dir: Path) -> FastAPI:
    """Return the service whose gate looks into the database."""
    way = SignIn(passwords=quick_passwords())
    gate = Doorkeeper(store, way, early_morning)
    return create_app(
        store, street_map=STREET_MAP, web_dir=web_dir, gate=gate, now=early_morning, sign_in=way
    )


def made(app: FastAPI, path: str, **wish: Any) -> dict[str, Any]:
    """Return what an administrator is told of the new one."""
    answer = call(app, "POST", path, json=wish)
    assert answer.status == 201, answer.body
    assert answer.headers["cache-control"] == "no-store"
    told: dict[str, Any] = answer.json()
    return told


def shown(app: FastAPI, secret: str, path: str = "/api/v1/session") -> Answer:
    """Return what the bearer of the secret is answered."""
    return call(app, "GET", path, headers={"Authorization": f"Bearer {secret}"})


def test_a_token_is_told_once_and_opens_the_door(app: FastAPI, real: FastAPI) -> None:
    """The list shows everything but the secret, and when it was last used."""
    told = made(app, TOKENS, **GATEWAY)
    assert told["secret"].startswith("bd_")
    assert shown(real, told["secret"]).json()["role"] == "source"
    listed = call(app, "GET", TOKENS)
    assert told["secret"] not in listed.body.decode()
    (entry,) = listed.json()
    assert entry["used_at"] == "2026-07-15T04:30:00Z"
    assert entry["expires_at"] == "2027-07-15T04:30:00Z"
    assert entry["created_by"] == "local"


def test_a_role_keeps_a_token_from_the_rest(app: FastAPI, real: FastAPI) -> None:
    """A source reads no plans."""
    secret = made(app, TOKENS, **GATEWAY)["secret"]
    assert shown(real, secret, "/api/v1/plans").status == 403


def test_a_revoked_token_opens_nothing(app: FastAPI, real: FastAPI) -> None:
    """Twice is once, and the list says when."""
    told = made(app, TOKENS, **GATEWAY)
    for _ in range(2):
        answer = call(app, "DELETE", f"{TOKENS}/{told['id']}")
        assert answer.json()["revoked_at"] == "2026-07-15T04:30:00Z"
    assert shown(real, told["secret"]).status == 401
    assert call(app, "DELETE", f"{TOKENS}/0").status == 404


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ({"role": "crew"}, 422),
        ({"expires_at": (NOW - timedelta(days=1)).isoformat()}, 422),
        ({"expires_at": 1}, 422),
        ({"formats": []}, 422),
        ({"colour": "red"}, 422),
        ({"name": "a\nb"}, 422),
    ],
)
def test_what_no_token_can_be(app: FastAPI, part: dict[str, Any], status: int) -> None:
    """Each is refused with its code and leaves nothing behind."""
    assert call(app, "POST", TOKENS, json=GATEWAY | part).status == status
    assert call(app, "GET", TOKENS).json() == []


def test_an_account_is_made_and_logs_in(app: FastAPI, real: FastAPI) -> None:
    """Its first password is told this once and works."""
    told = made(
        app, ACCOUNTS, login="Erika", name="Erika Muster", role="dispatcher", organisation="usb"
    )
    assert (told["login"], told["change_password"]) == ("erika", True)
    login = {"login": "erika", "password": told["password"]}
    assert call(real, "POST", "/api/v1/session", json=login).status == 201
    (listed,) = call(app, "GET", ACCOUNTS).json()
    assert "password" not in listed


def test_a_password_that_was_given_is_not_told(app: FastAPI) -> None:
    """Who chose it knows it."""
    wish = {"login": "root", "name": "Root", "role": "admin", "password": "eins zwei drei vier"}
    assert made(app, ACCOUNTS, **wish)["password"] is None


def test_an_account_is_changed(app: FastAPI, store: Store) -> None:
    """What is left out stays; a null organisation takes it away; a reset tells a password."""
    account = add_account(store, "erika")
    path = f"{ACCOUNTS}/{account.id}"
    changed = call(app, "PATCH", path, json={"role": "reader", "organisation": None}).json()
    assert (changed["role"], changed["organisation"], changed["name"]) == ("reader", None, "Erika")
    reset = call(app, "PATCH", path, json={"reset_password": True}).json()
    assert reset["password"]
    assert reset["change_password"]


def test_the_last_administrator_cannot_be_disabled(app: FastAPI, store: Store) -> None:
    """409 and Z205."""
    account = add_account(store, "root", role=Role.ADMIN)
    answer = call(app, "PATCH", f"{ACCOUNTS}/{account.id}", json={"active": False})
    assert (answer.status, answer.json()["issues"][0]["code"]) == (409, "Z205")


def test_a_token_has_no_password_and_no_session(app: FastAPI, real: FastAPI) -> None:
    """Logging out with a token says what to do instead."""
    secret = made(app, TOKENS, name="report", role="reader")["secret"]
    answer = call(real, "DELETE", "/api/v1/session", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status, answer.json()["issues"][0]["code"]) == (409, "Z110")
