"""The OpenAPI document, completed by what is true of every endpoint."""

from collections.abc import Iterator
from typing import Any

from dispatch.api.access_table import ACCESS
from dispatch.api.errors import PROBLEM_JSON, errors

CALLERS: dict[str, Any] = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token of a machine"},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-dispatch",
        "description": "The session of somebody who logged in (over plain HTTP: `dispatch`)",
    },
}
AT_THE_DOOR = (401, 403)
WITH_A_BODY = (400, 413)
ANYWHERE = (503,)
"""What the endpoints need not declare one by one."""


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with who may call, the errors of all, and their real media type.

    FastAPI files every declared model under application/json.
    """
    document.setdefault("components", {})["securitySchemes"] = CALLERS
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _declare_refusals(method.upper(), path, operation)
            for response in _error_responses(operation):
                response["content"] = {PROBLEM_JSON: response["content"].pop("application/json")}
    return document


def _declare_refusals(method: str, path: str, operation: dict[str, Any]) -> None:
    roles = ACCESS.get((method, path))
    is_public = roles is not None and not roles
    if not is_public:
        operation["security"] = [{"token": []}, {"session": []}]
        # For people and their programs: which roles the door lets through.
        operation["x-roles"] = sorted(roles or ())
    statuses = (
        *(() if is_public else AT_THE_DOOR),
        *(WITH_A_BODY if "requestBody" in operation else ()),
        *ANYWHERE,
    )
    for status, declared in errors(*statuses).items():
        operation["responses"].setdefault(
            str(status),
            {
                "description": declared["description"],
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/ErrorOut"}}
                },
            },
        )


def _error_responses(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for status, response in operation["responses"].items():
        if status >= "400" and "application/json" in response.get("content", {}):
            yield response
