"""The OpenAPI document is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

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
    "GET /api/v1/audit": {"422", "500"},
    "GET /api/v1/jobs": {"422", "500"},
    "GET /api/v1/jobs/{job_id}": {"404", "422", "500"},
    "GET /api/v1/sites": {"422", "500"},
    "GET /api/v1/sites/{site_id}": {"404", "422", "500"},
    "GET /api/v1/sites/{site_id}/signals": {"404", "422", "500"},
    "GET /api/v1/crews": {"500"},
    "GET /api/v1/crews/{crew_id}/route": {"404", "422", "500"},
    "GET /api/v1/quarantine": {"422", "500"},
    "GET /api/v1/quarantine/{entry_id}": {"404", "422", "500"},
    "POST /api/v1/quarantine/replay": {"422", "500", "503"},
    "PUT /api/v1/sites/{site_id}": {"409", "422", "500"},
    "POST /api/v1/sites/import": {"422", "500"},
    "PUT /api/v1/devices/{device_id}": {"404", "409", "422", "500"},
    "POST /api/v1/ingest/{format_name}": {"404", "413", "415", "422", "500", "503"},
    "GET /api/v1/map/streets": {"500"},
}


@pytest.fixture
def operations(app: FastAPI) -> dict[str, Any]:
    """Return the documented operations by method and path, as a client reads them."""
    document: dict[str, Any] = call(app, "GET", "/openapi.json").json()
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_every_endpoint_with_its_errors(operations: dict[str, Any]) -> None:
    """The document lists exactly our endpoints, each with the errors it can answer."""
    declared = {
        name: {status for status in operation["responses"] if status >= "400"}
        for name, operation in operations.items()
    }
    assert declared == ERRORS_OF


def test_errors_have_their_media_type(operations: dict[str, Any]) -> None:
    """Errors are documented as problem+json with our schema and no other."""
    for operation in operations.values():
        for status, response in operation["responses"].items():
            if status >= "400":
                assert response["content"] == {
                    "application/problem+json": {
                        "schema": {"$ref": "#/components/schemas/ErrorOut"}
                    }
                }


def test_answers_have_a_schema(operations: dict[str, Any]) -> None:
    """Every endpoint documents what it answers when all is well, and in words what it is."""
    for operation in operations.values():
        answers = [a for status, a in operation["responses"].items() if status.startswith("2")]
        assert answers
        for answer in answers:
            assert answer["content"]
            assert all(content["schema"] for content in answer["content"].values())
        assert operation["description"]


def test_document_is_made_once(app: FastAPI) -> None:
    """Asking twice gives the same document."""
    assert app.openapi() is app.openapi()
