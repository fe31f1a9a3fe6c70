"""The OpenAPI document is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dispatch.api.access_table import ACCESS
from tests.helpers.asgi import call

if TYPE_CHECKING:
    from fastapi import FastAPI

ERRORS_OF = {
    "GET /api/v1/info": {"500"},
    "GET /healthz": {"500"},
    "GET /api/v1/plans": {"422", "500"},
    "GET /api/v1/plans/{plan_id}": {"404", "422", "500"},
    "GET /api/v1/plans/{plan_id}/geometry": {"404", "422", "500"},
    "GET /api/v1/plans/{plan_id}/jobs": {"404", "422", "500"},
    "GET /api/v1/plans/{plan_id}/routes/{shift_id}": {"404", "422", "500"},
    "GET /api/v1/plans/{plan_id}/routes/{shift_id}/geometry": {"404", "422", "500"},
    "GET /api/v1/days/{day}/plan": {"404", "422", "500"},
    "GET /api/v1/days/{day}/plans": {"422", "500"},
    "POST /api/v1/plans/{plan_id}/publish": {"404", "409", "422", "500"},
    "POST /api/v1/plans/{plan_id}/close": {"404", "409", "422", "500"},
    "POST /api/v1/plans/{plan_id}/discard": {"404", "409", "422", "500"},
    "POST /api/v1/runs": {"409", "422", "500"},
    "GET /api/v1/runs": {"422", "500"},
    "GET /api/v1/runs/{run_id}": {"404", "422", "500"},
    "GET /api/v1/runs/{run_id}/events": {"404", "422", "500"},
    "POST /api/v1/runs/{run_id}/cancel": {"404", "409", "422", "500"},
    "GET /api/v1/plans/{plan_id}/changes": {"404", "422", "500"},
    "POST /api/v1/plans/{plan_id}/edit": {"404", "422", "500"},
    "GET /api/v1/plans/{plan_id}/jobs/{job_id}/remedies": {"404", "422", "500"},
    "GET /api/v1/drafts": {"422", "500"},
    "GET /api/v1/drafts/{draft_id}": {"404", "422", "500"},
    "DELETE /api/v1/drafts/{draft_id}": {"404", "409", "422", "500"},
    "GET /api/v1/drafts/{draft_id}/geometry": {"404", "422", "500"},
    "POST /api/v1/drafts/{draft_id}/edits": {"404", "409", "422", "500"},
    "POST /api/v1/drafts/{draft_id}/preview": {"404", "422", "500"},
    "POST /api/v1/drafts/{draft_id}/undo": {"404", "409", "422", "500"},
    "POST /api/v1/drafts/{draft_id}/redo": {"404", "409", "422", "500"},
    "POST /api/v1/drafts/{draft_id}/plan": {"404", "409", "422", "500"},
    "GET /api/v1/drafts/{draft_id}/unassigned": {"404", "422", "500"},
    "GET /api/v1/drafts/{draft_id}/jobs/{job_id}/remedies": {"404", "422", "500"},
    "GET /api/v1/audit": {"422", "500"},
    "GET /api/v1/jobs": {"422", "500"},
    "GET /api/v1/jobs/{job_id}": {"404", "422", "500"},
    "GET /api/v1/sites": {"422", "500"},
    "GET /api/v1/sites/{site_id}": {"404", "422", "500"},
    "GET /api/v1/sites/{site_id}/signals": {"404", "422", "500"},
    "GET /api/v1/crews": {"500"},
    "GET /api/v1/crews/{crew_id}/route": {"404", "422", "500"},
    "GET /api/v1/crews/{crew_id}/geometry": {"404", "422", "500"},
    "GET /api/v1/crews/{crew_id}/progress": {"404", "422", "500"},
    "GET /api/v1/reports": {"422", "500"},
    "POST /api/v1/reports": {"422", "500"},
    "GET /api/v1/reports/reasons": {"500"},
    "GET /api/v1/reports/refused": {"422", "500"},
    "PUT /api/v1/photos/{photo_id}": {"409", "422", "500"},
    "GET /api/v1/photos/{photo_id}": {"404", "422", "500"},
    "POST /api/v1/pairings": {"422", "500"},
    "GET /api/v1/pairings": {"422", "500"},
    "DELETE /api/v1/pairings/{pairing_id}": {"404", "422", "500"},
    "POST /api/v1/pairings/claim": {"401", "422", "429", "500"},
    "POST /api/v1/positions": {"422", "500"},
    "GET /api/v1/positions": {"500"},
    "GET /api/v1/quarantine": {"422", "500"},
    "GET /api/v1/quarantine/{entry_id}": {"404", "422", "500"},
    "POST /api/v1/quarantine/replay": {"422", "500", "503"},
    "PUT /api/v1/sites/{site_id}": {"409", "422", "500"},
    "POST /api/v1/sites/import": {"422", "500"},
    "PUT /api/v1/devices/{device_id}": {"404", "409", "422", "500"},
    "POST /api/v1/ingest/{format_name}": {"404", "413", "415", "422", "500", "503"},
    "GET /api/v1/map/streets": {"500"},
    "GET /api/v1/session/ways": {"500"},
    "POST /api/v1/session": {"401", "403", "422", "429", "500"},
    "GET /api/v1/session/oidc": {"404", "500"},
    "GET /api/v1/session/oidc/callback": {"401", "403", "404", "422", "500"},
    "GET /api/v1/session": {"500"},
    "DELETE /api/v1/session": {"409", "500"},
    "PUT /api/v1/session/password": {"409", "422", "429", "500"},
    "GET /api/v1/accounts": {"422", "500"},
    "POST /api/v1/accounts": {"409", "422", "500"},
    "PATCH /api/v1/accounts/{account_id}": {"404", "409", "422", "500"},
    "GET /api/v1/tokens": {"422", "500"},
    "POST /api/v1/tokens": {"422", "500"},
    "DELETE /api/v1/tokens/{token_id}": {"404", "422", "500"},
    "GET /readyz": {"500", "503"},
    "GET /metrics": {"403", "500"},
    "GET /api/v1/plans/{plan_id}/routes/{shift_id}/sheet.pdf": {"404", "422", "500"},
    "GET /api/v1/plans/{plan_id}/routes/{shift_id}/sheet.gpx": {"404", "422", "500"},
    "GET /api/v1/plans/{plan_id}/routes/{shift_id}/sheet.geojson": {"404", "422", "500"},
    "GET /api/v1/plans/{plan_id}/routes/{shift_id}/sheet.ics": {"404", "422", "500"},
    "GET /api/v1/crews/{crew_id}/calendar.ics": {"404", "422", "500"},
    "POST /api/v1/crews/{crew_id}/calendar": {"404", "422", "500"},
    "GET /api/v1/webhooks": {"500"},
    "POST /api/v1/webhooks": {"409", "422", "500"},
    "GET /api/v1/webhooks/{webhook_id}": {"404", "422", "500"},
    "DELETE /api/v1/webhooks/{webhook_id}": {"404", "422", "500"},
    "POST /api/v1/webhooks/{webhook_id}/secret": {"404", "422", "500"},
    "POST /api/v1/webhooks/{webhook_id}/ping": {"404", "422", "500"},
    "GET /api/v1/webhooks/{webhook_id}/deliveries": {"404", "422", "500"},
    "POST /api/v1/webhooks/{webhook_id}/deliveries/{delivery}/retry": {"404", "422", "500"},
}
"""Beside those that all have: see the next test."""


@pytest.fixture
def operations(app: FastAPI) -> dict[str, Any]:
    """Return the documented operations by method and path, as a client reads them."""
    document: dict[str, Any] = call(app, "GET", "/openapi.json").json()
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def expected_of_all(name: str, operation: dict[str, Any]) -> set[str]:
    """Return the errors that an endpoint has without saying so."""
    method, _, path = name.partition(" ")
    door = {"401", "403"} if ACCESS[method, path] else set()
    return door | {"503"} | ({"400", "413"} if "requestBody" in operation else set())


def errors_of(operation: dict[str, Any]) -> set[str]:
    """Return the errors an endpoint declares."""
    return {status for status in operation["responses"] if status >= "400"}


def test_every_endpoint_with_its_errors(operations: dict[str, Any]) -> None:
    """The document lists exactly our endpoints, each with the errors it can answer."""
    declared = {
        name: errors_of(operation) - (expected_of_all(name, operation) - ERRORS_OF.get(name, set()))
        for name, operation in operations.items()
    }
    assert declared == ERRORS_OF


def test_what_all_endpoints_have(operations: dict[str, Any]) -> None:
    """Refusals at the door, a body that is too large, and a database that is away."""
    for name, operation in operations.items():
        assert expected_of_all(name, operation) <= errors_of(operation), name
        is_public = "401" not in expected_of_all(name, operation)
        assert ("security" not in operation) == is_public, name


def test_errors_have_their_media_type(operations: dict[str, Any]) -> None:
    """Errors are documented as problem+json with our schema and no other."""
    for operation in operations.values():
        for status in errors_of(operation):
            assert operation["responses"][status]["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/ErrorOut"}}
            }


def test_answers_have_a_schema(operations: dict[str, Any]) -> None:
    """Every endpoint documents what it answers when all is well, and in words what it is."""
    for name, operation in operations.items():
        good = {status: r for status, r in operation["responses"].items() if status < "400"}
        assert good, name
        for status, response in good.items():
            empty = status in {"204", "303", "304"}
            assert empty or all(m["schema"] for m in response["content"].values()), name
        assert operation["description"]


def test_document_is_made_once(app: FastAPI) -> None:
    """Asking twice gives the same document."""
    assert app.openapi() is app.openapi()
