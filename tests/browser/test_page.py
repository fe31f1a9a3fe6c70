"""The page in a real browser: what a dispatcher sees, and what happens when the service is away."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dispatch.api.app import create_app
from dispatch.cli.demo import WEB_DIR, street_map_of
from dispatch.cli.views import left_of
from dispatch.planning.solution import Budget
from dispatch.service.workers import InProcess
from graphs.street_matrix import StreetMatrix
from scenarios.day import DayRun, DaySettings, Tools, run_day
from scenarios.progress import Silent
from scenarios.streets import stand_in
from scenarios.world import WorldSettings
from tests.helpers.databases import fresh_store
from tests.helpers.doors import ADMIN_GATE, early_morning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.domain.plan import Route
    from dispatch.store import Store

pytestmark = pytest.mark.browser

DAY = date(2026, 7, 15)
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True)
class Served:
    """A planned day that is being served."""

    url: str
    run: DayRun


@contextmanager
def serving(store: Store, *, port: int) -> Iterator[str]:
    """Serve the page and the API on a port of the loopback until the end of the block."""
    app = create_app(
        store,
        street_map=street_map_of(stand_in(400)),
        web_dir=WEB_DIR,
        gate=ADMIN_GATE,
        now=early_morning,
    )
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """Serve a small planned day."""
    store = fresh_store()
    network = stand_in(400)
    tools = Tools(
        network=network,
        streets=StreetMatrix(network),
        store=store,
        solver=InProcess(),
        reporter=Silent(),
    )
    world = WorldSettings(
        today=DAY, glass_sites=12, tree_sites=10, soil_sensors=2, rat_stations=10, ponds=4
    )
    wanted = DaySettings(
        world=world, day=DAY, signal_days=10, budget=Budget(time_limit_s=2, solution_limit=20)
    )
    run = run_day(wanted, tools)
    with serving(store, port=8791) as url:
        yield Served(url, run)
    store.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium; its path is told by .ci/run."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["DISPATCH_BROWSER"], args=list(CHROMIUM_ARGS)
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty page and fail on any error it writes to its console."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    fresh = context.new_page()
    faults: list[str] = []
    fresh.on("pageerror", lambda error: faults.append(str(error)))
    fresh.on("console", lambda note: faults.append(note.text) if note.type == "error" else None)
    yield fresh
    context.close()
    assert faults == []


def routes_of(run: DayRun) -> list[Route]:
    """Return the routes of all organisations, in the order of the page."""
    plans = sorted(run.plans, key=lambda plan: plan.organisation)
    return [route for plan in plans for route in plan.routes]


def test_the_day_is_shown_in_german_first(page: Page, served: Served) -> None:
    """Title, routes, reasons and bill are there, and the stand-in network is called one."""
    page.goto(served.url)
    expect(page.locator("#routes details")).to_have_count(len(routes_of(served.run)))
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("#notice")).to_contain_text("Ersatznetz")
    expect(page.locator("#bill")).to_contain_text("Summe")


def test_a_route_opens_with_its_stops_and_their_reasons(page: Page, served: Served) -> None:
    """Each job on the route stands there with the reason in words; one route is open at a time."""
    page.goto(served.url)
    first, second = (page.locator("#routes details").nth(i) for i in (0, 1))
    first.locator("summary").click()
    jobs = routes_of(served.run)[0].job_ids
    expect(first.locator("tr[data-job]")).to_have_count(len(jobs))
    known = {job.id: job for job in served.run.jobs.created}
    expect(first).to_contain_text(known[jobs[0]].reason.de)
    second.locator("summary").click()
    expect(first).not_to_have_attribute("open", "")


def test_a_left_job_says_what_it_would_take(page: Page, served: Served) -> None:
    """Under its reason stands, folded, what would get the job in."""
    page.goto(served.url)
    left = [one for one in left_of(served.run.plans) if one.remedies]
    expect(page.locator("#unassigned details")).to_have_count(len(left))
    if left:
        first = page.locator("#unassigned details").first
        first.locator("summary").click()
        expect(first.locator("li").first).to_contain_text("möglich mit: ")


def test_english_is_one_click_away_and_remembered(page: Page, served: Served) -> None:
    """The choice outlives a reload."""
    page.goto(served.url)
    page.get_by_role("button", name="English").click()
    expect(page.locator("#routes-title")).to_have_text("Routes")
    page.reload()
    expect(page.locator("#routes-title")).to_have_text("Routes")


def test_the_map_is_drawn_and_names_the_stop_under_the_pointer(page: Page, served: Served) -> None:
    """The canvas is not empty, and hovering the depot says what it is."""
    page.goto(served.url)
    page.locator("#routes details").first.wait_for()
    page.evaluate("() => new Promise(requestAnimationFrame)")
    coloured = page.evaluate(
        """() => {
          const map = document.getElementById("map");
          const data = map.getContext("2d").getImageData(0, 0, map.width, map.height).data;
          let painted = 0;
          for (let i = 3; i < data.length; i += 4) painted += data[i] > 0;
          return painted;
        }"""
    )
    assert coloured > 5_000
    box = page.locator("#map").bounding_box()
    assert box is not None
    for x in range(20, int(box["width"]), 8):
        for y in range(20, int(box["height"]), 24):
            page.mouse.move(box["x"] + x, box["y"] + y)
            if page.locator("#hover").is_visible():
                expect(page.locator("#hover")).to_contain_text(":")
                return
    pytest.fail("no stop was found under the pointer")


def test_a_phone_shows_map_and_plan_below_each_other(page: Page, served: Served) -> None:
    """Nothing is wider than the screen."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(served.url)
    page.locator("#routes details").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_empty_day_says_so(page: Page, served: Served) -> None:
    """A day without plan is no error."""
    page.goto(f"{served.url}?day=2026-12-24")
    expect(page.locator("#summary")).to_contain_text("noch keinen veröffentlichten Plan")


def test_when_the_service_is_away_the_page_says_so_and_recovers(
    browser: Browser, served: Served
) -> None:
    """A dispatcher reads what is wrong and sees the plan as soon as the service is back."""
    page = browser.new_page()
    page.route("**/api/v1/info", lambda route: route.fulfill(status=500, body="{}"))
    page.goto(served.url)
    expect(page.locator("#notice")).to_contain_text("Der Dienst antwortet nicht")
    page.unroute("**/api/v1/info")
    expect(page.locator("#routes details").first).to_be_visible(timeout=10_000)
    page.close()
