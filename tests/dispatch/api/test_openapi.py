"""The OpenAPI document is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.helpers.asgi import call

if TYPE_CHECKING:
    from fastapi import FastAPI

ERRORS_OF = {
    "/api/v1/info": {"500"},
    "/healthz": {"500"},
    "/api/v1/plans": {"422", "500"},
    "/api/v1/plans/{plan_id}": {"404", "422", "500"},
    "/api/v1/plans/{plan_id}/geometry": {"404", "422", "500"},
    "/api/v1/plans/{plan_id}/jobs": {"404", "422", "500"},
    "/api/v1/plans/{plan_id}/routes/{shift_id}": {"404", "422", "500"},
    "/api/v1/plans/{plan_id}/routes/{shift_id}/geometry": {"404", "422", "500"},
    "/api/v1/days/{day}/plan": {"404", "422", "500"},
    "/api/v1/days/{day}/plans": {"422", "500"},
    "/api/v1/jobs": {"422", "500"},
    "/api/v1/jobs/{job_id}": {"404", "422", "500"},
    "/api/v1/sites": {"422", "500"},
    "/api/v1/sites/{site_id}": {"404", "422", "500"},
    "/api/v1/sites/{site_id}/signals": {"404", "422", "500"},
    "/api/v1/crews": {"500"},
    "/api/v1/crews/{crew_id}/route": {"404", "422", "500"},
    "/api/v1/quarantine": {"422", "500"},
    "/api/v1/map/streets": {"500"},
}


@pytest.fixture
def paths(app: FastAPI) -> dict[str, Any]:
    """Return the documented paths, as a client reads them."""
    document: dict[str, Any] = call(app, "GET", "/openapi.json").json()
    found: dict[str, Any] = document["paths"]
    return found


def test_every_endpoint_with_its_errors(paths: dict[str, Any]) -> None:
    """The document lists exactly our endpoints, each with the errors it can answer."""
    declared = {
        path: {status for status in operations["get"]["responses"] if status >= "400"}
        for path, operations in paths.items()
    }
    assert declared == ERRORS_OF


def test_errors_have_their_media_type(paths: dict[str, Any]) -> None:
    """Errors are documented as problem+json with our schema and no other."""
    for operations in paths.values():
        for status, response in operations["get"]["responses"].items():
            if status >= "400":
                assert response["content"] == {
                    "application/problem+json": {
                        "schema": {"$ref": "#/components/schemas/ErrorOut"}
                    }
                }


def test_answers_have_a_schema(paths: dict[str, Any]) -> None:
    """Every endpoint documents what it answers when all is well, and in words what it is."""
    for operations in paths.values():
        operation = operations["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema
        assert operation["description"]


def test_document_is_made_once(app: FastAPI) -> None:
    """Asking twice gives the same document."""
    assert app.openapi() is app.openapi()
