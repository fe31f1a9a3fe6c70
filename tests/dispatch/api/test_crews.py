"""Crews over HTTP, and the one document a tablet needs."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from dispatch.api.app import create_app
from dispatch.domain.job import JobStatus
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import call
from tests.helpers.databases import fresh_store
from tests.helpers.doors import ADMIN_GATE
from tests.helpers.plans import DAY, a_plan, a_site, a_stored_job, at
from tests.helpers.tablets import HandClock, end_of_shift, fill_long_shift, send, told_of_shift

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

ROUTE = f"/api/v1/crews/glas/route?day={DAY.isoformat()}"


def test_crews_with_their_shifts(app: FastAPI) -> None:
    """All crews come with skills and regular shifts, but without what they cost."""
    crews = {crew["id"]: crew for crew in call(app, "GET", "/api/v1/crews").json()}
    assert crews["grün"]["skills"] == ["watering"]
    assert crews["glas"]["shifts"] == [
        {
            "vehicle_id": "lkw-1",
            "depot_id": "hof",
            "starts": "06:00:00",
            "ends": "14:30:00",
            "overtime_from": None,
            "weekdays": [0, 1, 2, 3, 4, 5],
        }
    ]
    assert "hour_ct" not in crews["glas"]


def test_route_is_one_document(app: FastAPI) -> None:
    """A crew's route names plan and revision and carries the jobs with reasons in its stops."""
    route = call(app, "GET", ROUTE).json()
    assert (route["plan_id"], route["revision"], route["day"]) == ("plan-1", 1, DAY.isoformat())
    assert route["starts_at"] == "2026-10-24T04:00:00Z"
    assert route["ends_at"] == "2026-10-24T04:40:00Z"
    assert route["streets"]["stand_in"] is True
    assert [stop["kind"] for stop in route["stops"]] == ["start", "job", "end"]
    assert [stop["ref"] for stop in route["stops"]] == ["start", "job-1", "end"]
    assert "job" not in route["stops"][0]
    assert "state" not in route["stops"][1]
    job = route["stops"][1]["job"]
    assert (job["site_id"], job["loads"]) == ("glass-1", {"green_glass_l": 1500})
    assert job["reason"] == "Füllstand 92 %, läuft morgen über"
    assert "leave_price_ct" not in job
    english = call(app, "GET", f"{ROUTE}&lang=en").json()
    assert english["stops"][1]["job"]["reason"] == "92 % full, overflows tomorrow"


def test_crew_with_an_umlaut_in_its_id(app: FastAPI) -> None:
    """An id with an umlaut is found by its escaped path."""
    path = f"/api/v1/crews/{quote('grün')}/route?day={DAY.isoformat()}"
    assert call(app, "GET", path).json()["crew_id"] == "grün"


def test_unchanged_route_is_not_sent_again(app: FastAPI) -> None:
    """A tablet that has the document gets 304 without a body, however it names the tag."""
    first = call(app, "GET", ROUTE)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    for named in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = call(app, "GET", ROUTE, headers={"If-None-Match": named})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert call(app, "GET", ROUTE, headers={"If-None-Match": '"other"'}).status == 200


def test_new_revision_changes_the_tag(app: FastAPI, store: Store) -> None:
    """A new revision in force is sent, with another tag."""
    tag = call(app, "GET", ROUTE).headers["etag"]
    with store.begin() as tx:
        tx.add_plan(a_plan("plan-2", revision=2))
        tx.set_current(a_plan("plan-2"))
    answer = call(app, "GET", ROUTE, headers={"If-None-Match": tag})
    assert (answer.status, answer.json()["revision"]) == (200, 2)


def test_changed_job_changes_the_tag(app: FastAPI, store: Store) -> None:
    """A job done meanwhile is sent although the plan is the same: equal tags mean equal bytes."""
    tag = call(app, "GET", ROUTE).headers["etag"]
    with store.begin() as tx:
        tx.save_jobs([replace(a_stored_job(), status=JobStatus.DONE, updated_at=at(40))])
    answer = call(app, "GET", ROUTE, headers={"If-None-Match": tag})
    assert answer.status == 200
    assert answer.json()["stops"][1]["job"]["status"] == "done"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/api/v1/crews/nope/route?day={DAY.isoformat()}", 404),
        ("/api/v1/crews/glas/route?day=2026-10-25", 404),
        ("/api/v1/crews/glas/route?day=24.10.2026", 422),
        ("/api/v1/crews/glas/route", 422),
    ],
)
def test_no_route(app: FastAPI, path: str, status: int) -> None:
    """A crew or day without route is 404; a day that is none or is missing is 422."""
    answer = call(app, "GET", path)
    assert (answer.status, answer.json()["status"]) == (status, status)


def test_missing_day_has_its_own_code(app: FastAPI) -> None:
    """A parameter left out is told apart from one that is wrong."""
    issue = call(app, "GET", "/api/v1/crews/glas/route").json()["issues"][0]
    assert (issue["code"], issue["subject"]) == ("A102", "query day")


def test_sixty_stops_are_under_fifty_kilobytes(web_dir: Path) -> None:
    """A whole shift with real words fits through bad radio, told of or not, and packed is tiny."""
    store = fresh_store()
    fill_long_shift(store, 60)
    clock = HandClock(end_of_shift())
    app = create_app(store, street_map=STREET_MAP, web_dir=web_dir, gate=ADMIN_GATE, now=clock)
    fresh = call(app, "GET", ROUTE)
    assert len(fresh.json()["stops"]) == 64
    assert fresh.json()["stops"][1]["job"]["access"].startswith("Tor 3")
    send(app, [told.body for told in told_of_shift(60)], sent_at=clock.moment)
    told = call(app, "GET", ROUTE)
    packed = call(app, "GET", ROUTE, headers={"Accept-Encoding": "gzip"})
    assert len(fresh.body) < len(told.body) < 50_000
    assert len(packed.body) < 8_000
    assert gzip.decompress(packed.body) == told.body
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["etag"] != told.headers["etag"]
    store.close()


def test_lines_are_a_document_of_their_own(app: FastAPI, store: Store) -> None:
    """They have their own tag, which a report or a changed job leaves as it is."""
    lines = f"/api/v1/crews/glas/geometry?day={DAY.isoformat()}"
    first = call(app, "GET", lines)
    shapes = [feature["geometry"]["type"] for feature in first.json()["features"]]
    assert shapes == ["LineString"] + ["Point"] * 3
    with store.begin() as tx:
        tx.save_jobs([replace(a_stored_job(), status=JobStatus.DONE, updated_at=at(40))])
    again = call(app, "GET", lines, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_a_changed_hint_changes_the_tag(app: FastAPI, store: Store) -> None:
    """How to get to a site is in the document: whoever changes it changes the tag."""
    tag = call(app, "GET", ROUTE).headers["etag"]
    with store.begin() as tx:
        tx.save_sites([a_site(access="Schlüssel beim Pförtner")])
    answer = call(app, "GET", ROUTE, headers={"If-None-Match": tag})
    assert answer.json()["stops"][1]["job"]["access"] == "Schlüssel beim Pförtner"
