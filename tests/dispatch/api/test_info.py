"""What is served here, whether it is well, and what waits in quarantine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch import __version__
from tests.helpers.asgi import call
from tests.helpers.plans import DAY

if TYPE_CHECKING:
    from fastapi import FastAPI


def test_info_names_days_and_streets(app: FastAPI) -> None:
    """The page learns the version, the days that have a plan, and that streets are a stand-in."""
    info = call(app, "GET", "/api/v1/info").json()
    assert (info["version"], info["days"]) == (__version__, [DAY.isoformat()])
    assert info["streets"] == {
        "name": "Übungsnetz",
        "stand_in": True,
        "attribution": "made by hand",
    }


def test_health(app: FastAPI) -> None:
    """The service is well when its database answers."""
    answer = call(app, "GET", "/healthz")
    assert (answer.status, answer.json()) == (200, {"status": "ok"})


def test_quarantine_tells_the_reason(app: FastAPI) -> None:
    """An entry tells code, subject, cause and action, umlauts and all."""
    (entry,) = call(app, "GET", "/api/v1/quarantine").json()
    assert entry["issue"] == {
        "code": "I999",
        "subject": "dev-ß",
        "cause": "unknown device",
        "action": "Register it",
    }
    assert entry["received_at"] == "2026-10-23T19:40:00Z"
    assert call(app, "GET", "/api/v1/quarantine?limit=0").status == 422
    assert call(app, "GET", "/api/v1/quarantine?limit=1001").status == 422
