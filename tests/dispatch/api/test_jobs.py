"""Jobs over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.helpers.asgi import call

if TYPE_CHECKING:
    from fastapi import FastAPI


def test_job_is_told_in_full(app: FastAPI) -> None:
    """A job tells what, where, how much, how urgent and why, in both languages."""
    job = call(app, "GET", "/api/v1/jobs/job-1").json()
    assert job == {
        "id": "job-1",
        "kind": "empty",
        "status": "open",
        "site_id": "glass-1",
        "site_name": "Hüttenstraße",
        "location": [7.2162, 51.4818],
        "required": False,
        "leave_price_ct": 2000,
        "service_s": 300,
        "setup_s": 60,
        "loads": [{"dimension": "green_glass_l", "amount": 1500}],
        "windows": [{"earliest": "2026-10-24T04:00:00Z", "latest": "2026-10-24T12:00:00Z"}],
        "skills": ["glass_crane"],
        "persons": 1,
        "organisation": None,
        "reason": {
            "de": "Füllstand 92 %, läuft morgen über",
            "en": "92 % full, overflows tomorrow",
        },
        "due": "2026-10-25T05:00:00Z",
        "evidence": [],
        "created_at": "2026-10-23T18:00:00Z",
        "updated_at": "2026-10-24T03:00:00Z",
        "attempts": [],
        "done_at": None,
        "waits_until": None,
    }


def test_umlauts_are_sent_as_they_are(app: FastAPI) -> None:
    """Umlauts travel as UTF-8, not as escapes a person cannot read in a log."""
    assert "Hüttenstraße".encode() in call(app, "GET", "/api/v1/jobs/job-1").body


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"job-1", "job-2", "job-3"}),
        ("?kind=water", {"job-2"}),
        ("?status=open&kind=bait", {"job-3"}),
        ("?status=done", set()),
    ],
)
def test_list_by_status_and_kind(app: FastAPI, query: str, expected: set[str]) -> None:
    """The list holds the jobs of the status and kind asked for, or all."""
    jobs = call(app, "GET", f"/api/v1/jobs{query}").json()
    assert {job["id"] for job in jobs} == expected


def test_list_is_bounded(app: FastAPI) -> None:
    """A list is as long as asked for, and nobody may ask for everything."""
    assert len(call(app, "GET", "/api/v1/jobs?limit=2").json()) == 2
    assert call(app, "GET", "/api/v1/jobs?limit=1001").status == 422


def test_unknown_job_kind_and_status(app: FastAPI) -> None:
    """An unknown id is 404; every unknown word of a query is named in one 422."""
    assert call(app, "GET", "/api/v1/jobs/nope").status == 404
    answer = call(app, "GET", "/api/v1/jobs?kind=paint&status=lost")
    assert answer.status == 422
    assert [issue["subject"] for issue in answer.json()["issues"]] == [
        "query status",
        "query kind",
    ]
