"""The whole OpenAPI document against the whole service, as each role: no 5xx, answers as declared.

Runs on SQLite, or on PostgreSQL where `DISPATCH_TEST_DATABASE` names a server.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dispatch.api.access_table import ACCESS
from dispatch.api.app import create_app
from dispatch.api.gate import Doorkeeper
from dispatch.api.sign_in import SignIn
from dispatch.domain.access import Role
from dispatch.domain.account import Grant
from dispatch.domain.ids import CrewId
from dispatch.domain.job import Organisation
from dispatch.service.access import issue_token
from dispatch.service.edit_plan import Drafts
from graphs.provider import CrowFlies
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import call
from tests.helpers.databases import fresh_store
from tests.helpers.doors import (
    add_account,
    an_actor,
    counted_bytes,
    quick_passwords,
)
from tests.helpers.handmade import MADE_AT, TODAY, a_glass_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI
    from schemathesis import APIOperation, Case

    from dispatch.store import Store

pytestmark = pytest.mark.slow

FOR_WHOM_IT_IS, FOR_OTHERS = 6, 1
"""Requests at each endpoint, of each kind: most find the door shut."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
BOUND: dict[Role, dict[str, Any]] = {
    Role.DISPATCHER: {"organisation": Organisation.USB},
    Role.CREW: {
        "organisation": Organisation.USB,
        "crew_id": CrewId("glas-a"),
        "first_day": TODAY,
        "last_day": TODAY,
    },
}


@pytest.fixture
def store() -> Iterator[Store]:
    """Return a database with one planned day."""
    store = fresh_store()
    a_glass_day(store)
    yield store
    store.close()


def a_token(store: Store, role: Role) -> tuple[str, str]:
    """Return secret and id of a token of that role."""
    grant = Grant(name="x", role=role, expires_at=MADE_AT + timedelta(1), **BOUND.get(role, {}))
    with store.begin() as tx:
        return issue_token(
            tx, grant, by=an_actor(Role.ADMIN), now=MADE_AT, random_bytes=counted_bytes()
        )


def known_ids(store: Store) -> dict[str, str]:
    """Return a name that leads somewhere for each parameter of a path."""
    with store.read() as tx:
        plan = tx.plan(tx.plans(limit=1)[0].id)
        job = tx.jobs(limit=1)[0]
    return {
        "plan_id": plan.id,
        "shift_id": plan.routes[0].shift_id,
        "day": TODAY.isoformat(),
        "crew_id": "glas-a",
        "job_id": job.id,
        "site_id": job.site_id,
        "account_id": add_account(store, "spare").id,
        "token_id": a_token(store, Role.SOURCE)[1],
        "format_name": "ttn",
    }


def ids_made(app: FastAPI, store: Store, plan_id: str) -> dict[str, str]:
    """Return names of what is there only once somebody has asked for it."""
    admin = {"Authorization": f"Bearer {a_token(store, Role.ADMIN)[0]}"}
    draft = call(app, "POST", f"/api/v1/plans/{plan_id}/edit", headers=admin)
    assert draft.status < 300, draft.body
    wish = {"url": "https://hook.test/", "kinds": ["plan.published"]}
    hook = call(app, "POST", "/api/v1/webhooks", headers=admin, json=wish)
    order = {"day": TODAY.isoformat(), "organisation": "usb"}
    run = call(app, "POST", "/api/v1/runs", headers=admin, json=order)
    # Who follows a run that is over is told so and let go; nobody plans here.
    call(app, "POST", f"/api/v1/runs/{run.json()['id']}/cancel", headers=admin)
    return {
        "draft_id": draft.json()["id"],
        "webhook_id": hook.json()["id"],
        "run_id": run.json()["id"],
    }


def exercise(
    operation: APIOperation, headers: dict[str, str], known: dict[str, str], examples: int
) -> list[str]:
    """Return what went wrong with known and invented names, right and wrong values."""
    faults: list[str] = []
    named = {p.name for p in operation.path_parameters}
    ways: list[dict[str, Any]] = [{}]
    if named & set(known):
        ways.append({"path_parameters": {name: known[name] for name in named if name in known}})
    modes = [GenerationMode.POSITIVE]
    if [*operation.iter_parameters(), *operation.body]:
        modes.append(GenerationMode.NEGATIVE)
    for mode in modes:
        for way in ways:
            try:
                strategy = operation.as_strategy(generation_mode=mode, **way)
                run(strategy, headers, examples)
            except (Exception, FailureGroup) as error:  # none stops the others
                faults.append(f"{operation.label} {mode.value} {way}: {error}")
    return faults


def run(strategy: Any, headers: dict[str, str], examples: int) -> None:
    """Send so many requests and look at what comes back."""

    @seed(6)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def send(case: Case) -> None:
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)
        assert answer.status_code < 500

    send()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("role", [None, *Role])
def test_every_endpoint_as_every_role(store: Store, tmp_path: Path, role: Role | None) -> None:
    """Whatever is sent, by whomever: an answer that the document promises, and never a 5xx."""
    (tmp_path / "index.html").write_text("<title>Seite</title>", encoding="utf-8")
    way = SignIn(passwords=quick_passwords())
    app = create_app(
        store,
        street_map=STREET_MAP,
        web_dir=tmp_path,
        gate=Doorkeeper(store, way, lambda: MADE_AT),
        now=lambda: MADE_AT,
        sign_in=way,
        drafts=Drafts(store, streets=CrowFlies()),
    )
    known = known_ids(store)
    known |= ids_made(app, store, known["plan_id"])
    headers = {"Authorization": f"Bearer {a_token(store, role)[0]}"} if role else {}
    faults: list[str] = []
    for found in schemathesis.openapi.from_asgi("/openapi.json", app).get_all_operations():
        operation = found.ok()
        allowed = ACCESS[operation.method.upper(), operation.path]
        mine = not allowed or role in allowed
        faults += exercise(operation, headers, known, FOR_WHOM_IT_IS if mine else FOR_OTHERS)
    assert faults == [], "\n\n".join(faults)
