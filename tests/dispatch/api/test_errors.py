"""Every error is told in one form, with a code and what to do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.api.app import create_app
from dispatch.domain.errors import (
    Conflict,
    DispatchError,
    InvalidInput,
    Issue,
    MatrixUnavailable,
    NotFound,
    PlanningFailed,
)
from tests.dispatch.api.conftest import STREET_MAP
from tests.helpers.asgi import call
from tests.helpers.doors import ADMIN_GATE, early_morning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

ISSUE = Issue(code="X1", subject="Größe", cause="zu groß", action="Use less")


class FailingStore:
    """A store on which every read fails in the same way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    @contextmanager
    def read(self) -> Iterator[Any]:
        """Raise the error."""
        raise self._error
        yield


def failing_app(error: Exception, web_dir: Path) -> FastAPI:
    """Return the service over a store that fails like this."""
    store: Any = FailingStore(error)
    return create_app(
        store, street_map=STREET_MAP, web_dir=web_dir, gate=ADMIN_GATE, now=early_morning
    )


@pytest.mark.parametrize(
    ("kind", "status", "title"),
    [
        (NotFound, 404, "Not Found"),
        (Conflict, 409, "Conflict"),
        (InvalidInput, 422, None),
        (PlanningFailed, 500, "Internal Server Error"),
        (MatrixUnavailable, 503, "Service Unavailable"),
        (DispatchError, 500, "Internal Server Error"),
    ],
)
def test_one_table_of_statuses(
    web_dir: Path, kind: type[DispatchError], status: int, title: str | None
) -> None:
    """Each kind of error has its status and carries all its issues."""
    answer = call(failing_app(kind(ISSUE, ISSUE), web_dir), "GET", "/api/v1/crews")
    body = answer.json()
    assert (answer.status, body["status"], body["type"]) == (status, status, "about:blank")
    assert title is None or body["title"] == title
    assert (
        body["issues"]
        == [{"code": "X1", "subject": "Größe", "cause": "zu groß", "action": "Use less"}] * 2
    )
    assert answer.headers["content-type"] == "application/problem+json"


def test_kind_made_later_is_told_like_its_parent(web_dir: Path) -> None:
    """An error of a new kind has the status of the kind it belongs to."""

    class Gone(NotFound):
        """Was there once."""

    assert call(failing_app(Gone(ISSUE), web_dir), "GET", "/api/v1/crews").status == 404


def test_fault_of_ours_hides_its_cause(web_dir: Path) -> None:
    """An unexpected error is a coded 500 with all headers, and what failed stays in the log."""
    app = failing_app(OSError("password=secret"), web_dir)
    answer = call(app, "GET", "/api/v1/crews", raises=(OSError,))
    assert (answer.status, answer.json()["issues"][0]["code"]) == (500, "A500")
    assert b"secret" not in answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    with pytest.raises(OSError, match="secret"):
        call(app, "GET", "/api/v1/crews")


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/plans", "/nothing.html"])
def test_unknown_path(app: FastAPI, path: str) -> None:
    """A path that is not there is told like any other error."""
    answer = call(app, "GET", path)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
    (issue,) = answer.json()["issues"]
    assert (issue["code"], issue["subject"]) == ("A201", path)


@pytest.mark.parametrize("path", ["/api/v1/plans", "/api/v1/jobs/job-1", "/", "/plan.js"])
def test_wrong_method(app: FastAPI, path: str) -> None:
    """A method the path does not know is refused, naming those it knows."""
    answer = call(app, "POST", path)
    assert (answer.status, answer.json()["issues"][0]["code"]) == (405, "A202")
    assert "GET" in answer.headers["allow"]
