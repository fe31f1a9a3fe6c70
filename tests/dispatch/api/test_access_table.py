"""Who may call what, cell by cell; and whose things each one reaches.

The table is written out by hand and not made from the one in the code: a slip in either is found.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.api.app import create_app
from dispatch.api.gate import Doorkeeper
from dispatch.api.sign_in import SignIn
from dispatch.domain.access import Role
from dispatch.domain.account import Grant
from dispatch.domain.ids import CrewId
from dispatch.domain.job import Organisation
from dispatch.service.access import issue_token
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import Answer, call
from tests.helpers.doors import NOW, an_actor, counted_bytes, early_morning, quick_passwords
from tests.helpers.plans import DAY, a_route

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from dispatch.store import Store

# One row for each endpoint: a letter for whom the door opens, in the order of the head (nobody in
# particular, administrator, dispatcher, crew, source, reader), a dot for whom it does not.
# An endpoint without a row fails the test below.
TABLE = """
NADCSR  GET     /healthz
NADCSR  GET     /readyz
NADCSR  GET     /metrics
NADCSR  POST    /api/v1/session
NADCSR  GET     /api/v1/session/ways
NADCSR  GET     /api/v1/session/oidc
NADCSR  GET     /api/v1/session/oidc/callback
.ADCSR  GET     /api/v1/session
.ADCSR  DELETE  /api/v1/session
.ADCSR  PUT     /api/v1/session/password
.A....  GET     /api/v1/accounts
.A....  POST    /api/v1/accounts
.A....  PATCH   /api/v1/accounts/{account_id}
.A....  GET     /api/v1/tokens
.A....  POST    /api/v1/tokens
.A....  DELETE  /api/v1/tokens/{token_id}
.ADC.R  GET     /api/v1/info
.AD..R  GET     /api/v1/plans
.AD..R  GET     /api/v1/plans/{plan_id}
.AD..R  GET     /api/v1/plans/{plan_id}/jobs
.AD..R  GET     /api/v1/plans/{plan_id}/geometry
.AD..R  GET     /api/v1/plans/{plan_id}/routes/{shift_id}
.AD..R  GET     /api/v1/plans/{plan_id}/routes/{shift_id}/geometry
.AD...  POST    /api/v1/plans/{plan_id}/publish
.AD...  POST    /api/v1/plans/{plan_id}/close
.AD...  POST    /api/v1/plans/{plan_id}/discard
.AD...  POST    /api/v1/runs
.AD..R  GET     /api/v1/runs
.AD..R  GET     /api/v1/runs/{run_id}
.AD..R  GET     /api/v1/runs/{run_id}/events
.AD...  POST    /api/v1/runs/{run_id}/cancel
.AD..R  GET     /api/v1/days/{day}/plan
.AD..R  GET     /api/v1/days/{day}/plans
.AD...  GET     /api/v1/audit
.AD..R  GET     /api/v1/plans/{plan_id}/changes
.AD...  POST    /api/v1/plans/{plan_id}/edit
.AD...  GET     /api/v1/plans/{plan_id}/jobs/{job_id}/remedies
.ADC.R  GET     /api/v1/plans/{plan_id}/routes/{shift_id}/sheet.pdf
.ADC.R  GET     /api/v1/plans/{plan_id}/routes/{shift_id}/sheet.gpx
.ADC.R  GET     /api/v1/plans/{plan_id}/routes/{shift_id}/sheet.geojson
.ADC.R  GET     /api/v1/plans/{plan_id}/routes/{shift_id}/sheet.ics
.AD...  GET     /api/v1/drafts
.AD...  GET     /api/v1/drafts/{draft_id}
.AD...  DELETE  /api/v1/drafts/{draft_id}
.AD...  GET     /api/v1/drafts/{draft_id}/geometry
.AD...  GET     /api/v1/drafts/{draft_id}/unassigned
.AD...  GET     /api/v1/drafts/{draft_id}/jobs/{job_id}/remedies
.AD...  POST    /api/v1/drafts/{draft_id}/edits
.AD...  POST    /api/v1/drafts/{draft_id}/preview
.AD...  POST    /api/v1/drafts/{draft_id}/undo
.AD...  POST    /api/v1/drafts/{draft_id}/redo
.AD...  POST    /api/v1/drafts/{draft_id}/plan
.AD..R  GET     /api/v1/jobs
.AD..R  GET     /api/v1/jobs/{job_id}
.AD..R  GET     /api/v1/sites
.AD..R  GET     /api/v1/sites/{site_id}
.AD..R  GET     /api/v1/sites/{site_id}/signals
.AD...  PUT     /api/v1/sites/{site_id}
.AD...  POST    /api/v1/sites/import
.AD...  PUT     /api/v1/devices/{device_id}
.A..S.  POST    /api/v1/ingest/{format_name}
.AD...  GET     /api/v1/quarantine/{entry_id}
.AD...  POST    /api/v1/quarantine/replay
.AD..R  GET     /api/v1/crews
.ADC..  GET     /api/v1/crews/{crew_id}/route
.ADC..  GET     /api/v1/crews/{crew_id}/geometry
.ADC.R  GET     /api/v1/crews/{crew_id}/progress
.ADC..  POST    /api/v1/reports
.AD..R  GET     /api/v1/reports
.ADC.R  GET     /api/v1/reports/reasons
.AD...  GET     /api/v1/reports/refused
...C..  PUT     /api/v1/photos/{photo_id}
.ADC.R  GET     /api/v1/photos/{photo_id}
.AD...  POST    /api/v1/pairings
.AD...  GET     /api/v1/pairings
.AD...  DELETE  /api/v1/pairings/{pairing_id}
NADCSR  POST    /api/v1/pairings/claim
...C..  POST    /api/v1/positions
.AD...  GET     /api/v1/positions
.ADC.R  GET     /api/v1/crews/{crew_id}/calendar.ics
.AD...  POST    /api/v1/crews/{crew_id}/calendar
.A....  GET     /api/v1/webhooks
.A....  POST    /api/v1/webhooks
.A....  GET     /api/v1/webhooks/{webhook_id}
.A....  DELETE  /api/v1/webhooks/{webhook_id}
.A....  POST    /api/v1/webhooks/{webhook_id}/secret
.A....  POST    /api/v1/webhooks/{webhook_id}/ping
.A....  GET     /api/v1/webhooks/{webhook_id}/deliveries
.A....  POST    /api/v1/webhooks/{webhook_id}/deliveries/{delivery}/retry
.AD...  GET     /api/v1/quarantine
.ADC.R  GET     /api/v1/map/streets
"""
HEAD = "NADCSR"
LETTERS = {
    "A": Role.ADMIN,
    "D": Role.DISPATCHER,
    "C": Role.CREW,
    "S": Role.SOURCE,
    "R": Role.READER,
}
ROWS = [(path, method, cells) for cells, method, path in map(str.split, TABLE.split("\n")[1:-1])]


def a_grant(role: Role, **parts: Any) -> Grant:
    """Return what a token of that role is issued for: of USB, and its blue crew."""
    bound: dict[Role, dict[str, Any]] = {
        Role.DISPATCHER: {"organisation": Organisation.USB},
        Role.CREW: {
            "organisation": Organisation.USB,
            "crew_id": CrewId("glas"),
            "first_day": DAY,
            "last_day": DAY,
        },
    }
    defaults = {"name": f"some {role}", "role": role, "expires_at": NOW + timedelta(days=1)}
    return Grant(**defaults | bound.get(role, {}) | parts)


@pytest.fixture
def real(store: Store, web_dir: Path) -> FastAPI:
    """Return the service with its real door."""
    way = SignIn(passwords=quick_passwords())
    return create_app(
        store,
        street_map=STREET_MAP,
        web_dir=web_dir,
        gate=Doorkeeper(store, way, early_morning),
        now=early_morning,
        sign_in=way,
    )


def shown(store: Store, role: Role | None, **parts: Any) -> dict[str, str]:
    """Return the header of a new token of that role; none for nobody in particular."""
    if role is None:
        return {}
    with store.begin() as tx:
        secret, _ = issue_token(
            tx,
            a_grant(role, **parts),
            by=an_actor(Role.ADMIN),
            now=NOW,
            random_bytes=counted_bytes(),
        )
    return {"Authorization": f"Bearer {secret}"}


def filled(path: str) -> str:
    """Return the path with names in it that nobody has."""
    return path.replace("{day}", "2026-07-15").replace("{", "no-").replace("}", "")


def codes_of(answer: Answer) -> set[str]:
    """Return the codes of an error; none where there is no error."""
    if answer.headers.get("content-type") != "application/problem+json":
        return set()
    return {issue["code"] for issue in answer.json()["issues"]}


def test_every_endpoint_has_its_row(real: FastAPI) -> None:
    """Who adds an endpoint decides here once more who may call it; no row is there twice."""
    served = {
        (path, method.upper())
        for path, operations in real.openapi()["paths"].items()
        for method in operations
    }
    written = [(path, method) for path, method, _ in ROWS]
    assert sorted(written) == sorted(served)


@pytest.mark.parametrize("letter", HEAD)
def test_the_door_opens_as_the_table_says(real: FastAPI, store: Store, letter: str) -> None:
    """Each role, and nobody in particular, at each endpoint."""
    headers = shown(store, LETTERS.get(letter))
    refusal = (403, {"Z301"}) if letter in LETTERS else (401, {"Z101"})
    wrong = []
    for path, method, cells in ROWS:
        answer = call(real, method, filled(path), headers=headers)
        opened = (answer.status, codes_of(answer)) != refusal
        if opened != (letter in cells) or (opened and codes_of(answer) & {"Z101", "Z301"}):
            wrong.append((letter, method, path, answer.status, codes_of(answer)))
    assert wrong == []


def test_cells_are_well_formed() -> None:
    """A letter stands in its own column, so that nobody reads a cell wrongly."""
    for _, _, cells in ROWS:
        assert all(cell in (".", letter) for cell, letter in zip(cells, HEAD, strict=True)), cells


OWN, OTHER = Organisation.USB, Organisation.PARKS
PARKS, USB, GREEN = {"organisation": OTHER}, {"organisation": OWN}, {"crew_id": CrewId("grün")}
DAY_ELSE = date(2030, 1, 1)
SHEET = "/api/v1/plans/plan-1/routes/{shift}/sheet"

# Whose things: who asks, what for, and how that is answered (empty: as if all were well).
REACH: list[tuple[Role, dict[str, Any], str, str]] = [
    (Role.DISPATCHER, USB, "GET /api/v1/plans/plan-1", ""),
    (Role.DISPATCHER, PARKS, "GET /api/v1/plans/plan-1", "Z302"),
    (Role.READER, {}, "GET /api/v1/plans/plan-1", ""),
    (Role.READER, PARKS, "GET /api/v1/plans/plan-1", "Z302"),
    (Role.ADMIN, {}, "GET /api/v1/plans/plan-1", ""),
    (Role.DISPATCHER, PARKS, "GET /api/v1/plans/plan-1/jobs", "Z302"),
    (Role.DISPATCHER, PARKS, "GET /api/v1/plans/plan-1/geometry", "Z302"),
    (Role.DISPATCHER, PARKS, "GET /api/v1/plans/plan-1/routes/x", "Z302"),
    (
        Role.DISPATCHER,
        PARKS,
        "GET /api/v1/plans/plan-1/routes/x/geometry",
        "Z302",
    ),
    (
        Role.DISPATCHER,
        PARKS,
        "GET /api/v1/days/{day}/plan?organisation=usb",
        "Z302",
    ),
    (Role.DISPATCHER, USB, "GET /api/v1/days/{day}/plan?organisation=usb", ""),
    (Role.CREW, {}, "GET /api/v1/crews/{crew}/route?day={day}", ""),
    (Role.CREW, GREEN, "GET /api/v1/crews/{crew}/route?day={day}", "Z303"),
    (Role.CREW, {}, "GET /api/v1/crews/{crew}/route?day=2030-01-01", "Z304"),
    (Role.CREW, {"last_day": DAY_ELSE}, "GET /api/v1/crews/{crew}/route?day=2030-01-01", "DB205"),
    (Role.CREW, GREEN, "GET /api/v1/crews/{crew}/geometry?day={day}", "Z303"),
    (Role.CREW, GREEN, "GET /api/v1/crews/{crew}/progress?day={day}", "Z303"),
    (
        Role.DISPATCHER,
        PARKS,
        "GET /api/v1/crews/{crew}/geometry?day={day}",
        "Z302",
    ),
    (Role.READER, PARKS, "GET /api/v1/crews/{crew}/progress?day={day}", "Z302"),
    (Role.DISPATCHER, USB, "GET /api/v1/crews/{crew}/route?day={day}", ""),
    (Role.DISPATCHER, PARKS, "GET /api/v1/crews/{crew}/route?day={day}", "Z302"),
    (Role.DISPATCHER, PARKS, "GET /api/v1/plans/plan-1/changes", "Z302"),
    (Role.DISPATCHER, PARKS, "POST /api/v1/plans/plan-1/publish", "Z302"),
    (Role.DISPATCHER, PARKS, "POST /api/v1/plans/plan-1/close", "Z302"),
    (Role.DISPATCHER, PARKS, "POST /api/v1/plans/plan-1/discard", "Z302"),
    (Role.DISPATCHER, PARKS, f"GET {SHEET}.gpx", "Z302"),
    (Role.CREW, {}, f"GET {SHEET}.gpx", ""),
    (Role.CREW, GREEN, f"GET {SHEET}.gpx", "Z303"),
    (Role.CREW, GREEN, f"GET {SHEET}.pdf", "Z303"),
    (Role.CREW, GREEN, f"GET {SHEET}.ics", "Z303"),
    (Role.CREW, GREEN, f"GET {SHEET}.geojson", "Z303"),
    (Role.CREW, GREEN, "GET /api/v1/crews/{crew}/calendar.ics", "Z303"),
    (Role.DISPATCHER, PARKS, "POST /api/v1/crews/{crew}/calendar", "Z302"),
]


@pytest.mark.parametrize(("role", "parts", "asked", "code"), REACH)
def test_whose_things_each_one_reaches(
    real: FastAPI, store: Store, role: Role, parts: dict[str, Any], asked: str, code: str
) -> None:
    """The own organisation's and the own crew's; everything else is 403 with its reason."""
    known = {"{day}": DAY.isoformat(), "{crew}": "glas", "{shift}": a_route().shift_id}
    for name, value in known.items():
        asked = asked.replace(name, value)
    method, _, path = asked.partition(" ")
    answer = call(real, method, path, headers=shown(store, role, **parts))
    assert codes_of(answer) == ({code} if code else set())
    assert code or answer.status == 200


@pytest.mark.parametrize(
    "path", ["/api/v1/plans", "/api/v1/days/{day}/plans", "/api/v1/crews", "/api/v1/info"]
)
def test_lists_hold_what_is_in_reach(real: FastAPI, store: Store, path: str) -> None:
    """Nothing of USB is in any list of a dispatcher of the parks."""
    path = path.replace("{day}", DAY.isoformat())

    def listed(organisation: Organisation) -> Any:
        headers = shown(store, Role.DISPATCHER, organisation=organisation)
        return call(real, "GET", path, headers=headers).json()

    def names(found: Any) -> list[str]:
        return found["days"] if path.endswith("info") else [one["id"] for one in found]

    own, other = names(listed(OWN)), names(listed(OTHER))
    assert own
    assert not set(own) & set(other)


def test_jobs_of_another_organisation_are_not_seen(real: FastAPI, store: Store) -> None:
    """Those of nobody in particular are everybody's."""
    with store.begin() as tx:
        jobs = tx.jobs()
        tx.save_jobs([replace(jobs[0], organisation=OTHER)])
    headers = shown(store, Role.DISPATCHER, organisation=OWN)
    seen = {job["id"] for job in call(real, "GET", "/api/v1/jobs", headers=headers).json()}
    assert seen == {job.id for job in jobs[1:]}
    answer = call(real, "GET", f"/api/v1/jobs/{jobs[0].id}", headers=headers)
    assert codes_of(answer) == {"Z302"}
