"""Reports over HTTP: each gets its verdict, whatever the others are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.api.app import create_app
from dispatch.api.guard import EverybodyIs
from dispatch.domain.access import Actor, Role
from dispatch.domain.ids import CrewId
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import Answer, call
from tests.helpers.doors import an_actor
from tests.helpers.plans import DAY, at
from tests.helpers.reports import uuid
from tests.helpers.tablets import HandClock, send

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

TABLET = an_actor(Role.CREW, crew_id=CrewId("glas"))
LIST = f"/api/v1/reports?day={DAY.isoformat()}"


@pytest.fixture
def app_of(store: Store, web_dir: Path) -> Callable[[Actor], FastAPI]:
    """Return what makes the service as an actor finds it, in the afternoon of the planned day."""

    def made(actor: Actor) -> FastAPI:
        gate, now = EverybodyIs(actor), HandClock(at(600))
        return create_app(store, street_map=STREET_MAP, web_dir=web_dir, gate=gate, now=now)

    return made


@pytest.fixture
def tablet(app_of: Callable[[Actor], FastAPI]) -> FastAPI:
    """Return the service as a device of the crew finds it."""
    return app_of(TABLET)


def a_body(number: int = 1, **parts: Any) -> dict[str, Any]:
    """Return the JSON of a report that job-1 is done."""
    defaults = {
        "id": uuid(number),
        "kind": "done",
        "day": DAY.isoformat(),
        "happened_at": at(60).isoformat(),
        "job_id": "job-1",
    }
    return defaults | parts


def verdicts(answer: Answer) -> list[tuple[str, str | None]]:
    """Return each verdict with the code of its issue."""
    assert answer.status == 200, answer.body
    return [
        (v["answer"], v["issue"]["code"] if "issue" in v else None)
        for v in answer.json()["verdicts"]
    ]


def test_a_tablet_reports(tablet: FastAPI) -> None:
    """It need not say whose it is, and is told which revision is in force."""
    answer = send(
        tablet, [a_body(), a_body(2, kind="note", note="Scherben")], sent_at=at(600), crew=None
    )
    assert verdicts(answer) == [("accepted", None)] * 2
    assert answer.json()["current"] == [
        {"crew_id": "glas", "day": DAY.isoformat(), "plan_id": "plan-1", "revision": 1}
    ]


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        "report",
        7,
        {},
        a_body(2, id="no-uuid"),
        a_body(2, kind="eaten"),
        a_body(2, happened_at="2026-10-24T10:00:00"),
        a_body(2, happened_at=1793000000),
        a_body(2, surprise=1),
        a_body(2, halt="start"),
        a_body(2, kind="undo"),
        a_body(2, loads={"beer_l": 1}),
        a_body(2, loads={"green_glass_l": -1}),
        a_body(2, note="\x00"),
        a_body(2, note="x" * 2001),
        a_body(2, crew_id="\ud800"),
        a_body(2, crew_id={"a": 1}),
    ],
)
def test_what_cannot_be_read_is_refused_alone(tablet: FastAPI, broken: Any) -> None:
    """The report beside it is taken; the broken one is kept for whoever mends the app."""
    raw = json.dumps({"sent_at": at(600).isoformat(), "reports": [broken, a_body()]}).encode()
    headers = {"content-type": "application/json"}
    answer = call(tablet, "POST", "/api/v1/reports", headers=headers, body=raw)
    (refused, code), taken = verdicts(answer)
    assert (refused, taken) == ("refused", ("accepted", None))
    assert code in ("A101", "A102", "A103", "S702")


def test_a_report_of_another_crew_is_refused(tablet: FastAPI) -> None:
    """A device reports for its own crew only, whatever it writes."""
    answer = send(tablet, [a_body()], sent_at=at(600), crew="grün")
    assert verdicts(answer) == [("refused", "Z302")]


def test_a_batch_has_a_size(tablet: FastAPI) -> None:
    """501 reports at once are too many, and a batch without its time of sending is none."""
    assert send(tablet, [a_body()] * 501, sent_at=at(600)).status == 422
    headers = {"content-type": "application/json"}
    answer = call(tablet, "POST", "/api/v1/reports", headers=headers, body=b'{"reports": []}')
    assert (answer.status, answer.json()["issues"][0]["code"]) == (422, "A102")


def test_the_office_reads_what_was_told(app_of: Callable[[Actor], FastAPI]) -> None:
    """Each organisation the reports of its own crews, and what was refused."""
    send(
        app_of(TABLET),
        [a_body(loads={"green_glass_l": 5}), a_body(2, halt="lunch", job_id=None)],
        sent_at=at(600),
    )
    usb, parks = an_actor(Role.DISPATCHER), an_actor(Role.DISPATCHER, organisation="parks")
    (report,) = call(app_of(usb), "GET", LIST).json()
    assert (report["job_id"], report["loads"], report["doubts"]) == (
        "job-1",
        {"green_glass_l": 5},
        [],
    )
    (refused,) = call(app_of(usb), "GET", "/api/v1/reports/refused").json()
    assert refused["issue"]["code"] == "S703"
    assert json.loads(refused["body"])["halt"] == "lunch"
    assert call(app_of(parks), "GET", LIST).json() == []
    assert call(app_of(parks), "GET", "/api/v1/reports/refused").json() == []
    assert call(app_of(usb), "GET", f"{LIST}&crew_id=nope").json() == []
    assert call(app_of(usb), "GET", f"{LIST}&kind=not_possible").json() == []
    job = call(app_of(usb), "GET", "/api/v1/jobs/job-1").json()
    assert (job["done_at"], job["attempts"][0]["crew_id"]) == ("2026-10-24T05:00:00Z", "glas")


def test_the_catalogue_of_reasons(tablet: FastAPI) -> None:
    """Reasons come in two languages, with a version that the shift's document names."""
    catalogue = call(tablet, "GET", "/api/v1/reports/reasons").json()
    words = {reason["code"]: reason["text"]["de"] for reason in catalogue["reasons"]}
    assert words["blocked_by_car"] == "Zugeparkt"
    route = call(tablet, "GET", f"/api/v1/crews/glas/route?day={DAY.isoformat()}").json()
    assert route["reasons_version"] == catalogue["version"]


def test_the_other_tablet_sees_what_was_told(tablet: FastAPI) -> None:
    """After a report the document has another tag and the stop its state."""
    path = f"/api/v1/crews/glas/route?day={DAY.isoformat()}"
    tag = call(tablet, "GET", path).headers["etag"]
    send(tablet, [a_body(1, kind="arrive")], sent_at=at(600))
    answer = call(tablet, "GET", path, headers={"If-None-Match": tag})
    assert answer.status == 200
    assert answer.json()["stops"][1]["state"] == {"status": "arrived", "at": "2026-10-24T05:00:00Z"}


def test_progress(app_of: Callable[[Actor], FastAPI]) -> None:
    """The office sees how late a crew is, when it will be where, and what to ask about."""
    reports = [
        a_body(1, kind="start", halt="start", job_id=None, happened_at=at(3).isoformat()),
        a_body(2, happened_at=at(45).isoformat()),
        a_body(3, kind="not_possible", reason="broken", happened_at=at(50).isoformat()),
    ]
    send(app_of(TABLET), reports, sent_at=at(600))
    path = f"/api/v1/crews/glas/progress?day={DAY.isoformat()}"
    progress = call(app_of(an_actor(Role.READER)), "GET", path).json()
    # The job should have been over in minute 25.
    assert progress["late_s"] == 20 * 60
    assert progress["counts"]["done"] == 1
    assert progress["contradictions"] == [uuid(3)]
    assert [stop["state"]["status"] for stop in progress["stops"]] == [
        "under_way",
        "done",
        "planned",
    ]
    assert progress["stops"][2]["expected_at"] == "2026-10-24T14:00:00Z"


@pytest.mark.parametrize("name", ["route", "geometry", "progress"])
def test_a_crew_reaches_only_its_own(app_of: Callable[[Actor], FastAPI], name: str) -> None:
    """Another crew's shift is none of its business, nor a dispatcher's of others."""
    path = f"/api/v1/crews/gr%C3%BCn/{name}?day={DAY.isoformat()}"
    answer = call(app_of(TABLET), "GET", path)
    assert (answer.status, answer.json()["issues"][0]["code"]) == (403, "Z303")
    if name != "progress":
        answer = call(app_of(an_actor(Role.DISPATCHER)), "GET", path)
        assert (answer.status, answer.json()["issues"][0]["code"]) == (403, "Z302")
