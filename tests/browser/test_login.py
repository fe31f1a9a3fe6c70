"""Logging in with a real browser: the form, a first password, and the way out."""

from __future__ import annotations

import os
import re
import threading
from typing import TYPE_CHECKING

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dispatch.api.app import create_app
from dispatch.api.gate import Doorkeeper
from dispatch.api.sign_in import SignIn
from dispatch.cli.demo import WEB_DIR, street_map_of
from dispatch.service.accounts import reset_password
from scenarios.streets import stand_in
from tests.helpers.databases import fresh_store
from tests.helpers.doors import (
    BY_ADMIN,
    GOOD_PASSWORD,
    add_account,
    early_morning,
    login_parts,
    quick_passwords,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.store import Store

pytestmark = pytest.mark.browser

PORT = 8793


@pytest.fixture
def store() -> Iterator[Store]:
    """Return a database in which Erika has an account."""
    store = fresh_store()
    add_account(store, "erika")
    yield store
    store.close()


@pytest.fixture
def url(store: Store) -> Iterator[str]:
    """Serve the page and the API behind their real door."""
    sign_in = SignIn(passwords=quick_passwords(), secure=False)
    app = create_app(
        store,
        street_map=street_map_of(stand_in(400)),
        web_dir=WEB_DIR,
        gate=Doorkeeper(store, sign_in, early_morning),
        now=early_morning,
        sign_in=sign_in,
    )
    server = uvicorn.Server(uvicorn.Config(app, port=PORT, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{PORT}/"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium; its path is told by .ci/run."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["DISPATCH_BROWSER"],
            args=["--no-sandbox", "--disable-gpu", "--no-first-run"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """Open the page as somebody who is not logged in."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    fresh = context.new_page()
    fresh.goto(url)
    yield fresh
    context.close()


def fill(page: Page, password: str) -> None:
    """Type Erika's name and that password, and send them."""
    page.get_by_label("Anmeldename").fill("erika")
    page.get_by_label("Passwort", exact=True).fill(password)
    page.get_by_role("button", name="Anmelden").click()


def test_the_page_asks_who_is_there(page: Page) -> None:
    """A wrong password is told in German, the right one shows the plan, a reload keeps it."""
    expect(page.locator("main")).to_be_hidden()
    fill(page, "falsches Passwort")
    expect(page.get_by_role("alert")).to_have_text("Anmeldename oder Passwort stimmt nicht.")
    fill(page, GOOD_PASSWORD)
    expect(page.locator("#summary")).to_contain_text("noch keinen veröffentlichten Plan")
    expect(page.locator("#who")).to_have_text("Erika")
    page.reload()
    expect(page.locator("main")).to_be_visible()
    expect(page.locator("#login")).to_be_hidden()


def test_logging_out_closes_the_page(page: Page) -> None:
    """Afterwards the form is back and the cookie opens nothing."""
    fill(page, GOOD_PASSWORD)
    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("button", name="Anmelden")).to_be_visible()
    assert page.evaluate("fetch('/api/v1/plans').then((answer) => answer.status)") == 401


def test_a_first_password_is_changed_before_anything_else(page: Page, store: Store) -> None:
    """One an administrator made leads to the own one, and a bad one is told."""
    with store.read() as tx:
        (account,) = tx.accounts()
    fill(page, reset_password(account.id, parts=login_parts(store), done=BY_ADMIN))
    page.get_by_label("Neues Passwort").fill("aaaaaaaaaaaaaaa")
    page.get_by_role("button", name="Passwort setzen").click()
    expect(page.get_by_role("alert")).to_contain_text("zu leicht zu erraten")
    page.get_by_label("Neues Passwort").fill("ganz neue Wörter hier")
    page.get_by_role("button", name="Passwort setzen").click()
    expect(page.locator("main")).to_be_visible()


def test_a_session_that_is_over_asks_again(page: Page, store: Store) -> None:
    """The form comes over the page, and after it goes on where it was."""
    fill(page, GOOD_PASSWORD)
    expect(page.locator("main")).to_be_visible()
    with store.begin() as tx:
        (account,) = tx.accounts()
        tx.end_sessions(account.id)
    page.evaluate("document.getElementById('day').dispatchEvent(new Event('change'))")
    expect(page.locator("#login")).to_be_visible()
    fill(page, GOOD_PASSWORD)
    expect(page.locator("main")).to_be_visible()


def test_the_form_speaks_english_too(page: Page) -> None:
    """On a phone, without anything wider than the screen."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Login name")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert re.search("Log in", page.locator("#login").inner_text())
