"""One line per request says who asked for what and how it ended, and gives nothing away."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from tests.helpers.asgi import call

if TYPE_CHECKING:
    import pytest
    from fastapi import FastAPI


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the lines about requests."""
    return [r.getMessage() for r in caplog.records if r.name == "dispatch.requests"]


def test_a_request_is_one_line(app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    """Method, template, status, time, who asked and the id that the answer carries too."""
    caplog.set_level(logging.INFO, "dispatch.requests")
    answer = call(app, "GET", "/api/v1/plans/none?token=geheim", headers={"x-request-id": "abc-1"})
    assert answer.headers["x-request-id"] == "abc-1"
    (line,) = lines(caplog)
    assert line.startswith("GET /api/v1/plans/{plan_id} 404 ")
    assert line.endswith(" actor=local request=abc-1")
    assert "geheim" not in caplog.text


def test_nobody_writes_what_he_likes_into_our_log(
    app: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    """A request id that is no plain word is replaced, and so is a method nobody knows."""
    caplog.set_level(logging.INFO, "dispatch.requests")
    answer = call(app, "BREW", "/api/v1/plans", headers={"x-request-id": "a\nERROR all is lost"})
    assert len(answer.headers["x-request-id"]) == 16
    (line,) = lines(caplog)
    assert line.startswith("OTHER ")
    assert "lost" not in line


def test_questions_of_machines_are_quiet(app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    """Health and metrics are asked for every few seconds and told only when something is wrong."""
    caplog.set_level(logging.INFO, "dispatch.requests")
    call(app, "GET", "/healthz")
    call(app, "GET", "/metrics")
    assert lines(caplog) == []
    call(app, "GET", "/metrics", headers={"via": "proxy"})
    assert len(lines(caplog)) == 1
