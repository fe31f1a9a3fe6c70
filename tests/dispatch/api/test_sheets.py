"""A route to take along, for those whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

from dispatch.api.app import create_app
from dispatch.api.guard import EverybodyIs
from dispatch.domain.access import Actor, Role
from dispatch.domain.ids import CrewId
from dispatch.domain.job import Organisation
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import call
from tests.helpers.doors import an_actor, early_morning
from tests.helpers.plans import DAY, a_plan

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

SHEET = f"/api/v1/plans/plan-1/routes/glas@{DAY}/sheet"
CALENDAR = "/api/v1/crews/glas/calendar.ics"

TYPES = {
    "pdf": ("application/pdf", b"%PDF-"),
    "gpx": ("application/gpx+xml", b"<?xml"),
    "geojson": ("application/geo+json", b'{"type":"FeatureCollection"'),
    "ics": ("text/calendar; charset=utf-8", b"BEGIN:VCALENDAR\r\n"),
}


def app_for(actor: Actor, store: Store, web_dir: Path) -> FastAPI:
    """Return the service as that actor finds it."""
    return create_app(
        store,
        street_map=STREET_MAP,
        web_dir=web_dir,
        gate=EverybodyIs(actor),
        now=early_morning,
    )


@pytest.mark.parametrize("form", list(TYPES))
def test_each_form_has_its_type_its_name_and_a_tag(app: FastAPI, form: str) -> None:
    """Who has the copy is told so instead of sent it again, until something changes."""
    answer = call(app, "GET", f"{SHEET}.{form}")
    media_type, start = TYPES[form]
    assert (answer.status, answer.headers["content-type"]) == (200, media_type)
    assert answer.body.startswith(start)
    assert f"Kolonne-Gr%C3%B6%C3%9F-2026-10-24.{form}" in answer.headers["content-disposition"]
    known = {"if-none-match": answer.headers["etag"]}
    assert call(app, "GET", f"{SHEET}.{form}", headers=known).status == 304
    assert call(app, "GET", f"{SHEET}.{form}?language=en", headers=known).status == 200


def test_a_sheet_that_is_replaced_is_another_one(app: FastAPI, store: Store) -> None:
    """The old revision then says that it is not in force."""
    old = call(app, "GET", f"{SHEET}.pdf")
    newer = a_plan("plan-2", revision=2)
    with store.begin() as tx:
        tx.add_plan(newer)
        tx.set_current(newer)
    again = call(app, "GET", f"{SHEET}.pdf", headers={"if-none-match": old.headers["etag"]})
    assert again.status == 200


def test_what_is_not_there_is_told(app: FastAPI) -> None:
    """No such plan, no route of that shift, no such crew, no such language."""
    other = SHEET.replace("glas@", "rot@")
    assert call(app, "GET", f"{other}.pdf").json()["issues"][0]["code"] == "A301"
    assert call(app, "GET", SHEET.replace("plan-1", "x") + ".gpx").status == 404
    assert call(app, "GET", f"{SHEET}.ics?language=fr").status == 422
    unknown = call(app, "GET", "/api/v1/crews/niemand/calendar.ics")
    assert unknown.json()["issues"][0]["code"] == "DB222"


def test_a_crews_calendar_has_its_shifts_in_force(app: FastAPI) -> None:
    """As a feed to subscribe to."""
    answer = call(app, "GET", CALENDAR)
    (event,) = Calendar.from_ical(answer.body).events
    assert event["UID"] == f"glas.{DAY}@bochum-dispatch"
    known = {"if-none-match": answer.headers["etag"]}
    assert call(app, "GET", CALENDAR, headers=known).status == 304


def test_a_crew_has_its_own_only(store: Store, web_dir: Path) -> None:
    """Another crew's sheet and calendar are refused, and so is another organisation's."""
    blue = an_actor(Role.CREW, crew_id=CrewId("grün"))
    for path in (f"{SHEET}.pdf", CALENDAR):
        refused = call(app_for(blue, store, web_dir), "GET", path)
        assert refused.json()["issues"][0]["code"] == "Z303"
    parks = an_actor(Role.DISPATCHER, organisation=Organisation.PARKS)
    for path in (f"{SHEET}.gpx", CALENDAR):
        refused = call(app_for(parks, store, web_dir), "GET", path)
        assert refused.json()["issues"][0]["code"] == "Z302"
    own = an_actor(Role.CREW, crew_id=CrewId("glas"))
    assert call(app_for(own, store, web_dir), "GET", f"{SHEET}.pdf").status == 200
