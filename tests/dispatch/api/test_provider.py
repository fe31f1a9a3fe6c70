"""Through the identity provider and back, as a browser goes; over real HTTP too."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from dispatch.api.app import create_app
from dispatch.api.gate import Doorkeeper
from dispatch.api.sign_in import SignIn
from dispatch.cli.doors import provider_of
from dispatch.domain.errors import InvalidInput
from dispatch.service.identity import IdentityProvider
from dispatch.service.openid import Client
from dispatch.service.provider_login import ProviderLogin, standings_of
from dispatch.settings import load_settings
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import Answer, call
from tests.helpers.doors import early_morning, quick_passwords
from tests.helpers.issuer import CLIENT_ID, CLIENT_SECRET, Issuer, new_key, on_the_loopback

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI
    from joserfc.jwk import RSAKey

    from dispatch.store import Store

HERE = "https://dispatch.bochum.test"
OIDC = "/api/v1/session/oidc"
ROLES = {"usb": "dispatcher:usb"}


@pytest.fixture(scope="module")
def key() -> RSAKey:
    """Return a key, for making one takes long."""
    return new_key()


@pytest.fixture
def issuer(key: RSAKey) -> Issuer:
    """Return the city's provider."""
    return Issuer("https://anmeldung.bochum.test", early_morning, [key])


def an_app(store: Store, web_dir: Path, through: ProviderLogin | None) -> FastAPI:
    """Return the service that lets people in through that provider."""
    way = SignIn(passwords=quick_passwords(), public_url=HERE, through=through)
    return create_app(
        store,
        street_map=STREET_MAP,
        web_dir=web_dir,
        gate=Doorkeeper(store, way, early_morning),
        now=early_morning,
        sign_in=way,
    )


@pytest.fixture
def app(store: Store, web_dir: Path, issuer: Issuer) -> FastAPI:
    """Return the service with the provider."""
    client = Client(
        issuer=issuer.url,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        redirect_uri=f"{HERE}{OIDC}/callback",
    )
    provider = IdentityProvider(client, issuer, early_morning)
    through = ProviderLogin(provider=provider, name="Stadt", standings=standings_of(ROLES))
    return an_app(store, web_dir, through)


def cookies(answer: Answer) -> str:
    """Return the cookie the answer brought."""
    return answer.headers["set-cookie"].partition(";")[0]


def go(app: FastAPI, issuer: Issuer, **headers: str) -> tuple[Answer, Answer]:
    """Return the answers on the way there and on the way back."""
    there = call(app, "GET", OIDC)
    assert there.status == 303
    back = urlsplit(issuer.log_in(there.headers["location"]))
    path = f"{back.path}?{back.query}"
    return there, call(app, "GET", path, headers={"Cookie": cookies(there), **headers})


def session_of(answer: Answer) -> dict[str, str]:
    """Return the header with the session's cookie out of several."""
    found = re.search(r"__Host-dispatch=[^;]+", answer.headers["set-cookie"])
    assert found is not None, answer.headers
    return {"Cookie": found[0], "Host": "dispatch.bochum.test", "Origin": HERE}


def code_of(answer: Answer) -> str:
    """Return the code of the only fault."""
    (issue,) = answer.json()["issues"]
    code: str = issue["code"]
    return code


def test_there_and_back_again(app: FastAPI, issuer: Issuer) -> None:
    """The browser ends on the page, logged in; the way back needs the cookie of the way there."""
    assert call(app, "GET", "/api/v1/session/ways").json()["provider"] == "Stadt"
    there, back = go(app, issuer)
    assert "SameSite=lax" in there.headers["set-cookie"]
    assert (back.status, back.headers["location"]) == (303, "/")
    who = call(app, "GET", "/api/v1/session", headers=session_of(back)).json()
    assert (who["name"], who["role"], who["organisation"]) == (
        "Erika Muster",
        "dispatcher",
        "usb",
    )


def test_logging_out_leads_to_the_provider(app: FastAPI, issuer: Issuer) -> None:
    """Who only leaves us would be let in again without a word."""
    _, back = go(app, issuer)
    told = call(app, "DELETE", "/api/v1/session", headers=session_of(back)).json()
    asked = parse_qs(urlsplit(told["continue_at"]).query)
    assert told["continue_at"].startswith(f"{issuer.url}/logout?")
    assert asked["post_logout_redirect_uri"] == [HERE]


def test_a_link_with_somebody_elses_code_logs_nobody_in(app: FastAPI, issuer: Issuer) -> None:
    """Without the cookie of a login that was begun here."""
    _, answer = go(app, issuer, Cookie="x=y")
    assert (answer.status, code_of(answer)) == (401, "Z403")


def test_a_browser_is_led_back_to_the_page_with_the_code(app: FastAPI, issuer: Issuer) -> None:
    """People read the page's words, programs get the error itself."""
    issuer.person["groups"] = ["guests"]
    _, answer = go(app, issuer)
    assert (answer.status, code_of(answer)) == (403, "Z408")
    _, answer = go(app, issuer, Accept="text/html,*/*")
    assert (answer.status, answer.headers["location"]) == (303, "/?login=Z408")


def test_a_provider_that_is_away_is_told(app: FastAPI, issuer: Issuer) -> None:
    """503, and the page for a browser."""
    issuer.fails = None
    answer = call(app, "GET", OIDC)
    assert (answer.status, code_of(answer)) == (503, "Z402")
    answer = call(app, "GET", OIDC, headers={"Accept": "text/html"})
    assert answer.headers["location"] == "/?login=Z402"


def test_without_a_provider_there_is_none(store: Store, web_dir: Path) -> None:
    """404 with its code, and the page is told so."""
    app = an_app(store, web_dir, None)
    for path in (OIDC, f"{OIDC}/callback?code=x&state=y"):
        answer = call(app, "GET", path)
        assert (answer.status, code_of(answer)) == (404, "Z401")
    assert call(app, "GET", "/api/v1/session/ways").json()["provider"] is None


def test_half_a_provider_is_refused_at_start() -> None:
    """Everything that is missing is named together."""
    with pytest.raises(InvalidInput) as told:
        load_settings(oidc_issuer="https://issuer.test")
    assert [issue.code for issue in told.value.issues] == ["C105"] * 3
    for name in ("CLIENT_ID", "ROLES"):
        assert f"DISPATCH_OIDC_{name}" in str(told.value)
    assert provider_of(load_settings()) is None


@pytest.mark.services
def test_over_real_http(store: Store, web_dir: Path) -> None:
    """The settings, the client for HTTP and an issuer of flesh and bone on the loopback."""
    with on_the_loopback(early_morning) as issuer:
        through = provider_of(
            load_settings(
                oidc_issuer=issuer.url,
                oidc_client_id=CLIENT_ID,
                oidc_client_secret=CLIENT_SECRET,
                oidc_roles=ROLES,
                public_url=HERE,
            )
        )
        assert through is not None
        app = an_app(store, web_dir, fresh(through))
        _, back = go(app, issuer)
        assert call(app, "GET", "/api/v1/session", headers=session_of(back)).status == 200
        issuer.fails = 503
        assert call(app, "GET", "/api/v1/session", headers=session_of(back)).status == 200
    answer = call(an_app(store, web_dir, fresh(through)), "GET", OIDC)
    assert (answer.status, code_of(answer)) == (503, "Z402")


def fresh(through: ProviderLogin) -> ProviderLogin:
    """Return the same provider, of which nothing is known yet."""
    provider = IdentityProvider(through.provider.client, through.provider.fetch, early_morning)
    return replace(through, provider=provider)
