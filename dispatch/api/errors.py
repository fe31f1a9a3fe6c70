"""How errors are told: one table from error to status, one form for all of them."""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from dispatch.api.bodies import TooLarge, UnknownEncoding
from dispatch.api.headers import SECURITY_HEADERS
from dispatch.domain.errors import (
    Conflict,
    DispatchError,
    InvalidInput,
    Issue,
    MatrixUnavailable,
    NotAllowed,
    NotFound,
    NotRecognised,
    PlanningFailed,
    Unavailable,
)

PROBLEM_JSON = "application/problem+json"

STATUS: Mapping[type[DispatchError], int] = {
    NotRecognised: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    TooLarge: 413,
    UnknownEncoding: 415,
    InvalidInput: 422,
    Unavailable: 503,
    MatrixUnavailable: 503,
    PlanningFailed: 500,
    DispatchError: 500,
}

# pydantic's kind of fault -> our code and what to do; the first entry is for all other kinds.
_FAULTS: Mapping[str, tuple[str, str]] = {
    "": ("A101", "Correct the value; /openapi.json says what is allowed"),
    "missing": ("A102", "Add the parameter"),
    "timezone_aware": (
        "A103",
        "Give the time a zone, as in 2026-10-25T02:30:00Z or ...%2B01:00 (a bare + means a space)",
    ),
}

# What the framework itself refuses.
_REFUSALS: Mapping[int, tuple[str, str, str]] = {
    404: ("A201", "there is nothing at this path", "See /openapi.json for the paths there are"),
    405: ("A202", "the path does not know this method", "Use a method the Allow header names"),
}


class IssueOut(BaseModel):
    """One fault: a stable code, what it concerns, what is wrong and what to do about it."""

    code: str
    subject: str
    cause: str
    action: str


class ErrorOut(BaseModel):
    """An error in the form of RFC 9457, with our coded issues."""

    type: str = "about:blank"
    title: str
    status: int
    issues: list[IssueOut]


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` an endpoint declares for these statuses, and for 500."""
    return {
        status: {"model": ErrorOut, "description": HTTPStatus(status).phrase}
        for status in (*statuses, 500)
    }


def install_error_handlers(app: FastAPI) -> None:
    """Let every error of the app be answered as problem+json."""
    app.add_exception_handler(DispatchError, _dispatch_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Exception, _unexpected)


def declare_problem_json(document: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI document with the media type that errors really have.

    FastAPI files every declared model under application/json.
    """
    for operations in document["paths"].values():
        for operation in operations.values():
            for response in _error_responses(operation):
                response["content"] = {PROBLEM_JSON: response["content"].pop("application/json")}
    return document


def _error_responses(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for status, response in operation["responses"].items():
        if status >= "400" and "application/json" in response.get("content", {}):
            yield response


def _answer(
    status: int, issues: Sequence[Issue], headers: Mapping[str, str] | None = None
) -> JSONResponse:
    body = ErrorOut(
        title=HTTPStatus(status).phrase,
        status=status,
        issues=[
            IssueOut(code=i.code, subject=i.subject, cause=i.cause, action=i.action) for i in issues
        ],
    )
    return JSONResponse(body.model_dump(), status, headers=headers, media_type=PROBLEM_JSON)


async def _dispatch_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DispatchError)  # noqa: S101  # Starlette registers by this type
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    # A polite sender waits as long before it tries again.
    headers = {"Retry-After": "5"} if status == 503 else None
    return _answer(status, error.issues, headers)


async def _invalid_request(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # registered by this type
    return _answer(422, [_issue(fault) for fault in error.errors()])


def _issue(fault: Mapping[str, Any]) -> Issue:
    code, action = _FAULTS.get(fault["type"], _FAULTS[""])
    return Issue(
        code=code,
        subject=" ".join(str(part) for part in fault["loc"]),
        cause=fault["msg"],
        action=action,
    )


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered by this type
    code, cause, action = _REFUSALS.get(
        error.status_code, ("A203", str(error.detail), "Change the request")
    )
    issue = Issue(code=code, subject=request.url.path, cause=cause, action=action)
    return _answer(error.status_code, [issue], error.headers)


async def _unexpected(request: Request, _error: Exception) -> JSONResponse:
    issue = Issue(
        code="A500",
        subject=request.url.path,
        cause="the service failed; its log says why",
        action="Try again; if it stays, report the time of this answer",
    )
    # This answer is made outside all middleware, so it brings the headers itself.
    return _answer(500, [issue], SECURITY_HEADERS)
