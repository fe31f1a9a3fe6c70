"""Sites and signals over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.domain.signal import SignalKind
from tests.helpers.asgi import call
from tests.helpers.plans import a_need, a_signal

if TYPE_CHECKING:
    from fastapi import FastAPI

    from dispatch.store import Store

SIGNALS = "/api/v1/sites/glass-1/signals"


def test_each_kind_of_asset(app: FastAPI) -> None:
    """Every kind of site is told with what stands there."""
    sites = {site["id"]: site for site in call(app, "GET", "/api/v1/sites").json()}
    assert sites["glass-1"]["asset"] == {
        "kind": "glass",
        "containers": [{"id": "glass-1-g", "colour": "green", "volume_l": 2000}],
    }
    assert sites["tree-1"]["asset"]["species"] == "Fraxinus"
    assert sites["rat-1"]["asset"]["bait_items"] == 4
    assert sites["pond-1"]["asset"]["fixed_aerator"] is True
    assert sites["pond-1"]["name"] == "Ümminger See"
    assert sites["pond-1"]["location"] == [7.2162, 51.4818]


def test_list_of_one_kind(app: FastAPI) -> None:
    """The list holds only the kind asked for and is bounded."""
    ponds = call(app, "GET", "/api/v1/sites?kind=pond").json()
    assert [site["id"] for site in ponds] == ["pond-1"]
    assert len(call(app, "GET", "/api/v1/sites?limit=2").json()) == 2
    assert call(app, "GET", "/api/v1/sites?limit=10001").status == 422
    assert call(app, "GET", "/api/v1/sites?kind=castle").status == 422


def test_site_with_its_devices(app: FastAPI) -> None:
    """One site comes with the devices mounted there and since when."""
    answer = call(app, "GET", "/api/v1/sites/glass-1").json()
    assert answer["site"]["id"] == "glass-1"
    assert answer["devices"] == [
        {
            "id": "dev-1",
            "model": "EM310-UDL",
            "part_id": "glass-1-g",
            "mounted_from": "2026-01-01T00:00:00Z",
            "mounted_until": None,
        }
    ]
    assert call(app, "GET", "/api/v1/sites/pond-1").json()["devices"] == []


def test_signals_in_order_with_unit_and_grade(app: FastAPI) -> None:
    """Signals come oldest first, each with unit and grade."""
    signals = call(app, "GET", SIGNALS).json()
    assert [signal["value"] for signal in signals] == [92.0, 93.5]
    assert (signals[0]["unit"], signals[0]["grade"]) == ("%", "good")
    assert signals[0]["observed_at"] == "2026-10-23T20:00:00Z"


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("since=2026-10-23T20:30:00Z", [93.5]),
        ("until=2026-10-23T20:30:00Z", [92.0]),
        ("since=2026-10-23T23:00:00%2B02:00", [93.5]),
        ("since=2026-10-23T21:00:00Z&until=2026-10-23T21:00:00Z", [93.5]),
        ("limit=1", [93.5]),
        ("since=2030-01-01T00:00:00Z", []),
    ],
)
def test_period_and_limit(app: FastAPI, query: str, values: list[float]) -> None:
    """A period includes both its ends, in any time zone; a limit keeps the newest."""
    signals = call(app, "GET", f"{SIGNALS}?{query}").json()
    assert [signal["value"] for signal in signals] == values


@pytest.mark.parametrize("name", ["since", "until"])
def test_naive_time_is_refused(app: FastAPI, name: str) -> None:
    """A time without zone could mean two moments; it is refused with a code and the cure."""
    answer = call(app, "GET", f"{SIGNALS}?{name}=2026-10-25T02:30:00")
    assert answer.status == 422
    (issue,) = answer.json()["issues"]
    assert (issue["code"], issue["subject"]) == ("A103", f"query {name}")
    assert "zone" in issue["action"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("since=yesterday", "A101"),
        ("since=2026-10-25T00:00:00+02:00", "A101"),
        ("since=2026-10-25T00:00:00Z&until=2026-10-24T00:00:00Z", "A302"),
        ("limit=10001", "A101"),
    ],
)
def test_bad_period(app: FastAPI, query: str, code: str) -> None:
    """What is no time, a bare plus sign and a period that ends before it starts are refused."""
    answer = call(app, "GET", f"{SIGNALS}?{query}")
    assert (answer.status, answer.json()["issues"][0]["code"]) == (422, code)


@pytest.mark.parametrize(
    "query",
    ["since=0001-01-01T00:00:00%2B14:00", "until=9999-12-31T23:59:59-14:00"],
)
def test_edge_of_the_calendar(app: FastAPI, query: str) -> None:
    """Moments at the ends of the calendar are moments like others."""
    assert len(call(app, "GET", f"{SIGNALS}?{query}").json()) == 2


def test_watering_need_is_told(app: FastAPI, store: Store) -> None:
    """What the irrigation model asked for comes with its signal."""
    need = a_signal(site_id="tree-1", kind=SignalKind.WATERING_NEED, value=80.0, need=a_need())
    with store.begin() as tx:
        tx.add_signals([need])
    (signal,) = call(app, "GET", "/api/v1/sites/tree-1/signals").json()
    assert signal["unit"] == "l"
    assert signal["need"]["run_id"] == "lauf-ü"
    assert signal["need"]["earliest"] == "2026-10-24"


@pytest.mark.parametrize("path", ["/api/v1/sites/nope", "/api/v1/sites/nope/signals"])
def test_unknown_site(app: FastAPI, path: str) -> None:
    """A site nobody knows is a coded 404, also when only its signals are asked for."""
    answer = call(app, "GET", path)
    assert answer.status == 404
    assert answer.json()["issues"][0]["subject"] == "site nope"
