"""How errors are told: one table from error to status, one form for all of them."""

from collections.abc import Mapping, Sequence
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
    TooMany,
    Unavailable,
)

PROBLEM_JSON = "application/problem+json"

TRY_AGAIN_S = 5
"""A polite sender waits so long when we cannot store anything."""

STATUS: Mapping[type[DispatchError], int] = {
    NotRecognised: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    TooLarge: 413,
    UnknownEncoding: 415,
    InvalidInput: 422,
    TooMany: 429,
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
    400: (
        "A205",
        "the body cannot be read",
        "Send JSON in UTF-8; /openapi.json says what is in it",
    ),
    404: ("A201", "there is nothing at this path", "See /openapi.json for the paths there are"),
    413: ("A204", "the body is larger than the service takes", "Send less at a time"),
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
    return _answer(status, error.issues, _headers_of(error))


def _headers_of(error: DispatchError) -> Mapping[str, str] | None:
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after_s)}
    if isinstance(error, Unavailable):
        return {"Retry-After": str(TRY_AGAIN_S)}
    # RFC 9110 asks for it; browsers show no window for this scheme.
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, NotRecognised) else None


async def _invalid_request(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # registered by this type
    return _answer(422, [issue_of(fault) for fault in error.errors()])


def issue_of(fault: Mapping[str, Any]) -> Issue:
    """Return what pydantic found wrong, in our form."""
    code, action = _FAULTS.get(fault["type"], _FAULTS[""])
    return Issue(
        code=code,
        subject=" ".join(str(part) for part in fault["loc"]),
        cause=fault["msg"],
        action=action,
    )


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  # registered by this type
    return refusal(error.status_code, request.url.path, str(error.detail), error.headers)


def refusal(
    status: int, path: str, detail: str = "", headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return the answer to a request that did not reach an endpoint."""
    code, cause, action = _REFUSALS.get(status, ("A203", detail, "Change the request"))
    return _answer(status, [Issue(code=code, subject=path, cause=cause, action=action)], headers)


async def _unexpected(request: Request, _error: Exception) -> JSONResponse:
    issue = Issue(
        code="A500",
        subject=request.url.path,
        cause="the service failed; its log says why",
        action="Try again; if it stays, report the X-Request-ID of this answer",
    )
    # This answer is made outside all middleware, so it brings the headers itself.
    named = request.scope.get("state", {}).get("request_id", "")
    return _answer(500, [issue], {**SECURITY_HEADERS, "X-Request-ID": named})
